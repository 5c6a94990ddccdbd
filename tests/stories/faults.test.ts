/** What fails between here and a server: told in words, with one next step, and nothing is lost. */
import { describe, expect } from 'vitest';

import { Gateway, type Fault } from '../harness/gateway';
import { clearKeyring, keyringItems } from '../harness/keyring';
import { Person } from '../harness/person';
import { story } from '../harness/story';
import { throughAGateway } from '../harness/signed-in';
import { until } from '../harness/wait';

const PROFILE = 'PUT /api/v1/users';
const KEYS = '/api/v1/users/api-keys';

const json = (body: unknown): { headers: Record<string, string>; body: string } => ({
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

/** What happens to a save, what is said of it, and the next step that is offered. */
const SAVES: [Fault, string | RegExp, 'Try again' | 'Reload' | null][] = [
  [{ status: 500 }, 'The server failed.', 'Try again'],
  [{ status: 503 }, 'The server is not available at the moment.', 'Try again'],
  [{ status: 504 }, 'The change was sent, but the answer was lost.', 'Reload'],
  ['half', 'The change was sent, but the answer was lost.', 'Reload'],
  [{ status: 403 }, 'You are signed in, but not allowed to do this.', null],
  [{ status: 409 }, 'This was changed elsewhere in the meantime.', 'Reload'],
  [
    { status: 422, ...json({ message: 'Positions are given by the board.' }) },
    /^The server says: Positions are given by the board\.$/,
    null,
  ],
  [
    { status: 302, headers: { Location: 'https://elsewhere.example/' } },
    /^It points to https:\/\/elsewhere\.example\./,
    null,
  ],
  [
    { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<h1>It works!</h1>' },
    'The server answered with something Keydesk does not understand.',
    'Try again',
  ],
];

describe('a save that fails', () => {
  story('says what happened and what to do next, and the edit stays', ({ desk, serve }) =>
    throughAGateway({ desk, serve }, async ({ gateway }) => {
      const { screen } = desk;
      await screen.click('button', 'Edit');
      await screen.type('Position', 'Patient');
      for (const [fault, said, step] of SAVES) {
        gateway.fails(PROFILE, fault);
        await screen.click('button', 'Save');
        await screen.see(said);
        for (const button of ['Try again', 'Reload']) {
          const count = (await screen.all('button', button)).length;
          expect(count, `${button} after ${JSON.stringify(fault)}`).toBe(button === step ? 1 : 0);
        }
        expect(await screen.valueOf('Position')).toBe('Patient');
      }
      gateway.fails(PROFILE, null);
      await screen.click('button', 'Save');
      await screen.get('button', 'Edit');
      await screen.see('Patient');
    }),
  );

  story('because of too many attempts counts down before the next', ({ desk, serve }) =>
    throughAGateway({ desk, serve }, async ({ gateway }) => {
      const { screen } = desk;
      await screen.click('button', 'Edit');
      await screen.type('Position', 'Patient');
      gateway.fails(PROFILE, { status: 429, headers: { 'Retry-After': '4' } });
      await screen.click('button', 'Save');
      await screen.see('Too many attempts for now.');
      const again = await screen.get('button', /^Try again \(\d s\)$/);
      expect(await again.isEnabled()).toBe(false);
      gateway.fails(PROFILE, null);
      await screen.click('button', 'Try again'); // as soon as it can be pressed
      await screen.get('button', 'Edit');
      await screen.see('Patient');
    }),
  );
});

describe('a list of keys', () => {
  story('finds the key whose answer was lost, and does not make it twice', ({ desk, serve }) =>
    throughAGateway({ desk, serve }, async ({ person, server, gateway }) => {
      const { screen } = desk;
      await person.opens('API Key');
      await person.fillsNewKey('made once');
      gateway.fails(`POST ${KEYS}`, 'lost');
      await screen.click('button', 'Create');
      const value = await person.readsCreatedKey();
      expect((await server.curl('/api/v1/users', value)).status).toBe(200);
      expect(gateway.asked.filter((asked) => asked === `POST ${KEYS}`)).toHaveLength(1);
      await person.copiesCreatedKey();
      await person.closesCreatedKey();
      await person.row('made once');
    }),
  );

  story('takes a key off that was deleted elsewhere meanwhile', ({ desk, serve }) =>
    throughAGateway({ desk, serve }, async ({ person, ada, server }) => {
      const { screen } = desk;
      const value = await person.createsKey('shared');
      const { authorization } = await server.session(ada.email);
      const id = value.slice('api_'.length, value.indexOf('.'));
      const deleted = await fetch(`${server.url}${KEYS}/${id}`, {
        method: 'DELETE',
        headers: { Authorization: `Bearer ${authorization}` },
      });
      expect(deleted.ok).toBe(true);
      await screen.click('button', 'Delete shared');
      await person.confirms('Delete');
      await screen.gone('row', /^shared /);
    }),
  );
});

describe('a server that is out of reach', () => {
  story('leaves what was known on the screen, and can be signed out of', ({ desk, serve }) =>
    throughAGateway({ desk, serve }, async ({ person, gateway }) => {
      const { screen } = desk;
      await person.createsKey('known before');
      await desk.quit();
      await gateway.remove();
      await desk.open();
      await screen.see('Nothing is listening at this address.');
      await screen.see('Out of reach');
      await screen.get('button', 'Try again');
      await person.opens('API Key');
      await person.row('known before');

      await person.signsOut();
      await screen.see(/could not be told and ends the session by itself\.$/);
      await until('the keyring is empty', async () => (await keyringItems()).length === 0);
    }),
  );

  story('is not waited for longer than a person wants', async ({ desk, serve }) => {
    const { screen } = desk;
    const gateway = await Gateway.before(await serve());
    try {
      gateway.fails('GET /q/health', 'silent');
      await new Person(screen).chooses('TDengine IDMP (self-hosted)');
      await screen.type('Server address', gateway.url);
      await screen.click('button', 'Check');
      await until('it is asked', () => Promise.resolve(gateway.asked.includes('GET /q/health')));
      const cancelled = Date.now();
      await screen.click('button', 'Cancel');
      await screen.get('button', 'Check');
      expect(Date.now() - cancelled, 'milliseconds, the driver included').toBeLessThan(2_000);
      expect(await screen.valueOf('Server address')).toBe(gateway.url);
    } finally {
      await gateway.remove();
    }
  });
});

describe('a sign-in that vanished from the keyring', () => {
  story('is asked for again, and the account stays', ({ desk, serve }) =>
    throughAGateway({ desk, serve }, async ({ person, ada }) => {
      const { screen } = desk;
      await desk.quit();
      await clearKeyring();
      await desk.open();
      const sheet = await screen.get('dialog', /^Sign in to/);
      await screen.type('Password', ada.password, { inside: sheet });
      await screen.click('button', 'Sign in', { inside: sheet });
      await screen.gone('dialog');
      await person.seesProfileOf(ada);
    }),
  );
});
