import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { useHost } from '$ui/ipc';
import { createFakeHost } from '$ui/ipc/fake';

import { clearClipboardNow, clipboard, copySecret } from './clipboard.svelte';

const held = (clearsInMs: number | null) => () =>
  Promise.resolve({ holdsSecret: true, clearsInMs, clearFailed: false });

beforeEach(() => {
  vi.useFakeTimers();
  const fake = createFakeHost();
  // At once: the fake's own answer would wait for the clock that stands still.
  fake.clearClipboard = () =>
    Promise.resolve({ holdsSecret: false, clearsInMs: null, clearFailed: false });
  useHost(fake);
});
afterEach(async () => {
  await clearClipboardNow();
  vi.useRealTimers();
});

it('counts down to the moment at which the host clears it, and stops there', async () => {
  await copySecret('ci-build', held(2500));
  expect(clipboard.subject).toBe('ci-build');
  expect(clipboard.secondsLeft).toBe(3);
  await vi.advanceTimersByTimeAsync(2000);
  expect(clipboard.secondsLeft).toBe(1);
  await vi.advanceTimersByTimeAsync(5000);
  expect(clipboard.secondsLeft).toBe(0);
  expect(clipboard.holdsSecret, 'the host says when it is gone').toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

it('begins anew with the next copy', async () => {
  await copySecret('ci-build', held(10_000));
  await vi.advanceTimersByTimeAsync(4000);
  await copySecret('grafana', held(10_000));
  expect(clipboard.secondsLeft).toBe(10);
  await vi.advanceTimersByTimeAsync(1000);
  expect(clipboard.secondsLeft).toBe(9);
  expect(vi.getTimerCount()).toBe(1);
});

it('calls nothing copied that was not, and goes on with what is there', async () => {
  await copySecret('ci-build', held(10_000));
  const refused = new Error('refused');
  await expect(copySecret('grafana', () => Promise.reject(refused))).rejects.toBe(refused);
  expect(clipboard.subject).toBe('ci-build');
  expect(clipboard.secondsLeft).toBe(10);
});

it('has no countdown where it stays, nor once it was cleared', async () => {
  await copySecret('ci-build', held(10_000));
  await copySecret('ci-build', held(null));
  expect(clipboard.secondsLeft).toBeNull();
  expect(vi.getTimerCount()).toBe(0);
  await copySecret('ci-build', held(10_000));
  await clearClipboardNow();
  expect(clipboard.holdsSecret).toBe(false);
  expect(clipboard.secondsLeft).toBeNull();
});
