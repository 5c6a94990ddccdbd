/**
 * Words, dates and numbers in the person's language. Keys are checked by type against `en`, a file a room;
 * `messages.test.ts` checks that the languages agree and that no key is unused. The language
 * changes while the window is open: whatever calls {@link t} in a component follows.
 *
 * Not here: which language the person chose (`state/preferences`).
 */
import { IntlMessageFormat } from 'intl-messageformat';

import en from './en';

export type Language = 'en' | 'zh-CN';
export type MessageKey = keyof typeof en;
export type MessageValues = Record<string, string | number | Date>;

const catalogues: Record<Language, () => Promise<Record<MessageKey, string>>> = {
  en: () => Promise.resolve(en),
  'zh-CN': async () => (await import('./zh-CN')).default,
};

interface Speech {
  language: Language;
  /** The language with the person's region where the system names one, for dates and numbers. */
  locale: string;
  messages: Record<MessageKey, string>;
}

let speech = $state.raw<Speech>({ language: 'en', locale: localeFor('en'), messages: en });
// Not reactive on purpose: only a cache of what `speech` decides.
/* eslint-disable svelte/prefer-svelte-reactivity */
let formats = new Map<MessageKey, IntlMessageFormat>();
let dateFormats = new Map<string, Intl.DateTimeFormat>();
let numberFormat: Intl.NumberFormat | undefined;
let relativeFormat: Intl.RelativeTimeFormat | undefined;

function localeFor(language: Language): string {
  const base = language.split('-')[0] ?? language;
  const regional = navigator.languages.find((tag) => tag.split('-')[0] === base);
  return regional ?? language;
}

/** The language that the system asks for. */
export function systemLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

/** Switches the language. Nothing is mounted anew, so nothing typed is lost. */
export async function setLanguage(language: Language): Promise<void> {
  const messages = await catalogues[language]();
  formats = new Map();
  dateFormats = new Map();
  numberFormat = undefined;
  relativeFormat = undefined;
  speech = { language, locale: localeFor(language), messages };
  document.documentElement.lang = language;
}

export function locale(): string {
  return speech.locale;
}

/** The message of a key in the current language. */
export function t(key: MessageKey, values?: MessageValues): string {
  const { messages, locale } = speech;
  const message = messages[key];
  if (!values && !message.includes("'")) return message;
  let format = formats.get(key);
  if (!format) {
    format = new IntlMessageFormat(message, locale);
    formats.set(key, format);
  }
  return String(format.format(values));
}

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  let format = dateFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(speech.locale, options);
    dateFormats.set(key, format);
  }
  return format;
}

/** A day: "21 Nov 2026". */
export function formatDate(at: number): string {
  return dateFormat({ dateStyle: 'medium' }).format(at);
}

/** A moment with its time zone, wherever the time of day matters. */
export function formatDateTimeZone(at: number): string {
  return dateFormat({
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at);
}

export function formatNumber(value: number): string {
  numberFormat ??= new Intl.NumberFormat(speech.locale);
  return numberFormat.format(value);
}

/** Several things in a sentence: "Profile, API Key, and Security". */
export function formatList(values: readonly string[]): string {
  return new Intl.ListFormat(speech.locale).format(values);
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** How long ago or ahead: "5 minutes ago", "in 3 days". Less than a minute is "now". */
export function formatRelative(at: number, now: number): string {
  const distance = at - now;
  relativeFormat ??= new Intl.RelativeTimeFormat(speech.locale, { numeric: 'auto' });
  for (const [unit, length] of UNITS) {
    if (Math.abs(distance) >= length)
      return relativeFormat.format(Math.trunc(distance / length), unit);
  }
  return relativeFormat.format(0, 'second');
}
