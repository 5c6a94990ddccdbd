import { render, screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';

import TooltipLayer from './TooltipLayer.svelte';
import { tooltip } from './tooltip.svelte';

const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });

/** Puts this into the page; what has the class `long` is wider than its place. */
function show(html: string): void {
  document.body.innerHTML = html;
  for (const element of document.querySelectorAll('.long')) {
    Object.defineProperty(element, 'scrollWidth', { value: 2000 });
  }
  render(TooltipLayer);
}

const shown = () => screen.queryByRole('tooltip')?.textContent;

async function over(text: string): Promise<void> {
  await user.hover(screen.getByText(text));
  vi.advanceTimersByTime(500);
  await Promise.resolve();
}

const matches = Element.prototype.matches;

beforeEach(() => {
  vi.useFakeTimers();
  // jsdom guesses how the focus came; here it is always the keyboard.
  vi.spyOn(Element.prototype, 'matches').mockImplementation(function (this: Element, selector) {
    return selector === ':focus-visible'
      ? this === document.activeElement
      : matches.call(this, selector);
  });
  return () => {
    vi.useRealTimers();
    document.body.innerHTML = '';
  };
});

test('words of an element appear when the pointer rests on it, and go with it', async () => {
  show('<button>Copy</button><p>elsewhere</p>');
  tooltip(() => 'Copy ci-build')(screen.getByText('Copy') as HTMLButtonElement);
  await user.hover(screen.getByText('Copy'));
  expect(shown()).toBeUndefined();
  await over('Copy');
  expect(shown()).toBe('Copy ci-build');
  await over('elsewhere');
  expect(shown()).toBeUndefined();
});

test('a text that is cut off shows the whole of it on hover, one that is not nothing', async () => {
  show('<span class="ellipsis long">a long title</span><span class="ellipsis">short</span>');
  await over('a long title');
  expect(shown()).toBe('a long title');
  await over('short');
  expect(shown()).toBeUndefined();
});

test('what is cut off in a row or a button shows when that gets the focus', async () => {
  show(`<div role="row" tabindex="0">
    <span class="ellipsis long">a long title</span>
    <span class="ellipsis">short</span>
    <span class="ellipsis long">a long description</span>
  </div>
  <button>next</button>`);
  await user.tab();
  expect(shown()).toBe('a long title\na long description');
  await user.tab();
  expect(shown()).toBeUndefined();
});

test('Esc closes it', async () => {
  show('<button class="ellipsis long">a long name</button>');
  await user.tab();
  expect(shown()).toBe('a long name');
  await user.keyboard('{Escape}');
  expect(shown()).toBeUndefined();
});
