/** Keys: made, copied again, given more or less time, and ended. */
import { Key } from 'selenium-webdriver';
import { describe, expect } from 'vitest';

import { copyElsewhere, readClipboard } from '../harness/clipboard';
import { signedIn, type Scene } from '../harness/signed-in';
import { story, type Stage } from '../harness/story';
import { until } from '../harness/wait';
import type { Desk } from '../harness/window';

/** Somebody who has their keys before them. */
async function atTheKeys(stage: Stage): Promise<Scene> {
  const scene = await signedIn(stage);
  await scene.person.opens('API Key');
  return scene;
}

/** Far from where the server keeps its clock. */
const inAuckland = story.extend<{ variables: NodeJS.ProcessEnv }>({
  variables: { TZ: 'Pacific/Auckland' },
});

describe('API keys', () => {
  story(
    'a title that is taken is refused while it is typed, and nothing is lost',
    async ({ desk, serve }) => {
      const { person } = await atTheKeys({ desk, serve });
      const { screen } = desk;
      const key = await person.createsKey('ci-build');
      expect(await person.columns()).toEqual([
        ...['Title', 'Key', 'Added on', 'Expired on', 'Status', 'Delete'],
      ]);
      expect((await person.row('ci-build')).join(' '), 'masked').not.toContain(key.slice(8));

      await person.fillsNewKey('ci-build');
      await screen.see('Another key already has this title.');
      await screen.click('button', 'Create');
      await screen.get('dialog', 'Add New API Key'); // it did not go away
      expect(await screen.valueOf('Title')).toBe('ci-build');

      await screen.type('Title', 'ci-build 2');
      await screen.click('button', 'Create');
      await person.readsCreatedKey();
    },
  );

  story(
    'a date that has passed is refused, Never and a later date are taken',
    async ({ desk, serve }) => {
      const { person } = await atTheKeys({ desk, serve });
      const { screen } = desk;
      await person.fillsNewKey('nightly');
      await screen.click('radio', 'Expiration Date');
      await typeSegment(desk, /^year/, '2020');
      await screen.click('button', 'Create');
      await screen.see('Choose a date and time later than now.');

      await screen.click('button', '30 days');
      await screen.click('button', 'Create');
      await person.readsCreatedKey();
      await person.copiesCreatedKey();
      await person.closesCreatedKey();
      expect((await person.row('nightly')).join(' ')).toMatch(/Active|Expires in (29|30) days/);

      await person.createsKey('forever');
      expect((await person.row('forever')).join(' ')).toContain('Never');
      const rows = await screen.all('row');
      const texts = await Promise.all(rows.slice(1).map((row) => screen.read(row)));
      expect(
        texts.findIndex((text) => text.includes('forever')),
        'newest first',
      ).toBe(0);
    },
  );

  inAuckland(
    'a date in another time zone than the server\u2019s is the one that was meant',
    async ({ desk, serve }) => {
      const { person, ada, server } = await atTheKeys({ desk, serve });
      const { screen } = desk;
      await person.fillsNewKey('down under');
      await screen.click('radio', 'Expiration Date');
      for (const [segment, typed] of [
        [/^month/, '06'],
        [/^day/, '15'],
        [/^year/, '2031'],
        [/^hour/, '09'],
        [/^minute/, '30'],
        [/^AM or PM/, 'a'],
      ] as const) {
        await typeSegment(desk, segment, typed);
      }
      await screen.see(/^Time zone: /);
      await screen.click('button', 'Create');
      await person.readsCreatedKey();
      const { authorization } = await server.session(ada.email);
      const { body } = await server.curl('/api/v1/users/api-keys?current=1&size=10', authorization);
      expect(body).toContain(String(Date.parse('2031-06-15T09:30:00+12:00')));
    },
  );

  story('an expiration is edited from Never to a date and back', async ({ desk, serve }) => {
    const { person } = await atTheKeys({ desk, serve });
    const { screen } = desk;
    await person.createsKey('report');

    await screen.click('button', 'Edit Expiration of report');
    await screen.get('dialog', 'Edit Expiration');
    expect(await screen.valueOf('Title')).toBe('report');
    const title = await screen.get('textbox', 'Title');
    expect(await title.getAttribute('readonly'), 'the title stands').not.toBeNull();
    await screen.click('radio', 'Expiration Date');
    await screen.click('button', '7 days');
    await screen.click('button', 'Save');
    await screen.gone('dialog');
    expect((await person.row('report')).join(' ')).not.toContain('Never');

    await screen.click('button', 'Edit Expiration of report');
    await screen.click('radio', 'Never');
    await screen.click('button', 'Save');
    await screen.gone('dialog');
    expect((await person.row('report')).join(' ')).toContain('Never');
  });

  story('a key is copied again from its row', async ({ desk, serve }) => {
    const { person, server } = await atTheKeys({ desk, serve });
    const { screen } = desk;
    const key = await person.createsKey('laptop');
    await copyElsewhere('something else');

    await screen.click('button', 'Copy laptop');
    await until('the key is in the clipboard', async () => (await readClipboard()) === key);
    await screen.see(/^Copied, will be cleared in \d+ s/);
    expect((await server.curl('/api/v1/users', key)).status).toBe(200);
    expect(await desk.driver.getPageSource(), 'the page never held it').not.toContain(key);
  });

  story('a deleted key is gone from the list and dead at once', async ({ desk, serve }) => {
    const { person, server } = await atTheKeys({ desk, serve });
    const { screen } = desk;
    const key = await person.createsKey('old-laptop');
    expect((await server.curl('/api/v1/users', key)).status).toBe(200);

    await screen.click('button', 'Delete old-laptop');
    await screen.get('alertdialog', /old-laptop/);
    await screen.press(Key.ENTER); // Enter never destroys
    await screen.gone('alertdialog');
    expect((await server.curl('/api/v1/users', key)).status).toBe(200);

    await screen.click('button', 'Delete old-laptop');
    await screen.click('button', 'Delete', { inside: await screen.get('alertdialog') });
    await screen.gone('row', /^old-laptop /);
    expect((await server.curl('/api/v1/users', key)).status).toBe(401);
  });

  story('a key may not manage keys, by the rule of the server itself', async ({ desk, serve }) => {
    const { person, server } = await atTheKeys({ desk, serve });
    const key = await person.createsKey('script');
    expect((await server.curl('/api/v1/users/api-keys?current=1&size=10', key)).status).toBe(403);
    expect((await server.curl('/api/v1/permissions/menus', key)).status).toBe(200);
  });

  story('keys are found by a part of their title', async ({ desk, serve }) => {
    const { person } = await atTheKeys({ desk, serve });
    const { screen } = desk;
    for (const title of ['alpha one', 'alpha two', 'beta']) {
      await person.createsKey(title);
    }
    await screen.shortcut('f');
    await screen.press('ALPHA');
    await screen.gone('row', /^beta /);
    await person.row('alpha one');
    await person.row('alpha two');
  });
});

/** Types one segment of the date, as a person would. */
async function typeSegment(desk: Desk, name: RegExp, typed: string): Promise<void> {
  const segment = await desk.screen.get('spinbutton', name);
  await segment.click();
  await desk.screen.press(typed);
}
