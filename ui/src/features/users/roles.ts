/** The roles of a server as choices: what may neither be given nor taken says so. */
import { t } from '$ui/i18n/index.svelte';
import type { Role } from '$ui/ipc';

import { roleName } from '../roles';

export interface RoleOption {
  value: string;
  label: string;
  hint: string;
  disabled: boolean;
}

/** Reads the language: call it where it is shown. */
export function roleOptions(roles: readonly Role[]): RoleOption[] {
  return roles.map(({ name, description, grantable }) => ({
    value: name,
    label: roleName(name),
    hint: grantable ? description : t('users.role-fixed', { description }).trim(),
    disabled: !grantable,
  }));
}
