/** The time for what is shown as an age: moves twice a minute, and when the window comes back. */
const STEP_MS = 30_000;

let now = $state(Date.now());
const move = (): void => {
  now = Date.now();
};
setInterval(move, STEP_MS);
window.addEventListener('focus', move);

export const clock = {
  get now(): number {
    return now;
  },
};
