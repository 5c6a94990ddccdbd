/**
 * Roles in words. A server names its roles; the names that we know are translated, any other is
 * shown as it came.
 */
import { type MessageKey, t } from '$ui/i18n/index.svelte';

const known: Partial<Record<string, MessageKey>> = {
  owner: 'role.owner',
  admin: 'role.admin',
  member: 'role.member',
  viewer: 'role.viewer',
  'super-admin': 'role.super-admin',
  'read-only': 'role.read-only',
};

/** What a role is called. Reads the language: call it where it is shown. */
export function roleName(role: string): string {
  const key = known[role];
  return key ? t(key) : role;
}
