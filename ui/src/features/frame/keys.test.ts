import { expect, test, vi } from 'vitest';

import { type FrameKeys, hearKeys } from './keys';

function press(init: KeyboardEventInit) {
  const keys = {
    newKey: vi.fn(),
    search: vi.fn(),
    palette: vi.fn(),
    preferences: vi.fn(),
    tab: vi.fn(),
  } satisfies FrameKeys;
  const event = new KeyboardEvent('keydown', { ctrlKey: true, cancelable: true, ...init });
  hearKeys(event, keys);
  const run = Object.entries(keys).find(([, answer]) => answer.mock.calls.length > 0);
  return { heard: run?.[0], with: run?.[1].mock.calls[0]?.[0] as unknown, event };
}

test.each([
  ['n', 'KeyN', 'newKey'],
  ['т', 'KeyN', 'newKey'], // Russian
  ['f', 'KeyF', 'search'],
  ['k', 'KeyK', 'palette'],
  ['n', 'KeyL', 'newKey'], // Dvorak: what is written counts
  [',', 'KeyM', 'preferences'], // French
  ['ν', 'KeyN', 'newKey'], // Greek
])('Ctrl with %s on %s is %s', (key, code, heard) => {
  const pressed = press({ key, code });
  expect(pressed.heard).toBe(heard);
  expect(pressed.event.defaultPrevented).toBe(true);
});

test.each([
  ['2', 'Digit2', 1],
  ['é', 'Digit2', 1], // French: digits are in the upper row, with Shift
  ['9', 'Numpad9', 8],
])('Ctrl with %s on %s opens a tab by its number', (key, code, index) => {
  expect(press({ key, code })).toMatchObject({ heard: 'tab', with: index });
});

test.each([{ ctrlKey: false }, { altKey: true }, { shiftKey: true }, { isComposing: true }])(
  'what is typed is left alone: %j',
  (init) => {
    const pressed = press({ key: 'n', code: 'KeyN', ...init });
    expect(pressed.heard).toBeUndefined();
    expect(pressed.event.defaultPrevented).toBe(false);
  },
);
