import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { IntlMessageFormat } from 'intl-messageformat';
import { expect, test } from 'vitest';

import { sources } from '../test/files';
import english from './en';
import chinese from './zh-CN';

type Catalogue = Record<string, string>;

const files = (language: string): string[] =>
  readdirSync(join(import.meta.dirname, language)).filter((name) => name.endsWith('.json'));

function read(language: string): Catalogue {
  const rooms = files(language).map((name) => {
    const text = readFileSync(join(import.meta.dirname, language, name), 'utf8');
    return Object.entries(JSON.parse(text) as Catalogue);
  });
  return Object.fromEntries(rooms.flat());
}

const en = read('en');
const zh = read('zh-CN');
const code = sources()
  .map(({ text }) => text)
  .join('\n');

interface Node {
  type: number;
  value?: string;
  children?: Node[];
  options?: Record<string, { value: Node[] }>;
}

const LITERAL = 0;
const POUND = 7;

/** The names of a message's arguments. Throws where the message is not well formed. */
function argumentsOf(message: string, language: string): Set<string> {
  const names = new Set<string>();
  const visit = (nodes: Node[]): void => {
    for (const node of nodes) {
      if (node.type !== LITERAL && node.type !== POUND && node.value) names.add(node.value);
      visit(node.children ?? []);
      for (const option of Object.values(node.options ?? {})) visit(option.value);
    }
  };
  visit(new IntlMessageFormat(message, language).getAst() as Node[]);
  return names;
}

test('every file of words is used, and no key stands in two of them', () => {
  for (const [language, known] of [
    ['en', english],
    ['zh-CN', chinese],
  ] as const) {
    expect(Object.keys(known).sort()).toEqual(Object.keys(read(language)).sort());
    const count = files(language).map((name) => {
      const text = readFileSync(join(import.meta.dirname, language, name), 'utf8');
      return Object.keys(JSON.parse(text) as Catalogue).length;
    });
    expect(count.reduce((sum, one) => sum + one, 0)).toBe(Object.keys(known).length);
  }
});

test('both languages have the same keys', () => {
  expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
});

test('both languages take the same arguments', () => {
  for (const [key, message] of Object.entries(en)) {
    expect(argumentsOf(zh[key] ?? '', 'zh-CN'), key).toEqual(argumentsOf(message, 'en'));
  }
});

test('no message is empty, and none was left in English', () => {
  // Names that both languages write alike.
  const alike = new Set(Object.keys(en).filter((key) => !/\p{Script=Han}/u.test(zh[key] ?? '')));
  for (const key of alike) expect(zh[key], key).toBe(en[key]);
  for (const [key, message] of Object.entries(en)) expect(message.trim(), key).not.toBe('');
});

test('no key is unused', () => {
  const unused = Object.keys(en).filter((key) => !code.includes(`'${key}'`));
  expect(unused).toEqual([]);
});

test('a message with arguments is never asked for without them', () => {
  const bare = [...code.matchAll(/\bt\(\s*'([^']+)'\s*,?\s*\)/g)].map((match) => match[1] ?? '');
  const wrong = bare.filter((key) => en[key] && argumentsOf(en[key], 'en').size > 0);
  expect(wrong).toEqual([]);
});
