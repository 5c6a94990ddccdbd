/**
 * The server's clock, as far as an answer told it: its time when it answered, aged by this
 * computer's monotonic clock, so that a wrong or changed local time makes no key "expired".
 */
import type { ApiKeyList } from '$ui/ipc';

const received = new WeakMap<ApiKeyList, number>();

/** Notes when an answer came in. */
export function stampReceived(list: ApiKeyList): ApiKeyList {
  received.set(list, performance.now());
  return list;
}

/** A list that was changed here, as old as the one that it was made from. */
export function inheritStamp(changed: ApiKeyList, from: ApiKeyList): ApiKeyList {
  const at = received.get(from);
  if (at !== undefined) received.set(changed, at);
  return changed;
}

/**
 * The server's time now. A list from an earlier run has no stamp: `fetchedAt`, by this computer's
 * clock, is then all there is.
 */
export function serverNow(list: ApiKeyList | undefined, fetchedAt: number): number {
  if (!list) return Date.now();
  const at = received.get(list);
  const age = at === undefined ? Date.now() - fetchedAt : performance.now() - at;
  return list.serverTime + Math.max(0, age);
}
