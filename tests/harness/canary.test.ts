import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { search, searchFolder, spellings } from './canary';
import { Home } from './home';

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
      expect(search('file', file, { password: secret })).not.toEqual([]);
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

  test('and tells its name, never its value', () => {
    const found = search('file', Buffer.from(secret), { password: secret });
    expect(JSON.stringify(found)).not.toContain(secret);
  });
});
