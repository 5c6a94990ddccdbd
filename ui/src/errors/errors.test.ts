import { expect, test } from 'vitest';

import { HostError, type ErrorCode } from '$ui/ipc';

import { asHostError, asksForSignIn, belongsToField, explain, fieldError } from '.';
import { errorTable } from './table';

const codes = Object.keys(errorTable) as ErrorCode[];

test.each(codes)('%s says what happened and what it means, without a code number', (code) => {
  const { title, meaning, tone, action, actionLabel } = explain(
    new HostError({ code, message: 'label' }),
  );
  expect(title).toMatch(/[.]$/);
  expect(meaning.length).toBeGreaterThan(10);
  expect(`${title} ${meaning}`).not.toMatch(/\b[1-5]\d\d\b|\{|undefined/);
  if (tone !== 'notice' && action) expect(actionLabel).toBeTruthy();
});

test('the server’s own sentence is passed on where there is one', () => {
  const failure = new HostError({ code: 'input-refused', detail: 'Name is reserved.' });
  expect(explain(failure).meaning).toBe('The server says: Name is reserved.');
  expect(explain(new HostError({ code: 'input-refused' })).meaning).toBe('Nothing was changed.');
});

test('a failure is told beside its field, or in a banner, never in both', () => {
  const failure = new HostError({ code: 'title-taken', field: 'title' });
  expect(fieldError(failure, 'title')).toBe('Another key already has this title.');
  expect(fieldError(failure, 'expiration')).toBeUndefined();
  expect(belongsToField(failure, ['title'])).toBe(true);
  expect(belongsToField(failure, ['expiration'])).toBe(false);
});

test('a code that this interface does not know is told as a defect, with its name to copy', () => {
  const failure = new HostError({ code: 'from-the-future' as ErrorCode, message: 'new' });
  expect(explain(failure).title).toBe(explain(new HostError({ code: 'internal' })).title);
  expect(explain(failure).details).toContain('from-the-future');
});

test('what was thrown by accident is a defect; what ended a session asks for a sign-in', () => {
  expect(asHostError(new TypeError('x is undefined')).code).toBe('internal');
  for (const code of ['signed-out', 'api-key-refused', 'cloud-tokens-refused'] as const) {
    expect(asksForSignIn(new HostError({ code }))).toBe(true);
  }
  expect(asksForSignIn(new HostError({ code: 'wrong-credentials' }))).toBe(false);
});
