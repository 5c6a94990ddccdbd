/** From a fresh machine to a key that another program can use. */
import { Key } from 'selenium-webdriver';
import { describe, expect } from 'vitest';

import { clipboardFormats, copyElsewhere, readClipboard } from '../harness/clipboard';
import { Person } from '../harness/person';
import { curl } from '../harness/server';
import { someone, story } from '../harness/story';
import { until } from '../harness/wait';

describe('first run', () => {
  story('from no account to a key in the clipboard that curl signs in with', async ({ desk }) => {
    const person = new Person(desk.screen);
    const ada = someone();
    await desk.screen.get('heading', 'Connect to a server');
    await person.tryOnThisComputer(ada);

    await person.opens('API Key');
    await person.fillsNewKey('ci-build');
    await desk.screen.click('radio', 'Never');
    await desk.screen.click('button', 'Create');
    const shown = await person.readsCreatedKey();
    await person.copiesCreatedKey();

    const key = await readClipboard();
    expect(key, 'what is pasted is what was shown').toBe(shown);
    expect(await clipboardFormats(), 'histories are told that this is a secret').toContain(
      'x-kde-passwordManagerHint',
    );

    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(await readConfigured(desk.home.configuration));
    const answer = await curl(`${address?.[0] ?? ''}/api/v1/users`, [
      `Authorization: Bearer ${key}`,
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain(ada.email);

    const refused = await curl(`${address?.[0] ?? ''}/api/v1/users`, [
      `Authorization: Bearer ${key}x`,
    ]);
    expect(refused.status).toBe(401);
  });

  story('closing the new key without a copy asks once', async ({ desk }) => {
    const person = new Person(desk.screen);
    await person.tryOnThisComputer(someone());
    await person.opens('API Key');
    await person.fillsNewKey('deploy');
    await desk.screen.click('button', 'Create');
    const value = await person.readsCreatedKey();

    await desk.screen.press(Key.ESCAPE);
    await desk.screen.get('alertdialog', 'Close without copying?');
    await desk.screen.click('button', 'Close anyway');
    await desk.screen.gone('dialog');
    expect(await desk.driver.getPageSource(), 'the value left with its dialog').not.toContain(
      value,
    );
  });

  story(
    'a copied key leaves the clipboard on quit, what else was copied stays',
    async ({ desk }) => {
      const person = new Person(desk.screen);
      await person.tryOnThisComputer(someone());
      const key = await person.createsKey('short-lived');
      expect(await readClipboard()).toBe(key);
      await desk.quit();
      await until('the clipboard is empty', async () => (await readClipboard()) !== key);

      await desk.open();
      await person.opens('API Key');
      await desk.screen.click('button', 'Copy short-lived');
      await until('the key is copied', async () => (await readClipboard()) === key);
      await copyElsewhere('a shopping list');
      await desk.quit();
      expect(await readClipboard(), 'not ours to clear').toBe('a shopping list');
    },
  );

  story('a copied key that outlives a crash is gone after the next start', async ({ desk }) => {
    const person = new Person(desk.screen);
    await person.tryOnThisComputer(someone());
    const key = await person.createsKey('orphan');
    await desk.end();
    await copyElsewhere(key); // as a system does that keeps what a program had copied
    await desk.open();
    await until('the clipboard is empty', async () => (await readClipboard()) !== key);
  });

  story(
    'a copied key leaves the clipboard by itself after the time that was chosen',
    async ({ desk }) => {
      const person = new Person(desk.screen);
      await person.tryOnThisComputer(someone());
      await desk.screen.shortcut(',');
      await desk.screen.get('dialog', 'Preferences');
      await desk.screen.click('option', 'After 10 seconds');
      await desk.screen.press(Key.ESCAPE);
      await desk.screen.gone('dialog');

      const key = await person.createsKey('brief');
      expect(await readClipboard()).toBe(key);
      const copied = Date.now();
      await until('the clipboard is empty', async () => (await readClipboard()) !== key, 15_000);
      expect(Date.now() - copied, 'milliseconds; not before its time').toBeGreaterThan(7_000);
      await desk.screen.gone('button', 'Clear now');
    },
  );
});

async function readConfigured(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(path, 'utf8');
}
