/** The admin portal, under the headings of its own manual. */
import { Key } from 'selenium-webdriver';
import { describe, expect } from 'vitest';

import { Person } from '../harness/person';
import type { PortalRole, Server } from '../harness/server';
import { someone, story, type Stage } from '../harness/story';
import { until } from '../harness/wait';

/** An administrator, signed in. */
async function settled(
  { desk, serve }: Stage,
  portalRole: PortalRole = 'super-admin',
): Promise<{ server: Server; root: ReturnType<typeof someone>; person: Person }> {
  const server = await serve();
  const root = someone('Grace', 'Hopper');
  await server.addUser(root, { portalRole });
  const person = new Person(desk.screen);
  await person.signInToPortal(server, root);
  await desk.screen.get('tab', 'Profile');
  return { server, root, person };
}

describe('Users', () => {
  story('created, edited, given another password, and deleted', async ({ desk, serve }) => {
    const { screen } = desk;
    const { server, person } = await settled({ desk, serve });
    const alan = someone('Alan', 'Turing');
    await person.opens('Users');
    await screen.click('button', 'Create User');
    await screen.type('Email', alan.email);
    await screen.type('Display Name', 'Alan');
    await screen.type('Password', `${alan.password}-A1!`);
    await screen.click('checkbox', /^Admin/);
    await person.confirms('Create User', 'dialog');
    const row = await screen.get('row', new RegExp(`^${alan.email} `));
    expect(await screen.read(row)).toContain('Active');
    await screen.gone('button', /^Delete Grace/); // oneself

    await screen.click('button', 'Edit Alan');
    await screen.type('Display Name', 'Alan M. Turing');
    await screen.click('button', 'Save');
    await screen.click('button', 'Reset Password of Alan M. Turing');
    const renewed = `${alan.password}-B2!`;
    await screen.type('New Password', renewed);
    await person.confirms('Reset Password', 'dialog');
    expect(await signsIn(server, alan.email, renewed), 'status').toBe(201);

    await screen.click('button', 'Delete Alan M. Turing');
    await person.confirms('Delete');
    await screen.gone('row', new RegExp(alan.email));
    expect(await signsIn(server, alan.email, renewed), 'status').toBe(401);
  });
});

describe('Role Permissions', () => {
  story('a read-only account is told why it sees no users', async ({ desk, serve }) => {
    const { person } = await settled({ desk, serve }, 'read-only');
    await person.opens('Users');
    await desk.screen.see('Users cannot be managed here');
    await desk.screen.gone('button', 'Create User');
  });
});

describe('API Keys', () => {
  story('four figures, calls that count, revoking and deleting', async ({ desk, serve }) => {
    const { screen } = desk;
    const { server, person } = await settled({ desk, serve });
    const value = await person.createsPortalKey('Name', 'reporting', ['read']);
    for (let call = 0; call < 3; call += 1) {
      expect((await server.curl('/portal/v1/account', value)).status).toBe(200);
    }
    await person.opens('Profile');
    await until(
      'the calls are counted',
      async () => {
        await person.opens('API Key');
        const counted = (await person.figure('API Calls Today')).includes('3');
        await person.opens('Profile');
        return counted;
      },
      30_000, // the server writes its counts in batches, and the figures stand for some seconds
    );
    await person.opens('API Key');
    expect(await person.figure('Active Keys')).toContain('1');

    await person.actsOn('reporting', 'View details');
    await screen.get('dialog', /reporting/);
    await screen.see(/^3 calls in/);
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

/** The status with which the portal answers to a sign-in. */
async function signsIn(server: Server, email: string, password: string): Promise<number> {
  const answer = await fetch(`${server.url}/portal/v1/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  return answer.status;
}
