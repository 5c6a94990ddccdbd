/** What fails on this computer: no keyring or a locked one, a damaged or newer file of settings, a second start. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect } from 'vitest';

import { searchFolder } from '../harness/canary';
import { answersPrompt, keyringItems, lockKeyring, unlockKeyring } from '../harness/keyring';
import { Person } from '../harness/person';
import { run } from '../harness/run';
import { signedIn, withAnAccount, type Scene } from '../harness/signed-in';
import { someone, story, type Stage } from '../harness/story';
import { surroundings } from '../harness/surroundings';

/** Somebody who has signed in once, and whose window is closed. */
async function signedInBefore({ desk, serve }: Stage): Promise<Scene> {
  const scene = await signedIn({ desk, serve });
  await desk.quit();
  return scene;
}

/** A session bus on which nobody answers. */
const withoutAKeyring = story.extend<{ variables: NodeJS.ProcessEnv }>({
  variables: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' },
});

describe('without a keyring', () => {
  withoutAKeyring(
    'a sign-in is kept until Keydesk quits, if the person says so, and never in a file',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { person, ada } = await signedIn({ desk, serve }, { remember: true });
      await screen.see('No system keyring is running');
      await screen.get('button', 'Retry');
      await screen.click('button', 'Keep until I quit');
      await screen.see('Kept until you quit');
      await person.createsKey('without a keyring');
      expect(searchFolder(desk.home.path, { password: ada.password })).toEqual([]);

      await desk.restart();
      await screen.click('button', 'Keep until I quit');
      await screen.get('dialog', /^Sign in to/);
    },
  );
});

describe('a keyring that is locked', () => {
  story(
    'is waited for, may be declined, and opens when it is asked again',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { person, ada } = await signedInBefore({ desk, serve });
      try {
        await lockKeyring();
        await desk.open();
        await screen.see('Waiting for the keyring. It may show a prompt of its own.');
        await screen.get('button', 'Cancel');
        await answersPrompt('declines');
        await screen.see('The keyring is locked');
        await screen.see(/^Your sign-in is not saved\. Start or unlock the keyring and try again/);
        await screen.get('button', 'Keep until I quit');

        await screen.click('button', 'Retry');
        await answersPrompt('unlocks');
        await person.seesProfileOf(ada);
        await screen.see('Connected');
        await screen.gone('button', 'Keep until I quit');
        await person.createsKey('after it was unlocked');
      } finally {
        await unlockKeyring();
      }
    },
  );

  story(
    'keeps nobody from signing in, if they say so, until they quit',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { ada, server } = await withAnAccount({ serve });
      const person = new Person(screen);
      try {
        await lockKeyring();
        await person.signIn(server, ada, { remember: true });
        await answersPrompt('declines');
        await person.seesProfileOf(ada);
        await screen.see('The keyring is locked');
        await screen.click('button', 'Keep until I quit');
        await screen.see('Kept until you quit');
        await screen.gone('button', 'Keep until I quit');
        await person.createsKey('behind a locked keyring');
        expect(searchFolder(desk.home.path, { password: ada.password })).toEqual([]);
      } finally {
        await unlockKeyring();
      }
      expect(await keyringItems(), 'nothing of it came into the keyring').toEqual([]);
    },
  );
});

describe('a file of settings', () => {
  story(
    'that is damaged is put aside, and the state before it comes back',
    async ({ desk, serve }) => {
      const { screen } = desk;
      await signedInBefore({ desk, serve });
      const folder = dirname(desk.home.configuration);
      writeFileSync(desk.home.configuration, '{"schema": 1, "instan');
      await desk.open();
      await screen.see('The settings file could not be read');
      await screen.see(/Your sign-ins in the keyring are untouched\. The file is kept as /);
      const aside = readdirSync(folder).filter((name) => name.includes('corrupt'));
      expect(aside).toHaveLength(1);
      await screen.get('tab', 'Profile'); // the account is there, and still signed in
    },
  );

  story('of a newer Keydesk is read and not written', async ({ desk, serve }) => {
    const { screen } = desk;
    await signedInBefore({ desk, serve });
    const file = desk.home.configuration;
    const configuration = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const newer = JSON.stringify({ ...configuration, schema: 99, unknown: { kept: true } });
    writeFileSync(file, newer);
    await desk.open();
    await screen.see('A newer Keydesk wrote the settings');
    await screen.get('tab', 'Profile');
    await screen.shortcut(',');
    await screen.click('radio', 'Dark');
    await desk.quit();
    expect(readFileSync(file, 'utf8')).toBe(newer);
  });
});

describe('a second start', () => {
  story('ends at once, and the first goes on', async ({ desk }) => {
    const { screen } = desk;
    const person = new Person(screen);
    const ada = someone();
    await person.tryOnThisComputer(ada);
    const { code } = await run(surroundings.app, [], { env: desk.home.variables() });
    expect(code).toBe(0);
    await person.createsKey('after the second start');
  });
});
