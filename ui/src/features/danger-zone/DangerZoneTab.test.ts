import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';

import { adminInstance, organizationInstance } from '$ui/ipc/fake-servers';
import { instances } from '$ui/state/instances.svelte';
import { dismiss, notices } from '$ui/state/notices.svelte';
import { expectAccessible } from '$ui/test/axe';
import { asked, openTab, user } from '$ui/test/stage';
import { inFront, openWindow } from '$ui/test/world';

import DangerZoneTab from './DangerZoneTab.svelte';

afterEach(() => {
  for (const { id } of [...notices()]) dismiss(id);
});

const press = (name: string, place: HTMLElement) =>
  user.click(within(place).getByRole('button', { name }));

async function open(): Promise<HTMLElement> {
  await user.click(await screen.findByRole('button', { name: 'Delete Account' }));
  return screen.findByRole('dialog', { name: 'Delete Account' });
}

async function secondStep(): Promise<HTMLElement> {
  const dialog = await open();
  await within(dialog).findByText('Your API keys stop working at once.');
  await press('Continue', dialog);
  return dialog;
}

it('shows the consequences, takes the phrase and the password, and deletes', async () => {
  const { fake, instance } = openTab(DangerZoneTab, organizationInstance);
  await expectAccessible();
  const dialog = await open();
  const lost = await within(dialog).findByRole('list', { name: 'What is lost' });
  expect(within(lost).getAllByRole('listitem')[1]).toHaveTextContent(
    /^Your API keys stop working at once\.\s*7$/,
  );
  expect(lost).toHaveTextContent('Your place on the waiting list is given away.');
  expect(dialog).toHaveTextContent('permanent and irreversible');
  await expectAccessible(dialog);
  await press('Continue', dialog);

  const field = within(dialog).getByLabelText('Confirmation phrase');
  await waitFor(() => expect(field).toHaveFocus());
  const confirm = within(dialog).getByRole('button', { name: 'Confirm deletion' });
  expect(confirm).toBeDisabled();
  await user.keyboard('delete my');
  expect(field).toBeValid();
  await user.keyboard('x');
  expect(field).toHaveAccessibleDescription('This differs from the phrase.');
  await user.keyboard('{Backspace} account');
  expect(field).toHaveAccessibleDescription('This is the phrase.');
  await expectAccessible(dialog);

  await user.keyboard('{Enter}');
  expect(asked(fake, 'deleteAccount')).toEqual([]);
  const password = within(dialog).getByLabelText('Password');
  await waitFor(() => expect(password).toHaveFocus());
  await user.keyboard('wrong{Enter}');
  await waitFor(() =>
    expect(password).toHaveAccessibleDescription('The current password is not right.'),
  );
  expect(field).toHaveValue('delete my account');
  await user.clear(password);
  await user.type(password, 'right');
  await user.click(confirm);
  await waitFor(() =>
    expect(notices().map(({ title }) => title)).toContain(
      'The account marlene@northwind.example is deleted',
    ),
  );
  expect(asked(fake, 'deleteAccount').at(-1)).toEqual([instance.id, 'delete my account', 'right']);
});

it('takes a phrase that is pasted, or composed with an input method', async () => {
  openTab(DangerZoneTab, organizationInstance, (server) => {
    server.terms = { ...server.terms, phrase: '删除我的账户', asksForPassword: false };
  });
  const dialog = await secondStep();
  expect(within(dialog).queryByLabelText('Password')).not.toBeInTheDocument();
  const field = within(dialog).getByLabelText('Confirmation phrase');
  const confirm = within(dialog).getByRole('button', { name: 'Confirm deletion' });
  await fireEvent.compositionStart(field);
  await user.type(field, 'shanchu');
  expect(field).toBeValid();
  expect(confirm).toBeDisabled();
  await user.clear(field);
  await user.type(field, '删除我的账户');
  await fireEvent.compositionEnd(field);
  expect(confirm).toBeEnabled();
  await user.clear(field);
  await user.paste('删除我的账户');
  expect(confirm).toBeEnabled();
});

it('deletes by no way round the button: not before the phrase stands, nor while it is composed', async () => {
  const { fake } = openTab(DangerZoneTab, organizationInstance, (server) => {
    server.terms = { ...server.terms, asksForPassword: false };
  });
  const dialog = await secondStep();
  const field = within(dialog).getByLabelText('Confirmation phrase');
  const form = field.closest('form') as HTMLFormElement;
  await user.type(field, 'delete my');
  await fireEvent.submit(form);
  await fireEvent.compositionStart(field);
  await user.type(field, ' account');
  await fireEvent.submit(form);
  expect(asked(fake, 'deleteAccount')).toEqual([]);
  await fireEvent.compositionEnd(field);
  await fireEvent.submit(form);
  await waitFor(() => expect(asked(fake, 'deleteAccount')).toHaveLength(1));
});

it('goes back to the consequences with what was typed', async () => {
  openTab(DangerZoneTab, organizationInstance);
  const dialog = await secondStep();
  await user.type(within(dialog).getByLabelText('Confirmation phrase'), 'delete my account');
  await press('Back', dialog);
  expect(within(dialog).getByRole('list', { name: 'What is lost' })).toBeInTheDocument();
  expect(within(dialog).queryByRole('button', { name: 'Confirm deletion' })).toBeNull();
  await press('Continue', dialog);
  expect(within(dialog).getByLabelText('Confirmation phrase')).toHaveValue('delete my account');
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  await waitFor(() => expect(screen.getByRole('button', { name: 'Delete Account' })).toHaveFocus());
});

it('says what the keyring kept of an account that is gone, whose entry stays', async () => {
  const { fake, instance } = openTab(DangerZoneTab, organizationInstance);
  fake.deleteAccount = async () => ({
    instances: [{ ...instance, signedOut: true }],
    leftInKeyring: 'keyring-locked',
  });
  const dialog = await secondStep();
  await user.type(within(dialog).getByLabelText('Confirmation phrase'), 'delete my account');
  await user.type(within(dialog).getByLabelText('Password'), 'right{Enter}');
  expect(await within(dialog).findByText(/The account is deleted, but/)).toBeInTheDocument();
  expect(within(dialog).queryByRole('button', { name: 'Confirm deletion' })).toBeNull();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(instances.all).toEqual([{ ...instance, signedOut: true }]));
});

it('says it in a notice where the dialog was closed before the answer', async () => {
  const { fake, instance } = openTab(DangerZoneTab, organizationInstance, (server) => {
    server.terms = { ...server.terms, asksForPassword: false };
  });
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  fake.deleteAccount = () =>
    held.then(() => ({
      instances: [{ ...instance, signedOut: true }],
      leftInKeyring: 'keyring-locked',
    }));
  const dialog = await secondStep();
  await user.type(
    within(dialog).getByLabelText('Confirmation phrase'),
    'delete my account{Enter}{Escape}',
  );
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  answer();
  await waitFor(() =>
    expect(notices().map(({ title }) => title)).toEqual([
      expect.stringMatching(/^The account is deleted, but/),
    ]),
  );
});

it('does not take a keyring that fails before for an account that is gone', async () => {
  const { fake } = openTab(DangerZoneTab, organizationInstance);
  const dialog = await secondStep();
  fake.fail('deleteAccount', { code: 'keyring-locked' });
  await user.type(within(dialog).getByLabelText('Confirmation phrase'), 'delete my account');
  await user.type(within(dialog).getByLabelText('Password'), 'right{Enter}');
  expect(await within(dialog).findByText(/The keyring is locked/)).toBeInTheDocument();
  expect(within(dialog).queryByText(/The account is deleted/)).toBeNull();
  expect(within(dialog).getByRole('button', { name: 'Confirm deletion' })).toBeInTheDocument();
});

it('cannot be used by the last of their kind, and says why', async () => {
  const { fake } = openTab(DangerZoneTab, adminInstance);
  const button = await screen.findByRole('button', { name: 'Delete Account' });
  expect(button).toHaveAttribute('aria-disabled', 'true');
  expect(button).toHaveAccessibleDescription(
    'Others depend on you: nobody else here can do what you can.',
  );
  await user.click(button);
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  expect(asked(fake, 'deletionTerms')).toEqual([]);
  await expectAccessible();
});

it('tells when the terms cannot be read, and asks again', async () => {
  openTab(DangerZoneTab, organizationInstance, (_, fake) =>
    fake.fail('deletionTerms', { code: 'timed-out' }),
  );
  const dialog = await open();
  expect(await within(dialog).findByText('The server did not answer in time.')).toBeInTheDocument();
  expect(within(dialog).getByRole('button', { name: 'Continue' })).toBeDisabled();
  await press('Try again', dialog);
  expect(
    await within(dialog).findByText('Your API keys stop working at once.'),
  ).toBeInTheDocument();
});

it('leaves the next account in front, and the connect screen where there is none', async () => {
  const fake = await openWindow({ instances: [organizationInstance, adminInstance] });
  const tab = await screen.findByRole('tab', { name: 'Danger Zone' });
  await user.click(tab);
  let dialog = await secondStep();
  await user.type(within(dialog).getByLabelText('Confirmation phrase'), 'delete my account');
  await user.type(within(dialog).getByLabelText('Password'), 'right{Enter}');
  await waitFor(() => expect(inFront()).toBe(adminInstance.name));
  expect(await screen.findByText(/is deleted$/)).toBeInTheDocument();

  fake.server(adminInstance.id).account.capabilities.deletion = { state: 'available' };
  await user.click(await screen.findByRole('tab', { name: 'Danger Zone' }));
  dialog = await secondStep();
  await user.type(within(dialog).getByLabelText('Confirmation phrase'), 'delete my account');
  await user.type(within(dialog).getByLabelText('Password'), 'right{Enter}');
  expect(await screen.findByRole('heading', { name: 'Connect to a server' })).toBeInTheDocument();
});
