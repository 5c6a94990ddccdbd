import { screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';

import { instance } from '$ui/ipc/fake-data';
import { adminInstance } from '$ui/ipc/fake-servers';
import { closeDrafts, openDraft } from '$ui/state/drafts.svelte';
import { expectAccessible } from '$ui/test/axe';
import { item, ready } from '$ui/test/frame';
import { openWindow } from '$ui/test/world';

const user = userEvent.setup();

beforeEach(() => {
  for (const { id } of [instance(), adminInstance]) closeDrafts(id);
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

test('signing out asks where edits and kept keys would be lost', async () => {
  const fake = await openWindow({ instances: [{ ...adminInstance, keptKeys: ['k-0', 'k-1'] }] });
  await ready();
  openDraft('admin', 'anything', () => ({ firstName: 'typed' }));
  await user.click(screen.getByRole('button', { name: /^Account menu/ }));
  await user.click(await item('Sign out'));
  const dialog = await screen.findByRole('alertdialog', {
    name: 'Sign out of Northwind admin portal?',
  });
  expect(dialog).toHaveTextContent('What you typed and did not save is lost.');
  expect(dialog).toHaveTextContent('2 keys kept on this computer are removed from it.');
  await expectAccessible(dialog);
  await user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
  expect(fake.calls.some(({ method }) => method === 'signOut')).toBe(false);

  await user.click(screen.getByRole('button', { name: /^Account menu/ }));
  await user.click(await item('Sign out'));
  await user.click(
    within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Sign out' }),
  );
  expect(await screen.findByText('Signed out of Northwind admin portal')).toBeVisible();
});

test('closing the window asks where something typed would be lost, and only there', async () => {
  const fake = await openWindow({ instances: [instance()] });
  await ready();
  const noted = () => fake.calls.findLast(({ method }) => method === 'noteUnsaved')?.args[0];
  expect(noted()).toBe(false);
  await user.click(await screen.findByRole('button', { name: 'Edit' }));
  expect(noted()).toBe(false);
  await user.type(screen.getByRole('textbox', { name: 'First Name' }), ' Ann');
  await waitFor(() => expect(noted()).toBe(true));

  fake.requestClose();
  const dialog = await screen.findByRole('alertdialog', { name: 'Close with unsaved edits?' });
  expect(dialog).toHaveTextContent('Plant Hamburg');
  expect(fake.calls.some(({ method }) => method === 'holdClose')).toBe(true);
  await user.click(within(dialog).getByRole('button', { name: 'Back to the edit' }));
  expect(fake.calls.some(({ method }) => method === 'closeWindow')).toBe(false);
  expect(screen.getByRole('textbox', { name: 'First Name' })).toHaveValue('Marlene Ann');
  await waitFor(() => expect(screen.getByRole('textbox', { name: 'First Name' })).toHaveFocus());

  fake.requestClose();
  await user.click(await screen.findByRole('button', { name: 'Close anyway' }));
  expect(fake.calls.at(-1)?.method).toBe('closeWindow');
});
