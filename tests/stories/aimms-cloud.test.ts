/** AIMMS Cloud, under the headings of its own manual's page "User Settings". */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';

import { Authenticator } from '../harness/authenticator';
import { readClipboard } from '../harness/clipboard';
import { Gateway } from '../harness/gateway';
import { Home } from '../harness/home';
import { Person } from '../harness/person';
import type { Server } from '../harness/server';
import { someone, story, type Stage } from '../harness/story';
import { until } from '../harness/wait';
import { Desk } from '../harness/window';

const DESCRIPTION = 'GET /pro/user-manager/v1/openapi.yaml';
const KEYS = '/pro/user-manager/v1/user/@current/api-key';

/** Somebody who pasted a first key. */
async function settled({ desk, serve }: Stage): Promise<{
  server: Server;
  ada: ReturnType<typeof someone>;
  person: Person;
}> {
  const server = await serve();
  const ada = someone();
  await server.addUser(ada);
  const key = await server.firstKey(ada.email, ['APIKey', 'Authentication']);
  const person = new Person(desk.screen);
  await person.signInToAimms(server, key);
  await desk.screen.get('tab', 'Profile');
  return { server, ada, person };
}

describe('Profile', () => {
  story('the user name stays, full name and email are edited', async ({ desk, serve }) => {
    const { screen } = desk;
    const { ada } = await settled({ desk, serve });
    await screen.see(ada.email);
    await screen.click('button', 'Edit');
    const name = await screen.get('textbox', 'Username');
    expect(await name.getAttribute('readonly')).not.toBeNull();
    await screen.type('Full Name', 'Augusta Ada King');
    await screen.type('Email', 'ada.king@example.com');
    await screen.click('button', 'Save');
    await screen.get('button', 'Edit');
    await screen.see('Augusta Ada King');
    await screen.see('ada.king@example.com');
  });
});

describe('Security', () => {
  story('MFA is enabled with an authenticator app, and disabled', async ({ desk, serve }) => {
    const { screen } = desk;
    const { ada, person } = await settled({ desk, serve });
    await person.opens('Security');
    await screen.see('Not enabled');
    await screen.click('button', 'Enable MFA');
    await screen.type('Password', ada.password);
    await screen.click('button', 'Continue');
    await screen.get('img', /^QR code for the authenticator app/);
    const app = new Authenticator(await person.copiesAuthenticatorKey());
    await screen.type('Code', '000000');
    await screen.click('button', 'Confirm');
    await screen.see('This code is not right, or was used already.');
    await screen.type('Code', await app.code());
    await screen.click('button', 'Confirm');
    await person.storesRecoveryCodes();

    await screen.click('button', 'Disable MFA');
    const question = await screen.get('dialog', 'Disable MFA?');
    await screen.type('Password', ada.password, { inside: question });
    await screen.type('Code', await app.code(), { inside: question });
    await screen.click('button', 'Disable MFA', { inside: question });
    await screen.gone('dialog');
    await screen.see('Not enabled');
  });

  story('Change Password asks for the current one', async ({ desk, serve }) => {
    const { screen } = desk;
    const { server, ada, person } = await settled({ desk, serve });
    await person.opens('Security');
    await screen.click('button', 'Change Password');
    await screen.get('tabpanel', 'Profile');
    const next = `${ada.password}-next-1A!`;
    await screen.type('New Password', next);
    await screen.type('Confirm Password', next);
    await screen.click('button', 'Save');
    const question = await screen.get('dialog', 'Confirm with your password');
    await screen.type('Current password', ada.password, { inside: question });
    await screen.click('button', 'Confirm', { inside: question });
    await screen.gone('dialog');
    await screen.get('button', 'Edit');
    const answer = await fetch(`${server.url}/api/v1/users/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ login_name: ada.email, password: next }),
    });
    expect(answer.status).toBe(200);
  });

  story(
    'what the service does not describe is done on its page in the browser',
    async ({ serve }) => {
      const server = await serve();
      const ada = someone();
      await server.addUser(ada);
      const gateway = await Gateway.before(server);
      gateway.fails(DESCRIPTION, { status: 404 });
      const home = new Home();
      const [programs, opened] = [join(home.path, 'programs'), join(home.path, 'opened')];
      mkdirSync(programs);
      // Stands in for the person's browser.
      writeFileSync(join(programs, 'xdg-open'), `#!/bin/sh\necho "$1" > '${opened}'\n`);
      chmodSync(join(programs, 'xdg-open'), 0o755);
      const desk = new Desk(home, { PATH: `${programs}:${process.env.PATH ?? ''}` });
      try {
        await desk.open();
        const { screen } = desk;
        const person = new Person(screen);
        await person.signInToAimms(gateway, await server.firstKey(ada.email, ['Authentication']));
        await person.opens('Profile');
        await screen.see('Changed only on the server’s own page: Full Name and Email.');
        await screen.gone('button', 'Edit');
        await person.opens('Security');
        await screen.click('button', 'Change Password');
        const page = await until('a browser is opened', () =>
          Promise.resolve(existsSync(opened) && readFileSync(opened, 'utf8').trim()),
        );
        expect(page).toBe(`${gateway.url}/`);
        await screen.get('button', 'Enable/Disable MFA');
        await person.opens('API Key');
        await screen.see('The API key that you are signed in with lacks the scope for this.');
        await screen.get('button', 'Open in the browser');
      } finally {
        await desk.end();
        await gateway.remove();
        home.remove();
      }
    },
  );
});

describe('API Keys', () => {
  story('Available Scopes, and at most 1 year', async ({ desk, serve }) => {
    const { screen } = desk;
    const { person } = await settled({ desk, serve });
    await person.opens('API Key');
    expect(await person.columns()).toEqual([
      ...['Key Name', 'Key', 'Expiry Date', 'Scope', 'Status', 'Actions'],
    ]);
    await screen.click('button', 'New API key');
    const scopes = await screen.all('checkbox', /^(?!Keep a copy)/);
    expect(scopes).toHaveLength(5);
    await screen.see(/^Allows operations on Environments/);
    await screen.see(/live for 365 days at most/);
    await screen.type('Key Name', 'too long');
    await screen.click('checkbox', /^Session/);
    const year = await screen.get('spinbutton', /^year/);
    await year.click();
    await screen.press(String(new Date().getFullYear() + 2));
    await screen.click('button', 'Create');
    await screen.see('This server does not let a key live that long.');
    await screen.click('button', '1 year');
    await screen.click('button', 'Create');
    await person.copiesCreatedKey();
    await person.closesCreatedKey();
    expect((await person.row('too long')).join(' ')).toMatch(/Session[^]*Active/);
  });

  story(
    'named, scoped, dated, shown once, copied again from the keyring, deleted',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { server, person } = await settled({ desk, serve });
      await person.opens('API Key');
      await screen.click('button', 'New API key');
      await screen.gone('radio', 'Never');
      await screen.type('Key Name', 'nightly / 每晚');
      await screen.click('checkbox', /^APIKey/);
      await screen.click('button', 'Create');
      await person.copiesCreatedKey();
      const value = (await readClipboard()) ?? '';
      await person.closesCreatedKey();
      const asked = (): Promise<{ status: number }> => server.curl(KEYS, value, 'apikey');
      expect((await asked()).status).toBe(200);

      await desk.restart();
      await person.opens('API Key');
      await person.actsOn('nightly / 每晚', 'Copy');
      expect(await until('it is copied', readClipboard)).toBe(value);

      await person.actsOn('nightly / 每晚', 'Delete');
      await person.confirms('Delete');
      await screen.gone('row', /^nightly/);
      expect((await asked()).status).toBe(401);
    },
  );
});

describe('Directory', () => {
  story('users, groups and environments are looked up', async ({ desk, serve }) => {
    const { screen } = desk;
    const { ada, server, person } = await settled({ desk, serve });
    await server.addUser(someone('Alan', 'Turing'));
    await person.opens('Directory');
    expect(await person.columns()).toEqual(['Username', 'Full Name', 'Email']);
    const row = await screen.get('row', new RegExp(`^${ada.email} `));
    expect(await screen.read(row)).toContain('Ada Lovelace');
    await screen.type('Search names', 'alan');
    await screen.gone('row', new RegExp(`^${ada.email} `));
    await screen.get('row', /^alan\.turing@/);
    await screen.click('button', 'Clear search');
    await screen.click('radio', 'Environments');
    await until('the environments', async () => (await person.columns()).join() === 'Name');
  });
});
