import { screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, test } from 'vitest';

import type { InstanceView } from '$ui/ipc';
import type { FakeHost } from '$ui/ipc/fake';
import { instance } from '$ui/ipc/fake-data';
import { adminInstance, aimmsInstance, organizationInstance } from '$ui/ipc/fake-servers';
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

describe('closing the window over a dialog', () => {
  const noted = (fake: FakeHost) =>
    fake.calls.findLast(({ method }) => method === 'noteUnsaved')?.args[0];

  const press = async (name: string) => user.click(await screen.findByRole('button', { name }));

  async function openTab(of: InstanceView, tab: string): Promise<FakeHost> {
    const fake = await openWindow({ instances: [of] });
    await ready();
    await user.click(screen.getByRole('tab', { name: tab }));
    return fake;
  }

  /** The window is asked to close, and what it asks is answered with the way back. */
  async function goBack(fake: FakeHost, question: string, words: string): Promise<HTMLElement> {
    await waitFor(() => expect(noted(fake)).toBe(true));
    fake.requestClose();
    const asked = await screen.findByRole('alertdialog', { name: question });
    await expectAccessible(asked);
    await user.click(within(asked).getByRole('button', { name: words }));
    await waitFor(() => expect(asked).not.toBeInTheDocument());
    expect(fake.calls.some(({ method }) => method === 'closeWindow')).toBe(false);
    return asked;
  }

  async function makeKey(fake: FakeHost, { keep }: { keep: boolean }): Promise<HTMLElement> {
    await press('New API key');
    const form = await screen.findByRole('dialog', { name: 'New API key' });
    await user.type(within(form).getByRole('textbox', { name: 'Key Name' }), 'deploy');
    await user.click(within(form).getByRole('checkbox', { name: 'Tasks' }));
    if (!keep) await user.click(within(form).getByRole('checkbox', { name: /^Keep a copy/ }));
    await waitFor(() => expect(noted(fake)).toBe(true));
    await press('Create');
    return screen.findByRole('dialog', { name: 'API key created' });
  }

  test('asks before what was entered is lost, and leaves it there', async () => {
    const fake = await openTab(instance(), 'API Key');
    await press('Add New API Key');
    const title = await screen.findByRole('textbox', { name: 'Title' });
    expect(noted(fake)).toBe(false);
    await user.type(title, 'deploy');
    await goBack(fake, 'Discard what you entered?', 'Keep editing');
    expect(title).toHaveValue('deploy');
    await waitFor(() => expect(title).toHaveFocus());

    await user.clear(title);
    await waitFor(() => expect(noted(fake)).toBe(false));
    await user.type(title, 'deploy');
    await waitFor(() => expect(noted(fake)).toBe(true));
    await user.keyboard('{Escape}');
    await press('Discard');
    await waitFor(() => expect(noted(fake)).toBe(false));
  });

  test('says of an edit behind it as well', async () => {
    const fake = await openTab(instance(), 'API Key');
    openDraft(instance().id, 'anything', () => ({ firstName: 'typed' }));
    await press('Add New API Key');
    await user.type(await screen.findByRole('textbox', { name: 'Title' }), 'deploy');
    const asked = await goBack(fake, 'Discard what you entered?', 'Keep editing');
    expect(asked).toHaveTextContent('would be lost. What you typed for Plant Hamburg is not saved');
  });

  test('asks before a key that is shown once is gone uncopied', async () => {
    const fake = await openTab(aimmsInstance, 'API Keys');
    const dialog = await makeKey(fake, { keep: false });
    const asked = await goBack(fake, 'Close without copying?', 'Back to the key');
    expect(asked).toHaveTextContent('the server will not show it again');
    expect(dialog).toBeInTheDocument();
    await user.click(within(dialog).getByRole('button', { name: 'Copy' }));
    await waitFor(() => expect(noted(fake)).toBe(false));
  });

  test('asks before a key goes that is kept until Keydesk quits', async () => {
    const fake = await openTab(aimmsInstance, 'API Keys');
    fake.kept = { kind: 'untilQuit' };
    await makeKey(fake, { keep: true });
    const asked = await goBack(fake, 'Close without copying?', 'Back to the key');
    expect(asked).not.toHaveTextContent('You can still copy it');
  });

  test('does not ask over a key that can be copied later', async () => {
    const fake = await openTab(aimmsInstance, 'API Keys');
    await makeKey(fake, { keep: true });
    await waitFor(() => expect(noted(fake)).toBe(false));
  });

  test('asks before recovery codes are gone that are not stored', async () => {
    const fake = await openTab(organizationInstance, 'Security');
    await press('Enable MFA');
    const form = await screen.findByRole('dialog', { name: 'Enable MFA' });
    await user.type(within(form).getByLabelText('Password'), 'right');
    await press('Continue');
    await user.type(await within(form).findByLabelText('Code'), '123456{Enter}');
    const dialog = await screen.findByRole('dialog', { name: 'MFA is enabled' });
    await goBack(fake, 'Close without storing the codes?', 'Back to the codes');
    await user.click(within(dialog).getByRole('checkbox'));
    await waitFor(() => expect(noted(fake)).toBe(false));
  });
});
