/** The cloud's own sign-in page in a window of its own, over https, from which the tokens are taken. */
import { describe, expect } from 'vitest';

import { CloudPage } from '../harness/cloud-page';
import { KINDS, Person } from '../harness/person';
import { run } from '../harness/run';
import type { Screen } from '../harness/screen';
import { someone, story } from '../harness/story';
import { pause, until } from '../harness/wait';

const OPEN = 'Sign in on the server’s own page';

describe('the sign-in page of the cloud', () => {
  story(
    'gives its two tokens to Keydesk when it sends both, and to nobody else',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const cloud = await serve({ cloud: true });
      const grace = someone('Grace', 'Hopper');
      await cloud.addUser(grace);
      const page = await CloudPage.before(cloud);
      try {
        const person = new Person(screen);
        await person.chooses(KINDS.cloud);
        await screen.type('Server address', page.url);
        await trustsCertificate(screen);
        await screen.click('button', OPEN);
        await until('the window shows lock and address', async () =>
          (await titles()).some((title) => title.includes('🔒') && title.includes(page.url)),
        );

        for (const act of ['intrude', 'one-token'] as const) {
          await page.does(act);
          await pause(500); // whatever it set off would have arrived
          await screen.see('Waiting for you to sign in, in the other window.');
          page.rests();
        }

        await page.does('sign-in', await cloud.session(grace.email));
        await person.seesProfileOf(grace);
        await until('the sign-in window closes', async () =>
          (await titles()).every((title) => !title.includes(page.url)),
        );
        await person.createsKey('from the sign-in page');
      } finally {
        await page.remove();
      }
    },
  );

  story(
    'opens again when the tokens have expired, and the edit in hand is kept',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const cloud = await serve({ cloud: true });
      const grace = someone('Grace', 'Hopper');
      await cloud.addUser(grace);
      const page = await CloudPage.before(cloud);
      try {
        const person = new Person(screen);
        await person.chooses(KINDS.cloud);
        await screen.type('Server address', page.url);
        await trustsCertificate(screen);
        await screen.click('button', OPEN);
        await page.does('sign-in', await cloud.session(grace.email));
        await person.seesProfileOf(grace);
        await screen.click('button', 'Edit');
        await screen.type('Position', 'Rear admiral');

        page.rests();
        await cloud.administer('deactivate', grace.email);
        await cloud.administer('activate', grace.email);
        await screen.click('button', 'Save');
        const sheet = await screen.get('dialog', /sign in/i);
        await screen.click('button', OPEN, { inside: sheet });
        await page.does('sign-in', await cloud.session(grace.email));
        await screen.gone('dialog', /sign in/i);
        expect(await screen.valueOf('Position')).toBe('Rear admiral');
        await screen.click('button', 'Save');
        await screen.see('Rear admiral');
      } finally {
        await page.remove();
      }
    },
  );
});

/** Looks at the certificate that nobody knows, and trusts it for this server. */
async function trustsCertificate(screen: Screen): Promise<void> {
  await screen.click('button', 'Check');
  await screen.click('button', 'Look at the certificate');
  await screen.click('button', 'Trust for this server');
}

/** The titles of all windows, as everyone can read them. */
async function titles(): Promise<string[]> {
  const { output } = await run('xdotool', [
    ...['search', '--onlyvisible', '--name', '.', 'getwindowname', '%@'],
  ]);
  return output.split('\n');
}
