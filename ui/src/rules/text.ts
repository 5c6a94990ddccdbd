/**
 * Rules of form for what a person types, so that a form can answer while they type. They mirror
 * those of the host, which checks again and has the last word; which field has which limit is in
 * the capabilities of the server.
 *
 * Not here: words (`errors`), the server's own judgement.
 */
import type { ErrorCode } from '$ui/ipc';

export interface TextRule {
  required: boolean;
  /** In characters (Unicode scalar values, as servers count them). */
  maximumLength: number;
  /** Line breaks and tabs are allowed. */
  multiline?: boolean;
}

export type TextProblem = Extract<ErrorCode, 'required' | 'too-long' | 'forbidden-characters'>;

/** E.164 has 15 digits; the rest is for how people write them. */
const PHONE_MAXIMUM_LENGTH = 32;

/** Control characters, line separators, and what turns the direction of text around. */
const FORBIDDEN_IN_LINE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const FORBIDDEN_IN_LINES = /(?![\n\r\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** How many characters a text has, as a server counts them. */
export function characters(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const leads = unit >= 0xd800 && unit < 0xdc00;
    const next = leads ? text.charCodeAt(index + 1) : 0;
    if (next >= 0xdc00 && next < 0xe000) index += 1;
    count += 1;
  }
  return count;
}

/** What is wrong with a text, if anything. */
export function textProblem(typed: string, rule: TextRule): TextProblem | undefined {
  const text = typed.trim();
  if (text === '') return rule.required ? 'required' : undefined;
  const forbidden = rule.multiline ? FORBIDDEN_IN_LINES : FORBIDDEN_IN_LINE;
  if (forbidden.test(text)) return 'forbidden-characters';
  return characters(text) > rule.maximumLength ? 'too-long' : undefined;
}

/** Whether a text can be a telephone number; an empty one can. */
export function isPhone(typed: string): boolean {
  const number = typed.trim();
  if (number === '') return true;
  if (number.length > PHONE_MAXIMUM_LENGTH || !/[0-9]/.test(number)) return false;
  return /^\+?[0-9 .()-]*$/.test(number);
}

/** Whether a text can be an email address; an empty one can. The host knows the whole rule. */
export function isEmail(typed: string): boolean {
  const address = typed.trim();
  return address === '' || /^[^\s"<>@]+@[^\s"<>@]+$/.test(address);
}

const PRINTABLE_ASCII = /^[ -~]*$/;
const SPACE = /\p{White_Space}+/gu;
/** Format and most control characters, and what Unicode says to ignore when it cannot be shown. */
const INVISIBLE =
  /(?!\p{White_Space})[\p{Cc}\p{Cf}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\u{e0000}-\u{e0fff}]/gu;

/** Upper case first, then lower: what JavaScript has for the folding of case. */
function folded(text: string): string {
  // The dotless i is a letter of its own; the final sigma is the same as the other one.
  return text
    .replaceAll('ı', '\u0001')
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replaceAll('\u0001', 'ı');
}

/**
 * A text by which titles are compared: without case, compatibility forms, invisible characters and
 * repeated space. Two titles with the same key look the same to a person.
 */
export function titleKey(title: string): string {
  if (PRINTABLE_ASCII.test(title)) return title.toLowerCase().replace(/ +/g, ' ').trim();
  const composed = title.replace(INVISIBLE, '').normalize('NFKC');
  const visible = folded(composed).normalize('NFKC').replace(INVISIBLE, '');
  return visible.replace(SPACE, ' ').trim();
}
