/**
 * What a role or a scope allows, in words. Servers say it in English; the sentences that we know are
 * translated, any other is shown as it came. Known is the sentence and not the name of the role:
 * what "admin" allows is for each server to say.
 */
import { type MessageKey, t } from '$ui/i18n/index.svelte';

export const known: Readonly<Partial<Record<string, MessageKey>>> = {
  'Manage users and everything else': 'allows.everything',
  'See and edit users': 'allows.users',
  'Look at everything but users': 'allows.all-but-users',
  'Read your account, and the users where your role may': 'allows.read',
  'Edit users where your role may': 'allows.write',
  'Create and delete users, and reset their passwords': 'allows.admin',
  'Allows operations on Environments, Groups and Users': 'allows.authentication',
  'Allows management of AIMMS applications (e.g., publishing, updating, editing, deleting apps)':
    'allows.publish-app',
  'Allows management of Tasks': 'allows.tasks',
  'Permits operations on API keys themselves (e.g., creating, deleting keys)': 'allows.api-key',
  'Enables operations related to WebUI, Solve and Task sessions (e.g., get session information, retrieve logs, terminate, delete session)':
    'allows.session',
};

/** In the person's language, where we have it. Reads the language: call it where it is shown. */
export function allows(description: string): string {
  const key = known[description];
  return key ? t(key) : description;
}
