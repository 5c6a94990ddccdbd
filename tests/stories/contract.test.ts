/** Learning the contract: the table of operations in Connection details, held against descriptions. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';

import { chooseFile } from '../harness/dialog';
import { described, descriptionOf, type ApiDescription, type Gateway } from '../harness/gateway';
import type { Server } from '../harness/server';
import { story } from '../harness/story';
import { throughAGateway } from '../harness/signed-in';
import type { Desk } from '../harness/window';

const READ = 'Read the server\u2019s description';
const KEYS = '/api/v1/users/api-keys';
const TOKENS = '/api/v2/users/api-tokens';

/** Chooses a description from a file, as `api.json`. */
async function imports(desk: Desk, content: unknown): Promise<void> {
  const path = join(desk.home.path, 'tmp', 'api.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  await desk.screen.click('button', 'Import description\u2026');
  await chooseFile(path);
}

/** The description without one of its operations. */
function without({ paths, ...rest }: ApiDescription, path: string, method: string): ApiDescription {
  const item = Object.entries(paths[path] ?? {}).filter(([name]) => name !== method);
  return { ...rest, paths: { ...paths, [path]: Object.fromEntries(item) } };
}

/** A server whose keys have moved, and which says so. */
async function movesItsKeys(gateway: Gateway, server: Server): Promise<void> {
  gateway.moves(KEYS, TOKENS);
  gateway.describes(described(await descriptionOf(server), KEYS, TOKENS));
}

const asksForDescription = ({ asked }: Gateway): number =>
  asked.filter((request) => request === 'GET /q/openapi').length;

describe('the server\u2019s own description', () => {
  story('is read by itself, once, and says what each operation rests on', ({ desk, serve }) =>
    throughAGateway({ desk, serve }, async ({ person, gateway }) => {
      const { screen } = desk;
      await person.opensConnectionDetails(gateway);
      await screen.see(/^\d+ confirmed, 0 found elsewhere, 0 missing\.$/);
      await screen.see(/^Compared with .+, as the server describes it, on /);
      await (await screen.see('Operations in use')).click();
      expect(await person.operation('list-keys')).toMatch(
        /GET \/api\/v1\/users\/api-keys an assumption Confirmed/,
      );
      expect(await person.operation('sign-in')).toMatch(/documentation Confirmed/);
      await person.closesPreferences();

      const asked = asksForDescription(gateway);
      await desk.restart();
      await person.createsKey('after a restart');
      expect(asksForDescription(gateway)).toBe(asked);
      await person.opensConnectionDetails(gateway);
      await screen.click('button', READ);
      await screen.see('The table was compared with the description.');
      expect(asksForDescription(gateway)).toBe(asked + 1);
    }),
  );

  story('is not missed where a server has none: the built-in table stays', ({ desk, serve }) =>
    throughAGateway(
      { desk, serve },
      async ({ person, gateway }) => {
        await person.opensConnectionDetails(gateway);
        await desk.screen.see('Not compared with a description yet; the built-in table is in use.');
        await desk.screen.click('button', READ);
        await desk.screen.see('The server serves no description of its API. Nothing was changed.');
        await person.closesPreferences();
        await person.createsKey('as before');
      },
      {
        prepare: (gateway) => {
          gateway.fails('GET /q/openapi', { status: 404 });
        },
      },
    ),
  );
});

describe('an operation that is found elsewhere', () => {
  story('is used there once it was confirmed, and not after an undo', ({ desk, serve }) =>
    throughAGateway(
      { desk, serve },
      async ({ person, server, gateway }) => {
        const { screen } = desk;
        await person.opens('API Key');
        await screen.see('The server lists this elsewhere. Confirm it once in Connection details.');
        expect(gateway.asked.filter((asked) => asked.includes(TOKENS))).toEqual([]);

        await screen.click('button', 'Connection details');
        await screen.see(/^\d+ confirmed, 4 found elsewhere, 1 missing\.$/);
        expect(await person.operation('list-keys')).toContain('Found elsewhere');
        // Nothing is guessed of what destroys: it has no fields to be recognised by.
        expect(await person.operation('delete-key')).toContain('Missing');
        for (const operation of ['list-keys', 'create-key', 'copy-key']) {
          await person.usesFound(operation);
        }
        expect(await person.operation('list-keys')).toContain('Found elsewhere, in use');
        await person.closesPreferences();
        const key = await person.createsKey('at the new place');
        expect((await server.curl('/api/v1/users', key)).status).toBe(200);
        expect(gateway.asked).toContain(`POST ${TOKENS}`);
        await desk.restart();
        await person.opens('API Key');
        await person.row('at the new place');

        // The server's next version has the keys where they were confirmed, and less beside them.
        const next = described(await descriptionOf(server), KEYS, TOKENS);
        gateway.describes(without(next, '/api/v1/users/password', 'put'));
        await person.opensConnectionDetails(gateway);
        await screen.click('button', READ);
        await screen.see(/^\d+ confirmed, 4 found elsewhere, 2 missing\.$/);
        expect(await person.operation('create-key')).toContain('Found elsewhere, in use');
        await screen.click('button', 'Undo for create-key');
        await screen.see('create-key is used as before.');
        await person.closesPreferences();
        await person.row('at the new place');
        const add = await screen.get('button', /^Add New API Key/);
        expect(await add.getAttribute('aria-disabled')).toBe('true');
      },
      { prepare: movesItsKeys },
    ),
  );
});

describe('the built-in table', () => {
  story('can be chosen against what a server says, and stays', ({ desk, serve }) =>
    throughAGateway(
      { desk, serve },
      async ({ person, gateway }) => {
        const { screen } = desk;
        await person.opens('API Key');
        await screen.see('The server lists this elsewhere. Confirm it once in Connection details.');
        await person.opensConnectionDetails(gateway);
        await screen.click('button', 'Use the built-in table');
        await screen.see('The built-in table is in use from now on.');
        await person.closesPreferences();
        await screen.get('button', 'Add New API Key');

        const asked = asksForDescription(gateway);
        await desk.restart();
        await person.createsKey('by the built-in table');
        await person.opensConnectionDetails(gateway);
        await screen.see('You chose the built-in table; no description is read by itself.');
        expect(asksForDescription(gateway)).toBe(asked);
      },
      // It describes another place than the one that it has.
      {
        prepare: async (gateway, server) => {
          gateway.describes(described(await descriptionOf(server), KEYS, TOKENS));
        },
      },
    ),
  );
});

describe('a description from a file', () => {
  story('takes what it does not list off the screen, with the reason', ({ desk, serve }) =>
    throughAGateway({ desk, serve }, async ({ person, server, gateway }) => {
      const { screen } = desk;
      await person.opensConnectionDetails(gateway);
      await imports(desk, '<!doctype html><title>Not a description</title>');
      await screen.see('Keydesk cannot read this as a description of an API.');
      await screen.get('button', 'Choose another file');

      await imports(desk, without(await descriptionOf(server), '/api/v1/users/password', 'put'));
      await screen.see(/^\d+ confirmed, 0 found elsewhere, 1 missing\.$/);
      await screen.see(/from api\.json/);
      expect(await person.operation('change-password')).toContain('Missing');
      await person.closesPreferences();

      await person.opens('Profile');
      await screen.click('button', 'Edit');
      await screen.get('textbox', 'First Name');
      expect(await desk.driver.findElements({ css: 'input[type=password]' })).toEqual([]);
      await screen.see('The server\u2019s description of itself does not list this.');
    }),
  );
});

describe('a table that was fixed in a file', () => {
  story('holds, and no description moves it', ({ desk, serve }) =>
    throughAGateway({ desk, serve }, async ({ person, gateway }) => {
      const { screen } = desk;
      gateway.moves(KEYS, TOKENS);
      await desk.quit();
      const file = desk.home.configuration;
      const configuration = JSON.parse(readFileSync(file, 'utf8')) as {
        instances: { endpoints?: Record<string, string> }[];
      };
      for (const instance of configuration.instances) {
        instance.endpoints = { 'list-keys': `GET ${TOKENS}`, 'create-key': `POST ${TOKENS}` };
      }
      writeFileSync(file, JSON.stringify(configuration));
      await desk.open();

      await person.createsKey('by decree');
      await person.row('by decree');
      // The server's description names the place that the file does not.
      await person.opensConnectionDetails(gateway);
      await screen.see(/^Compared with /);
      await (await screen.see('Operations in use')).click();
      expect(await person.operation('list-keys')).toMatch(/your configuration Not compared/);
      expect(await person.operation('list-keys')).toContain(`GET ${TOKENS}`);
    }),
  );
});
