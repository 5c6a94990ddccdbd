/** Names of the fields, and where the value of each one is. */
import type { MessageKey } from '$ui/i18n/index.svelte';
import type { FactKind, Profile, ProfileField, ProfileFieldRule } from '$ui/ipc';
import { familyNameFirst } from '$ui/rules/names';

export const fieldNames: Record<ProfileField, MessageKey> = {
  firstName: 'profile.first-name',
  lastName: 'profile.last-name',
  email: 'profile.email',
  phone: 'profile.phone',
  position: 'profile.position',
  description: 'profile.description',
  userName: 'profile.user-name',
  fullName: 'profile.full-name',
  displayName: 'profile.display-name',
};

/** The same where fields save themselves: that portal's manual calls the address in full. */
export const selfSavingNames: Record<ProfileField, MessageKey> = {
  ...fieldNames,
  email: 'profile.email-address',
};

export const factNames: Record<FactKind, MessageKey> = {
  account: 'profile.account',
  environment: 'profile.environment',
  groups: 'profile.groups',
  roles: 'profile.roles',
};

/** Fields in the order of the person's language. Reads it: call it where they are shown. */
export function inOrder(fields: readonly ProfileFieldRule[]): readonly ProfileFieldRule[] {
  const family = fields.find(({ field }) => field === 'lastName');
  const hasBoth = family && fields.some(({ field }) => field === 'firstName');
  if (!hasBoth || !familyNameFirst()) return fields;
  return fields.flatMap((rule) => {
    if (rule === family) return [];
    return rule.field === 'firstName' ? [family, rule] : [rule];
  });
}

/** The value of a field. A display name stands where a full name stands. */
export function valueOf(profile: Profile, field: ProfileField): string {
  return field === 'displayName' ? profile.fullName : profile[field];
}
