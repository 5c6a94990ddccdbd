import { screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { instance, otherInstances } from '$ui/ipc/fake-data';
import type { FakeHost } from '$ui/ipc/fake';
import { openDraft } from '$ui/state/drafts.svelte';
import { expectAccessible } from '$ui/test/axe';
import { ready } from '$ui/test/frame';
import { openWindow } from '$ui/test/world';

const user = userEvent.setup();

async function openPreferences(first = instance()): Promise<FakeHost> {
  const fake = await openWindow({ instances: [first, ...otherInstances] });
  await screen.findByText('Connected');
  await user.keyboard('{Control>},{/Control}');
  await screen.findByRole('dialog', { name: 'Preferences' });
  return fake;
}

test('preferences pass axe', async () => {
  await openPreferences();
  await expectAccessible(screen.getByRole('dialog'));
});

test('the language changes at once, in what is open, and loses nothing typed', async () => {
  const fake = await openPreferences();
  const draft = openDraft('plant', 'x', () => ({ text: 'typed' }));
  await user.click(screen.getByRole('button', { name: 'Rename Fleet analytics' }));
  await user.type(screen.getByRole('textbox', { name: 'Name' }), ' 2');
  await user.selectOptions(screen.getByRole('combobox', { name: 'Language' }), '简体中文');
  expect(await screen.findByRole('dialog', { name: '偏好设置' })).toBeVisible();
  expect(screen.getByRole('textbox', { name: '名称' })).toHaveValue('Fleet analytics 2');
  expect(draft.text).toBe('typed');
  expect(document.documentElement.lang).toBe('zh-CN');
  expect(fake.calls.at(-1)).toMatchObject({ args: [{ language: 'zh-cn' }] });
});

test('a name is typed as soon as renaming is asked for, and the focus comes back', async () => {
  await openPreferences();
  const rename = () => screen.getByRole('button', { name: 'Rename Fleet analytics' });
  await user.click(rename());
  expect(screen.getByRole('textbox', { name: 'Name' })).toHaveFocus();
  await user.keyboard('Fleet{Escape}');
  await waitFor(() => expect(rename()).toHaveFocus());
  expect(screen.getByRole('dialog', { name: 'Preferences' })).toBeVisible();
  await user.keyboard('{Enter}');
  await user.keyboard('Fleet{Enter}');
  await waitFor(() => expect(screen.getByRole('button', { name: 'Rename Fleet' })).toHaveFocus());
});

test('the focus stays in the list when an account has been removed from it', async () => {
  await openPreferences();
  await user.click(screen.getByRole('button', { name: 'Remove Fleet analytics' }));
  await user.click(
    within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Remove' }),
  );
  await waitFor(() => expect(document.activeElement).toHaveAccessibleName(/^Rename /));
});

test('the theme changes at once and is saved', async () => {
  const fake = await openPreferences();
  await user.click(screen.getByRole('radio', { name: 'Dark' }));
  expect(document.documentElement.dataset.theme).toBe('dark');
  await waitFor(() => expect(fake.calls.at(-1)).toMatchObject({ args: [{ theme: 'dark' }] }));
  await user.click(screen.getByRole('radio', { name: 'System' }));
  expect(document.documentElement.dataset.theme).toBeUndefined();
});

test('clearing the clipboard can be set from 10 seconds to never', async () => {
  const fake = await openPreferences();
  const select = screen.getByRole('combobox', { name: /Clear copied keys/ });
  await user.selectOptions(select, 'Never');
  await waitFor(() =>
    expect(fake.calls.at(-1)).toMatchObject({ args: [{ clearClipboardAfterSeconds: null }] }),
  );
  await user.selectOptions(select, 'After 10 seconds');
  await waitFor(() =>
    expect(fake.calls.at(-1)).toMatchObject({ args: [{ clearClipboardAfterSeconds: 10 }] }),
  );
});

test('a failure to save is told, and the choice holds', async () => {
  const fake = await openPreferences();
  fake.fail('setPreferences', { code: 'configuration-read-only' });
  await user.click(screen.getByRole('radio', { name: 'Dark' }));
  expect(await screen.findByText('Keydesk cannot save its settings.')).toBeInTheDocument();
  expect(document.documentElement.dataset.theme).toBe('dark');
});

test('removing an account asks, names it, and leaves the others', async () => {
  const fake = await openPreferences();
  await user.click(screen.getByRole('button', { name: 'Remove Fleet analytics' }));
  const dialog = await screen.findByRole('alertdialog', { name: 'Remove Fleet analytics?' });
  expect(dialog).toHaveTextContent('m.brandt@fleet.example');
  await user.click(within(dialog).getByRole('button', { name: 'Remove' }));
  await waitFor(() =>
    expect(screen.queryByRole('button', { name: 'Remove Fleet analytics' })).toBeNull(),
  );
  expect(fake.calls.find(({ method }) => method === 'removeInstance')?.args).toEqual(['cloud']);
});

test('connection details say what an operation rests on', async () => {
  await openPreferences();
  await user.click(screen.getByRole('button', { name: 'Connection details of Plant Hamburg' }));
  await user.click(await screen.findByText('Operations in use'));
  const row = screen.getByRole('row', { name: /list-keys/ });
  expect(row).toHaveTextContent('GET /api/v1/users/api-keys');
  expect(row).toHaveTextContent('an assumption');
});

async function openDetails(): Promise<{ fake: FakeHost; details: HTMLElement }> {
  const fake = await openPreferences();
  await user.click(screen.getByRole('button', { name: 'Connection details of Plant Hamburg' }));
  const details = await screen.findByRole('region', { name: 'The server’s API' });
  return { fake, details };
}

test('the table of operations stays as the person opened or shut it', async () => {
  await openPreferences();
  await user.click(screen.getByRole('button', { name: 'Connection details of Plant Hamburg' }));
  const summary = await screen.findByText('Operations in use');
  const read = screen.getByRole('button', { name: 'Read the server’s description' });
  const details = summary.closest('details');
  await user.click(summary);
  await waitFor(() => expect(details).toHaveAttribute('open'));
  await user.click(read);
  await screen.findByText(/confirmed, .* found elsewhere/);
  expect(details).toHaveAttribute('open');
  await user.click(summary);
  await waitFor(() => expect(details).not.toHaveAttribute('open'));
  await user.click(read);
  await waitFor(() => expect(read).not.toHaveAttribute('aria-busy', 'true'));
  expect(details).not.toHaveAttribute('open');
});

test('the server’s description is read, and what it says stands in the table', async () => {
  const { details } = await openDetails();
  expect(details).toHaveTextContent('Not compared with a description yet');
  await user.click(within(details).getByRole('button', { name: 'Read the server’s description' }));
  expect(await within(details).findByText(/was compared with the description/)).toBeVisible();
  expect(details).toHaveTextContent(/Compared with TDengine IDMP API 1.0.14/);
  expect(details).toHaveTextContent('1 found elsewhere');
  const row = within(details).getByRole('row', { name: /list-keys/ });
  expect(row).toHaveTextContent('Found elsewhere');
  expect(row).toHaveTextContent('GET /api/v2/me/keys');
  expect(row).toHaveTextContent('title → name');
  await expectAccessible(details);
});

test('an operation found elsewhere is used after a question, and no longer after an undo', async () => {
  const { fake, details } = await openDetails();
  await user.click(within(details).getByRole('button', { name: 'Read the server’s description' }));
  await user.click(await within(details).findByRole('button', { name: 'Use this for list-keys' }));
  const dialog = await screen.findByRole('alertdialog', { name: 'Use this for list-keys?' });
  expect(dialog).toHaveTextContent('GET /api/v1/users/api-keys');
  expect(dialog).toHaveTextContent('GET /api/v2/me/keys');
  await user.click(within(dialog).getByRole('button', { name: 'Use this' }));
  const row = within(details).getByRole('row', { name: /list-keys/ });
  await waitFor(() => expect(row).toHaveTextContent('Found elsewhere, in use'));
  await user.click(within(row).getByRole('button', { name: 'Undo for list-keys' }));
  await waitFor(() => expect(row).not.toHaveTextContent('in use'));
  expect(
    fake.calls.filter(({ method }) => method === 'confirmOperation').map(({ args }) => args),
  ).toEqual([
    ['plant', 'list-keys', true],
    ['plant', 'list-keys', false],
  ]);
});

test('a description is imported from a file, and one that cannot be read changes nothing', async () => {
  const { fake, details } = await openDetails();
  fake.fail('importContract', { code: 'description-not-understood' });
  await user.click(within(details).getByRole('button', { name: 'Import description…' }));
  expect(await within(details).findByText(/cannot read this as a description/)).toBeVisible();
  await user.click(within(details).getByRole('button', { name: 'Choose another file' }));
  await waitFor(() => expect(details).toHaveTextContent(/1.0.13, from openapi.yaml/));
});

test('the built-in table can be chosen again, until a description is asked for', async () => {
  const { details } = await openDetails();
  const button = (name: string) => within(details).getByRole('button', { name });
  await user.click(button('Read the server’s description'));
  await within(details).findByText(/Compared with/);
  await user.click(button('Use the built-in table'));
  expect(
    await within(details).findByText(/^You chose the built-in table/, { selector: '.source' }),
  ).toBeVisible();
  expect(within(details).getByText('The built-in table is in use from now on.')).toBeVisible();
  expect(button('Use the built-in table')).toHaveAttribute('aria-disabled', 'true');
  expect(button('Use the built-in table')).toHaveFocus();
  await user.click(button('Read the server’s description'));
  expect(await within(details).findByText(/Compared with/)).toBeVisible();
  expect(button('Use the built-in table')).not.toHaveAttribute('aria-disabled', 'true');
});

test('what the description keeps from the screen leads to the connection details', async () => {
  const fake = await openWindow({ instances: [instance(), ...otherInstances] });
  fake.server('plant').account.capabilities.apiKeys.manage = {
    state: 'unavailable',
    reason: 'unconfirmed',
  };
  await ready();
  await user.click(screen.getByRole('tab', { name: 'API Key' }));
  await user.click(await screen.findByRole('button', { name: 'Connection details' }));
  const dialog = await screen.findByRole('dialog', { name: 'Preferences' });
  const opened = await within(dialog).findByRole('button', { expanded: true });
  expect(opened).toHaveAccessibleName('Connection details of Plant Hamburg');
  await waitFor(() => expect(opened).toHaveFocus());
  expect(await within(dialog).findByText('Operations in use')).toBeVisible();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('a server without a description leaves the table as it is', async () => {
  const { fake, details } = await openDetails();
  fake.learnContract = () => fake.connectionDetails('plant');
  await user.click(within(details).getByRole('button', { name: 'Read the server’s description' }));
  expect(await within(details).findByText(/serves no description/)).toBeVisible();
});

test('removing an account names the keys that are kept nowhere else, and a failure is looked into', async () => {
  const fake = await openPreferences(instance({ keptKeys: ['k-1', 'k-2'] }));
  fake.fail('removeInstance', { code: 'keyring-locked' });
  await user.click(screen.getByRole('button', { name: 'Remove Plant Hamburg' }));
  const dialog = await screen.findByRole('alertdialog', { name: 'Remove Plant Hamburg?' });
  expect(dialog).toHaveTextContent('2 keys kept on this computer');
  await user.click(within(dialog).getByRole('button', { name: 'Remove' }));
  expect(await screen.findByText(/The keyring is locked/)).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  await waitFor(() =>
    expect(
      fake.calls
        .slice(fake.calls.findIndex(({ method }) => method === 'removeInstance'))
        .map(({ method }) => method),
    ).toEqual(expect.arrayContaining(['instances', 'connectionDetails'])),
  );
});
