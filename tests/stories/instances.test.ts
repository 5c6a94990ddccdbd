/** Several accounts side by side, over restarts, and out again. */
import { describe, expect } from 'vitest';

import { describeItem, keyringItems } from '../harness/keyring';
import { Person } from '../harness/person';
import { signedIn } from '../harness/signed-in';
import { someone, story } from '../harness/story';
import { pause, until } from '../harness/wait';

describe('accounts side by side', () => {
  story('still signed in after a restart, without typing anything', async ({ desk, serve }) => {
    const { person, ada } = await signedIn({ desk, serve });

    await desk.restart();
    await person.seesProfileOf(ada);
    await person.createsKey('after the restart');
  });

  story('nothing is asked while a person only looks', async ({ desk, serve }) => {
    const { person } = await signedIn({ desk, serve });
    await person.opens('API Key');
    await desk.screen.get('button', 'Add New API Key');
    await pause(3_000); // what is fetched ahead is there
    await desk.driver.executeScript(`
      const ask = window.fetch;
      window.asked = [];
      window.fetch = (...given) => {
        window.asked.push(String(given[0]));
        return ask(...given);
      };
    `);
    await pause(3_000);
    expect(await desk.driver.executeScript('return window.asked')).toEqual([]);
  });

  story('also after the server on this computer took another start', async ({ desk }) => {
    const ada = someone();
    const person = new Person(desk.screen);
    await person.tryOnThisComputer(ada);
    await desk.restart();
    await person.seesProfileOf(ada);
    await person.createsKey('after the restart');
  });

  story(
    'one self-hosted, one cloud, switched back and forth, nothing typed is lost',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const [own, cloud] = [await serve(), await serve({ cloud: true })];
      const [ada, grace] = [someone(), someone('Grace', 'Hopper')];
      await own.addUser(ada);
      await cloud.addUser(grace);
      const person = new Person(screen);
      await person.signIn(own, ada);
      await person.seesProfileOf(ada);
      await person.connectsAnother();
      await person.signInToCloud(cloud, await cloud.session(grace.email));
      await person.seesProfileOf(grace);

      await screen.click('button', 'Edit');
      await screen.type('Position', 'Rear admiral');
      await person.switchesTo(own);
      await person.seesProfileOf(ada);
      await person.createsKey('on my own server');

      const before = Date.now();
      await person.switchesTo(cloud);
      expect(await screen.valueOf('Position')).toBe('Rear admiral');
      expect(Date.now() - before, 'milliseconds, the driver included').toBeLessThan(2_000);
      await screen.click('button', 'Save');
      await screen.get('button', 'Edit');
      await person.opens('API Key');
      await screen.gone('row', /^on my own server /);
    },
  );

  story(
    'the request that a browser copied is all that the cloud asks for',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const cloud = await serve({ cloud: true });
      const grace = someone('Grace', 'Hopper');
      await cloud.addUser(grace);
      const tokens = await cloud.session(grace.email);
      const person = new Person(screen);
      await person.pastesCloudRequest(
        `curl '${cloud.url}/api/v1/permissions/menus' \\\n` +
          `  -H 'accept: application/json' \\\n` +
          `  -H 'Authorization: Bearer ${tokens.authorization}' \\\n` +
          `  -H 'Access-token: ${tokens.accessToken}' \\\n` +
          `  -H 'cookie: session=forget-me-please'`,
      );
      await screen.click('button', 'Sign in');
      await person.seesProfileOf(grace);
      await person.createsKey('from the cloud');
    },
  );

  story(
    'signing out leaves nothing in the keyring, and the session ends on the server',
    async ({ desk, serve }) => {
      const { person, ada } = await signedIn({ desk, serve }, { remember: true });
      const items = await until('the credential is in the keyring', async () => {
        const found = await keyringItems();
        return found.length > 0 && found;
      });
      for (const item of items) {
        expect(await describeItem(item), 'label and attributes are for everyone').not.toContain(
          ada.password,
        );
      }

      await person.signsOut();
      await until('the keyring is empty', async () => (await keyringItems()).length === 0);
      await desk.restart();
      await desk.screen.get('heading', 'You are signed out');
    },
  );

  story(
    'somebody with an API key is told why keys cannot be managed with it',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { person, ada, server } = await signedIn({ desk, serve });
      const key = await person.createsKey('robot');
      await person.signsOut();
      await person.connectsAnother();
      await person.signInWithKey(server, key);
      await person.seesProfileOf(ada);
      await person.opens('API Key');
      await screen.gone('button', 'Add New API Key');
      await screen.get('heading', 'Keys cannot be managed with a key');
      await screen.get('button', 'Sign in with password');
    },
  );
});
