/** Days as servers count them: in UTC, whatever the time zone here. */
import { locale } from '$ui/i18n/index.svelte';

/** A day `YYYY-MM-DD` in words; what is none is shown as it came. */
export function formatDay(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at)) return day;
  const format = { dateStyle: 'medium', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale(), format).format(at);
}
