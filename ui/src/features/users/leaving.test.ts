/** Leaving a dialog about a user: what was entered there is not lost by a slip of the hand. */
import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, it } from 'vitest';

import { adminInstance } from '$ui/ipc/fake-servers';
import { notices } from '$ui/state/notices.svelte';
import { openTab, type Stage, user } from '$ui/test/stage';

import UsersTab from './UsersTab.svelte';

const TOMAS = 'Tomás Aguilar Rodríguez';

async function open(button: string): Promise<Stage & { dialog: HTMLElement }> {
  const stage = openTab(UsersTab, adminInstance);
  await user.click(await screen.findByRole('button', { name: button }));
  return { ...stage, dialog: await screen.findByRole('dialog') };
}

const question = () => screen.queryByRole('alertdialog', { name: 'Discard what you entered?' });

it.each([
  ['Create User', 'Email', 'nora@portal.example'],
  ['Create User', 'Password', 'shortEr-1-than-that'],
  [`Edit ${TOMAS}`, 'Display Name', 'Tomás A.'],
  [`Reset Password of ${TOMAS}`, 'New Password', 'shortEr-1-than-that'],
])('%s asks before the %s that was typed is lost', async (button, label, typed) => {
  const { dialog } = await open(button);
  const field = within(dialog).getByLabelText(label);
  await user.clear(field);
  await user.type(field, typed);
  await user.keyboard('{Escape}');
  await waitFor(() => expect(question()).toBeInTheDocument());
  await user.keyboard('{Escape}');
  await waitFor(() => expect(question()).not.toBeInTheDocument());
  expect(field).toHaveValue(typed);
  await waitFor(() => expect(field).toHaveFocus());
  await user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(question()).toBeInTheDocument());
  await user.click(screen.getByRole('button', { name: 'Discard' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
});

it('Create User asks before chosen roles are lost', async () => {
  const { dialog } = await open('Create User');
  await user.click(within(dialog).getByRole('checkbox', { name: /read-only/i }));
  await user.keyboard('{Escape}');
  await waitFor(() => expect(question()).toBeInTheDocument());
});

it.each(['Create User', `Edit ${TOMAS}`, `Reset Password of ${TOMAS}`])(
  '%s in which nothing was entered closes at once',
  async (button) => {
    await open(button);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(question()).toBeNull();
  },
);

it('is not asked about while it is on its way, and a failure is told afterwards', async () => {
  const { fake, dialog } = await open(`Edit ${TOMAS}`);
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  const { editUser } = fake;
  fake.editUser = (...sent) => held.then(() => editUser(...sent));
  fake.fail('editUser', { code: 'server-failed' });
  await user.type(within(dialog).getByLabelText('Display Name'), '!{Enter}');
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  answer();
  await waitFor(() => expect(notices().map(({ title }) => title)).toContain('The server failed.'));
});
