import { render, screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';

import { type Capabilities, type InstanceView, type Profile, useHost } from '$ui/ipc';
import { createFakeHost, type FakeHost } from '$ui/ipc/fake';
import { instance as someInstance } from '$ui/ipc/fake-data';
import { aimmsInstance } from '$ui/ipc/fake-servers';
import { draft } from '$ui/state/drafts.svelte';
import { notices } from '$ui/state/notices.svelte';
import { refresh } from '$ui/state/query';
import { endSignIn, wantedSignIn } from '$ui/state/sign-in.svelte';
import { expectAccessible } from '$ui/test/axe';
import WithQueries from '$ui/test/WithQueries.svelte';

import { editOf } from './draft';
import ProfileTab from './ProfileTab.svelte';

const user = userEvent.setup();
let count = 0;

interface Stage {
  fake: FakeHost;
  instance: InstanceView;
  unmount: () => void;
}

const mount = (instance: InstanceView) =>
  render(WithQueries, { props: { component: ProfileTab, props: { instance } } });

async function open(
  change: { profile?: Partial<Profile>; password?: Partial<Capabilities['password']> } = {},
): Promise<Stage> {
  const instance = someInstance({ id: `profile-${++count}` });
  const fake = createFakeHost({ instances: [instance] });
  const { account } = fake.server(instance.id);
  Object.assign(account.profile, change.profile);
  Object.assign(account.capabilities.password, change.password);
  useHost(fake);
  const { unmount } = mount(instance);
  await screen.findByRole('button', { name: 'Edit' });
  return { fake, instance, unmount };
}

async function edit(change?: Parameters<typeof open>[0]): Promise<Stage> {
  const stage = await open(change);
  await user.click(screen.getByRole('button', { name: 'Edit' }));
  await screen.findByRole('textbox', { name: 'First Name' });
  return stage;
}

const field = (name: string) => screen.getByRole('textbox', { name });
const press = (name: string) => user.click(screen.getByRole('button', { name }));
const calls = (fake: FakeHost, method: string) =>
  fake.calls.filter((call) => call.method === method);

async function replace(name: string, text: string): Promise<void> {
  await user.clear(field(name));
  await user.click(field(name));
  await user.paste(text);
}

async function typePasswords(first: string, second = first): Promise<void> {
  await user.type(screen.getByLabelText('New Password'), first);
  await user.type(screen.getByLabelText('Confirm Password'), second);
}

async function confirmWith(current: string): Promise<HTMLElement> {
  const dialog = await screen.findByRole('dialog', { name: 'Confirm with your password' });
  const input = within(dialog).getByLabelText('Current password');
  await user.clear(input);
  await user.type(input, current);
  await user.keyboard('{Enter}');
  return dialog;
}

describe('the profile', () => {
  it('opens to be read, with a name for every field', async () => {
    await open({ profile: { position: '' } });
    expect(screen.getByRole('heading', { name: 'Marlene Brandt' })).toBeInTheDocument();
    const terms = screen.getAllByRole('term').map((term) => term.textContent);
    expect(terms).toEqual(['First Name', 'Last Name', 'Email', 'Phone', 'Position', 'Description']);
    expect(screen.getAllByRole('definition')[4]).toHaveTextContent('empty');
    expect(screen.queryByRole('textbox')).not.toBeInTheDocument();
    await expectAccessible();
  });

  it('is edited and saved, and then read again', async () => {
    const { fake, instance } = await edit();
    await waitFor(() => expect(field('First Name')).toHaveFocus());
    expect(field('Email')).toHaveAttribute('readonly');
    expect(field('Email')).toHaveAccessibleDescription(/cannot be changed here/);
    await screen.findByRole('combobox', { name: 'Country or region' });
    await expectAccessible();

    const seen = editOf(fake.server(instance.id).account.profile);
    await replace('Last Name', '李');
    await replace('Description', 'One\nTwo');
    await press('Save');
    expect(await screen.findByText('Profile saved')).toBeInTheDocument();
    expect(calls(fake, 'saveProfile')[0]?.args).toEqual([
      instance.id,
      { before: seen, after: { ...seen, lastName: '李', description: 'One\nTwo' } },
      null,
    ]);
    expect(screen.getByRole('heading', { name: 'Marlene 李' })).toBeInTheDocument();
    expect(draft(instance.id, 'profile')).toBeUndefined();
    await waitFor(() => expect(screen.getByRole('button', { name: 'Edit' })).toHaveFocus());
  });

  it('has what is focused come out from behind the buttons', async () => {
    await edit();
    const scrolled = vi.spyOn(Element.prototype, 'scrollIntoView');
    await user.click(field('Position'));
    await user.tab();
    expect(field('Description')).toHaveFocus();
    expect(scrolled.mock.contexts.at(-1)).toBe(field('Description'));
  });

  it('is as it was after Cancel', async () => {
    const { fake, instance } = await edit();
    await replace('First Name', 'Somebody');
    await press('Cancel');
    expect(screen.getByRole('heading', { name: 'Marlene Brandt' })).toBeInTheDocument();
    expect(draft(instance.id, 'profile')).toBeUndefined();
    expect(calls(fake, 'saveProfile')).toEqual([]);
  });

  it.each([
    ['First Name', ' ', 'This is needed.'],
    ['First Name', 'x'.repeat(10_000), /longer than the server takes\. 10,000 of 64 characters/],
    ['Last Name', 'a\u202eb', /characters that reverse the text/],
    ['Phone', 'call me', /with its country code/],
  ])('is not sent with the %s %j, which stays as typed', async (name, text, message) => {
    const { fake } = await edit();
    await replace(name, text);
    await press('Save');
    await waitFor(() => expect(field(name)).toHaveAccessibleDescription(message));
    await waitFor(() => expect(field(name)).toHaveFocus());
    expect(field(name)).toHaveValue(text);
    expect(calls(fake, 'saveProfile')).toEqual([]);
  });

  it('shows what the server refuses beside its field, and the rest above the buttons', async () => {
    const { fake } = await edit();
    await replace('Position', 'Chief');
    fake.fail('saveProfile', { code: 'too-long', field: 'position' });
    await press('Save');
    await waitFor(() =>
      expect(field('Position')).toHaveAccessibleDescription(
        'This is longer than the server takes.',
      ),
    );
    await user.type(field('Position'), 's');
    expect(field('Position')).not.toHaveAccessibleDescription(
      'This is longer than the server takes.',
    );

    fake.fail('saveProfile', { code: 'timed-out' });
    await press('Save');
    expect(await screen.findByText('The server did not answer in time.')).toBeInTheDocument();
    expect(field('Position')).toHaveValue('Chiefs');
    await press('Try again');
    expect(await screen.findByText('Profile saved')).toBeInTheDocument();
  });

  it('waits as long as the server asks to, and Save says so where it has the focus', async () => {
    const { fake } = await edit();
    await replace('Position', 'Chief');
    fake.fail('saveProfile', { code: 'rate-limited', retryAfterMs: 30_000 });
    screen.getByRole('button', { name: 'Save' }).focus();
    await user.keyboard('{Enter}');
    const save = await screen.findByRole('button', { name: /^Save \(\d+ s\)$/ });
    // A button that the browser disables loses the focus.
    expect(save).toBeEnabled();
    expect(save).toHaveFocus();
    expect(save).toHaveAttribute('aria-disabled', 'true');
    expect(save).toHaveAccessibleDescription('The server asks to wait before the next try.');
    await expectAccessible();
    await user.click(save);
    await typePasswords('Long-enough-4');
    await user.type(field('Position'), 's{Enter}');
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(calls(fake, 'saveProfile')).toHaveLength(1);
    expect(field('Position')).toHaveValue('Chiefs');
  });

  it('exchanges the country code and keeps the number', async () => {
    await edit();
    const region = await screen.findByRole('combobox', { name: 'Country or region' });
    expect(region).toHaveDisplayValue('Germany (+49)');
    await user.selectOptions(region, 'France (+33)');
    expect(field('Phone')).toHaveValue('+33 40 5550123');
    await replace('Phone', '+86 138');
    expect(region).toHaveDisplayValue('China (+86)');
  });
});

describe('what only the browser can change', () => {
  it('is shown, with the facts of the account and the way to the server’s page', async () => {
    const instance = { ...aimmsInstance, id: `profile-${++count}` };
    const fake = createFakeHost({ instances: [instance] });
    useHost(fake);
    mount(instance);
    expect(await screen.findByText(/Full Name and Email\.$/)).toBeInTheDocument();
    const terms = screen.getAllByRole('term').map((term) => term.textContent);
    expect(terms).toEqual(['Username', 'Full Name', 'Email', 'Account', 'Environment', 'Groups']);
    expect(screen.getByText('modelers')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Change avatar' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull();
    await expectAccessible();
    await press('Open in the browser');
    expect(fake.calls.at(-1)).toEqual({
      method: 'openPortalPage',
      args: [instance.id, 'profile'],
    });
  });
});

describe('what was typed', () => {
  it('survives leaving the tab and coming back', async () => {
    const { instance, unmount } = await edit();
    await replace('First Name', 'Somebody');
    unmount();
    mount(instance);
    expect(await screen.findByRole('textbox', { name: 'First Name' })).toHaveValue('Somebody');
  });

  it('is nothing where nothing was typed: then the profile is read again', async () => {
    const { instance, unmount } = await edit();
    unmount();
    expect(draft(instance.id, 'profile')).toBeUndefined();
    mount(instance);
    expect(await screen.findByRole('button', { name: 'Edit' })).toBeInTheDocument();
  });

  it('survives a session that ended in the middle, and is saved after the sign-in', async () => {
    const { fake, instance } = await edit();
    await replace('First Name', 'Somebody');
    fake.fail('saveProfile', { code: 'signed-out' });
    await press('Save');
    await waitFor(() => expect(wantedSignIn(instance.id)).toBeDefined());
    endSignIn(instance.id, true);
    await waitFor(() =>
      expect(screen.queryByText('Your session has ended.')).not.toBeInTheDocument(),
    );
    expect(field('First Name')).toHaveValue('Somebody');
    await press('Save');
    expect(await screen.findByRole('heading', { name: 'Somebody Brandt' })).toBeInTheDocument();
  });

  it('while a save was on its way is the next edit', async () => {
    const { fake, instance } = await edit();
    const { saveProfile } = fake;
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    fake.saveProfile = (...sent) => held.then(() => saveProfile(...sent));
    await replace('Position', 'Chief');
    await press('Save');
    await user.type(field('Position'), ' engineer');
    answer();
    const saved = () => fake.server(instance.id).account.profile.position;
    await waitFor(() => expect(saved()).toBe('Chief'));
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Save' })).not.toHaveAttribute('aria-busy'),
    );
    expect(field('Position')).toHaveValue('Chief engineer');
    await press('Save');
    await waitFor(() => expect(saved()).toBe('Chief engineer'));
    expect(await screen.findByRole('button', { name: 'Edit' })).toBeInTheDocument();
  });

  it('is told of where the save fails after the tab was left, and is there on the way back', async () => {
    const { fake, instance, unmount } = await edit();
    const { saveProfile } = fake;
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    fake.saveProfile = (...sent) => held.then(() => saveProfile(...sent));
    fake.fail('saveProfile', { code: 'server-failed' });
    await replace('Position', 'Chief');
    await press('Save');
    unmount();
    answer();
    await waitFor(() =>
      expect(notices().map(({ title }) => title)).toContain('The server failed.'),
    );
    mount(instance);
    expect(await screen.findByRole('textbox', { name: 'Position' })).toHaveValue('Chief');
  });

  it('is kept where the server changed the same field meanwhile, and the other value is told', async () => {
    const { fake, instance } = await edit();
    await replace('Position', 'Chief');
    const server = fake.server(instance.id);
    const profile = { ...server.account.profile, position: 'Lead', lastName: 'Brandt-Weiß' };
    server.account = { ...server.account, profile };
    await refresh(instance.id, 'account');
    await waitFor(() =>
      expect(field('Position')).toHaveAccessibleDescription(/On the server now: Lead/),
    );
    expect(field('Position')).toHaveValue('Chief');
    expect(field('Last Name')).toHaveValue('Brandt-Weiß');
  });

  it('takes back nothing that somebody saved unheard, and asks where it is the same field', async () => {
    const { fake, instance } = await edit();
    const server = fake.server(instance.id);
    const elsewhere = { ...server.account.profile, lastName: 'Brandt-Weiß', position: 'Lead' };
    server.account = { ...server.account, profile: elsewhere };
    await replace('Position', 'Chief');
    await press('Save');
    await user.click(await screen.findByRole('button', { name: 'Reload' }));
    await waitFor(() =>
      expect(field('Position')).toHaveAccessibleDescription(/On the server now: Lead/),
    );
    expect(field('Position')).toHaveValue('Chief');
    await press('Save');
    expect(await screen.findByText('Profile saved')).toBeInTheDocument();
    expect(server.account.profile).toMatchObject({ lastName: 'Brandt-Weiß', position: 'Chief' });
  });
});

describe('the password', () => {
  it('is changed after the current one was asked for, with the rules ticked off while typing', async () => {
    const { fake, instance } = await edit();
    await user.type(screen.getByLabelText('New Password'), 'short');
    const rules = screen.getByRole('list', { name: 'Password rules' });
    expect(within(rules).getByText('A lowercase letter').closest('li')).toHaveTextContent('met');
    expect(within(rules).getByText('A number').closest('li')).toHaveTextContent('not yet met');
    await press('Save');
    expect(await screen.findByText(/does not meet the rules/)).toBeInTheDocument();
    expect(calls(fake, 'saveProfile')).toEqual([]);

    await user.clear(screen.getByLabelText('New Password'));
    await typePasswords('Long-enough-4', 'Long-enough-5');
    await press('Save');
    expect(await screen.findByText('The two passwords are not the same.')).toBeInTheDocument();
    await user.clear(screen.getByLabelText('Confirm Password'));
    await user.type(screen.getByLabelText('Confirm Password'), 'Long-enough-4');
    await press('Save');

    const dialog = await confirmWith('wrong');
    await waitFor(() =>
      expect(within(dialog).getByLabelText('Current password')).toHaveAccessibleDescription(
        'The current password is not right.',
      ),
    );
    await expectAccessible(dialog);
    await confirmWith('right');
    expect(await screen.findByText('Profile saved and password changed')).toBeInTheDocument();
    expect(calls(fake, 'saveProfile').at(-1)?.args[2]).toEqual({
      current: 'right',
      new: 'Long-enough-4',
    });
    expect(draft(instance.id, 'profile')).toBeUndefined();
    expect(document.body.innerHTML).not.toContain('Long-enough-4');
  });

  it('that was not changed although the profile was saved is told honestly', async () => {
    const { fake, instance } = await edit();
    await replace('Position', 'Chief');
    await typePasswords('Long-enough-4');
    const save = vi.spyOn(fake, 'saveProfile').mockImplementation((_, { after }) => {
      const own = fake.server(instance.id).account;
      return Promise.resolve({
        profile: { ...own.profile, ...after },
        passwordChanged: false,
        passwordError: {
          code: 'password-too-weak',
          message: 'weak',
          field: 'newPassword',
          retryAfterMs: null,
          detail: 'It is among the first that people guess.',
        },
      });
    });
    await press('Save');
    await confirmWith('right');
    expect(
      await screen.findByText('Your profile is saved, your password is not changed'),
    ).toBeInTheDocument();
    expect(screen.getByLabelText('New Password')).toHaveAccessibleDescription(
      /The server says: It is among the first that people guess\./,
    );
    expect(screen.getByLabelText('New Password')).toHaveValue('Long-enough-4');
    expect(screen.getByRole('heading', { name: 'Marlene Brandt' })).toBeInTheDocument();
    save.mockRestore();
    await press('Cancel');
    expect(screen.getByText('Chief')).toBeInTheDocument();
  });

  it('has no fields where it is kept elsewhere', async () => {
    await edit({
      profile: { loginType: 'singleSignOn' },
      password: { change: { state: 'unavailable', reason: 'passwordKeptElsewhere' } },
    });
    expect(screen.queryByLabelText('New Password')).not.toBeInTheDocument();
    expect(screen.getByText(/kept and changed there/)).toBeInTheDocument();
  });
});
