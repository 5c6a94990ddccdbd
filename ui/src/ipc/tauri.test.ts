import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, expect, test } from 'vitest';

import { createFakeHost } from './fake';
import { HostError } from './host';
import { tauriHost } from './tauri';

/** What Tauri puts into its page. */
interface Internals {
  runCallback(id: number, data: unknown): void;
}

afterEach(clearMocks);

test('an answer comes through as it is', async () => {
  mockIPC((command, args) => ({ command, args }));
  expect(await tauriHost.account('plant', null)).toEqual({
    command: 'account',
    args: { instance: 'plant', organization: null },
  });
  expect(await tauriHost.keyringStatus()).toMatchObject({ command: 'keyring_status' });
});

test('a long list of keys is put together from its parts, in whichever order they come', async () => {
  const key = (id: string) => ({ id });
  const deliver = (parts: unknown, index: number, message: unknown) =>
    (window as unknown as { __TAURI_INTERNALS__: Internals }).__TAURI_INTERNALS__.runCallback(
      (parts as { id: number }).id,
      { index, message },
    );
  mockIPC((_, args) => {
    const { parts } = args as { parts: unknown };
    deliver(parts, 1, [key('d')]);
    setTimeout(() => deliver(parts, 0, [key('b'), key('c')]));
    return { keys: [key('a')], more: 3, serverTime: 7, organization: null };
  });
  expect(await tauriHost.apiKeys('plant', null)).toEqual({
    keys: [key('a'), key('b'), key('c'), key('d')],
    serverTime: 7,
    organization: null,
  });
});

test('a refusal becomes an error with its code, field and waiting time', async () => {
  mockIPC(() => {
    throw { code: 'rate-limited', message: 'slow', field: null, retryAfterMs: 4000, detail: null };
  });
  const failure = await tauriHost.account('plant', null).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(HostError);
  expect(failure).toMatchObject({ code: 'rate-limited', retryAfterMs: 4000 });
});

test('a broken boundary is a defect of Keydesk, not of the server', async () => {
  mockIPC(() => {
    throw new Error('command not allowed');
  });
  const failure = await tauriHost.start().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'internal' });
});

test('the fake has every command of the real host, and no others', () => {
  const own = ['fail', 'calls', 'server', 'keyring', 'kept', 'requestClose'];
  const names = (host: object) => Object.keys(host).filter((name) => !own.includes(name));
  expect(names(createFakeHost()).sort()).toEqual(names(tauriHost).sort());
});
