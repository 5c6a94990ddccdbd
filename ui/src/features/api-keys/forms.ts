/** The ways in which a key is handed on to a program: their names, and copying in one of them. */
import type { MessageKey } from '$ui/i18n/index.svelte';
import {
  type ApiKey,
  type ApiKeyId,
  type ClipboardChanged,
  host,
  type InstanceId,
  type KeyFormKind,
} from '$ui/ipc';
import { clipboard, copySecret } from '$ui/state/clipboard.svelte';
import { organizationOf } from '$ui/state/instances.svelte';
import { notifyFailure } from '$ui/state/notices.svelte';
import { repeated } from '$ui/state/sign-in.svelte';

export const formNames: Record<KeyFormKind, MessageKey> = {
  value: 'api-keys.form.value',
  header: 'api-keys.form.header',
  environment: 'api-keys.form.environment',
  curl: 'api-keys.form.curl',
};

/** What copying in a form is called where the form itself is not named beside it. */
export const copyNames: Record<KeyFormKind, MessageKey> = {
  value: 'api-keys.copy',
  header: 'api-keys.copy-header',
  environment: 'api-keys.copy-environment',
  curl: 'api-keys.copy-curl',
};

/** Tells the copies of a key apart, on whichever server it is, for the countdown of the clipboard. */
export function copySubject(instance: InstanceId, id: ApiKeyId, form: KeyFormKind): string {
  return `${instance} ${id} ${form}`;
}

/** Whether the clipboard holds this key, in whichever form. */
export function isCopied(instance: InstanceId, { id }: ApiKey): boolean {
  return clipboard.holdsSecret && clipboard.subject.startsWith(`${instance} ${id} `);
}

/** What a button runs to copy a key of the list. */
export function copyOf(
  instance: InstanceId,
  id: ApiKeyId,
  form: KeyFormKind,
): () => Promise<ClipboardChanged> {
  return () =>
    repeated(instance, () => host.copyApiKey(instance, organizationOf(instance), id, form));
}

/** Copies a key of the list from a menu, which is gone by the time of the answer. */
export async function copyForm(
  instance: InstanceId,
  id: ApiKeyId,
  form: KeyFormKind,
): Promise<void> {
  try {
    await copySecret(copySubject(instance, id, form), copyOf(instance, id, form));
  } catch (failure) {
    notifyFailure(failure, () => void copyForm(instance, id, form));
  }
}
