import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, expect, test } from 'vitest';

import { createFakeHost } from './fake';
import { HostError } from './host';
import { tauriHost } from './tauri';

afterEach(clearMocks);

test('an answer comes through as it is', async () => {
  mockIPC((command, args) => ({ command, args }));
  expect(await tauriHost.account('plant', null)).toEqual({
    command: 'account',
    args: { instance: 'plant', organization: null },
  });
  expect(await tauriHost.keyringStatus()).toMatchObject({ command: 'keyring_status' });
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
