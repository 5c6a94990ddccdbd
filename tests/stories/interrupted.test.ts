/** What is left where Keydesk ended at the wrong moment, and what the next start makes of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';

import type { Home } from '../harness/home';
import { keyringItems } from '../harness/keyring';
import { Person } from '../harness/person';
import { someone, story } from '../harness/story';
import { throughAGateway } from '../harness/signed-in';
import { until } from '../harness/wait';

interface Configuration {
  instances: unknown[];
  unfinished?: unknown[];
  selected: string | null;
}

const read = ({ configuration }: Home): Configuration =>
  JSON.parse(readFileSync(configuration, 'utf8')) as Configuration;

describe('a sign-in', () => {
  story('that was cut off between keyring and list is wiped by the next start', ({ desk, serve }) =>
    throughAGateway({ desk, serve }, async ({ gateway }) => {
      await desk.quit();
      expect(await keyringItems()).not.toEqual([]);
      // As it stands on the disk at that moment: the secret is stored, the account not yet listed.
      const { instances, ...rest } = read(desk.home);
      const cutOff = { ...rest, instances: [], unfinished: instances, selected: null };
      writeFileSync(desk.home.configuration, JSON.stringify(cutOff));
      await desk.open();

      await desk.screen.get('heading', 'Connect to a server');
      await until('an empty keyring', async () => (await keyringItems()).length === 0);
      await until('nothing left to wipe', () =>
        Promise.resolve(read(desk.home).unfinished === undefined),
      );
      expect(gateway.asked).toContain('POST /api/v1/users/logout');
    }),
  );

  story('that is refused leaves nothing to look for', async ({ desk, serve }) => {
    const server = await serve();
    const ada = someone();
    await server.addUser(ada);
    const person = new Person(desk.screen);
    await person.signIn(server, { ...ada, password: 'not the right one' });
    await desk.screen.see('User name or password is not right.');
    expect(read(desk.home).unfinished).toBeUndefined();
    await person.retypesPassword(ada.password);
    await person.seesProfileOf(ada);
    expect(read(desk.home).unfinished).toBeUndefined();
    expect(read(desk.home).instances).toHaveLength(1);
  });
});
