/** Waiting for something to become true, without fixed pauses. */
import { setTimeout as pause } from 'node:timers/promises';

export { pause };

/** How long a person would wait before they call it broken. */
export const PATIENCE = 10_000;

/** Asks again until the answer is neither `undefined` nor `false`; then fails with `what`. */
export async function until<T>(
  what: string | (() => Promise<string>),
  ask: () => Promise<T | undefined | false>,
  patience = PATIENCE,
): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) {
      return answer;
    }
    if (Date.now() > deadline) {
      const text = typeof what === 'string' ? what : await what();
      throw new Error(`not within ${patience / 1000} s: ${text}`);
    }
    await pause(50);
  }
}
