/** Everything by keyboard, and nothing that keeps a person out. */
import { Key } from 'selenium-webdriver';
import { describe, expect } from 'vitest';

import { barriers } from '../harness/accessibility';
import { copyElsewhere, readClipboard } from '../harness/clipboard';
import { Person } from '../harness/person';
import { someone, story } from '../harness/story';
import { until } from '../harness/wait';

describe('keyboard and accessibility', () => {
  story('axe finds no barrier on any screen', async ({ desk }) => {
    const { screen } = desk;
    const person = new Person(screen);
    await screen.get('heading', 'Connect to a server');
    expect(await barriers(screen), 'first run').toEqual([]);
    await screen.click('button', /^TDengine IDMP \(self-hosted\)/);
    expect(await barriers(screen), 'sign-in').toEqual([]);
    await person.tryOnThisComputer(someone());
    expect(await barriers(screen), 'profile').toEqual([]);
    await screen.click('button', 'Edit');
    await screen.get('button', 'Save');
    expect(await barriers(screen), 'profile, editing').toEqual([]);
    await screen.click('button', 'Cancel');
    await person.opens('API Key');
    expect(await barriers(screen), 'no keys').toEqual([]);
    await person.fillsNewKey('axe');
    await screen.click('radio', 'Expiration Date');
    expect(await barriers(screen), 'new key').toEqual([]);
    await screen.click('button', 'Create');
    await person.readsCreatedKey();
    expect(await barriers(screen), 'created key').toEqual([]);
    await person.copiesCreatedKey();
    await person.closesCreatedKey();
    expect(await barriers(screen), 'keys').toEqual([]);
    await person.opens('MFA');
    await screen.see('Multi-factor authentication is under development');
    expect(await barriers(screen), 'MFA').toEqual([]);
  });

  story('a key is made, copied and deleted without a pointer', async ({ desk }) => {
    const { screen } = desk;
    const person = new Person(screen);
    await person.tryOnThisComputer(someone());
    await screen.shortcut('2'); // tabs by number
    await screen.get('tabpanel', 'API Key');

    const makes = async (title: string): Promise<string> => {
      await screen.shortcut('n');
      await screen.get('dialog', 'Add New API Key');
      await screen.press(title, Key.ENTER);
      const value = await person.readsCreatedKey();
      await screen.press(Key.ENTER); // Copy has the focus
      await screen.see(/^Copied/, { inside: await screen.get('dialog', 'API key created') });
      await person.closesCreatedKey();
      await person.row(title);
      return value;
    };
    await makes('stays-behind');
    const value = await makes('by-keyboard');

    await screen.shortcut('f');
    await screen.hasFocus('textbox', 'Search keys');
    await screen.pressUntilOn(Key.TAB, 'row', /^by-keyboard /);
    await screen.pressUntilOn(Key.ARROW_RIGHT, 'button', 'Copy by-keyboard');
    await copyElsewhere('something else');
    await screen.press(Key.ENTER);
    await until('the key is copied', async () => (await readClipboard()) === value);

    const deletes = async (title: string): Promise<void> => {
      await screen.pressUntilOn(Key.ARROW_RIGHT, 'button', `Delete ${title}`);
      await screen.press(Key.ENTER);
      const question = await screen.get('alertdialog', `Delete “${title}”?`);
      await screen.hasFocus('button', 'Cancel', { inside: question }); // Enter destroys nothing
      await screen.pressUntilOn(Key.TAB, 'button', 'Delete', { inside: question });
      await screen.press(Key.ENTER);
      await screen.gone('row', new RegExp(`^${title} `));
    };
    await deletes('by-keyboard');
    await screen.hasFocus('row', /^stays-behind /);
    await deletes('stays-behind');
    await screen.hasFocus('button', 'Add New API Key');

    await screen.shortcut('k');
    await screen.get('dialog', 'Commands');
    await screen.press(Key.ESCAPE);
    await screen.gone('dialog');
  });
});
