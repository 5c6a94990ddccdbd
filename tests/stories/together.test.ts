/** Two people, or two windows, that change the same thing: nobody's words are overwritten unseen. */
import { describe, expect } from 'vitest';

import { Person } from '../harness/person';
import type { Server } from '../harness/server';
import { withAnAccount } from '../harness/signed-in';
import { someone, story } from '../harness/story';

/** Changes something on a server with another session of somebody, as a second window would. */
async function elsewhere(
  server: Server,
  email: string,
  path: string,
  change: Record<string, unknown>,
): Promise<void> {
  const { authorization } = await server.session(email);
  const headers = {
    Authorization: `Bearer ${authorization}`,
    'Content-Type': 'application/json',
    // A portal wants to be told which state a change was meant for; here, whichever there is.
    'If-Match': '*',
  };
  const answer = await fetch(`${server.url}${path}`, {
    method: 'PATCH',
    headers,
    body: JSON.stringify(change),
  });
  if (!answer.ok) {
    throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
}

describe('a profile that saves by itself', () => {
  story(
    'keeps what two windows changed in two fields, and shows both where it is one',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { ada, server } = await withAnAccount({ serve });
      const person = new Person(screen);
      await person.signInToPortal(server, ada);
      await person.seesFieldsOf(ada);
      const account = '/portal/v1/account';

      await elsewhere(server, ada.email, account, { lastName: 'Byron' });
      await screen.type('First Name', 'Augusta');
      await screen.click('textbox', 'Last Name');
      await screen.see('First Name: saved.');
      await person.seesFieldsOf({ ...ada, firstName: 'Augusta', lastName: 'Byron' });
      expect(await screen.valueOf('Last Name')).toBe('Byron');

      await elsewhere(server, ada.email, account, { firstName: 'Ada Augusta' });
      await screen.type('First Name', 'Augusta Ada');
      await screen.click('textbox', 'Last Name');
      await screen.see('Changed elsewhere in the meantime. On the server now: Ada Augusta');
      expect(await screen.valueOf('First Name'), 'what was typed stays').toBe('Augusta Ada');

      await screen.type('First Name', 'Augusta'); // knowing both
      await screen.click('textbox', 'Last Name');
      await person.seesFieldsOf({ ...ada, firstName: 'Augusta', lastName: 'Byron' });
      const { authorization } = await server.session(ada.email);
      const { body } = await server.curl(account, authorization);
      expect(JSON.parse(body)).toMatchObject({ firstName: 'Augusta', lastName: 'Byron' });
    },
  );
});

describe('a user whom two administrators edit', () => {
  story('is shown in both states before one of them is saved', async ({ desk, serve }) => {
    const { screen } = desk;
    const server = await serve();
    const [grace, other, alan] = [
      someone('Grace', 'Hopper'),
      someone('Other', 'Administrator'),
      someone('Alan', 'Turing'),
    ];
    await server.addUser(grace, { portalRole: 'super-admin' });
    await server.addUser(other, { portalRole: 'super-admin' });
    await server.addUser(alan, { portalRole: 'read-only' });
    const person = new Person(screen);
    await person.signInToPortal(server, grace);
    await person.opens('Users');
    await screen.click('button', 'Edit Alan Turing');
    await screen.type('Display Name', 'A. M. Turing');

    const { authorization } = await server.session(other.email);
    const { body } = await server.curl('/portal/v1/users', authorization);
    const found = (JSON.parse(body) as { items: { id: string; email: string }[] }).items;
    const id = found.find(({ email }) => email === alan.email)?.id ?? '';
    await elsewhere(server, other.email, `/portal/v1/users/${id}`, {
      displayName: 'Dr. Turing',
    });
    await screen.click('button', 'Save');
    await screen.see('Someone else changed this account in the meantime');
    expect(await screen.valueOf('Display Name'), 'what was typed stays').toBe('A. M. Turing');
    await screen.click('button', 'Load the present state');
    await screen.see('Changed elsewhere in the meantime. On the server now: Dr. Turing');
    expect(await screen.valueOf('Display Name')).toBe('A. M. Turing');
    await screen.click('button', 'Save');
    await screen.get('button', 'Edit A. M. Turing');
  });
});
