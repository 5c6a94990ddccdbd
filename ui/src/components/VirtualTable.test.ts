import { fireEvent, render, screen } from '@testing-library/svelte';
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

describe('where Tab comes in', () => {
  const indexOf = (row: Element | null) => Number(row?.getAttribute('aria-rowindex')) - 2;
  const stops = () =>
    screen
      .getAllByRole('row')
      .filter((row) => row.tabIndex === 0)
      .map(indexOf);

  async function scrollTo(top: number): Promise<void> {
    const viewport = screen.getByRole('grid').parentElement as HTMLElement;
    viewport.scrollTop = top;
    await fireEvent.scroll(viewport);
    while (frames.length > 0) nextFrame();
  }

  /** The focus is on the last of many rows. */
  async function goToTheEnd() {
    const table = show(titles(1_000), 2);
    while (frames.length > 0) nextFrame();
    const first = screen.getByRole('row', { name: 'row 0' });
    first.focus();
    await fireEvent.keyDown(first, { key: 'End' });
    await tick();
    expect(indexOf(document.activeElement)).toBe(999);
    return table;
  }

  async function leave(): Promise<void> {
    (document.activeElement as HTMLElement).blur();
    await tick();
  }

  it('is the row on which the focus was, as long as that is in view', async () => {
    await goToTheEnd();
    await leave();
    expect(stops()).toEqual([999]);
  });

  it('is in view again after a search that found little and was cleared', async () => {
    const { rerender } = await goToTheEnd();
    await leave();
    await rerender({ rows: titles(3) });
    await scrollTo(0);
    expect(stops()).toEqual([2]);
    await rerender({ rows: titles(1_000) });
    while (frames.length > 0) nextFrame();
    expect(stops()).toEqual([11]); // the last that 600 pixels show whole, under the head
  });

  it('is in view wherever the wheel has led', async () => {
    await goToTheEnd();
    await leave();
    await scrollTo(4_410);
    expect(stops()).toEqual([112]);
    await scrollTo(0);
    expect(stops()).toEqual([11]);
  });

  it('stays with the focus while that is inside, and with it outlives scrolling', async () => {
    await goToTheEnd();
    await scrollTo(0);
    expect(indexOf(document.activeElement)).toBe(999);
    expect(stops()).toEqual([999]);
  });
});
