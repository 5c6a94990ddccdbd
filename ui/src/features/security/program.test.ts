import { expect, it } from 'vitest';

import { programName } from './program';

const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';

it.each([
  ['Keydesk/0.1.0 (Linux)', 'Keydesk 0.1.0 on Linux'],
  ['Keydesk/0.1.0', 'Keydesk 0.1.0'],
  ['curl/8.5.0', 'curl 8.5.0'],
  ['python-requests/2.31.0', 'python-requests 2.31.0'],
  [
    'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    'Firefox 128 on Linux',
  ],
  [`${CHROME} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0`, 'Microsoft Edge 126 on Windows'],
  ['Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18', 'Opera 12 on Windows'],
  ['  ', 'Unknown program'],
  ['our cron job', 'our cron job'],
  ['<b>bold</b>', '<b>bold</b>'],
])('%j is %s', (agent, name) => {
  expect(programName(agent)).toBe(name);
});

it('cuts a text that says nothing and does not end', () => {
  expect(programName('x'.repeat(100_000))).toBe(`${'x'.repeat(60)}…`);
});
