import { screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { instance, otherInstances } from '$ui/ipc/fake-data';
import { openDraft } from '$ui/state/drafts.svelte';
import { refresh } from '$ui/state/query';
import { expectAccessible } from '$ui/test/axe';
import { inFront, openWindow } from '$ui/test/world';

const user = userEvent.setup();
const all = [instance(), ...otherInstances];

async function ready(): Promise<void> {
  await screen.findByText('Connected');
}

/** An item of the open menu. jsdom lays nothing out: what floats has no place, and is hidden. */
async function item(words: string): Promise<HTMLElement> {
  const items = await screen.findAllByRole('menuitem', { hidden: true });
  const found = items.find((one) => one.textContent.includes(words));
  if (!found) throw new Error(`no item ${words}`);
  return found;
}

test('the frame passes axe, with its menus open too', async () => {
  await openWindow({ instances: all });
  await ready();
  await expectAccessible();
  await user.click(screen.getByRole('button', { name: /^Account menu/ }));
  await expectAccessible(await screen.findByRole('menu', { hidden: true }));
});

test('the switcher brings another account to the front and says how its server is reached', async () => {
  await openWindow({ instances: all });
  await ready();
  await user.click(screen.getByRole('button', { name: /switch account/ }));
  const lab = await item('laboratory');
  expect(within(lab).getByLabelText('Not encrypted')).toBeInTheDocument();
  await user.click(lab);
  await waitFor(() => expect(inFront()).toMatch(/laboratory/));
});

test('tabs are drawn from what the server can do', async () => {
  const fake = await openWindow({ instances: [instance()] });
  fake.server('plant').account.capabilities.secondFactor.manage = { state: 'absent' };
  await ready();
  await waitFor(() => expect(screen.queryByRole('tab', { name: 'MFA' })).toBeNull());
  expect(screen.getByRole('tab', { name: 'API Key' })).toBeVisible();
});

test('Ctrl and a number open a tab, Ctrl+K the commands, and Enter runs one', async () => {
  await openWindow({ instances: all });
  await ready();
  await user.keyboard('{Control>}2{/Control}');
  expect(screen.getByRole('tab', { name: 'API Key' })).toHaveAttribute('aria-selected', 'true');
  await user.keyboard('{Control>}k{/Control}');
  const input = await screen.findByRole('combobox', { name: 'Search commands and accounts' });
  await waitFor(() => expect(input).toHaveFocus());
  await expectAccessible(screen.getByRole('dialog'));
  await user.keyboard('fleet{Enter}');
  await waitFor(() => expect(inFront()).toBe('Fleet analytics'));
});

test('many requests that fail for one reason open one sheet, and what was typed is kept', async () => {
  const fake = await openWindow({ instances: [instance()] });
  await ready();
  const draft = openDraft('plant', 'anything', () => ({ firstName: 'typed' }));
  fake.fail('account', { code: 'signed-out' }, 2);
  fake.fail('apiKeys', { code: 'signed-out' }, 2);
  await Promise.all([refresh('plant'), refresh('plant', 'account')]);
  const sheet = await screen.findByRole('dialog', { name: 'Sign in to Plant Hamburg' });
  expect(screen.getAllByRole('dialog')).toHaveLength(1);
  fake.fail('account', { code: 'signed-out' }, 0);
  await user.type(within(sheet).getByLabelText('Password'), 'secret{Enter}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await ready();
  expect(draft.firstName).toBe('typed');
});

test('a sheet that was put off does not come back by itself, and there is a way back to it', async () => {
  const fake = await openWindow({ instances: [instance()] });
  fake.fail('account', { code: 'signed-out' }, 99);
  await refresh('plant');
  await user.click(await screen.findByRole('button', { name: 'Not now' }));
  await refresh('plant');
  expect(screen.queryByRole('dialog')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByRole('dialog', { name: /^Sign in to/ })).toBeVisible();
});

test('when the server goes away the data stays, with what happened and a way to try again', async () => {
  const fake = await openWindow({ instances: [instance()] });
  await ready();
  fake.fail('account', { code: 'connection-refused' });
  await refresh('plant', 'account');
  expect(await screen.findByText('Nothing is listening at this address.')).toBeVisible();
  expect(screen.getByText('Your session and everything you typed are kept.')).toBeVisible();
  expect(screen.getByRole('tab', { name: 'Profile', selected: true })).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await ready();
  expect(screen.queryByText('Nothing is listening at this address.')).toBeNull();
});

test('signing out says so and offers to sign in again', async () => {
  const fake = await openWindow({ instances: [instance()] });
  await ready();
  await user.click(screen.getByRole('button', { name: /^Account menu/ }));
  await user.click(await item('Sign out'));
  expect(await screen.findByText('Signed out of Plant Hamburg')).toBeVisible();
  expect(await screen.findByRole('heading', { name: 'You are signed out' })).toBeVisible();
  expect(fake.calls.some(({ method }) => method === 'signOut')).toBe(true);
});

test('without a keyring the person chooses to keep the sign-in until they quit', async () => {
  const fake = await openWindow({ instances: [instance()] });
  fake.keyring = { problem: 'keyring-unavailable', untilQuit: false, waiting: false };
  expect(await screen.findByText('No system keyring is running')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Keep until I quit' }));
  await waitFor(() => expect(screen.queryByText('No system keyring is running')).toBeNull());
  expect(screen.getByText('Kept until you quit')).toBeVisible();
});

test('an edit lives through tabs and accounts, and its tab is marked meanwhile', async () => {
  await openWindow({ instances: all });
  await ready();
  await user.click(await screen.findByRole('button', { name: 'Edit' }));
  // The mark comes with the edit; the form must not be built anew for it.
  await waitFor(() => expect(screen.getByRole('textbox', { name: 'First Name' })).toHaveFocus());
  const tab = screen.getByRole('tab', { name: 'Profile' });
  await waitFor(() => expect(tab).toHaveAccessibleDescription('Unsaved changes'));
  await user.keyboard(' Ann');

  await user.keyboard('{Control>}2{/Control}');
  await screen.findByRole('button', { name: 'Add New API Key' });
  await user.click(screen.getByRole('button', { name: /switch account/ }));
  await user.click(await item('laboratory'));
  await waitFor(() => expect(inFront()).toMatch(/laboratory/));
  expect(screen.getByRole('tab', { name: 'Profile' })).not.toHaveAccessibleDescription();

  await user.click(screen.getByRole('button', { name: /switch account/ }));
  await user.click(await item('Plant Hamburg'));
  await waitFor(() => expect(inFront()).toBe('Plant Hamburg'));
  await user.keyboard('{Control>}1{/Control}');
  expect(await screen.findByRole('textbox', { name: 'First Name' })).toHaveValue('Marlene Ann');
});
