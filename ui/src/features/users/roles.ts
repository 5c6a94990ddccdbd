/** The roles of a server as choices: what may neither be given nor taken says so. */
import { t } from '$ui/i18n/index.svelte';
import type { Role } from '$ui/ipc';

import { allows } from '../allows';
import { roleName } from '../roles';

export interface RoleOption {
  value: string;
  label: string;
  hint: string;
  disabled: boolean;
}

function fixed(description: string): string {
  if (description === '') return t('users.role-fixed');
  return t('users.role-fixed-allows', { description: description.replace(/[.。]$/, '') });
}

/** Reads the language: call it where it is shown. */
export function roleOptions(roles: readonly Role[]): RoleOption[] {
  return roles.map(({ name, description, grantable }) => ({
    value: name,
    label: roleName(name),
    hint: grantable ? allows(description) : fixed(allows(description)),
    disabled: !grantable,
  }));
}
