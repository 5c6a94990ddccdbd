import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { adminInstance, type FakeServer } from '$ui/ipc/fake-servers';
import { notices } from '$ui/state/notices.svelte';
import { endSignIn, wantedSignIn } from '$ui/state/sign-in.svelte';
import { expectAccessible } from '$ui/test/axe';
import { allRows } from '$ui/test/rows';
import { asked, openTab, type Stage, user } from '$ui/test/stage';

import UsersTab from './UsersTab.svelte';

const TOMAS = 'Tomás Aguilar Rodríguez';
const roleInsufficient = { state: 'unavailable', reason: 'roleInsufficient' } as const;

async function open(prepare?: (server: FakeServer) => void): Promise<Stage> {
  const stage = openTab(UsersTab, adminInstance, prepare);
  await screen.findByRole('row', { name: /^marlene\.brandt@portal\.example/ });
  await allRows();
  return stage;
}

const press = (name: string, place: HTMLElement = document.body) =>
  user.click(within(place).getByRole('button', { name }));
const emails = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('gridcell')[0]?.textContent.trim());

describe('the list', () => {
  it('shows who there is, with status, roles and last login', async () => {
    await open();
    const row = screen.getByRole('row', { name: /^user\.3@/ });
    const cells = within(row).getAllByRole('gridcell');
    expect(cells.map((cell) => cell.textContent.trim().replace(/\s+/g, ' '))).toEqual([
      'user.3@portal.example',
      'Oluwaseun Adebayo',
      expect.stringMatching(/admin ?read-only/i) as string,
      'Active',
      'Never',
      expect.any(String) as string,
    ]);
    expect(screen.getByRole('row', { name: /^user\.5@/ })).toHaveTextContent('Inactive');
    await expectAccessible();
  });

  it('offers nothing on oneself', async () => {
    await open();
    const own = screen.getByRole('row', { name: /^marlene\.brandt@/ });
    expect(own).toHaveTextContent('You');
    expect(within(own).queryByRole('button')).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: `Edit ${TOMAS}` })).toBeInTheDocument();
  });

  it('disables what the role does not allow, and says why', async () => {
    await open((server) => {
      const { users } = server.account.capabilities;
      users.create = users.resetPassword = users.delete = roleInsufficient;
    });
    for (const name of ['Create User', `Reset Password of ${TOMAS}`, `Delete ${TOMAS}`]) {
      const button = screen.getByRole('button', { name });
      expect(button).toHaveAccessibleDescription('Your role on this server does not allow this.');
      await user.click(button);
    }
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    await press(`Edit ${TOMAS}`);
    expect(await screen.findByRole('dialog', { name: 'Edit User' })).toBeInTheDocument();
  });

  it('is searched by the server once typing pauses, and the field keeps the focus', async () => {
    const { fake } = await open();
    const field = screen.getByRole('textbox', { name: 'Search users' });
    await user.type(field, 'priya');
    await waitFor(() =>
      expect(emails()).toEqual([
        'user.6@portal.example',
        'user.14@portal.example',
        'user.22@portal.example',
      ]),
    );
    expect(field).toHaveFocus();
    expect(screen.getByRole('status')).toHaveTextContent('3 users');
    const searches = asked(fake, 'users').map(([, query]) => (query as { search: string }).search);
    expect(searches).toEqual(['', 'priya']);
    await user.clear(field);
    await user.type(field, 'nobody at all');
    expect(await screen.findByText('No user matches')).toBeInTheDocument();
    await user.click(screen.getAllByRole('button', { name: 'Clear search' })[1] as HTMLElement);
    await waitFor(() => expect(emails()).toContain('user.1@portal.example'));
    expect(field).toHaveFocus();
  });

  it('comes in parts', async () => {
    const { server } = await open((it) => {
      const [first] = it.users;
      if (!first) return;
      it.users = Array.from({ length: 130 }, (_, index) => ({
        ...first,
        id: `many-${index}`,
        isSelf: index === 0,
        email: index === 0 ? first.email : `many.${index}@portal.example`,
      }));
    });
    expect(screen.getByRole('status')).toHaveTextContent(/^\d+ of 130 users$/);
    while (screen.queryByRole('button', { name: 'Show more' })) {
      const before = screen.getByRole('status').textContent;
      await press('Show more');
      await waitFor(() => expect(screen.getByRole('status').textContent).not.toBe(before));
    }
    expect(screen.getByRole('status')).toHaveTextContent(`${server.users.length} users`);
  });

  it('that cannot be read says so, and is asked for again', async () => {
    openTab(UsersTab, adminInstance, (_, fake) => fake.fail('users', { code: 'server-failed' }));
    expect(await screen.findByText('The server failed.')).toBeInTheDocument();
    await press('Try again');
    expect(await screen.findByRole('row', { name: /^marlene/ })).toBeInTheDocument();
  });

  it('is not shown to whom the server does not show it', async () => {
    const { fake } = openTab(UsersTab, adminInstance, (server) => {
      server.account.capabilities.users.view = roleInsufficient;
    });
    expect(await screen.findByText('Users cannot be managed here')).toBeInTheDocument();
    expect(screen.getByText('Your role on this server does not allow this.')).toBeInTheDocument();
    expect(asked(fake, 'users')).toEqual([]);
  });
});

describe('Create User', () => {
  async function form(): Promise<HTMLElement> {
    await press('Create User');
    return screen.findByRole('dialog', { name: 'Create User' });
  }

  it('takes email, name, a password by the rules, and roles', async () => {
    const { fake, instance } = await open();
    const dialog = await form();
    await waitFor(() => expect(within(dialog).getByLabelText('Email')).toHaveFocus());
    await user.keyboard(' nora@portal.example ');
    await user.type(within(dialog).getByLabelText('Display Name'), 'Nora');
    await user.type(within(dialog).getByLabelText('Password'), 'short');
    const rules = within(dialog).getByRole('list', { name: 'Password rules' });
    expect(within(rules).getByText('A lowercase letter').parentElement).toHaveTextContent(/ met$/);
    await press('Create User', dialog);
    expect(within(dialog).getByLabelText('Password')).toHaveFocus();
    expect(within(dialog).getByRole('group', { name: 'Roles' })).toHaveAccessibleDescription(
      'This is needed.',
    );
    expect(asked(fake, 'createUser')).toEqual([]);
    await expectAccessible(dialog);

    await user.type(within(dialog).getByLabelText('Password'), 'Er-1-than-that');
    await user.click(within(dialog).getByRole('checkbox', { name: /read-only/i }));
    await press('Create User', dialog);
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(asked(fake, 'createUser')).toEqual([
      [
        instance.id,
        {
          email: 'nora@portal.example',
          displayName: 'Nora',
          password: 'shortEr-1-than-that',
          roles: ['read-only'],
        },
      ],
    ]);
    await waitFor(() => expect(emails()).toContain('nora@portal.example'));
    await waitFor(() => expect(screen.getByRole('button', { name: 'Create User' })).toHaveFocus());
  });

  it('keeps what was typed when the address is taken, and says so beside it', async () => {
    await open();
    const dialog = await form();
    const email = within(dialog).getByLabelText('Email');
    await user.type(email, 'user.1@portal.example');
    await user.type(within(dialog).getByLabelText('Display Name'), 'Nora');
    await user.type(within(dialog).getByLabelText('Password'), 'shortEr-1-than-that');
    await user.click(within(dialog).getByRole('checkbox', { name: /read-only/i }));
    await press('Create User', dialog);
    await waitFor(() =>
      expect(email).toHaveAccessibleDescription(
        'There is already an account with this email address.',
      ),
    );
    await waitFor(() => expect(email).toHaveFocus());
    expect(within(dialog).getByLabelText('Password')).toHaveValue('shortEr-1-than-that');
  });

  it('waits for a new sign-in with everything as it was typed', async () => {
    const { fake, instance } = await open();
    const dialog = await form();
    await user.type(within(dialog).getByLabelText('Email'), 'nora@portal.example');
    await user.type(within(dialog).getByLabelText('Display Name'), 'Nora');
    await user.type(within(dialog).getByLabelText('Password'), 'shortEr-1-than-that');
    await user.click(within(dialog).getByRole('checkbox', { name: /read-only/i }));
    fake.fail('createUser', { code: 'signed-out' });
    await press('Create User', dialog);
    await waitFor(() => expect(wantedSignIn(instance.id)).toBeDefined());
    endSignIn(instance.id, true);
    expect(within(dialog).getByLabelText('Display Name')).toHaveValue('Nora');
    await press('Create User', dialog);
    await waitFor(() => expect(emails()).toContain('nora@portal.example'));
  });

  it('does not grant a role that is not the person’s to grant', async () => {
    await open((server) => {
      const role = server.account.capabilities.users.roles[0];
      if (role) role.grantable = false;
    });
    const dialog = await form();
    const box = within(dialog).getByRole('checkbox', { name: /super-admin/i });
    expect(box).toBeDisabled();
    expect(box).toHaveAccessibleDescription(/You may neither give nor take this role/);
  });
});

describe('Edit', () => {
  async function edit(): Promise<HTMLElement> {
    await press(`Edit ${TOMAS}`);
    return screen.findByRole('dialog', { name: 'Edit User' });
  }

  it('changes name, roles and status, and tells which roles there were before', async () => {
    const { fake, instance } = await open();
    const dialog = await edit();
    const name = within(dialog).getByLabelText('Display Name');
    await user.clear(name);
    await user.type(name, 'Tomás A.');
    await user.click(within(dialog).getByRole('checkbox', { name: /read-only/i }));
    await user.click(within(dialog).getByRole('radio', { name: 'Inactive' }));
    await expectAccessible(dialog);
    await press('Save', dialog);
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(asked(fake, 'editUser')).toEqual([
      [
        instance.id,
        'user-1',
        { displayName: 'Tomás A.', roles: ['admin', 'read-only'], active: false, version: '1' },
        ['admin'],
      ],
    ]);
    const row = await screen.findByRole('row', { name: /Tomás A\./ });
    expect(row).toHaveTextContent('Inactive');
  });

  it('sends nothing where nothing was changed', async () => {
    const { fake } = await open();
    const dialog = await edit();
    await press('Save', dialog);
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(asked(fake, 'editUser')).toEqual([]);
  });

  it('keeps what was typed when someone else was faster, and shows both', async () => {
    const { fake, server } = await open();
    const dialog = await edit();
    const name = within(dialog).getByLabelText('Display Name');
    await user.clear(name);
    await user.type(name, 'Tomás A.');
    await user.click(within(dialog).getByRole('checkbox', { name: /read-only/i }));
    server.users = server.users.map((one) =>
      one.id === 'user-1'
        ? {
            ...one,
            displayName: 'T. Aguilar',
            roles: ['super-admin'],
            active: false,
            version: '2',
          }
        : one,
    );
    await press('Save', dialog);
    const conflict = await within(dialog).findByText(
      'Someone else changed this account in the meantime',
    );
    expect(conflict).toBeInTheDocument();
    await user.type(name, '!');
    expect(conflict).toBeInTheDocument();
    expect(within(dialog).getByRole('button', { name: 'Save' })).toBeDisabled();
    await press('Load the present state', dialog);
    await waitFor(() =>
      expect(name).toHaveAccessibleDescription(
        'Changed elsewhere in the meantime. On the server now: T. Aguilar',
      ),
    );
    expect(name).toHaveValue('Tomás A.!');
    expect(within(dialog).getByRole('group', { name: 'Roles' })).toHaveAccessibleDescription(
      'Changed elsewhere in the meantime. On the server now: Super-Admin',
    );
    expect(within(dialog).getByRole('radio', { name: 'Inactive' })).toBeChecked();
    await press('Save', dialog);
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(asked(fake, 'editUser').at(-1)?.[2]).toMatchObject({
      displayName: 'Tomás A.!',
      active: false,
      version: '2',
    });
  });

  it('says that the user is gone where there is nothing to load', async () => {
    const { fake, server } = await open();
    const dialog = await edit();
    await user.type(within(dialog).getByLabelText('Display Name'), '!');
    fake.fail('editUser', { code: 'conflict' });
    await press('Save', dialog);
    server.users = server.users.filter((one) => one.id !== 'user-1');
    await user.click(await within(dialog).findByRole('button', { name: 'Load the present state' }));
    expect(await within(dialog).findByText('This is no longer on the server.')).toBeInTheDocument();
    expect(within(dialog).getByLabelText('Display Name')).toHaveValue(`${TOMAS}!`);
  });
});

describe('the status of a user', () => {
  it('that the server refuses is told at the choice, which has the focus', async () => {
    const { fake } = await open();
    await press(`Edit ${TOMAS}`);
    const dialog = await screen.findByRole('dialog', { name: 'Edit User' });
    await user.click(within(dialog).getByRole('radio', { name: 'Inactive' }));
    fake.fail('editUser', { code: 'last-of-its-kind', field: 'status' });
    await press('Save', dialog);
    const status = within(dialog).getByRole('radiogroup', { name: 'Status' });
    await waitFor(() =>
      expect(status).toHaveAccessibleDescription('Nobody would be left who can do this.'),
    );
    await waitFor(() =>
      expect(within(dialog).getByRole('radio', { name: 'Inactive' })).toHaveFocus(),
    );
    await expectAccessible(dialog);
  });
});

describe('Reset Password', () => {
  it('sets a password by the rules, and says what that ends', async () => {
    const { fake, instance } = await open();
    await press(`Reset Password of ${TOMAS}`);
    const dialog = await screen.findByRole('dialog', { name: `Reset Password of ${TOMAS}` });
    expect(dialog).toHaveTextContent('user.1@portal.example is signed out everywhere');
    const field = within(dialog).getByLabelText('New Password');
    await user.type(field, 'weak{Enter}');
    expect(field).toBeInvalid();
    expect(asked(fake, 'resetUserPassword')).toEqual([]);
    await press('Show New Password', dialog);
    expect(field).toHaveAttribute('type', 'text');
    await expectAccessible(dialog);
    await user.type(field, 'Er-1-than-that{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(asked(fake, 'resetUserPassword')).toEqual([
      [instance.id, 'user-1', 'weakEr-1-than-that'],
    ]);
    expect(notices().map(({ title }) => title)).toContain(`The password of ${TOMAS} is set`);
  });
});

describe('Delete', () => {
  it('says what stops working and does it only on the red button', async () => {
    const { fake, instance } = await open();
    await press(`Delete ${TOMAS}`);
    const question = await screen.findByRole('alertdialog', { name: `Delete “${TOMAS}”?` });
    expect(question).toHaveTextContent('every program that uses one of their keys stops working');
    await waitFor(() => expect(within(question).getByText('Cancel')).toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
    expect(asked(fake, 'deleteUser')).toEqual([]);
    await waitFor(() =>
      expect(screen.getByRole('button', { name: `Delete ${TOMAS}` })).toHaveFocus(),
    );

    await press(`Delete ${TOMAS}`);
    const again = await screen.findByRole('alertdialog');
    await user.click(within(again).getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(emails()).not.toContain('user.1@portal.example'));
    expect(asked(fake, 'deleteUser')).toEqual([[instance.id, 'user-1']]);
    await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('row'));
  });

  it('of the last of their kind is refused in words', async () => {
    const { fake } = await open();
    fake.fail('deleteUser', { code: 'last-of-its-kind' });
    await press(`Delete ${TOMAS}`);
    const question = await screen.findByRole('alertdialog');
    await user.click(within(question).getByRole('button', { name: 'Delete' }));
    expect(await within(question).findByRole('alert')).toHaveTextContent(
      'Nobody would be left who can do this.',
    );
    expect(emails()).toContain('user.1@portal.example');
  });
});
