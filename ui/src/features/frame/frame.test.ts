import { screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { HostError } from '$ui/ipc';
import { instance, otherInstances } from '$ui/ipc/fake-data';
import { adminInstance, aimmsInstance, organizationInstance } from '$ui/ipc/fake-servers';
import { notifyFailure } from '$ui/state/notices.svelte';
import { instanceKey, queryClient, refresh } from '$ui/state/query';
import { expectAccessible } from '$ui/test/axe';
import { item, ready } from '$ui/test/frame';
import { inFront, openWindow } from '$ui/test/world';

const user = userEvent.setup();
const all = [instance(), ...otherInstances];

const tabNames = () => screen.getAllByRole('tab').map((tab) => tab.textContent.trim());

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

test('where the server’s own description changes what can be done, the account is asked again', async () => {
  let asked = 0;
  const fake = await openWindow({ instances: [instance()] });
  fake.keepContractCurrent = async (id) => {
    asked += 1;
    if (asked > 1) return false;
    fake.server(id).account.capabilities.apiKeys.create = {
      state: 'unavailable',
      reason: 'unconfirmed',
    };
    return true;
  };
  await ready();
  await waitFor(() => expect(asked).toBe(2));
  await user.click(screen.getByRole('tab', { name: 'API Key' }));
  const add = await screen.findByRole('button', { name: /^Add New API Key/ });
  await waitFor(() => expect(add).toHaveAttribute('aria-disabled', 'true'));
});

test.each([instance(), organizationInstance, adminInstance, aimmsInstance])(
  'a window that nobody touches asks the host for nothing, on every tab of $kind',
  { timeout: 20_000 },
  async (shown) => {
    const fake = await openWindow({ instances: [shown, ...otherInstances] });
    await ready();
    for (const tab of screen.getAllByRole('tab')) {
      await user.click(tab);
      await new Promise((resolve) => setTimeout(resolve, 900)); // the other tabs are loaded meanwhile
      const asked = fake.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(fake.calls.slice(asked), tab.textContent.trim()).toEqual([]);
    }
  },
);

test('a window that comes to the front asks for what is old, and for nothing else', async () => {
  const fake = await openWindow({ instances: [instance()] });
  await ready();
  await user.click(screen.getByRole('tab', { name: 'API Key' }));
  await screen.findByText('6 keys');
  const account = queryClient.getQueryData(instanceKey('plant', 'account', null));
  const asked = fake.calls.length;
  const comeBack = async () => {
    window.dispatchEvent(new Event('focus'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    return fake.calls.slice(asked).map(({ method }) => method);
  };
  expect(await comeBack()).toEqual([]);
  queryClient.setQueryData(instanceKey('plant', 'account', null), account, {
    updatedAt: Date.now() - 60_000,
  });
  const again = await comeBack();
  expect(again).toContain('account');
  expect(again).not.toContain('apiKeys');
});

test('a description that cannot be had changes nothing and is not spoken of', async () => {
  const fake = await openWindow({ instances: [instance()] });
  fake.fail('keepContractCurrent', { code: 'connection-failed' });
  await ready();
  await waitFor(() =>
    expect(fake.calls.some(({ method }) => method === 'keepContractCurrent')).toBe(true),
  );
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByText('Connected')).toBeVisible();
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

test('without a keyring the person chooses to keep the sign-in until they quit', async () => {
  const fake = await openWindow({ instances: [instance()] });
  fake.keyring = { problem: 'keyring-unavailable', untilQuit: false, waiting: false };
  expect(await screen.findByText('No system keyring is running')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Keep until I quit' }));
  await waitFor(() => expect(screen.queryByText('No system keyring is running')).toBeNull());
  expect(screen.getByText('Kept until you quit')).toBeVisible();
});

test('what the keyring keeps from the account is said once, and asked again after the choice', async () => {
  const fake = await openWindow({ instances: [instance()] });
  await ready();
  fake.keyring = { problem: 'keyring-unavailable', untilQuit: false, waiting: false };
  fake.fail('account', { code: 'keyring-unavailable' });
  await refresh('plant', 'account');
  const keep = await screen.findByRole('button', { name: 'Keep until I quit' });
  const asked = fake.calls.filter(({ method }) => method === 'account').length;
  await user.click(keep);
  await waitFor(() =>
    expect(fake.calls.filter(({ method }) => method === 'account').length).toBeGreaterThan(asked),
  );
  expect(screen.queryByText('No system keyring is running')).toBeNull();
});

test('an edit lives through tabs and accounts, and its tab is marked meanwhile', async () => {
  await openWindow({ instances: all });
  await ready();
  await user.click(await screen.findByRole('button', { name: 'Edit' }));
  await waitFor(() => expect(screen.getByRole('textbox', { name: 'First Name' })).toHaveFocus());
  const tab = screen.getByRole('tab', { name: 'Profile' });
  expect(tab).not.toHaveAccessibleDescription();
  await user.keyboard(' Ann');
  await waitFor(() => expect(tab).toHaveAccessibleDescription('Unsaved changes'));
  // The mark comes with the edit; the form is not built anew for it.
  expect(screen.getByRole('textbox', { name: 'First Name' })).toHaveFocus();

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

test('each server has its own tabs, called as it calls them', async () => {
  await openWindow({ instances: [instance(), organizationInstance, adminInstance] });
  await ready();
  expect(tabNames()).toEqual(['Profile', 'API Key', 'MFA']);
  await user.keyboard('{Control>}k{/Control}');
  await user.keyboard('admin portal{Enter}');
  await waitFor(() =>
    expect(tabNames()).toEqual(['Profile', 'API Keys', 'Security', 'Users', 'Danger Zone']),
  );
});

test('the account menu names the other accounts that are signed in', async () => {
  const away = instance({ id: 'away', name: 'Signed out there', signedOut: true });
  await openWindow({ instances: [...all, away] });
  await ready();
  await user.click(screen.getByRole('button', { name: /^Account menu/ }));
  expect(await item('Fleet analytics')).toBeInTheDocument();
  await expect(item('Signed out there')).rejects.toThrow('no item');
});

test('a notice is in reach of the keyboard while a dialog is open', async () => {
  await openWindow({ instances: [instance()] });
  await ready();
  await user.keyboard('{Control>},{/Control}');
  const dialog = await screen.findByRole('dialog', { name: 'Preferences' });
  notifyFailure(new HostError({ code: 'server-failed' }));
  const close = await within(dialog).findByRole('button', { name: 'Close notice' });
  close.focus();
  expect(close).toHaveFocus();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(screen.getByText('The server failed.')).toBeVisible();
});
