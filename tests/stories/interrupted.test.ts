/** What is left where Keydesk ended at the wrong moment, and what the next start makes of it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';

import { Gateway } from '../harness/gateway';
import type { Home } from '../harness/home';
import { keyringItems } from '../harness/keyring';
import { Person } from '../harness/person';
import { story } from '../harness/story';
import { throughAGateway, withAnAccount } from '../harness/signed-in';
import { until } from '../harness/wait';

interface Configuration {
  instances: unknown[];
  unfinished?: unknown[];
  selected: string | null;
}

/** What is on the disk; before anything was ever written, that is nothing. */
const read = ({ configuration }: Home): Configuration =>
  existsSync(configuration)
    ? (JSON.parse(readFileSync(configuration, 'utf8')) as Configuration)
    : { instances: [], selected: null };

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
    const { ada, server } = await withAnAccount({ serve });
    const person = new Person(desk.screen);
    await person.signIn(server, { ...ada, password: 'not the right one' });
    await desk.screen.see('User name or password is not right.');
    expect(read(desk.home).unfinished).toBeUndefined();
    await person.retypesPassword(ada.password);
    await person.seesProfileOf(ada);
    expect(read(desk.home).unfinished).toBeUndefined();
    expect(read(desk.home).instances).toHaveLength(1);
  });

  story('that is given up is noted only as long as it lasts', async ({ desk, serve }) => {
    const { ada, server } = await withAnAccount({ serve });
    const gateway = await Gateway.before(server);
    try {
      gateway.fails('POST /api/v1/users/login', 'silent');
      await new Person(desk.screen).signIn(gateway, ada);
      await until('it is noted before anything is stored', () =>
        Promise.resolve(read(desk.home).unfinished?.length === 1),
      );
      await desk.screen.click('button', 'Cancel');
      await until('nothing is left to look for', () =>
        Promise.resolve(read(desk.home).unfinished === undefined),
      );
      expect(read(desk.home).instances).toEqual([]);
    } finally {
      await gateway.remove();
    }
  });
});
