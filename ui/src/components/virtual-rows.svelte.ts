/**
 * Which rows of a long table exist, and in which elements. Rows have one height, so that the range
 * in view is two divisions; and an element that leaves the view is filled with a row that enters
 * it, so that scrolling and filtering change texts and create nothing. What has to be created, when
 * a table appears, is created in parts: no frame waits for all of it.
 *
 * A row keeps its element as long as it is in view, whatever happens to the rows around it: what
 * has the focus goes on meaning the same row.
 */

import { flushSync, untrack } from 'svelte';

/** So long elements are created in one frame, in milliseconds; the rest is for what else is in it. */
const PART_MS = 6;
/** So many are created whenever they are missing. */
const AT_ONCE = 4;

export interface Placed<R> {
  index: number;
  key: string;
  row: R;
}

/** An element for a row. */
export class Slot<R> {
  readonly id: number;
  key: string;
  /** The row's position in the table; -1 while the element is not used, and hidden. */
  index: number = $state(-1);
  row: R = $state.raw() as R;

  constructor(id: number, { index, key, row }: Placed<R>) {
    this.id = id;
    this.key = key;
    this.index = index;
    this.row = row;
  }
}

export class Slots<R> {
  /** In the order of the table, those that are not used last. */
  all: readonly Slot<R>[] = $state.raw([]);
  /** So many elements may exist by now, while more are wanted. */
  #room = $state(0);
  #wanted = 0;
  #frame: number | undefined;

  /**
   * How many of so many rows can have an element now: all, unless too many elements are missing.
   * Asked in an effect, which runs again when there are more.
   */
  room(wanted: number): number {
    this.#wanted = wanted;
    const existing = untrack(() => this.all.length);
    const room = Math.max(this.#room, existing);
    const few = this.#frame === undefined && wanted - existing <= AT_ONCE;
    if (few || wanted <= room) return wanted;
    this.#frame ??= requestAnimationFrame(() => this.#grow());
    return room;
  }

  #grow(): void {
    const start = performance.now();
    do {
      this.#room = this.all.length + 1;
      flushSync();
    } while (this.all.length < this.#wanted && performance.now() - start < PART_MS);
    const more = this.all.length < this.#wanted;
    this.#frame = more ? requestAnimationFrame(() => this.#grow()) : undefined;
  }

  /** Creates no more; for a table that is gone. */
  stop(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  /** Gives every one of these rows an element. */
  place(rows: readonly Placed<R>[]): void {
    /* eslint-disable svelte/prefer-svelte-reactivity -- nothing is drawn from these */
    const before = new Map<string, Slot<R>>();
    for (const slot of this.all) if (slot.index >= 0) before.set(slot.key, slot);
    const kept = rows.map(({ key }) => {
      const slot = before.get(key);
      before.delete(key);
      return slot;
    });
    const taken = new Set(kept);
    /* eslint-enable svelte/prefer-svelte-reactivity */
    const free = this.all.filter((slot) => !taken.has(slot));
    let next = this.all.length;
    const used = rows.map((placed, position) => {
      const slot = kept[position] ?? free.shift();
      if (!slot) return new Slot(next++, placed);
      slot.key = placed.key;
      slot.index = placed.index;
      slot.row = placed.row;
      return slot;
    });
    for (const slot of free) slot.index = -1;
    this.all = [...used, ...free];
  }
}

export interface View {
  scrollTop: number;
  height: number;
  rowHeight: number;
  count: number;
}

/** So many rows exist above and below the view, for the next turn of the wheel. */
const OVERSCAN = 4;

/** The rows in view and a few around them: from, and up to but not including. */
export function range({ scrollTop, height, rowHeight, count }: View): [number, number] {
  const length = Math.ceil(height / rowHeight) + 1 + 2 * OVERSCAN;
  const wanted = Math.floor(scrollTop / rowHeight) - OVERSCAN;
  const first = Math.max(0, Math.min(wanted, count - length));
  return [first, Math.min(count, first + length)];
}
