/** The main job from first run to the last dialog, in pictures: light and dark, in both languages. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Key } from 'selenium-webdriver';
import { describe, test } from 'vitest';

import { chooseFile } from '../harness/dialog';
import { landscape } from '../harness/images';
import type { Album } from '../harness/pictures';
import { someone } from '../harness/story';
import { escaped, type Language, type Words } from '../harness/words';
import type { Desk } from '../harness/window';
import { walk, type Theme } from './walk';

const PEOPLE = {
  en: {
    first: 'Ada',
    last: 'Lovelace',
    position: 'Analyst',
    about: 'Notes on the Analytical Engine',
  },
  'zh-CN': { first: '晓明', last: '王', position: '数据工程师', about: '负责电网数据的采集与分析' },
} as const;
const TITLES = {
  en: [
    'ci-build',
    'MCP client on the laptop',
    'nightly export of the plant in Hamburg, second line, to the archive',
  ],
  'zh-CN': ['持续集成', '笔记本上的 MCP 客户端', '每晚导出汉堡工厂第二生产线的数据到长期归档存储'],
} as const;

describe.each<[Theme, Language]>([
  ['light', 'en'],
  ['dark', 'en'],
  ['light', 'zh-CN'],
  ['dark', 'zh-CN'],
])('tour', (theme, language) => {
  test(`${theme}, ${language}`, () => walk('', theme, language, mainJob));
});

async function mainJob(desk: Desk, words: Words, album: Album): Promise<void> {
  const { screen } = desk;
  const say = words.say.bind(words);
  const who = PEOPLE[words.language];
  const account = someone();

  await screen.get('heading', say('connect.title'));
  await album.take('first-run');
  await screen.click('button', new RegExp(`^${escaped(say('kind.idmp-self-hosted'))}`));
  await screen.get('textbox', say('connect.address'));
  await screen.paste(say('connect.address'), 'ftp://idmp.example.com');
  await screen.click('button', say('connect.check'));
  await screen.see(say('error.address-scheme'));
  await album.take('bad-address');
  await screen.click('button', new RegExp(`^${escaped(say('kind.idmp-cloud'))}`));
  await screen.get('textbox', say('connect.paste'));
  await album.take('cloud');
  await screen.click('button', new RegExp(`^${escaped(say('connect.try'))}`));
  await screen.paste(say('profile.first-name'), who.first);
  await screen.paste(say('profile.last-name'), who.last);
  await screen.type(say('profile.email'), account.email);
  await screen.type(say('profile.password'), account.password);
  await album.take('create-account');
  await screen.click('button', say('connect.local.create'));

  await screen.click('button', say('profile.edit'));
  await screen.paste(words.like('profile.position'), who.position);
  await screen.paste(words.like('profile.description'), who.about);
  await album.take('edit-profile');
  await screen.click('button', say('form.save'));
  await screen.get('button', say('profile.edit'));
  const picture = join(desk.home.path, 'tmp', 'landscape.png');
  writeFileSync(picture, landscape(900, 600));
  await screen.click('button', say('avatar.change'));
  await chooseFile(picture);
  await screen.get('dialog');
  await album.take('avatar');
  await screen.click('button', say('avatar.upload'));
  await screen.gone('dialog');
  await album.take('profile');

  await screen.click('tab', say('frame.tab.api-key'));
  await screen.get('heading', say('api-keys.none'));
  await album.take('no-keys');
  const [first, second, third] = TITLES[words.language];
  for (const [title, expiration] of [
    [third, 'date'],
    [second, 'never'],
    [first, 'date'],
  ] as const) {
    await screen.click('button', say('key-words.title.add'));
    await screen.paste(say('key-words.title.title'), title);
    if (expiration === 'date') {
      await screen.click('radio', say('api-keys.expiration-date'));
    }
    if (title === first) {
      await album.take('new-key');
    }
    await screen.click('button', say('api-keys.create'));
    // The row of the key before may still say that it was copied.
    const inside = await screen.get('dialog', say('api-keys.created'));
    await screen.click('button', say('api-keys.copy'), { inside });
    await screen.see(words.like('banner.copied'), { inside });
    if (title === first) {
      await album.take('created-key');
    }
    await screen.press(Key.ESCAPE);
    await screen.gone('dialog');
  }
  await album.take('keys');
  await screen.click('button', say('api-keys.edit-expiration-of', { title: first }));
  await screen.get('dialog', say('api-keys.edit-expiration'));
  await album.take('edit-expiration');
  await screen.press(Key.ESCAPE);
  await screen.gone('dialog');
  await screen.click('button', say('api-keys.delete-key', { title: second }));
  await screen.get('alertdialog');
  await album.take('delete-key');
  await screen.press(Key.ESCAPE);
  await screen.gone('alertdialog');

  await screen.click('tab', say('frame.tab.mfa'));
  await screen.see(say('mfa.under-development'));
  await album.take('mfa');
  await screen.click('button', words.like('frame.account-menu.of'));
  await screen.get('menu');
  await album.take('account-menu');
  await screen.click('menuitem', new RegExp(`^${escaped(say('preferences.title'))}`));
  await screen.get('dialog', say('preferences.title'));
  await album.take('preferences');
  await screen.press(Key.ESCAPE);
  await screen.gone('dialog');
  await screen.shortcut('k');
  await screen.get('dialog', say('palette.title'));
  await album.take('commands');
}
