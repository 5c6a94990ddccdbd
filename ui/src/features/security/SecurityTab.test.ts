import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { instance as idmpInstance } from '$ui/ipc/fake-data';
import { aimmsInstance, type FakeServer, organizationInstance } from '$ui/ipc/fake-servers';
import { endSignIn, wantedSignIn } from '$ui/state/sign-in.svelte';
import { expectAccessible } from '$ui/test/axe';
import { asked, openTab, user } from '$ui/test/stage';

import SecurityTab from './SecurityTab.svelte';

const press = (name: string, within_: HTMLElement = document.body) =>
  user.click(within(within_).getByRole('button', { name }));

function enrolled(server: FakeServer, left: number): void {
  server.secondFactor = {
    enabled: true,
    since: Date.UTC(2026, 2, 4, 12),
    recoveryCodesLeft: left,
  };
}

async function begin(): Promise<HTMLElement> {
  await user.click(await screen.findByRole('button', { name: 'Enable MFA' }));
  const dialog = await screen.findByRole('dialog', { name: 'Enable MFA' });
  await user.type(within(dialog).getByLabelText('Password'), 'right');
  await press('Continue', dialog);
  await within(dialog).findByRole('img', { name: /QR code/ });
  return dialog;
}

describe('the tab', () => {
  it('says that a second factor is under development where that is all', async () => {
    const { fake } = openTab(SecurityTab, idmpInstance());
    expect(
      await screen.findByText('Multi-factor authentication is under development'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('heading', { name: 'Sessions' })).not.toBeInTheDocument();
    expect(asked(fake, 'secondFactor')).toEqual([]);
    await expectAccessible();
  });

  it('opens the page of the portal for what only the browser can do', async () => {
    const { fake, instance } = openTab(SecurityTab, aimmsInstance);
    await user.click(await screen.findByRole('button', { name: 'Change Password' }));
    await press('Enable/Disable MFA');
    expect(asked(fake, 'openPortalPage')).toEqual([
      [instance.id, 'security'],
      [instance.id, 'security'],
    ]);
    expect(screen.queryByRole('heading', { name: 'Sessions' })).not.toBeInTheDocument();
    expect(screen.queryByRole('heading', { name: 'Security log' })).not.toBeInTheDocument();
    expect(asked(fake, 'secondFactor')).toEqual([]);
    await expectAccessible();
  });

  it('offers nothing where the account signs in elsewhere, and says why', async () => {
    const { fake } = openTab(SecurityTab, aimmsInstance, (server) => {
      const elsewhere = { state: 'unavailable', reason: 'passwordKeptElsewhere' } as const;
      server.account.capabilities.password.change = elsewhere;
      server.account.capabilities.secondFactor.manage = elsewhere;
    });
    for (const name of ['Change Password', 'Enable/Disable MFA']) {
      const button = await screen.findByRole('button', { name });
      expect(button).toHaveAccessibleDescription(/^You sign in through another system/);
      await user.click(button);
    }
    expect(asked(fake, 'openPortalPage')).toEqual([]);
  });

  it('has a second factor, sessions and a log where the server has them', async () => {
    openTab(SecurityTab, organizationInstance);
    expect(await screen.findByText('Not enabled')).toBeInTheDocument();
    expect(await screen.findByRole('list', { name: 'Sessions' })).toBeInTheDocument();
    expect(await screen.findByRole('list', { name: 'Security log' })).toBeInTheDocument();
    await expectAccessible();
  });
});

describe('enabling MFA', () => {
  it('takes password, code, and the word that the recovery codes are stored', async () => {
    const { fake, instance } = openTab(SecurityTab, organizationInstance);
    const dialog = await begin();
    expect(asked(fake, 'beginSecondFactor')).toEqual([
      [instance.id, { password: 'right', code: '' }],
    ]);
    const groups = within(dialog).getByText('JBSW').parentElement;
    expect([...(groups?.children ?? [])].map((group) => group.textContent)).toEqual([
      'JBSW',
      'Y3DP',
      'EHPK',
      '3PXP',
    ]);
    await waitFor(() => expect(within(dialog).getByLabelText('Code')).toHaveFocus());
    await expectAccessible(dialog);
    await press('Copy key', dialog);
    expect(asked(fake, 'copyShownSecret')).toEqual([[71]]);
    expect(await within(dialog).findByText(/^Copied, will be cleared in \d+ s$/)).toBeVisible();

    await user.type(within(dialog).getByLabelText('Code'), '12 34');
    await press('Confirm', dialog);
    expect(within(dialog).getByText('The app’s code has 6 digits.')).toBeInTheDocument();
    expect(asked(fake, 'confirmSecondFactor')).toEqual([]);
    await waitFor(() => expect(within(dialog).getByLabelText('Code')).toHaveFocus());
    await user.keyboard(' 56{Enter}');

    const codes = await screen.findByRole('dialog', { name: 'MFA is enabled' });
    expect(asked(fake, 'confirmSecondFactor')).toEqual([[instance.id, '123456']]);
    expect(asked(fake, 'closeShownSecret')).toEqual([[71]]);
    expect(document.body).not.toHaveTextContent('JBSW');
    expect(within(codes).getAllByRole('listitem')).toHaveLength(10);
    expect(within(codes).getByRole('button', { name: 'Done' })).toBeDisabled();
    await expectAccessible(codes);
    await user.click(within(codes).getByRole('checkbox', { name: 'I have stored them' }));
    await press('Done', codes);
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(asked(fake, 'closeShownSecret')).toEqual([[71], [72]]);
    expect(await screen.findByText(/^Enabled since /)).toBeInTheDocument();
    expect(await screen.findByText('10 recovery codes left')).toBeInTheDocument();
  });

  it('asks once when the recovery codes are closed without that word', async () => {
    const { fake } = openTab(SecurityTab, organizationInstance);
    await begin();
    await user.keyboard('123456{Enter}');
    await screen.findByRole('dialog', { name: 'MFA is enabled' });
    await user.keyboard('{Escape}');
    const question = await screen.findByRole('alertdialog', {
      name: 'Close without storing the codes?',
    });
    expect(asked(fake, 'closeShownSecret')).toEqual([[71]]);
    await press('Close anyway', question);
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(asked(fake, 'closeShownSecret')).toEqual([[71], [72]]);
  });

  it('wipes the key of the app when it is given up', async () => {
    const { fake } = openTab(SecurityTab, organizationInstance);
    await begin();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(asked(fake, 'closeShownSecret')).toEqual([[71]]);
    expect(document.body).not.toHaveTextContent('JBSW');
    await waitFor(() => expect(screen.getByRole('button', { name: 'Enable MFA' })).toHaveFocus());
  });

  it('tells of recovery codes that came after the dialog was closed', async () => {
    const { fake } = openTab(SecurityTab, organizationInstance);
    const dialog = await begin();
    const { confirmSecondFactor } = fake;
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    fake.confirmSecondFactor = (...sent) => held.then(() => confirmSecondFactor(...sent));
    await user.type(within(dialog).getByLabelText('Code'), '123456{Enter}{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    answer();
    expect(await screen.findByText('The recovery codes were not shown')).toBeInTheDocument();
    expect(asked(fake, 'closeShownSecret')).toEqual([[71], [72]]);
  });

  it('says what is wrong beside its field, and keeps what was typed', async () => {
    openTab(SecurityTab, organizationInstance);
    await user.click(await screen.findByRole('button', { name: 'Enable MFA' }));
    const dialog = await screen.findByRole('dialog', { name: 'Enable MFA' });
    const password = within(dialog).getByLabelText('Password');
    await press('Continue', dialog);
    expect(password).toHaveAccessibleDescription('This is needed.');
    await user.type(password, 'wrong');
    await press('Continue', dialog);
    await waitFor(() =>
      expect(password).toHaveAccessibleDescription('The current password is not right.'),
    );
    expect(password).toHaveValue('wrong');
    await waitFor(() => expect(password).toHaveFocus());
    await user.clear(password);
    await user.type(password, 'right{Enter}');
    const code = await within(dialog).findByLabelText('Code');
    await user.type(code, '000000{Enter}');
    await waitFor(() => expect(code).toBeInvalid());
    expect(code).toHaveValue('000000');
  });

  it('goes on as typed after the session has ended in the middle', async () => {
    const { fake, instance } = openTab(SecurityTab, organizationInstance);
    const dialog = await begin();
    fake.fail('confirmSecondFactor', { code: 'signed-out' });
    await user.type(within(dialog).getByLabelText('Code'), '123456{Enter}');
    await waitFor(() => expect(wantedSignIn(instance.id)).toBeDefined());
    endSignIn(instance.id, true);
    await waitFor(() =>
      expect(within(dialog).queryByText('Your session has ended.')).not.toBeInTheDocument(),
    );
    expect(within(dialog).getByLabelText('Code')).toHaveValue('123456');
    await press('Confirm', dialog);
    expect(await screen.findByRole('dialog', { name: 'MFA is enabled' })).toBeInTheDocument();
  });
});

describe('an account with MFA', () => {
  it('disables it with password and code', async () => {
    const { fake, instance } = openTab(SecurityTab, organizationInstance, (server) =>
      enrolled(server, 8),
    );
    await user.click(await screen.findByRole('button', { name: 'Disable MFA' }));
    const dialog = await screen.findByRole('dialog', { name: 'Disable MFA?' });
    expect(dialog).toHaveTextContent('the password alone is enough');
    await press('Disable MFA', dialog);
    expect(within(dialog).getByLabelText('Password')).toHaveFocus();
    await user.type(within(dialog).getByLabelText('Password'), 'right');
    await user.type(within(dialog).getByLabelText('Code'), '000000');
    await press('Disable MFA', dialog);
    await waitFor(() => expect(within(dialog).getByLabelText('Code')).toBeInvalid());
    await expectAccessible(dialog);
    await user.clear(within(dialog).getByLabelText('Code'));
    await user.type(within(dialog).getByLabelText('Code'), '123456');
    await press('Disable MFA', dialog);
    expect(await screen.findByText('Not enabled')).toBeInTheDocument();
    expect(asked(fake, 'removeSecondFactor').at(-1)).toEqual([
      instance.id,
      { password: 'right', code: '123456' },
    ]);
  });

  it('cannot where it is required, and says why', async () => {
    const { fake } = openTab(SecurityTab, organizationInstance, (server) => {
      enrolled(server, 8);
      server.account.capabilities.secondFactor.removal = {
        state: 'unavailable',
        reason: 'requiredByPolicy',
      };
    });
    const disable = await screen.findByRole('button', { name: 'Disable MFA' });
    expect(disable).toHaveAttribute('aria-disabled', 'true');
    expect(disable).toHaveAccessibleDescription(
      'Your organization requires it: it can be replaced, not removed.',
    );
    await user.click(disable);
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(asked(fake, 'removeSecondFactor')).toEqual([]);
  });

  it('is given another app with password and a code of the one in force', async () => {
    const { fake, instance } = openTab(SecurityTab, organizationInstance, (server) => {
      enrolled(server, 8);
      server.account.capabilities.secondFactor.removal = {
        state: 'unavailable',
        reason: 'requiredByPolicy',
      };
    });
    await user.click(await screen.findByRole('button', { name: 'Set up again' }));
    const dialog = await screen.findByRole('dialog', { name: 'Set up again' });
    await user.type(within(dialog).getByLabelText('Password'), 'right{Enter}');
    expect(within(dialog).getByLabelText('Code')).toHaveAccessibleDescription('This is needed.');
    await waitFor(() => expect(within(dialog).getByLabelText('Code')).toHaveFocus());
    expect(asked(fake, 'beginSecondFactor')).toEqual([]);
    await user.keyboard('000000{Enter}');
    await waitFor(() => expect(within(dialog).getByLabelText('Code')).toBeInvalid());
    await user.clear(within(dialog).getByLabelText('Code'));
    await user.type(within(dialog).getByLabelText('Code'), '654321{Enter}');
    await within(dialog).findByRole('img', { name: /QR code/ });
    expect(asked(fake, 'beginSecondFactor').at(-1)).toEqual([
      instance.id,
      { password: 'right', code: '654321' },
    ]);
    // The code of the app in force is none of the new one.
    expect(within(dialog).getByLabelText('Code')).toHaveValue('');
  });

  it('warns when few recovery codes are left, and replaces them', async () => {
    openTab(SecurityTab, organizationInstance, (server) => enrolled(server, 2));
    expect(await screen.findByText('Only 2 recovery codes are left')).toBeInTheDocument();
    await press('Replace recovery codes');
    const dialog = await screen.findByRole('dialog', { name: 'Replace recovery codes' });
    await user.type(within(dialog).getByLabelText('Password'), 'right');
    await user.type(within(dialog).getByLabelText('Code'), '123456{Enter}');
    const codes = await screen.findByRole('dialog', { name: 'Recovery codes replaced' });
    await user.click(within(codes).getByRole('checkbox'));
    await press('Done', codes);
    expect(await screen.findByText('10 recovery codes left')).toBeInTheDocument();
    expect(screen.queryByText(/^Only/)).not.toBeInTheDocument();
  });

  it('is not warned while there are enough', async () => {
    openTab(SecurityTab, organizationInstance, (server) => enrolled(server, 4));
    expect(await screen.findByText('4 recovery codes left')).toBeInTheDocument();
    expect(screen.queryByText(/^Only/)).not.toBeInTheDocument();
  });
});
