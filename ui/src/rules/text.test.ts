import { describe, expect, it } from 'vitest';

import { characters, isEmail, isPhone, textProblem, titleKey } from './text';

const LINE = { required: false, maximumLength: 10 };

describe('text', () => {
  it('counts characters as servers do, not UTF-16 units', () => {
    expect(characters('李李')).toBe(2);
    expect(characters('👩🔬')).toBe(2);
    expect(characters('\ud83d')).toBe(1);
    expect(characters('')).toBe(0);
  });

  it('tells what is wrong with a text', () => {
    expect(textProblem('  Jane  ', LINE)).toBeUndefined();
    expect(textProblem('12345678901', LINE)).toBe('too-long');
    expect(textProblem('x'.repeat(10_000), LINE)).toBe('too-long');
    expect(textProblem('  1234567890  ', LINE)).toBeUndefined();
    expect(textProblem(' \t\n', { ...LINE, required: true })).toBe('required');
    expect(textProblem('', LINE)).toBeUndefined();
  });

  it.each(['a\0b', 'a\u001bb', 'a\u007fb', 'a\u0085b', 'a\nb', 'a\tb', '\u202eevil', 'a\u2066b'])(
    'refuses control characters and direction overrides: %j',
    (bad) => expect(textProblem(bad, LINE)).toBe('forbidden-characters'),
  );

  it.each(['ليلى', 'דוד', '👩\u200d🔬'])('takes names in any script: %s', (name) =>
    expect(textProblem(name, LINE)).toBeUndefined(),
  );

  it('lets a description hold line breaks and tabs, and nothing else', () => {
    const lines = { ...LINE, multiline: true };
    expect(textProblem('a\r\nb\tc', lines)).toBeUndefined();
    expect(textProblem('a\bb', lines)).toBe('forbidden-characters');
  });
});

describe('telephone numbers', () => {
  it.each(['', '+49 (0)30 123-45.67', '+8613800138000', ' 110 '])('takes %j', (number) =>
    expect(isPhone(number)).toBe(true),
  );

  it.each(['call me', '+', '1+2', '++49', '٣٤', '12;34', '1'.repeat(33)])('refuses %j', (number) =>
    expect(isPhone(number)).toBe(false),
  );
});

describe('titles', () => {
  it.each([
    ['CI build', 'ci  BUILD '],
    ['ci-build', 'ci\u200b-build'],
    ['ci-build', 'ci-\u00adbuild\ufeff'],
    ['ci-build', 'ｃｉ－ｂｕｉｌｄ'],
    ['straße', 'STRASSE'],
    ['é', 'e\u0301'],
    ['a b', 'a\u00a0\u2003b'],
    ['x', '\u3164x\u2800'],
    ['ΟΔΟΣ', 'οδος'],
  ])('that look the same have the same key: %j and %j', (one, other) =>
    expect(titleKey(one)).toBe(titleKey(other)),
  );

  it.each([
    ['ci-build', 'ci build'],
    ['key 1', 'key 2'],
    ['ı', 'i'],
  ])('that look different have different keys: %j and %j', (one, other) =>
    expect(titleKey(one)).not.toBe(titleKey(other)),
  );

  it('have keys that are their own keys', () => {
    for (const title of ['CI  Build', 'straße', 'ΟΔΟΣ', 'ｃｉ\u200b ﬁ', 'İ']) {
      expect(titleKey(titleKey(title))).toBe(titleKey(title));
    }
  });
});

describe('email addresses', () => {
  it.each(['', ' ada@example.com ', 'a.b+c@sub.example', '王@例子.中国'])('takes %j', (typed) => {
    expect(isEmail(typed)).toBe(true);
  });

  it.each(['ada', 'ada@', '@example.com', 'a b@example.com', 'a@b@c', '<a@b>', '"a"@b'])(
    'refuses %j',
    (typed) => {
      expect(isEmail(typed)).toBe(false);
    },
  );
});
