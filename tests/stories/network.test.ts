/** What lies between a person and their server: a proxy, the names of hosts, certificates. */
import { describe, expect } from 'vitest';

import { certificateFor, type Certificate } from '../harness/certificate';
import { readClipboard } from '../harness/clipboard';
import { Encrypted } from '../harness/encrypted';
import { KINDS, Person } from '../harness/person';
import { Proxy } from '../harness/proxy';
import type { Screen } from '../harness/screen';
import type { Account } from '../harness/server';
import { withAnAccount } from '../harness/signed-in';
import { story } from '../harness/story';

/** A name that only the proxy of this network knows. */
const HOST = 'idmp.plant.example';
const REFUSED = 'The proxy of this network refused or failed.';
const UNTRUSTED =
  'The certificate of this server is not signed by an authority that this computer trusts.';

interface Office {
  proxy: Proxy;
  encrypted: Encrypted;
  ada: Account;
}

/** An app in an office network, from which the server is reached through a proxy alone. */
const inAnOffice = story.extend<{ office: Office; variables: NodeJS.ProcessEnv }>({
  office: async ({ serve }, use) => {
    const { ada, server } = await withAnAccount({ serve });
    const encrypted = await Encrypted.before(server, await certificateFor(`DNS:${HOST}`));
    const proxy = await Proxy.to(HOST, () => encrypted.port);
    await use({ proxy, encrypted, ada });
    await proxy.stops();
    await encrypted.remove();
  },
  variables: async ({ office }, use) => {
    await use(office.proxy.variables());
  },
});

describe('a proxy', () => {
  inAnOffice(
    'that wants a login is named, and what was typed goes on once it lets people through',
    async ({ desk, office: { proxy, encrypted, ada } }) => {
      const { screen } = desk;
      const person = new Person(screen);
      proxy.wantsLogin = true;
      await fillsIn(screen, ada);
      await screen.click('button', 'Sign in');
      await screen.see(REFUSED);
      await screen.see('Your session and everything you typed are kept.');
      expect(await details(screen)).toContain(`proxy ${proxy.name}: it wants a login`);
      expect(await screen.valueOf('Server address')).toBe(`https://${HOST}`);
      expect(await screen.valueOf('User name')).toBe(ada.email);
      expect(await screen.valueOf('Password')).toBe(ada.password);

      proxy.wantsLogin = false;
      await screen.click('button', 'Sign in');
      await trusts(screen, encrypted.certificate);
      await screen.click('button', 'Sign in');
      await person.seesProfileOf(ada);
      expect(new Set(proxy.asked), 'all that it learns').toEqual(new Set([`CONNECT ${HOST}:443`]));
    },
  );

  inAnOffice(
    'that is down signs nobody out, and the edit in hand is saved when it is back',
    async ({ desk, office: { proxy, encrypted, ada } }) => {
      const { screen } = desk;
      const person = new Person(screen);
      await fillsIn(screen, ada);
      await screen.click('button', 'Sign in');
      await trusts(screen, encrypted.certificate);
      await screen.click('button', 'Sign in');
      await person.seesProfileOf(ada);
      await screen.click('button', 'Edit');
      await screen.type('Position', 'Countess');

      await proxy.stops();
      await screen.click('button', 'Save');
      await screen.see(REFUSED);
      expect(await details(screen)).toContain(`proxy ${proxy.name}: it gave no connection`);
      expect(await screen.valueOf('Position')).toBe('Countess');

      await proxy.starts();
      await screen.click('button', 'Try again');
      await screen.get('button', 'Edit');
      await screen.see('Countess');
    },
  );
});

describe('the name of a host', () => {
  story('that nobody knows is told, and is corrected in its field', async ({ desk, serve }) => {
    const { screen } = desk;
    const { ada, server } = await withAnAccount({ serve });
    const person = new Person(screen);
    const unknown = 'https://idmp.plant.invalid'; // no name may ever end so
    await person.chooses(KINDS.selfHosted);
    await screen.type('Server address', unknown);
    await screen.type('User name', ada.email);
    await screen.type('Password', ada.password);
    for (const button of ['Check', 'Sign in']) {
      await screen.click('button', button);
      await screen.see('The host name was not found.');
      expect(await screen.valueOf('Server address')).toBe(unknown);
    }
    await screen.type('Server address', server.url);
    await screen.click('button', 'Sign in'); // user name and password still stand there
    await person.seesProfileOf(ada);
  });
});

describe('a certificate', () => {
  story(
    'that has expired stops everything, and nobody can wave it through',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { ada, server } = await withAnAccount({ serve });
      const expired = await certificateFor('IP:127.0.0.1', { expired: true });
      const encrypted = await Encrypted.before(server, expired);
      try {
        const person = new Person(screen);
        await fillsIn(screen, ada, encrypted.url);
        for (const button of ['Check', 'Sign in']) {
          await screen.click('button', button);
          await screen.see('The certificate of this server has expired or is not yet valid.');
          await screen.see(/^Keydesk stopped before it sent anything\. Check the clock/);
        }
        await screen.gone('button', 'Look at the certificate');
        const today = new Date().toUTCString().slice(0, 'Sat, 21 Nov 2026'.length);
        expect(await details(screen), 'when it ended').toContain(`until ${today}`);
        expect(encrypted.asked).toEqual([]);

        encrypted.shows(await certificateFor('IP:127.0.0.1'));
        await screen.click('button', 'Sign in');
        await trusts(screen, encrypted.certificate);
        await screen.click('button', 'Sign in');
        await person.seesProfileOf(ada);
      } finally {
        await encrypted.remove();
      }
    },
  );
});

/** Fills in where the server is and who signs in. */
async function fillsIn(screen: Screen, ada: Account, address = `https://${HOST}`): Promise<void> {
  await new Person(screen).chooses(KINDS.selfHosted);
  await screen.type('Server address', address);
  await screen.type('User name', ada.email);
  await screen.type('Password', ada.password);
}

/** Trusts the certificate that stopped a sign-in, after comparing it. */
async function trusts(screen: Screen, { fingerprint }: Certificate): Promise<void> {
  await screen.see(UNTRUSTED);
  await screen.click('button', 'Look at the certificate');
  await screen.see(fingerprint);
  await screen.click('button', 'Trust for this server');
}

/** What a person can copy for whoever helps them. */
async function details(screen: Screen): Promise<string> {
  await (await screen.see('Details')).click();
  await screen.click('button', 'Copy details');
  await screen.see('Copied');
  return (await readClipboard()) ?? '';
}
