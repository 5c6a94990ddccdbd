/** Whether this computer has a copy of a key that its server showed once, and for how long. */
import type { MessageKey } from '$ui/i18n/index.svelte';
import type { ApiKeyId, InstanceView } from '$ui/ipc';

export type WhereKept = 'inKeyring' | 'untilQuit';

/** Where there is a copy of a key, if anywhere. */
export function whereKept(instance: InstanceView, id: ApiKeyId): WhereKept | undefined {
  if (instance.keptKeys.includes(id)) return 'inKeyring';
  return instance.keptUntilQuit.includes(id) ? 'untilQuit' : undefined;
}

/** How many keys are kept on this computer and nowhere else. */
export function countKept({ keptKeys, keptUntilQuit }: InstanceView): number {
  return keptKeys.length + keptUntilQuit.length;
}

/** What the row of a key says of its copy. */
export const keptWords: Record<WhereKept, MessageKey> = {
  inKeyring: 'api-keys.kept',
  untilQuit: 'api-keys.kept-until-quit',
};
