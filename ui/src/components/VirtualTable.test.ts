import { render, screen } from '@testing-library/svelte';
import { createRawSnippet, flushSync, tick } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import VirtualTable from './VirtualTable.svelte';

const titles = (count: number) => Array.from({ length: count }, (_, index) => `row ${index}`);

/** A clock that only making a row moves on, and frames that come when the test says so. */
let now = 0;
let frames: FrameRequestCallback[] = [];

beforeEach(() => {
  now = 0;
  frames = [];
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.spyOn(window, 'requestAnimationFrame').mockImplementation((callback) => frames.push(callback));
  vi.spyOn(window, 'cancelAnimationFrame').mockImplementation(() => (frames = []));
});

function nextFrame(): void {
  for (const callback of frames.splice(0)) callback(now);
}

/** Shows a table of which each row takes so many milliseconds. */
function show(rows: readonly string[], cost: number) {
  const cell = createRawSnippet((title: () => string) => ({
    render: () => {
      now += cost;
      return `<span>${title()}</span>`;
    },
  }));
  return render(VirtualTable<string>, {
    label: 'things',
    columns: [{ id: 'title', label: 'Title', width: '1fr', cell }],
    rows,
    rowKey: (title) => title,
  });
}

const shown = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.textContent.trim());

describe('a table that appears', () => {
  it('makes its rows from top to bottom, in each frame as many as it has room for', async () => {
    show(titles(1_000), 2);
    expect(shown()).toEqual([]);
    expect(screen.getByRole('grid')).toHaveAttribute('aria-rowcount', '1001');
    for (const count of [3, 6, 9]) {
      nextFrame();
      expect(shown()).toEqual(titles(count));
    }
    while (frames.length > 0) nextFrame();
    const all = shown().length;
    expect(all).toBeGreaterThan(600 / 44);
    expect(all).toBeLessThan(30);

    const [first] = screen.getAllByRole('row', { name: 'row 0' });
    expect(first).toHaveAttribute('tabindex', '0');
    expect(first).toHaveAttribute('aria-rowindex', '2');
    await tick();
    expect(frames).toEqual([]);
  });

  it('makes one row a frame where a row takes longer than that', () => {
    show(titles(20), 50);
    nextFrame();
    nextFrame();
    expect(shown()).toEqual(titles(2));
  });

  it('has a few rows at once', () => {
    show(titles(4), 50);
    expect(shown()).toEqual(titles(4));
  });

  it('has all of them as soon as the keyboard is in it', () => {
    show(titles(20), 2);
    nextFrame();
    screen.getByRole('row', { name: 'row 0' }).focus();
    flushSync();
    expect(shown()).toEqual(titles(20));
  });

  it('follows a list that becomes shorter meanwhile, and longer again', async () => {
    const { rerender } = show(titles(20), 2);
    nextFrame();
    await rerender({ rows: titles(2) });
    expect(shown()).toEqual(titles(2));
    while (frames.length > 0) nextFrame();
    await rerender({ rows: titles(20) });
    while (frames.length > 0) nextFrame();
    expect(shown()).toEqual(titles(20));
  });

  it('makes nothing more when it is gone', () => {
    const { unmount } = show(titles(20), 2);
    nextFrame();
    unmount();
    expect(frames).toEqual([]);
  });
});
