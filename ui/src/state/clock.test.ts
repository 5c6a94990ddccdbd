import { focusManager } from '@tanstack/svelte-query';
import { expect, it, vi } from 'vitest';

it('moves by itself, and asks for what is old when the computer slept', async () => {
  vi.useFakeTimers();
  const { clock } = await import('./clock.svelte');
  const asked = vi.spyOn(focusManager, 'onFocus');
  const start = Date.now();
  vi.advanceTimersByTime(90_000);
  expect(clock.now).toBe(start + 90_000);
  expect(asked).not.toHaveBeenCalled();
  // Timers stand still in sleep, and the time of day goes on.
  vi.setSystemTime(start + 3_600_000);
  vi.advanceTimersByTime(30_000);
  expect(clock.now).toBe(start + 3_630_000);
  expect(asked).toHaveBeenCalledTimes(1);
  vi.useRealTimers();
});
