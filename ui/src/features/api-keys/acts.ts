/** What is done to a key after a question: each with its own words, because each ends otherwise. */
import type { MessageKey } from '$ui/i18n/index.svelte';
import type { ApiKey, InstanceId } from '$ui/ipc';

import { deleteKey, forgetCopy, revokeKey } from './keys.svelte';

export type Act = 'delete' | 'revoke' | 'forget';

export interface ActRow {
  /** The question, with the key's title. */
  title: MessageKey;
  /** What it means; `ended` is a key that works no longer. */
  meaning: (key: ApiKey, ended: boolean) => MessageKey;
  /** The verb on the button. */
  confirm: MessageKey;
  /** Said once it is done, with the key's title. */
  done: MessageKey;
  run: (instance: InstanceId, id: string) => Promise<void>;
}

function meaningOfDeletion({ status, madeByServer }: ApiKey, ended: boolean): MessageKey {
  if (madeByServer || !ended) return 'api-keys.delete-meaning';
  return status === 'revoked' ? 'api-keys.delete-revoked' : 'api-keys.delete-expired';
}

export const acts: Record<Act, ActRow> = {
  delete: {
    title: 'api-keys.delete-title',
    meaning: meaningOfDeletion,
    confirm: 'api-keys.delete',
    done: 'api-keys.deleted',
    run: deleteKey,
  },
  revoke: {
    title: 'api-keys.revoke-title',
    meaning: () => 'api-keys.revoke-meaning',
    confirm: 'api-keys.revoke',
    done: 'api-keys.revoked',
    run: revokeKey,
  },
  forget: {
    title: 'api-keys.forget-title',
    meaning: () => 'api-keys.forget-meaning',
    confirm: 'api-keys.forget-confirm',
    done: 'api-keys.forgotten',
    run: forgetCopy,
  },
};
