/**
 * The secret in the clipboard and its countdown. The host clears it and has the last word; this
 * only counts for the eye.
 */
import { type ClipboardChanged, host } from '$ui/ipc';

let state = $state.raw<ClipboardChanged>({
  holdsSecret: false,
  clearsInMs: null,
  clearFailed: false,
});
/** What was copied, for the words of the countdown. */
let subject = $state('');
let clearsAt = 0;
let secondsLeft = $state<number | null>(null);
let timer: ReturnType<typeof setInterval> | undefined;

function count(): void {
  secondsLeft = Math.max(0, Math.ceil((clearsAt - performance.now()) / 1000));
  if (secondsLeft === 0) clearInterval(timer);
}

function adopt(next: ClipboardChanged): void {
  state = next;
  clearInterval(timer);
  if (!next.holdsSecret || next.clearsInMs === null) {
    secondsLeft = null;
    return;
  }
  clearsAt = performance.now() + next.clearsInMs;
  count();
  timer = setInterval(count, 1000);
}

/**
 * Runs a copy command; `name` says what it copies. Only after it has succeeded is anything called
 * copied.
 */
export async function copySecret(
  name: string,
  copy: () => Promise<ClipboardChanged>,
): Promise<void> {
  const change = await copy();
  subject = name;
  adopt(change);
}

/** Clears the clipboard now, if the secret is still there. */
export async function clearClipboardNow(): Promise<void> {
  adopt(await host.clearClipboard());
}

/** Follows what the host says about the clipboard. Called once, at start. */
export function followClipboard(): () => void {
  return host.onClipboardChanged(adopt);
}

export const clipboard = {
  /** Whether a secret that Keydesk copied is in the clipboard. */
  get holdsSecret(): boolean {
    return state.holdsSecret;
  },
  get clearFailed(): boolean {
    return state.clearFailed;
  },
  get subject(): string {
    return subject;
  },
  /** Seconds until it is cleared; `null` when it stays. */
  get secondsLeft(): number | null {
    return secondsLeft;
  },
};
