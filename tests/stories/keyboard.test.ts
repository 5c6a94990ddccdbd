/** Everything by keyboard, and nothing that keeps a person out. */
import { Key } from 'selenium-webdriver';
import { describe, expect } from 'vitest';

import { barriers } from '../harness/accessibility';
import { Person } from '../harness/person';
import { someone, story } from '../harness/story';

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
    await screen.shortcut('n');
    await screen.get('dialog', 'Add New API Key');
    await screen.press('by-keyboard', Key.ENTER);
    await person.readsCreatedKey();
    await screen.press(Key.ENTER); // Copy has the focus
    await screen.see(/^Copied/, { inside: await screen.get('dialog', 'API key created') });
    await person.closesCreatedKey();
    await person.row('by-keyboard');

    await screen.shortcut('k');
    await screen.get('dialog', 'Commands');
    await screen.press(Key.ESCAPE);
    await screen.gone('dialog');
  });
});
