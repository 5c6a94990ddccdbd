/**
 * What a person has typed and not yet saved, kept apart from the screens: it survives a change of
 * tab, of instance and of language, a failed save, and a session that ended. In memory only, and
 * never on disk. Passwords belong here no longer than their form is open: drop them on save.
 */
import { SvelteMap } from 'svelte/reactivity';

import type { InstanceId } from '$ui/ipc';

const drafts = new SvelteMap<string, object>();

function keyOf(instance: InstanceId, name: string): string {
  return `${instance}/${name}`;
}

/**
 * The draft of this name for this instance, made by `initial` at the first call. It is deeply
 * reactive: bind form fields to its members.
 */
export function openDraft<T extends object>(
  instance: InstanceId,
  name: string,
  initial: () => T,
): T {
  const key = keyOf(instance, name);
  const existing = drafts.get(key);
  if (existing) return existing as T;
  const draft = $state(initial());
  drafts.set(key, draft);
  return draft;
}

/** The draft if there is one. */
export function draft<T extends object>(instance: InstanceId, name: string): T | undefined {
  return drafts.get(keyOf(instance, name)) as T | undefined;
}

/** Ends a draft: saved, or cancelled by the person. */
export function closeDraft(instance: InstanceId, name: string): void {
  drafts.delete(keyOf(instance, name));
}

/** Forgets every draft of an instance that was removed or signed out. */
export function closeDrafts(instance: InstanceId): void {
  for (const key of drafts.keys()) if (key.startsWith(`${instance}/`)) drafts.delete(key);
}
