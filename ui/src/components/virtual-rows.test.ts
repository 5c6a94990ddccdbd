import { describe, expect, it } from 'vitest';

import { range, Slots } from './virtual-rows.svelte';

const placed = (...keys: string[]) => keys.map((key, index) => ({ index, key, row: key }));
const used = (slots: Slots<string>) => slots.all.filter((slot) => slot.index >= 0);

describe('the range of rows', () => {
  const view = { height: 440, rowHeight: 44, count: 10_000 };

  it('covers the view and a little more, at any place', () => {
    for (const scrollTop of [0, 1, 43, 44, 100_000, 10_000 * 44 - 440]) {
      const [from, to] = range({ ...view, scrollTop });
      expect(from * 44).toBeLessThanOrEqual(scrollTop);
      expect(to * 44).toBeGreaterThanOrEqual(Math.min(scrollTop + 440, 440_000));
      expect(to - from).toBeLessThan(25);
    }
  });

  it('never leaves the table', () => {
    expect(range({ ...view, scrollTop: 0, count: 0 })).toEqual([0, 0]);
    expect(range({ ...view, scrollTop: 0, count: 3 })).toEqual([0, 3]);
    // The list became shorter than where one had scrolled to.
    expect(range({ ...view, scrollTop: 400_000, count: 5 })).toEqual([0, 5]);
  });
});

describe('the elements of rows', () => {
  it('keep their row as long as it is in view, and serve another one after that', () => {
    const slots = new Slots<string>();
    slots.place(placed('a', 'b', 'c'));
    const [a, b, c] = slots.all;
    slots.place(placed('b', 'c', 'd'));
    expect(slots.all).toEqual([b, c, a]);
    expect(a?.row).toBe('d');
    expect(used(slots).map(({ index, row }) => [index, row])).toEqual([
      [0, 'b'],
      [1, 'c'],
      [2, 'd'],
    ]);
  });

  it('are hidden where there are fewer rows, and used again later', () => {
    const slots = new Slots<string>();
    slots.place(placed('a', 'b', 'c'));
    slots.place(placed('b'));
    expect(used(slots)).toHaveLength(1);
    slots.place(placed('x', 'b', 'y'));
    expect(slots.all).toHaveLength(3);
    expect(used(slots).map(({ row }) => row)).toEqual(['x', 'b', 'y']);
  });

  it('are one each, even for rows with the same key', () => {
    const slots = new Slots<string>();
    slots.place(placed('a', 'a'));
    slots.place(placed('a', 'a'));
    expect(new Set(slots.all.map(({ id }) => id)).size).toBe(2);
    expect(used(slots)).toHaveLength(2);
  });
});
