/** The cloud's own sign-in page in a window of its own, over https, from which the tokens are taken. */
import { describe, expect } from 'vitest';

import { searchFolder } from '../harness/canary';
import { CloudPage, DOWNLOAD } from '../harness/cloud-page';
import { KINDS, Person } from '../harness/person';
import { run } from '../harness/run';
import type { CloudTokens, Server } from '../harness/server';
import { someone, story, type Stage } from '../harness/story';
import { pause, until } from '../harness/wait';

const OPEN = 'Sign in on the server’s own page';

describe('the sign-in page of the cloud', () => {
  story(
    'gives its two tokens to Keydesk when it sends both, and to nobody else',
    ({ desk, serve }) =>
      atTheSignInPage({ desk, serve }, async ({ person, page, tokens, grace }) => {
        const { screen } = desk;
        await until('the window shows lock and address', async () =>
          (await titles()).some((title) => title.includes('🔒') && title.includes(page.url)),
        );
        for (const act of ['intrude', 'one-token'] as const) {
          await page.does(act);
          await pause(500); // whatever it set off would have arrived
          await screen.see('Waiting for you to sign in, in the other window.');
          page.rests();
        }
        expect(searchFolder(desk.home.path, { download: DOWNLOAD })).toEqual([]);

        await page.does('sign-in', await tokens());
        await person.seesProfileOf(grace);
        await until('the sign-in window closes', async () =>
          (await titles()).every((title) => !title.includes(page.url)),
        );
        await person.createsKey('from the sign-in page');
      }),
  );

  story(
    'opens again when the tokens have expired, and the edit in hand is kept',
    ({ desk, serve }) =>
      atTheSignInPage({ desk, serve }, async ({ person, page, tokens, grace, cloud }) => {
        const { screen } = desk;
        await page.does('sign-in', await tokens());
        await person.seesProfileOf(grace);
        await screen.click('button', 'Edit');
        await screen.type('Position', 'Rear admiral');

        page.rests();
        await cloud.administer('deactivate', grace.email);
        await cloud.administer('activate', grace.email);
        await screen.click('button', 'Save');
        const sheet = await screen.get('dialog', /sign in/i);
        await screen.click('button', OPEN, { inside: sheet });
        await page.does('sign-in', await tokens());
        await screen.gone('dialog', /sign in/i);
        expect(await screen.valueOf('Position')).toBe('Rear admiral');
        await screen.click('button', 'Save');
        await screen.see('Rear admiral');
      }),
  );
});

describe('the certificate of a server', () => {
  story(
    'that nobody knows is trusted by a person, and another one stops everything',
    ({ desk, serve }) =>
      atTheSignInPage({ desk, serve }, async ({ person, page, tokens, grace }) => {
        const { screen } = desk;
        await page.does('sign-in', await tokens());
        await person.seesProfileOf(grace);
        await screen.click('button', 'Edit');
        await screen.type('Position', 'Rear admiral');

        await page.changesCertificate();
        await screen.click('button', 'Save');
        await screen.see('This server shows another certificate than the one you trusted.');
        await screen.see(/^Keydesk stopped before it sent anything\. If you did not expect this/);
        expect(page.asked, 'nothing of the save arrived').not.toContain('PUT /api/v1/users');
        for (const button of ['Look at the certificate', 'Try again']) {
          await screen.gone('button', button);
        }
        expect(await screen.valueOf('Position')).toBe('Rear admiral');
      }),
  );
});

interface Scene {
  person: Person;
  page: CloudPage;
  cloud: Server;
  grace: ReturnType<typeof someone>;
  /** The tokens of a new session of hers. */
  tokens: () => Promise<CloudTokens>;
}

/** Somebody before the open sign-in page of a cloud whose certificate they trust. */
async function atTheSignInPage(
  { desk, serve }: Stage,
  play: (scene: Scene) => Promise<void>,
): Promise<void> {
  const { screen } = desk;
  const cloud = await serve({ cloud: true });
  const grace = someone('Grace', 'Hopper');
  await cloud.addUser(grace);
  const page = await CloudPage.before(cloud);
  try {
    const person = new Person(screen);
    await person.chooses(KINDS.cloud);
    await screen.type('Server address', page.url);
    await screen.click('button', 'Check');
    await screen.see(
      'The certificate of this server is not signed by an authority that this computer trusts.',
    );
    await screen.see('Keydesk stopped before it sent anything, your password included.');
    await screen.click('button', 'Look at the certificate');
    await screen.see(page.fingerprint);
    await screen.click('button', 'Trust for this server');
    await screen.click('button', OPEN);
    await play({ person, page, cloud, grace, tokens: () => cloud.session(grace.email) });
  } finally {
    await page.remove();
  }
}

/** The titles of all windows, as everyone can read them. */
async function titles(): Promise<string[]> {
  const { output } = await run('xdotool', [
    ...['search', '--onlyvisible', '--name', '.', 'getwindowname', '%@'],
  ]);
  return output.split('\n');
}
