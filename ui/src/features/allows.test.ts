import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';

import { setLanguage } from '$ui/i18n/index.svelte';
import { SOURCE_ROOT } from '$ui/test/files';

import { allows, known } from './allows';
import { roleOptions } from './users/roles';

afterEach(() => setLanguage('en'));

/** The text of a Rust source, with the strings that go over several lines in one. */
const rust = (path: string): string =>
  readFileSync(join(SOURCE_ROOT, '../../crates', path), 'utf8').replace(/\\\n\s*/g, '');

it('translates what servers say, sentence by sentence', async () => {
  const said = rust('server/src/portal/capabilities.rs') + rust('providers/src/aimms/wire.rs');
  const sentences = Object.keys(known);
  expect(sentences.length).toBeGreaterThan(10);
  for (const sentence of sentences) {
    expect(said, 'no server says it any more').toContain(`"${sentence}"`);
    expect(allows(sentence)).toBe(sentence);
  }
  await setLanguage('zh-CN');
  for (const sentence of sentences) expect(allows(sentence)).toMatch(/\p{Script=Han}/u);
});

it('leaves what it does not know in the words of the server', async () => {
  await setLanguage('zh-CN');
  expect(allows('Brews coffee')).toBe('Brews coffee');
  expect(allows('')).toBe('');
});

it('says of a role that is not to be given what it allows, and that it is not', async () => {
  const fixed = (description: string) =>
    roleOptions([{ name: 'admin', description, grantable: false }])[0]?.hint;
  expect(fixed('See and edit users')).toBe(
    'See and edit users. You may neither give nor take this role.',
  );
  expect(fixed('Brews coffee.')).toBe('Brews coffee. You may neither give nor take this role.');
  expect(fixed('')).toBe('You may neither give nor take this role.');
  await setLanguage('zh-CN');
  expect(fixed('See and edit users')).toBe('查看和编辑用户。您无权授予或撤销此角色。');
});
