/** The ways in which a key is handed on to a program, in words. */
import type { MessageKey } from '$ui/i18n/index.svelte';
import type { InstanceId, KeyFormKind } from '$ui/ipc';

export const formNames: Record<KeyFormKind, MessageKey> = {
  value: 'api-keys.form.value',
  header: 'api-keys.form.header',
  environment: 'api-keys.form.environment',
  curl: 'api-keys.form.curl',
};

/** Tells the copies of a key apart, on whichever server it is, for the countdown of the clipboard. */
export function copySubject(instance: InstanceId, id: string, form: KeyFormKind): string {
  return `${instance} ${id} ${form}`;
}
