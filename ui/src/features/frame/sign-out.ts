/** Signing out: this computer forgets at once, whether or not the server can be told. */
import { tick } from 'svelte';

import { t } from '$ui/i18n/index.svelte';
import { host, type InstanceView } from '$ui/ipc';
import { closeDrafts, unsavedInstances } from '$ui/state/drafts.svelte';
import { instances, readInstances } from '$ui/state/instances.svelte';
import { notify, notifyFailure } from '$ui/state/notices.svelte';
import { clearAnswers, instanceKey, queryClient } from '$ui/state/query';
import { forgetSignIn } from '$ui/state/sign-in.svelte';

import { countKept } from '../api-keys/kept';
import { nameOf } from '../kinds';

/** What signing out of an account takes along. */
export interface Losses {
  instance: InstanceView;
  /** Something typed is not saved. */
  unsaved: boolean;
  /** So many keys are kept on this computer and nowhere else. */
  keys: number;
}

/** What signing out would take along, as the host knows it now; nothing where nothing is lost. */
export async function lossesOf({ id }: InstanceView): Promise<Losses | null> {
  await readInstances();
  const instance = instances.all.find((known) => known.id === id);
  if (!instance) return null;
  const unsaved = unsavedInstances().includes(id);
  const keys = countKept(instance);
  return unsaved || keys > 0 ? { instance, unsaved, keys } : null;
}

/** Signs out. Whoever calls has asked where something would be lost. */
export async function signOut(instance: InstanceView): Promise<void> {
  try {
    const { serverTold, leftInKeyring } = await host.signOut(instance.id);
    closeDrafts(instance.id);
    forgetSignIn(instance.id);
    // Asked beside the queries: one of theirs may be under way with an answer from before, and one
    // that is asked anew meanwhile would break this one off.
    const connection = instanceKey(instance.id, 'connection');
    await queryClient.cancelQueries({ queryKey: connection });
    queryClient.setQueryData(connection, await host.connectionDetails(instance.id));
    // The screens hear of it in a task of its own, and have gone by the end of the next tick; what
    // they show must not be taken from under them before.
    await new Promise((heard) => setTimeout(heard));
    await tick();
    clearAnswers(instance.id);
    void readInstances();
    const title = t('frame.signed-out.done', { name: nameOf(instance) });
    if (leftInKeyring) {
      notify({ tone: 'warning', title, meaning: t('frame.signed-out.left') });
    } else if (serverTold) {
      notify({ tone: 'success', title });
    } else {
      const meaning = t('frame.signed-out.elsewhere', { host: instance.host });
      notify({ tone: 'warning', title, meaning });
    }
  } catch (failure) {
    notifyFailure(failure, () => void signOut(instance));
  }
}
