/** The admin portal, under the headings of its own manual. */
import { Key } from 'selenium-webdriver';
import { describe, expect } from 'vitest';

import { Person } from '../harness/person';
import type { Account, PortalRole, Server } from '../harness/server';
import { someone, story, type Stage } from '../harness/story';
import { until } from '../harness/wait';

interface Scene {
  server: Server;
  person: Person;
}

/** Somebody with a role in the admin portal, signed in; beside them there are others. */
async function settled(
  { desk, serve }: Stage,
  portalRole: PortalRole,
  ...others: Account[]
): Promise<Scene> {
  const server = await serve();
  const root = someone('Grace', 'Hopper');
  await server.addUser(root, { portalRole });
  for (const other of others) {
    await server.addUser(other, { portalRole: 'read-only' });
  }
  const person = new Person(desk.screen);
  await person.signInToPortal(server, root);
  await desk.screen.get('tab', 'Profile');
  return { server, person };
}

/** The status with which the portal answers to a sign-in. */
async function signsIn(server: Server, email: string, password: string): Promise<number> {
  const answer = await fetch(`${server.url}/portal/v1/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  return answer.status;
}

const OF_ROLE = 'Your role on this server does not allow this.';

describe('Users', () => {
  story('Users List', async ({ desk, serve }) => {
    const { screen } = desk;
    const alan = someone('Alan', 'Turing');
    const { person } = await settled({ desk, serve }, 'super-admin', alan);
    await person.opens('Users');
    expect(await person.columns()).toEqual([
      ...['Email', 'Display Name', 'Roles', 'Status', 'Last Login', 'Actions'],
    ]);
    const row = await screen.get('row', new RegExp(`^${alan.email} `));
    expect((await screen.read(row)).split(/\s*\n\s*/).slice(0, 5)).toEqual([
      ...[alan.email, 'Alan Turing', 'Read-Only', 'Active', 'Never'],
    ]);
    const own = await screen.read(await screen.get('row', /^grace\.hopper@/));
    expect(own).toMatch(/You[^]*Super-Admin[^]*Active/);
    expect(own, 'signed in just now').not.toContain('Never');
    await screen.gone('button', /^(Edit|Reset Password of|Delete) Grace/); // nobody does any of it to themselves

    await screen.type('Search users', 'TURING');
    await screen.gone('row', /^grace\.hopper@/);
    await screen.get('row', new RegExp(`^${alan.email} `));
  });

  story('Creating a User, Editing a User', async ({ desk, serve }) => {
    const { screen } = desk;
    const { server, person } = await settled({ desk, serve }, 'super-admin');
    const alan = someone('Alan', 'Turing');
    const password = `${alan.password}-A1!`;
    await person.opens('Users');
    await screen.click('button', 'Create User');
    await screen.type('Email', alan.email);
    await screen.click('button', 'Create User', { inside: await screen.get('dialog') });
    expect((await screen.texts('This is needed.')).length, 'name, password, roles').toBe(3);
    await screen.type('Display Name', 'Alan');
    await screen.type('Password', password);
    await screen.click('checkbox', /^Admin/);
    await person.confirms('Create User', 'dialog');
    const row = await screen.get('row', new RegExp(`^${alan.email} `));
    expect(await screen.read(row)).toContain('Active');
    expect(await signsIn(server, alan.email, password), 'status').toBe(201);

    await screen.click('button', 'Edit Alan');
    await screen.type('Display Name', 'Alan M. Turing');
    await screen.click('radio', 'Inactive');
    await screen.click('button', 'Save');
    await screen.get('button', 'Edit Alan M. Turing');
    expect(await screen.read(await screen.get('row', /Alan M\. Turing/))).toContain('Inactive');
    expect(await signsIn(server, alan.email, password), 'status').toBe(401);
  });

  story('Resetting a Password, Deleting a User', async ({ desk, serve }) => {
    const { screen } = desk;
    const alan = someone('Alan', 'Turing');
    const { server, person } = await settled({ desk, serve }, 'super-admin', alan);
    await person.opens('Users');
    await screen.click('button', 'Reset Password of Alan Turing');
    const renewed = `${alan.password}-B2!`;
    await screen.type('New Password', renewed);
    await person.confirms('Reset Password', 'dialog');
    expect(await signsIn(server, alan.email, alan.password), 'the old one').toBe(401);
    expect(await signsIn(server, alan.email, renewed), 'the new one').toBe(201);

    await screen.click('button', 'Delete Alan Turing');
    await person.confirms('Delete');
    await screen.gone('row', new RegExp(alan.email));
    expect(await signsIn(server, alan.email, renewed), 'status').toBe(401);
  });
});

describe('Role Permissions', () => {
  story('an admin views and edits users, and is told what takes more', async ({ desk, serve }) => {
    const { screen } = desk;
    const alan = someone('Alan', 'Turing');
    const { person } = await settled({ desk, serve }, 'admin', alan);
    await person.opens('Users');
    for (const act of ['Create User', 'Reset Password of Alan Turing', 'Delete Alan Turing']) {
      expect(await screen.reasonAgainst(act), act).toBe(OF_ROLE);
    }
    await screen.click('button', 'Delete Alan Turing');
    expect(await screen.all('alertdialog'), 'it does nothing').toEqual([]);
    await screen.click('button', 'Edit Alan Turing');
    await screen.type('Display Name', 'A. M. Turing');
    await screen.click('button', 'Save');
    await screen.get('button', 'Edit A. M. Turing');
  });

  story('a read-only account is told why it sees no users', async ({ desk, serve }) => {
    const { person } = await settled({ desk, serve }, 'read-only');
    await person.opens('Users');
    await desk.screen.see('Users cannot be managed here');
    await desk.screen.see(OF_ROLE);
    await desk.screen.gone('button', 'Create User');
  });
});

describe('API Keys', () => {
  story('API Keys List, Creating an API Key', async ({ desk, serve }) => {
    const { screen } = desk;
    const { server, person } = await settled({ desk, serve }, 'super-admin');
    await person.opens('API Key');
    await screen.click('button', 'Create API Key');
    await screen.click('button', 'Create');
    await screen.see('This is needed.'); // the name
    await screen.see('Choose at least one.'); // the scopes
    await screen.type('Name', 'reporting');
    await screen.type('Description', 'Nightly figures for the board');
    await screen.click('checkbox', /^read/);
    await screen.click('checkbox', /^write/);
    await screen.click('radio', 'Never');
    await screen.click('button', 'Create');
    await screen.see(/^The server will not show it again\. A copy is kept/);
    const value = await screen.read(await screen.see(/^\S{40,}$/));
    await person.copiesCreatedKey();
    await person.closesCreatedKey();
    expect((await server.curl('/portal/v1/account', value)).status).toBe(200);
    expect(await desk.driver.getPageSource(), 'gone with its dialog').not.toContain(value);

    expect(await person.columns()).toEqual([
      ...['Name & Description', 'Key', 'Scopes', 'Last Used', 'Expires', 'Status', 'Actions'],
    ]);
    const row = await person.row('reporting');
    expect(row.join(' ')).toMatch(
      /Nightly figures for the board[^]*read[^]*write[^]*Never[^]*Active/,
    );
    expect(row.join(' ')).not.toContain(value.slice(6, -6));
    for (const [name, figure] of [
      ['Total Keys', '1'],
      ['Active Keys', '1'],
      ['Expired Keys', '0'],
    ] as const) {
      await until(`${name} is ${figure}`, async () => (await person.figure(name)) === figure);
    }
    expect(await person.figure('API Calls Today')).toMatch(/^\d+$/);
  });

  story('Viewing Key Details, Revoking a Key, Deleting a Key', async ({ desk, serve }) => {
    const { screen } = desk;
    const { server, person } = await settled({ desk, serve }, 'super-admin');
    const value = await person.createsPortalKey('Name', 'reporting', ['read']);
    for (let call = 0; call < 3; call += 1) {
      expect((await server.curl('/portal/v1/account', value)).status).toBe(200);
    }
    await until(
      'the calls are counted',
      async () => {
        await person.opens('Profile');
        await person.opens('API Key');
        return (await person.figure('API Calls Today')).includes('3');
      },
      30_000, // the server writes its counts in batches, and the figures stand for some seconds
    );

    await person.actsOn('reporting', 'View details');
    await screen.get('dialog', /reporting/);
    await screen.see(/^3 calls in/);
    expect(await person.figure('Scopes')).toContain('read');
    expect(await person.figure('Status')).toBe('Active');
    const masked = await person.figure('Key');
    expect(masked, 'prefix').toContain(value.slice(0, 4));
    expect(masked, 'suffix').toContain(value.slice(-4));
    expect(masked).not.toContain(value.slice(6, -6));
    await screen.press(Key.ESCAPE);

    await person.actsOn('reporting', 'Revoke');
    await person.confirms('Revoke');
    expect((await person.row('reporting')).join(' ')).toContain('Revoked');
    expect((await server.curl('/portal/v1/account', value)).status).toBe(401);

    await person.actsOn('reporting', 'Delete');
    await person.confirms('Delete');
    await screen.gone('row', /^reporting /);
  });
});
