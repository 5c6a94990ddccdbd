/**
 * The list of keys made ready for search and sort: what is compared is computed once a list, so
 * that a keystroke in a list of 10,000 costs one pass over prepared strings. Nothing of it is
 * computed when a list arrives: its rows shall appear.
 *
 * Not here: what is on the screen, or whether a key has expired (`status`).
 */
import type { ApiKey } from '$ui/ipc';
import { titleKey } from '$ui/rules/text';

export type SortColumn = 'title' | 'added' | 'expired' | 'lastUsed';

export interface KeySort {
  column: SortColumn;
  direction: 'ascending' | 'descending';
}

/** Newest first, as servers list them. */
export const NEWEST_FIRST: KeySort = { column: 'added', direction: 'descending' };

export interface KeyIndex {
  keys: readonly ApiKey[];
  /** By position in `keys`: what a search looks in; each filled when first asked for. */
  haystacks: string[];
  /** The keys sorted ascending, by column; filled when first asked for. */
  orders: Partial<Record<SortColumn, readonly number[]>>;
  /** By the key of a title: the title as it stands in the list; filled when first asked for. */
  titles?: ReadonlyMap<string, string>;
}

/** What a search compares: without case, and without what sets two spellings of a word apart. */
function searchable(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Whether two lists have the same keys in the same places, by what most orders rest on. */
function alike(keys: readonly ApiKey[], others: readonly ApiKey[]): boolean {
  return (
    keys.length === others.length &&
    keys.every(({ id, title, addedOn }, position) => {
      const other = others[position];
      return id === other?.id && title === other.title && addedOn === other.addedOn;
    })
  );
}

/** `before` is the list as it was: what still holds of it is not computed again. */
export function indexKeys(keys: readonly ApiKey[], before?: KeyIndex): KeyIndex {
  const { title, added } = before?.orders ?? {};
  const known = before && (title ?? added) && alike(keys, before.keys);
  return { keys, haystacks: [], orders: known ? { title, added } : {} };
}

function haystack(index: KeyIndex, position: number): string {
  const key = index.keys[position];
  if (!key) return '';
  const { title, description, masked, scopes } = key;
  return (index.haystacks[position] ??= searchable(
    `${title}\n${description}\n${masked}\n${scopes.join('\n')}`,
  ));
}

function comparison(column: SortColumn, keys: readonly ApiKey[]): (a: number, b: number) => number {
  if (column === 'title') {
    const { compare } = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
    return (a, b) => compare(keys[a]?.title ?? '', keys[b]?.title ?? '');
  }
  const moments = keys.map((key) => {
    if (column === 'added') return key.addedOn ?? -Infinity;
    if (column === 'lastUsed') return key.lastUsed ?? -Infinity;
    return key.expiration.kind === 'at' ? key.expiration.at : Infinity;
  });
  return (a, b) => {
    const [one = 0, other = 0] = [moments[a], moments[b]];
    return one < other ? -1 : Number(one > other);
  };
}

function order(index: KeyIndex, column: SortColumn): readonly number[] {
  return (index.orders[column] ??= index.keys
    .map((_, position) => position)
    .sort(comparison(column, index.keys)));
}

/** So many are sorted in one go, and so long before the page has its turn, in milliseconds. */
const RUN = 256;
const TURN_MS = 4;

function merged(
  one: readonly number[],
  other: readonly number[],
  compare: (a: number, b: number) => number,
): number[] {
  const all: number[] = [];
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    const [a, b] = [one[i], other[j]];
    const takesOne = b === undefined || (a !== undefined && compare(a, b) <= 0);
    const next = takesOne ? a : b;
    if (takesOne) i += 1;
    else j += 1;
    if (next !== undefined) all.push(next);
  }
  return all;
}

/** Lets the page have its turn whenever enough was done since the last one. */
function turns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  };
}

/**
 * Makes what a search looks in ready in parts, so that no keystroke has to; stops with the signal,
 * for a list that another one has replaced.
 */
export async function prepareSearch(index: KeyIndex, signal: AbortSignal): Promise<void> {
  const turn = turns();
  for (let position = 0; position < index.keys.length && !signal.aborted; position += 1) {
    haystack(index, position);
    if (position % RUN === 0) await turn();
  }
}

/**
 * Makes the order of a column ready in parts: comparing 10,000 titles as people read them takes
 * longer than a frame.
 */
export async function prepareOrder(index: KeyIndex, column: SortColumn): Promise<void> {
  if (index.orders[column]) return;
  const compare = comparison(column, index.keys);
  const turn = turns();
  let runs: number[][] = [];
  for (let from = 0; from < index.keys.length; from += RUN) {
    const length = Math.min(RUN, index.keys.length - from);
    runs.push(Array.from({ length }, (_, offset) => from + offset).sort(compare));
    await turn();
  }
  while (runs.length > 1) {
    const longer: number[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      longer.push(merged(runs[at] ?? [], runs[at + 1] ?? [], compare));
      await turn();
    }
    runs = longer;
  }
  index.orders[column] ??= runs[0] ?? [];
}

/** The keys that match every word of the search, in the order that was asked for. */
export function selectKeys(index: KeyIndex, search: string, sort: KeySort): readonly ApiKey[] {
  const words = searchable(search).split(/\s+/u).filter(Boolean);
  const newestFirst = sort.column === 'added' && sort.direction === 'descending';
  // The server's own order, which also settles keys that were made at the same moment.
  if (words.length === 0 && newestFirst) return index.keys;
  const positions = newestFirst ? index.keys.keys() : order(index, sort.column);
  const found: ApiKey[] = [];
  for (const position of positions) {
    const text = index.haystacks[position] ?? haystack(index, position);
    const key = index.keys[position];
    if (key && words.every((word) => text.includes(word))) found.push(key);
  }
  return !newestFirst && sort.direction === 'descending' ? found.reverse() : found;
}

/** The title of the list that looks the same as this one, if there is one. */
export function sameTitle(index: KeyIndex, title: string): string | undefined {
  index.titles ??= new Map(index.keys.map((key) => [titleKey(key.title), key.title]));
  return index.titles.get(titleKey(title));
}
