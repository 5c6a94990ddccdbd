import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { expect, it } from 'vitest';

import { type InstanceView, type Profile, type ProfileChange, useHost } from '$ui/ipc';
import { createFakeHost, type FakeHost } from '$ui/ipc/fake';
import { organizationInstance, organizationServer } from '$ui/ipc/fake-servers';
import { closeDrafts, isUnsaved, unsavedInstances } from '$ui/state/drafts.svelte';
import { refresh } from '$ui/state/query';
import { endSignIn, wantedSignIn } from '$ui/state/sign-in.svelte';
import { expectAccessible } from '$ui/test/axe';
import WithQueries from '$ui/test/WithQueries.svelte';

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

async function open(profile: Partial<Profile> = {}): Promise<Stage> {
  const instance = { ...organizationInstance, id: `self-saving-${++count}` };
  const server = organizationServer();
  Object.assign(server.account.profile, profile);
  const fake = createFakeHost({ instances: [instance], servers: { [instance.id]: server } });
  useHost(fake);
  const { unmount } = mount(instance);
  await screen.findByRole('textbox', { name: 'First Name' });
  return { fake, instance, unmount };
}

const field = (name: string) => screen.getByRole('textbox', { name });
const saves = (fake: FakeHost) => fake.calls.filter(({ method }) => method === 'saveProfile');
const sent = (fake: FakeHost) => saves(fake).map(({ args }) => (args[1] as ProfileChange).after);

it('saves a name as its field is left, says so, and asks for no button', async () => {
  const { fake, instance } = await open();
  expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull();
  expect(field('Email Address')).toHaveAttribute('readonly');
  expect(field('Email Address')).toHaveAccessibleDescription(/cannot be changed here/);
  await expectAccessible();

  await user.type(field('First Name'), ' Ann');
  expect(isUnsaved(instance.id, 'profile')).toBe(true);
  await user.tab();
  expect(await screen.findByText('Saved')).toBeVisible();
  expect(screen.getByRole('status')).toHaveTextContent('First Name: saved.');
  expect(sent(fake)).toMatchObject([{ firstName: 'Marlene Ann', lastName: 'Brandt' }]);
  expect(screen.getByRole('heading', { name: 'Marlene Ann Brandt' })).toBeInTheDocument();
  expect(isUnsaved(instance.id, 'profile')).toBe(false);
});

it('saves when typing pauses, and leaves a space at the end to go on from', async () => {
  const { fake } = await open();
  await user.type(field('First Name'), ' Ann ');
  await waitFor(() => expect(saves(fake)).toHaveLength(1), { timeout: 4000 });
  await screen.findByText('Saved');
  expect(field('First Name')).toHaveValue('Marlene Ann ');
  await user.keyboard('Lu');
  await user.tab();
  await waitFor(() => expect(sent(fake).at(-1)?.firstName).toBe('Marlene Ann Lu'));
});

it('waits for a word that is composed with an input method', async () => {
  const { fake } = await open({ firstName: '', lastName: '王' });
  const name = field('First Name');
  await user.click(name);
  await fireEvent.compositionStart(name);
  await fireEvent.input(name, { target: { value: "xiao'ming" }, isComposing: true });
  // Whatever makes it save meanwhile does not take the half of a word along.
  await fireEvent.submit(screen.getByRole('form', { name: 'Profile' }));
  expect(saves(fake)).toEqual([]);
  await fireEvent.input(name, { target: { value: '晓明' }, isComposing: true });
  await fireEvent.compositionEnd(name);
  await waitFor(() => expect(sent(fake)[0]?.firstName).toBe('晓明'), { timeout: 4000 });
  expect(saves(fake)).toHaveLength(1);
});

it('sends nothing where nothing was changed, and Enter does not wait', async () => {
  const { fake } = await open();
  await user.click(field('First Name'));
  await user.tab();
  expect(saves(fake)).toEqual([]);
  await user.type(field('Last Name'), '-Weiß{Enter}');
  await waitFor(() => expect(sent(fake)[0]?.lastName).toBe('Brandt-Weiß'));
});

it('judges a field once it was left, and what is wrong is not sent', async () => {
  const { fake } = await open();
  await user.clear(field('First Name'));
  expect(field('First Name')).not.toHaveAccessibleDescription('This is needed.');
  await user.tab();
  expect(field('First Name')).toHaveAccessibleDescription('This is needed.');
  await user.type(field('Last Name'), 'x');
  await user.tab();
  await waitFor(() => expect(saves(fake)).toHaveLength(1));
  // The name that is wrong is not part of it; what was typed stays.
  expect(sent(fake)).toMatchObject([{ firstName: 'Marlene', lastName: 'Brandtx' }]);
  expect(field('First Name')).toHaveValue('');
});

it('keeps what could not be saved, says why, and tries again when asked or when the server is heard', async () => {
  const { fake, instance, unmount } = await open();
  fake.fail('saveProfile', { code: 'connection-refused' }, 2);
  await user.type(field('First Name'), ' Ann');
  await user.tab();
  expect(await screen.findByText('Not saved')).toBeVisible();
  expect(field('First Name')).toHaveAccessibleDescription(/Nothing is listening/);
  expect(field('First Name')).toHaveValue('Marlene Ann');
  await expectAccessible();
  expect(unsavedInstances()).toContain(instance.id);

  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(saves(fake)).toHaveLength(2));
  unmount();
  mount(instance);
  expect(await screen.findByRole('textbox', { name: 'First Name' })).toHaveValue('Marlene Ann');
  await refresh(instance.id, 'account');
  expect(await screen.findByText('Saved')).toBeVisible();
});

it('tells what the server refuses beside its field', async () => {
  const { fake } = await open();
  fake.fail('saveProfile', { code: 'too-long', field: 'lastName' });
  await user.type(field('Last Name'), 'x');
  await user.tab();
  await waitFor(() =>
    expect(field('Last Name')).toHaveAccessibleDescription('This is longer than the server takes.'),
  );
  expect(saves(fake)).toHaveLength(1);
});

it('overwrites nothing that changed elsewhere before the person has seen it', async () => {
  const { fake, instance } = await open();
  const server = fake.server(instance.id);
  fake.fail('saveProfile', { code: 'conflict' });
  await user.type(field('First Name'), ' Ann');
  const profile = { ...server.account.profile, firstName: 'M.' };
  server.account = { ...server.account, profile };
  await user.tab();
  await waitFor(() =>
    expect(field('First Name')).toHaveAccessibleDescription(/On the server now: M\.$/),
  );
  expect(field('First Name')).toHaveValue('Marlene Ann');
  expect(screen.getByText('Not saved')).toBeVisible();
  await refresh(instance.id, 'account');
  expect(saves(fake)).toHaveLength(1);

  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Saved')).toBeVisible();
  expect(sent(fake).at(-1)?.firstName).toBe('Marlene Ann');
  expect(field('First Name')).not.toHaveAccessibleDescription(/On the server now/);
});

it('sends what was typed meanwhile with the next request, never two at a time', async () => {
  const { fake } = await open();
  let answer: () => void = () => undefined;
  const { saveProfile } = fake;
  let [underWay, most] = [0, 0];
  fake.saveProfile = async (...args) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise<void>((resolve) => (answer = resolve));
    underWay -= 1;
    return saveProfile(...args);
  };
  await user.type(field('First Name'), ' Ann');
  await user.tab();
  expect(await screen.findByText('Saving…')).toBeVisible();
  await user.type(field('Last Name'), '-Weiß');
  await user.tab();
  await user.type(field('First Name'), ' Lu');
  answer();
  await waitFor(() => expect(saves(fake)).toHaveLength(1));
  expect(field('First Name')).toHaveValue('Marlene Ann Lu');
  await waitFor(() => expect(underWay).toBe(1));
  answer();
  await waitFor(() =>
    expect(sent(fake).at(-1)).toMatchObject({
      firstName: 'Marlene Ann Lu',
      lastName: 'Brandt-Weiß',
    }),
  );
  expect(most).toBe(1);
});

it('shows a name as the server writes it, and not over what was typed meanwhile', async () => {
  const { fake } = await open();
  let answer: () => void = () => undefined;
  const { saveProfile } = fake;
  fake.saveProfile = async (id, { before, after }, password) => {
    await new Promise<void>((resolve) => (answer = resolve));
    const upper = {
      firstName: after.firstName.toUpperCase(),
      lastName: after.lastName.toUpperCase(),
    };
    return saveProfile(id, { before, after: { ...after, ...upper } }, password);
  };
  await user.type(field('Last Name'), 's');
  await user.tab();
  expect(await screen.findByText('Saving…')).toBeVisible();
  await user.type(field('Last Name'), 'en');
  answer();
  await waitFor(() => expect(saves(fake)).toHaveLength(1));
  await screen.findByRole('heading', { name: 'MARLENE BRANDTS' });
  expect(field('Last Name')).toHaveValue('Brandtsen');
  await user.tab();
  answer();
  await waitFor(() => expect(field('Last Name')).toHaveValue('BRANDTSEN'));
});

it('saves what was typed as the tab is left, and takes over what changed elsewhere', async () => {
  const { fake, instance, unmount } = await open();
  await user.type(field('First Name'), ' Ann');
  unmount();
  expect(saves(fake)).toHaveLength(1);
  mount(instance);
  const server = fake.server(instance.id);
  await waitFor(() => expect(server.account.profile.firstName).toBe('Marlene Ann'));
  const profile = { ...server.account.profile, lastName: 'Brandt-Weiß' };
  server.account = { ...server.account, profile };
  await refresh(instance.id, 'account');
  await waitFor(() => expect(field('Last Name')).toHaveValue('Brandt-Weiß'));
});

it('sends nothing of an account that was signed out while its name was typed', async () => {
  const { fake, instance, unmount } = await open();
  await user.type(field('First Name'), ' Ann');
  closeDrafts(instance.id);
  unmount();
  await new Promise((passed) => setTimeout(passed, 1500)); // longer than a pause in typing
  expect(saves(fake)).toHaveLength(0);
});

it('goes on after the person has signed in again', async () => {
  const { fake, instance } = await open();
  fake.fail('saveProfile', { code: 'signed-out' });
  await user.type(field('First Name'), ' Ann');
  await user.tab();
  await waitFor(() => expect(wantedSignIn(instance.id)).toBeDefined());
  endSignIn(instance.id, true);
  expect(await screen.findByText('Saved')).toBeVisible();
  expect(sent(fake).at(-1)?.firstName).toBe('Marlene Ann');
});

it('waits as long as the server asks to, whatever is typed, and then tries by itself', async () => {
  const { fake } = await open();
  fake.fail('saveProfile', { code: 'rate-limited', retryAfterMs: 1500 });
  await user.type(field('First Name'), ' Ann');
  await user.tab();
  expect(await screen.findByText('Not saved')).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  await user.type(field('Last Name'), 's');
  await user.tab();
  expect(saves(fake)).toHaveLength(1);
  await waitFor(() => expect(saves(fake)).toHaveLength(2), { timeout: 3000 });
  expect(sent(fake).at(-1)).toMatchObject({ firstName: 'Marlene Ann', lastName: 'Brandts' });
  expect(await screen.findAllByText('Saved')).toHaveLength(2);
});

it('writes a Chinese name with the family name first', async () => {
  await open({ firstName: '晓明', lastName: '王' });
  expect(screen.getByRole('heading', { name: '王晓明' })).toBeInTheDocument();
});

it('lets the password stand alone: rules from the beginning, the current one asked for', async () => {
  const { fake, instance } = await open();
  const rules = screen.getByRole('list', { name: 'Password rules' });
  expect(within(rules).getAllByRole('listitem')).toHaveLength(5);
  await user.click(screen.getByRole('button', { name: 'Change Password' }));
  await waitFor(() =>
    expect(screen.getByLabelText('New Password')).toHaveAccessibleDescription('This is needed.'),
  );
  await user.type(screen.getByLabelText('New Password'), 'Long-enough-4');
  expect(within(rules).queryByText('not yet met')).toBeNull();
  await user.type(screen.getByLabelText('Confirm Password'), 'Long-enough-4');
  expect(isUnsaved(instance.id, 'profile')).toBe(true);
  await user.click(screen.getByRole('button', { name: 'Change Password' }));
  const dialog = await screen.findByRole('dialog', { name: 'Confirm with your password' });
  await user.type(within(dialog).getByLabelText('Current password'), 'right{Enter}');
  expect(await screen.findByText('Password changed')).toBeInTheDocument();
  expect(saves(fake)[0]?.args[2]).toEqual({ current: 'right', new: 'Long-enough-4' });
  expect(screen.getByLabelText('New Password')).toHaveValue('');
  expect(isUnsaved(instance.id, 'profile')).toBe(false);
});
