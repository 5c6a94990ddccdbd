import { expect, test } from 'vitest';

import { sources } from '../test/files';

test('components name tokens and write no colour of their own', () => {
  const literal = /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(/i;
  const offenders = sources()
    .filter(({ path }) => path.endsWith('.svelte'))
    .filter(({ text }) => literal.test(/<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? ''))
    .map(({ path }) => path);
  expect(offenders).toEqual([]);
});
