/** The phrase that confirms, compared while it is typed. */

export type Standing = 'begun' | 'matches' | 'differs';

/** What is typed must be the phrase, letter by letter; up to a point it is only unfinished. */
export function standing(typed: string, phrase: string): Standing {
  if (phrase !== '' && typed === phrase) return 'matches';
  return phrase.startsWith(typed) ? 'begun' : 'differs';
}
