import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { HostError } from '$ui/ipc';

import { Attempt } from './attempt.svelte';
import { endSignIn, wantedSignIn } from './sign-in.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const slow = (retryAfterMs: number) => () =>
  Promise.reject(new HostError({ code: 'rate-limited', retryAfterMs }));

it('counts down what the server asks to wait, and runs nothing until then', async () => {
  const attempt = new Attempt(() => 'plant');
  expect(await attempt.run(slow(2500))).toBe(false);
  expect(attempt.labelled('Save')).toBe('Save (3 s)');
  const change = vi.fn(() => Promise.resolve());
  expect(await attempt.run(change)).toBe(false);
  await vi.advanceTimersByTimeAsync(1000);
  expect(attempt.labelled('Save')).toBe('Save (2 s)');
  await vi.advanceTimersByTimeAsync(2000);
  expect(attempt.labelled('Save')).toBe('Save');
  expect(change).not.toHaveBeenCalled();
  expect(await attempt.run(change)).toBe(true);
  expect(attempt.failure).toBeNull();
  expect(vi.getTimerCount()).toBe(0);
});

it('runs one change at a time', async () => {
  const attempt = new Attempt(() => 'plant');
  let answer: () => void = () => undefined;
  const first = attempt.run(() => new Promise<void>((resolve) => (answer = resolve)));
  expect(attempt.busy).toBe(true);
  expect(await attempt.run(() => Promise.resolve())).toBe(false);
  answer();
  expect(await first).toBe(true);
  expect(attempt.busy).toBe(false);
});

it('asks for a sign-in of the account that it began with, and forgets that failure after it', async () => {
  let inFront = 'plant';
  const attempt = new Attempt(() => inFront);
  const ended = new HostError({ code: 'signed-out' });
  const run = attempt.run(() => Promise.reject(ended));
  inFront = 'other';
  await run;
  expect(wantedSignIn('plant')).toBeDefined();
  expect(wantedSignIn('other')).toBeUndefined();
  expect(attempt.failure).toBe(ended);
  endSignIn('plant', true);
  await vi.waitFor(() => expect(attempt.failure).toBeNull());
});
