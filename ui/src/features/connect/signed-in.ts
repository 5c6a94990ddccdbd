/** What follows a successful sign-in, wherever it happened. */
import type { SignedInView } from '$ui/ipc';
import { activate, putInstance } from '$ui/state/instances.svelte';
import { noteKeyring } from '$ui/state/keyring.svelte';
import { refresh } from '$ui/state/query';
import { endSignIn } from '$ui/state/sign-in.svelte';

/** Brings the account to the front and asks the server anew for all of its data. */
export function adoptSignedIn({ instance, kept }: SignedInView): void {
  putInstance(instance);
  activate(instance.id);
  endSignIn(instance.id, true);
  void refresh(instance.id);
  if (kept.kind === 'untilQuit') void noteKeyring();
}
