/**
 * One change that a person asked for: whether it is under way, how it failed, and how long the
 * server asks to wait before the next try. A session that ended opens the sign-in sheet; the form
 * stays as it is, and the person presses again.
 */
import { asHostError, asksForSignIn } from '$ui/errors';
import { t } from '$ui/i18n/index.svelte';
import type { InstanceId } from '$ui/ipc';

import { requestSignIn } from './sign-in.svelte';

export class Attempt {
  busy = $state(false);
  /** How the last try failed; `null` where it did not. */
  failure = $state.raw<unknown>(null);
  /** Seconds until the server takes another try. */
  wait = $state(0);

  readonly #instance: () => InstanceId;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(instance: () => InstanceId) {
    this.#instance = instance;
  }

  /** Runs the change, unless one is under way or it is too early. Answers whether it succeeded. */
  async run(change: () => Promise<void>): Promise<boolean> {
    if (this.busy || this.wait > 0) return false;
    // By the time of the answer another account may be in front.
    const instance = this.#instance();
    this.busy = true;
    this.failure = null;
    try {
      await change();
      return true;
    } catch (failure) {
      this.failure = failure;
      this.#cool(failure);
      if (asksForSignIn(failure)) void this.#signIn(instance, failure);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The word of the button that runs it: with the seconds to wait, where there are any. */
  labelled(word: string): string {
    return this.wait > 0 ? t('action.wait', { action: word, seconds: this.wait }) : word;
  }

  /** Forgets the failure: what it was about has been changed or closed. */
  clear(): void {
    this.failure = null;
  }

  async #signIn(instance: InstanceId, failure: unknown): Promise<void> {
    const signedIn = await requestSignIn(instance);
    if (signedIn && this.failure === failure) this.failure = null;
  }

  #cool(failure: unknown): void {
    const until = performance.now() + (asHostError(failure).retryAfterMs ?? 0);
    const count = (): void => {
      this.wait = Math.max(0, Math.ceil((until - performance.now()) / 1000));
      if (this.wait === 0) clearInterval(this.#timer);
    };
    clearInterval(this.#timer);
    this.#timer = setInterval(count, 1000);
    count();
  }
}
