import { render, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';

import { HostError } from '$ui/ipc';

import ErrorBanner from './ErrorBanner.svelte';

test('what has to wait counts down and can then be pressed', async () => {
  vi.useFakeTimers();
  try {
    const retry = vi.fn();
    const error = new HostError({ code: 'rate-limited', retryAfterMs: 4000 });
    render(ErrorBanner, { error, actions: { retry } });
    expect(screen.getByRole('button', { name: 'Try again (4 s)' })).toBeDisabled();
    await vi.advanceTimersByTimeAsync(2000);
    expect(screen.getByRole('button', { name: 'Try again (2 s)' })).toBeDisabled();
    await vi.advanceTimersByTimeAsync(2000);
    const button = screen.getByRole('button', { name: 'Try again' });
    expect(button).toBeEnabled();
    button.click();
    expect(retry).toHaveBeenCalledOnce();
  } finally {
    vi.useRealTimers();
  }
});
