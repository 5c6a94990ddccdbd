/** The other kinds of server in pictures: their keys, their security, their people. */
import { Key } from 'selenium-webdriver';
import { describe, test } from 'vitest';

import type { Album } from '../harness/pictures';
import { Server, type Account } from '../harness/server';
import { someone } from '../harness/story';
import { escaped, type Language, type Words } from '../harness/words';
import type { Desk } from '../harness/window';
import { walk, type Theme } from './walk';

const DAY = 24 * 60 * 60 * 1000;

/** How long the keys live, in days: one ends soon. */
const LIVES = [364, 5, 90];

/** Names as they are given in each language. */
const NAMES = {
  en: {
    organization: 'Analytical Engines',
    keys: ['Production API Key', 'Reporting for the plant in Hamburg', 'Old staging system'],
    about: ['The web shop', 'Nightly figures for the board', 'Replaced in March'],
    service: ['publish-from-ci', 'solve-nightly'],
  },
  'zh-CN': {
    organization: '分析机公司',
    keys: ['生产环境密钥', '汉堡工厂报表', '旧的预发布系统'],
    about: ['网上商店', '每晚为董事会汇总数据', '三月已被替换'],
    service: ['持续集成发布', '每晚求解'],
  },
} as const;

describe.each<[Theme, Language]>([
  ['light', 'en'],
  ['dark', 'zh-CN'],
])('tour of the other servers', (theme, language) => {
  test(`${theme}, ${language}`, async () => {
    const server = await Server.start();
    try {
      await walk('-others', theme, language, (desk, words, album) =>
        others(desk, words, album, server),
      );
    } finally {
      await server.remove();
    }
  });
});

async function others(desk: Desk, words: Words, album: Album, server: Server): Promise<void> {
  const { screen } = desk;
  const say = words.say.bind(words);
  const [ada, grace] = [someone(), someone('Grace', 'Hopper')];
  await furnish(server, words.language, ada, grace);

  await signIn(desk, words, 'keydesk', server, ada);
  await album.take('organization-profile');
  await keys(desk, words, album, 'organization', 'key-words.description.add');
  await screen.click('button', new RegExp(escaped(NAMES[words.language].organization)));
  await screen.get('menu');
  await album.take('organizations');
  await screen.press(Key.ESCAPE);
  await security(desk, words, album, 'organization', ada);
  await screen.click('tab', say('frame.tab.danger-zone'));
  await screen.click('button', say('danger.delete'));
  await screen.get('list', say('danger.consequences'));
  await album.take('organization-deletion');
  await screen.press(Key.ESCAPE);
  await screen.gone('dialog');

  await another(desk, words);
  await signIn(desk, words, 'keydesk', server, grace);
  await keys(desk, words, album, 'admin', 'key-words.description.add');
  await screen.click('button', NAMES[words.language].keys[0]);
  await screen.get('figure');
  await album.take('admin-key-details');
  await screen.press(Key.ESCAPE);
  await screen.gone('dialog');
  await screen.click('tab', say('frame.tab.users'));
  await screen.get('grid', say('users.title'));
  await album.take('admin-users');
  await screen.click('button', say('users.create'));
  await screen.get('dialog', say('users.create'));
  await album.take('admin-new-user');
  await screen.press(Key.ESCAPE);
  await screen.gone('dialog');

  await another(desk, words);
  await signIn(desk, words, 'aimms-cloud', server, ada);
  await keys(desk, words, album, 'aimms', 'key-words.key-name.add');
  await screen.click('tab', say('frame.tab.security'));
  await screen.see(say('mfa.state-not-enabled'));
  await album.take('aimms-security');
  await screen.click('tab', say('frame.tab.directory'));
  await screen.get('row', new RegExp(`^${escaped(ada.email)} `));
  await album.take('aimms-directory');

  await screen.shortcut(',');
  const details = `^${escaped(say('preferences.details-of', { name: new URL(server.url).host }))}`;
  const buttons = await screen.all('button', new RegExp(details));
  await buttons.at(-1)?.click(); // of the account in front, which came last
  await screen.click('button', say('preferences.contract.read'));
  await screen.see(say('preferences.contract.compared'));
  const table = await screen.see(say('preferences.operations'));
  await table.click();
  await desk.driver.executeScript('arguments[0].scrollIntoView()', table);
  await album.take('connection-details');
}

/** The list of keys, and the dialog of a new one. */
async function keys(
  desk: Desk,
  words: Words,
  album: Album,
  whose: string,
  add: string,
): Promise<void> {
  const { screen } = desk;
  await screen.click('tab', words.say('frame.tab.api-keys'));
  await screen.get('grid');
  await album.take(`${whose}-keys`);
  await screen.click('button', words.say(add));
  await screen.get('dialog', words.say(add));
  await album.take(`${whose}-new-key`);
  await screen.press(Key.ESCAPE);
  await screen.gone('dialog');
}

/** Security, and the setting up of an authenticator app as far as its QR code. */
async function security(
  desk: Desk,
  words: Words,
  album: Album,
  whose: string,
  account: Account,
): Promise<void> {
  const { screen } = desk;
  const say = words.say.bind(words);
  await screen.click('tab', say('frame.tab.security'));
  await screen.get('list', say('security.log'));
  await album.take(`${whose}-security`);
  await screen.click('button', say('mfa.enable'));
  await screen.type(say('mfa.password'), account.password);
  await screen.click('button', say('mfa.continue'));
  await screen.get('img', say('mfa.qr'));
  await album.take(`${whose}-authenticator`);
  await screen.press(Key.ESCAPE);
  await screen.gone('dialog');
}

async function another(desk: Desk, words: Words): Promise<void> {
  await desk.screen.click('button', words.like('frame.switcher.current'));
  await desk.screen.click('menuitem', words.say('connect.title'));
}

/** Signs in with a password, or, where a service wants that, with a first key. */
async function signIn(
  desk: Desk,
  words: Words,
  kind: 'keydesk' | 'aimms-cloud',
  server: Server,
  account: Account,
): Promise<void> {
  const { screen } = desk;
  const say = words.say.bind(words);
  await screen.click('button', new RegExp(`^${escaped(say(`kind.${kind}`))}`));
  await screen.type(say('connect.address'), server.url);
  if (kind === 'aimms-cloud') {
    const key = await server.firstKey(account.email, ['APIKey', 'Authentication']);
    await screen.type(say('connect.api-key'), key);
  } else {
    await screen.type(say('profile.email'), account.email);
    await screen.type(say('profile.password'), account.password);
  }
  await screen.click('button', say('action.sign-in'));
  await screen.get('tab', say('frame.tab.profile'));
}

/** Gives everyone something to look at: keys of every state that were used, and colleagues. */
async function furnish(
  server: Server,
  language: Language,
  ada: Account,
  grace: Account,
): Promise<void> {
  const names = NAMES[language];
  await server.addUser(ada);
  await server.addUser(grace, { portalRole: 'super-admin' });
  await server.addUser(someone('Alan', 'Turing'), { portalRole: 'admin' });
  await server.addUser(someone('Katherine', 'Johnson'), { portalRole: 'read-only' });
  const organization = await server.addOrganization(names.organization, [
    { email: ada.email, role: 'owner' },
  ]);
  const lists = [
    { account: ada, path: `/portal/v1/organizations/${organization}/api-keys`, more: {} },
    { account: grace, path: '/portal/v1/api-keys', more: { scopes: ['read', 'write'] } },
  ];
  for (const { account, path, more } of lists) {
    const ask = asks(server, (await server.session(account.email)).authorization);
    for (const [index, name] of [...names.keys.entries()].reverse()) {
      const expiresAt = new Date(Date.now() + (LIVES[index] ?? 90) * DAY).toISOString();
      const description = 'scopes' in more ? { description: names.about[index] } : {};
      const made = await ask<{ id: string; value: string }>(path, {
        ...{ name, expiresAt, ...more, ...description },
      });
      if (index === 2) {
        await ask(`${path}/${made.id}/revocation`);
      } else {
        for (let call = 0; call < 40 - 25 * index; call += 1) {
          await server.curl('/portal/v1/account', made.value);
        }
      }
    }
  }
}

/** Posts to the portal, as somebody who is signed in. */
function asks(server: Server, token: string): <T>(path: string, body?: unknown) => Promise<T> {
  return async (path, body) => {
    const answer = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
    return answer.json() as Promise<never>;
  };
}
