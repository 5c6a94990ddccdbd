/** The time for what is shown as an age: moves twice a minute, and when the window comes back. */
import { focusManager } from '@tanstack/svelte-query';

const STEP_MS = 30_000;
/** A step that took longer than this was not slow: the computer slept. */
const ASLEEP_MS = 2 * STEP_MS;

let now = $state(Date.now());
const move = (): void => {
  const before = now;
  now = Date.now();
  // The window may have been in front all the while: what is old is asked for as when it comes back.
  if (now - before > ASLEEP_MS) focusManager.onFocus();
};
setInterval(move, STEP_MS);
window.addEventListener('focus', move);

export const clock = {
  get now(): number {
    return now;
  },
};
