/**
 * What a person has typed and not yet saved, kept apart from the screens: it survives a change of
 * tab, of instance and of language, a failed save, and a session that ended. In memory only, and
 * never on disk. Passwords belong here no longer than their form is open: drop them on save.
 */
import { SvelteMap } from 'svelte/reactivity';

import type { InstanceId } from '$ui/ipc';

interface Kept {
  instance: InstanceId;
  name: string;
  draft: object;
  /** Whether nothing would be lost with it. */
  untouched: () => boolean;
}

const drafts = new SvelteMap<string, Kept>();

function keyOf(instance: InstanceId, name: string): string {
  return `${instance}/${name}`;
}

/**
 * The draft of this name for this instance, made by `initial` at the first call. It is deeply
 * reactive: bind form fields to its members. `untouched` says whether nothing was typed yet;
 * without it whatever is there counts as unsaved.
 */
export function openDraft<T extends object>(
  instance: InstanceId,
  name: string,
  initial: () => T,
  untouched: (draft: T) => boolean = () => false,
): T {
  const key = keyOf(instance, name);
  const existing = drafts.get(key);
  if (existing) return existing.draft as T;
  const draft = $state(initial());
  drafts.set(key, { instance, name, draft, untouched: () => untouched(draft) });
  return draft;
}

/** The draft if there is one. */
export function draft<T extends object>(instance: InstanceId, name: string): T | undefined {
  return drafts.get(keyOf(instance, name))?.draft as T | undefined;
}

/** Whether a draft of this name, or of a part of it (`name/part`), holds something not saved yet. */
export function isUnsaved(instance: InstanceId, name: string): boolean {
  return [...drafts.values()].some(
    (kept) =>
      kept.instance === instance &&
      (kept.name === name || kept.name.startsWith(`${name}/`)) &&
      !kept.untouched(),
  );
}

/** The instances on which something is not saved yet, each once. */
export function unsavedInstances(): InstanceId[] {
  const unsaved = [...drafts.values()].filter(({ untouched }) => !untouched());
  const of = unsaved.map(({ instance }) => instance);
  return of.filter((instance, index) => of.indexOf(instance) === index);
}

/** Ends a draft: saved, or cancelled by the person. */
export function closeDraft(instance: InstanceId, name: string): void {
  drafts.delete(keyOf(instance, name));
}

/** Forgets every draft of an instance that was removed or signed out. */
export function closeDrafts(instance: InstanceId): void {
  for (const [key, kept] of drafts) if (kept.instance === instance) drafts.delete(key);
}
