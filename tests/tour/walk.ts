/** One walk of the tour: the real window in a look and a language, and an album of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';

import { clearKeyring } from '../harness/keyring';
import { Album } from '../harness/pictures';
import { Words, type Language } from '../harness/words';
import { Desk } from '../harness/window';

export type Theme = 'light' | 'dark';

/** Opens the window, walks, and closes it, whatever happened. */
export async function walk(
  album: string,
  theme: Theme,
  language: Language,
  steps: (desk: Desk, words: Words, album: Album) => Promise<void>,
): Promise<void> {
  await clearKeyring();
  const desk = new Desk();
  mkdirSync(dirname(desk.home.configuration), { recursive: true, mode: 0o700 });
  const preferences = { theme, language: language.toLowerCase() };
  writeFileSync(desk.home.configuration, JSON.stringify({ schema: 1, preferences }), {
    mode: 0o600,
  });
  try {
    await desk.open();
    await steps(desk, new Words(language), new Album(`${theme}-${language}${album}`, desk));
    expect(await desk.title()).toBe('Keydesk');
  } finally {
    await desk.end();
    desk.home.remove();
  }
}
