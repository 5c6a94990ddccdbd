/** Whether secrets can be kept, and the person's choice where they cannot. */
import { host, type KeyringView } from '$ui/ipc';

import { notifyFailure } from './notices.svelte';

let view = $state.raw<KeyringView>({ problem: null, untilQuit: false, waiting: false });
let asking = $state(false);

async function ask(question: () => Promise<KeyringView>): Promise<void> {
  asking = true;
  try {
    view = await question();
  } catch (failure) {
    notifyFailure(failure);
  } finally {
    asking = false;
  }
}

/** Looks at how the keyring is; asks nobody and waits for nothing. */
export async function noteKeyring(): Promise<void> {
  // Looked at in passing: where it cannot be told, what was known before stays.
  view = await host.keyringStatus().catch(() => view);
}

/**
 * Keeps looking while something under way may wait for the keyring, until the returned function is
 * called: `$effect(() => followKeyring())`.
 */
export function followKeyring(): () => void {
  const timer = setInterval(() => void noteKeyring(), 1000);
  return () => {
    clearInterval(timer);
    void noteKeyring();
  };
}

/** Tries the keyring again. It may show a prompt of its own. */
export const retryKeyring = (): Promise<void> => ask(() => host.retryKeyring());

/** The person's choice: nothing is kept beyond this run of Keydesk. */
export const keepUntilQuit = (): Promise<void> => ask(() => host.keepUntilQuit());

export const keyring = {
  get view(): KeyringView {
    return view;
  },
  get asking(): boolean {
    return asking;
  },
};
