/** Names of the fields, and where the value of each one is. */
import type { MessageKey } from '$ui/i18n/index.svelte';
import type { FactKind, Profile, ProfileField } from '$ui/ipc';

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

export const factNames: Record<FactKind, MessageKey> = {
  account: 'profile.account',
  environment: 'profile.environment',
  groups: 'profile.groups',
  roles: 'profile.roles',
};

/** The value of a field. A display name stands where a full name stands. */
export function valueOf(profile: Profile, field: ProfileField): string {
  return field === 'displayName' ? profile.fullName : profile[field];
}
