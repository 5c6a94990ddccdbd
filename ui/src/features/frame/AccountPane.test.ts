/** What is said of an account that could not be heard. */
import { render, screen } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';

import { HostError, useHost } from '$ui/ipc';
import { createFakeHost } from '$ui/ipc/fake';
import { instance } from '$ui/ipc/fake-data';
import { noteKeyring } from '$ui/state/keyring.svelte';

import AccountPane from './AccountPane.svelte';

const fake = createFakeHost({ instances: [instance()] });

async function show(failure: HostError): Promise<void> {
  useHost(fake);
  await noteKeyring();
  const account = undefined;
  render(AccountPane, {
    props: {
      instance: instance(),
      account,
      failure,
      signedOut: false,
      onretry: () => undefined,
      retrying: false,
    },
  });
}

afterEach(async () => {
  fake.keyring = { problem: null, untilQuit: false, waiting: false };
  await noteKeyring();
});

test('what the keyring keeps from an account that was never heard is said once', async () => {
  fake.keyring = { problem: 'keyring-locked', untilQuit: false, waiting: false };
  await show(new HostError({ code: 'keyring-locked' }));
  expect(screen.getByText('The keyring is locked')).toBeVisible();
  expect(screen.queryByText('The keyring is locked, or its prompt was declined.')).toBeNull();
  expect(screen.getAllByRole('button', { name: 'Keep until I quit' })).toHaveLength(1);
});

test('what is no matter of the keyring is said beside its notice', async () => {
  fake.keyring = { problem: 'keyring-locked', untilQuit: false, waiting: false };
  await show(new HostError({ code: 'timed-out' }));
  expect(screen.getByText('The keyring is locked')).toBeVisible();
  expect(screen.getByText('The server did not answer in time.')).toBeVisible();
});
