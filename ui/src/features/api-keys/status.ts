/** Whether a key still works, and for how long, by the server's clock. */
import { t } from '$ui/i18n/index.svelte';
import type { ApiKey } from '$ui/ipc';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** From here on a key is said to expire soon. */
const SOON = 7 * DAY;

export interface ShownStatus {
  state: 'active' | 'soon' | 'expired' | 'revoked';
  label: string;
}

/** The colour that goes with the word. */
export const tones = {
  active: 'success',
  soon: 'warning',
  expired: 'danger',
  revoked: 'neutral',
} as const;

/** The status at a moment of the server's time. Reads the language: call it where it is shown. */
export function statusOf(
  { status, expiration }: Pick<ApiKey, 'status' | 'expiration'>,
  now: number,
): ShownStatus {
  if (status === 'revoked') return { state: 'revoked', label: t('api-keys.status.revoked') };
  const left = expiration.kind === 'at' ? expiration.at - now : Infinity;
  if (left <= 0) return { state: 'expired', label: t('api-keys.status.expired') };
  if (left > SOON) return { state: 'active', label: t('api-keys.status.active') };
  if (left <= HOUR) {
    const minutes = Math.max(1, Math.ceil(left / MINUTE));
    return { state: 'soon', label: t('api-keys.status.minutes', { count: minutes }) };
  }
  if (left <= DAY) {
    return { state: 'soon', label: t('api-keys.status.hours', { count: Math.ceil(left / HOUR) }) };
  }
  return { state: 'soon', label: t('api-keys.status.days', { count: Math.ceil(left / DAY) }) };
}

/** Whether a key works no longer. */
export function hasEnded(key: ApiKey, now: number): boolean {
  const { state } = statusOf(key, now);
  return state === 'expired' || state === 'revoked';
}

/** Moments that people choose often, counted from the server's now; none beyond `maximumDays`. */
export function presets(
  now: number,
  maximumDays: number | null,
): { label: string; value: number }[] {
  const days = [7, 30, 90, 365].filter((count) => maximumDays === null || count <= maximumDays);
  return days.map((count) => ({
    label: count === 365 ? t('api-keys.preset.year') : t('api-keys.preset.days', { count }),
    value: now + count * DAY,
  }));
}

/** The latest moment that the server takes, if it has a limit. */
export function latest(now: number, maximumDays: number | null): number | undefined {
  return maximumDays === null ? undefined : now + maximumDays * DAY;
}
