/**
 * Countries and regions with their calling codes, for the field of a telephone number. Import it
 * lazily: it brings the numbering plans of the world along.
 */
import {
  AsYouType,
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min';

export interface Region {
  /** ISO 3166-1, two letters. */
  id: string;
  /** "Germany (+49)", in the person's language. */
  label: string;
}

/** Every region, by name. */
export function regions(locale: string): Region[] {
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  const { compare } = new Intl.Collator(locale);
  return getCountries()
    .map((id) => ({ id, label: `${names.of(id) ?? id} (+${getCountryCallingCode(id)})` }))
    .sort((one, other) => compare(one.label, other.label));
}

/** The region that a number belongs to; empty where it does not tell. */
export function regionOf(number: string): string {
  const typed = new AsYouType();
  typed.input(number);
  return typed.getCountry() ?? '';
}

/** Whether a number begins with the calling code of a region. */
export function belongsTo(number: string, region: string): boolean {
  if (!isSupportedCountry(region)) return false;
  const digits = number.replace(/[ .()-]/g, '');
  return digits.startsWith(`+${getCountryCallingCode(region)}`);
}

/** The same number in another region: its calling code is exchanged, what was typed stays. */
export function withRegion(number: string, region: string): string {
  if (!isSupportedCountry(region)) return number;
  const code = `+${getCountryCallingCode(region)}`;
  const typed = number.trim();
  if (!typed.startsWith('+')) {
    const parsed = parsePhoneNumberFromString(typed, region satisfies CountryCode);
    return parsed?.isPossible() ? parsed.formatInternational() : `${code} ${typed}`;
  }
  const known = new AsYouType();
  known.input(typed);
  const before = known.getCallingCode();
  const rest = before ? typed.replace(new RegExp(`^\\+\\s*${before}`), '') : '';
  return `${code} ${rest.trim()}`;
}
