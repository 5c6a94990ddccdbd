/**
 * Short notices in the corner: what was done, or what went wrong outside any form.
 * Shown by `components/NoticeArea.svelte`, spoken by screen readers.
 */
import { explain } from '$ui/errors';

export type Tone = 'info' | 'success' | 'warning' | 'danger';

export interface NoticeAction {
  label: string;
  run: () => void;
}

export interface Notice {
  id: number;
  tone: Tone;
  title: string;
  meaning?: string;
  action?: NoticeAction;
  details?: string;
}

/** How long a notice stays. What went wrong, or needs an answer, stays until it is closed. */
const STAYS_MS = 6000;

let next = 1;
const shown = $state<Notice[]>([]);

export function notices(): readonly Notice[] {
  return shown;
}

/** Shows a notice; answers with its id, for {@link dismiss}. */
export function notify(notice: Omit<Notice, 'id'>): number {
  const id = next++;
  const same = shown.findIndex((other) => other.title === notice.title);
  if (same >= 0) shown.splice(same, 1);
  shown.push({ ...notice, id });
  const passing = notice.tone === 'success' || notice.tone === 'info';
  if (passing && !notice.action) setTimeout(() => dismiss(id), STAYS_MS);
  return id;
}

export function dismiss(id: number): void {
  const index = shown.findIndex((notice) => notice.id === id);
  if (index >= 0) shown.splice(index, 1);
}

/** Shows a failure that belongs to no form. `retry` becomes its one action. */
export function notifyFailure(failure: unknown, retry?: () => void): number {
  const { tone, title, meaning, details, action, actionLabel } = explain(failure);
  return notify({
    tone: tone === 'notice' ? 'warning' : tone,
    title,
    meaning,
    details: details ?? undefined,
    action:
      retry && action === 'retry' && actionLabel ? { label: actionLabel, run: retry } : undefined,
  });
}
