/** How a person's name is asked for and written. Not here: what stands in where there is none. */
import { locale } from '$ui/i18n/index.svelte';
import type { Profile } from '$ui/ipc';

/**
 * Whether the family name is asked for first, as the person's language has it. Reads the language:
 * call it where it is shown.
 */
export function familyNameFirst(): boolean {
  return locale().startsWith('zh');
}

const HAN = /^\p{Script=Han}+$/u;

/**
 * Given and family name as one. Where both are in Chinese characters the family name stands first
 * and nothing between them: 王晓明.
 */
export function joinedName(first: string, last: string): string {
  const [given, family] = [first.trim(), last.trim()];
  if (HAN.test(given) && HAN.test(family)) return `${family}${given}`;
  return `${given} ${family}`.trim();
}

/** The whole name of a profile, else its parts, else the name that one signs in with. */
export function wholeName({ fullName, firstName, lastName, userName }: Profile): string {
  return fullName.trim() || joinedName(firstName, lastName) || userName.trim();
}
