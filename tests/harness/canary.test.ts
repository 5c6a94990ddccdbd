import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { search, searchEverywhere, searchFolder, spellings } from './canary';
import { Home } from './home';
import { story } from './story';
import { Desk } from './window';

describe('the scanner finds what was planted', () => {
  const secret = `Pä$$/"wörd+${randomBytes(8).toString('hex')}?&`;
  let home: Home;

  beforeEach(() => {
    home = new Home();
  });
  afterEach(() => {
    home.remove();
  });

  test.each([...spellings(secret)])('spelled as %s', (spelling, spelled) => {
    const file = Buffer.concat([Buffer.from('before '), spelled, Buffer.from(' after')]);
    const found = search('file', file, { password: secret }).map((finding) => finding.spelling);
    expect(found).toContain(spelling);
  });

  test.each([0, 1, 2, 3, 7])('in base64 of a longer text, %i bytes from its start', (before) => {
    const text = Buffer.concat([randomBytes(before), Buffer.from(secret), randomBytes(9)]);
    for (const encoding of ['base64', 'base64url'] as const) {
      const file = Buffer.from(text.toString(encoding));
      const found = search('file', file, { password: secret });
      expect(found.some(({ spelling }) => spelling.startsWith(`${encoding}+`))).toBe(true);
    }
  });

  test.each(['config/keydesk/deep/down', 'data', 'cache', 'state', 'tmp', '.'])(
    'in a file under %s',
    (folder) => {
      mkdirSync(join(home.path, folder), { recursive: true });
      writeFileSync(join(home.path, folder, 'file.bin'), randomBytes(100_000));
      expect(searchFolder(home.path, { password: secret })).toEqual([]);
      writeFileSync(join(home.path, folder, '.hidden'), `token=${secret}`);
      expect(searchFolder(home.path, { password: secret })).not.toEqual([]);
    },
  );

  test('in the name of a file', () => {
    writeFileSync(join(home.path, 'data', 'plain-secret-value'), '');
    expect(searchFolder(home.path, { token: 'plain-secret-value' })).not.toEqual([]);
  });

  test('among files that come and go', async () => {
    writeFileSync(join(home.path, 'data', 'stays'), secret);
    const busy = spawn('sh', [
      ...['-c', 'while :; do mkdir -p "$0/a" && : > "$0/a/b" && rm -r "$0/a"; done'],
      join(home.path, 'data'),
    ]);
    try {
      await once(busy, 'spawn');
      for (const until = Date.now() + 2_000; Date.now() < until;) {
        expect(searchFolder(home.path, { password: secret })).not.toEqual([]);
      }
    } finally {
      busy.kill('SIGKILL');
      await once(busy, 'close');
    }
  });

  test('and tells its name, never its value', () => {
    const found = search('file', Buffer.from(secret), { password: secret });
    expect(JSON.stringify(found)).not.toContain(secret);
  });
});

describe('the scanner finds what a running app would have shown', () => {
  const secret = `planted-${randomBytes(12).toString('hex')}`;
  const places = async (desk: Desk): Promise<string[]> =>
    (await searchEverywhere(desk, { secret })).map(({ place }) => place);

  /** Puts the secret where a page could have left it. */
  const PLANTS = {
    'its markup': `document.body.append(Object.assign(document.createElement('p'), { hidden: true, textContent: secret }))`,
    'a field': `document.body.append(Object.assign(document.createElement('input'), { value: secret }))`,
    'its storage': `localStorage.setItem('note', secret)`,
    'the storage of the session': `sessionStorage.setItem('note', secret)`,
    'its history': `history.replaceState({ secret }, '')`,
  };
  story('in the page', async ({ desk }) => {
    const { driver } = desk;
    expect(await places(desk)).toEqual([]);
    for (const [where, plant] of Object.entries(PLANTS)) {
      await driver.executeScript(`const [secret] = arguments; ${plant};`, secret);
      expect(await places(desk), where).toContain('the page');
      await driver.navigate().refresh();
      await driver.executeScript(
        `localStorage.clear(); sessionStorage.clear(); history.replaceState(null, '');`,
      );
    }
  });

  story('in environments and the log', async () => {
    const desk = new Desk(undefined, { PLANTED: secret });
    try {
      await desk.open();
      const found = await places(desk);
      // The app, what draws its page, and the driver between us and them.
      expect(desk.processes.length).toBeGreaterThan(2);
      for (const pid of desk.processes) {
        expect(found).toContain(`environment of ${pid}`);
      }
      appendFileSync(desk.home.log, `a line with ${secret}\n`);
      expect(await places(desk)).toContain(desk.home.log);
    } finally {
      await desk.end();
      desk.home.remove();
    }
  });
});
