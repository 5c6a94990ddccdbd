/** AIMMS Cloud, under the headings of its own manual's page "User Settings". */
import { describe, expect } from 'vitest';

import { readClipboard } from '../harness/clipboard';
import { Person } from '../harness/person';
import type { Server } from '../harness/server';
import { someone, story, type Stage } from '../harness/story';
import { until } from '../harness/wait';

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

describe('API Keys', () => {
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
