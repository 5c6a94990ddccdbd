import { screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';

import { expectAccessible } from '$ui/test/axe';
import { inFront, openWindow } from '$ui/test/world';

import { connectDraft, emptyCredentials } from './draft.svelte';

const user = userEvent.setup();

beforeEach(() => {
  connectDraft.kind = null;
  connectDraft.servers = {};
  const { code, asksForCode } = emptyCredentials();
  const empty = { firstName: '', lastName: '', email: '', password: '', code, asksForCode };
  Object.assign(connectDraft.local, empty);
});

async function choose(kind: string): Promise<void> {
  await user.click(await screen.findByRole('button', { name: kind }));
}

const address = () => screen.getByRole('textbox', { name: 'Server address' });
const press = (name: string) => user.click(screen.getByRole('button', { name }));

test('a newcomer makes an account on this computer and lands on their profile', async () => {
  const fake = await openWindow();
  await user.type(await screen.findByRole('textbox', { name: 'First Name' }), 'Ada');
  await user.type(screen.getByRole('textbox', { name: 'Last Name' }), 'Lovelace');
  await user.type(screen.getByRole('textbox', { name: 'Email' }), 'ada@example.com');
  await user.type(screen.getByLabelText('Password'), 'correct horse battery{Enter}');
  await waitFor(() => expect(inFront()).toBe('This computer'));
  expect(await screen.findByRole('tab', { name: 'Profile', selected: true })).toBeVisible();
  expect(fake.calls.some(({ method }) => method === 'createLocalAccount')).toBe(true);
  expect(connectDraft.local.password).toBe('');
});

test('in Chinese the family name is asked for first, as in the profile, and missed first', async () => {
  await openWindow({ preferences: { language: 'zh-cn' } });
  await user.click(await screen.findByRole('button', { name: '创建账户' }));
  const names = screen.getAllByRole('textbox').slice(0, 2);
  expect(names.map((field) => field.getAttribute('autocomplete'))).toEqual([
    'family-name',
    'given-name',
  ]);
  await waitFor(() => expect(names[0]).toHaveFocus());
  expect(names[0]).toHaveAccessibleDescription('此项必填。');
  expect(names[1]).not.toHaveAccessibleDescription();
});

test('an empty field is named, and the focus goes there', async () => {
  await openWindow();
  await user.click(await screen.findByRole('button', { name: 'Create account' }));
  const first = screen.getByRole('textbox', { name: 'First Name' });
  expect(first).toHaveAccessibleDescription('This is needed.');
  await waitFor(() => expect(first).toHaveFocus());
});

test('the connect screen passes axe for every kind of server', async () => {
  await openWindow();
  for (const kind of [
    'Try it on this computer',
    'TDengine IDMP (self-hosted)',
    'TDengine IDMP Cloud',
    'AIMMS Cloud',
    'Keydesk server',
  ]) {
    await choose(kind);
    await expectAccessible();
  }
});

test('Check says what answers before any password is typed', async () => {
  const fake = await openWindow();
  await choose('TDengine IDMP (self-hosted)');
  await user.type(address(), 'idmp.example.com');
  await press('Check');
  expect(
    await screen.findByText('TDengine IDMP 1.0.14 answers at idmp.example.com.'),
  ).toBeVisible();
  expect(fake.calls.map(({ method }) => method)).not.toContain('signIn');
});

test('a bad address is explained beside its field, and what was typed stays', async () => {
  const fake = await openWindow();
  fake.fail('signIn', { code: 'address-scheme', field: 'address' });
  await choose('TDengine IDMP (self-hosted)');
  await user.type(address(), 'ftp://idmp.example.com');
  await user.type(screen.getByRole('textbox', { name: 'User name' }), 'ada');
  await user.type(screen.getByLabelText('Password'), 'secret');
  await press('Sign in');
  await waitFor(() =>
    expect(address()).toHaveAccessibleDescription('An address begins with https:// or http://.'),
  );
  expect(screen.getByLabelText('Password')).toHaveValue('secret');
});

test('plain HTTP to another machine needs a visible choice; to this machine it needs none', async () => {
  const fake = await openWindow();
  await choose('TDengine IDMP (self-hosted)');
  await user.type(address(), 'http://127.0.0.1:6042');
  expect(screen.queryByRole('checkbox', { name: 'Use plain HTTP for this server' })).toBeNull();
  await user.clear(address());
  await user.type(address(), 'http://idmp.example.com');
  await user.click(screen.getByRole('checkbox', { name: 'Use plain HTTP for this server' }));
  await press('Check');
  await waitFor(() => expect(fake.calls.at(-1)?.args[0]).toMatchObject({ plainHttpChosen: true }));
});

test('an untrusted certificate is looked at before it is trusted for this one server', async () => {
  const fake = await openWindow();
  fake.fail('checkServer', { code: 'tls-untrusted' });
  await choose('TDengine IDMP (self-hosted)');
  await user.type(address(), 'idmp.example.com');
  await press('Check');
  await user.click(await screen.findByRole('button', { name: 'Look at the certificate' }));
  const dialog = await screen.findByRole('dialog', { name: 'Trust this certificate?' });
  expect(await within(dialog).findByText(/^3F8A 3F8A/)).toBeVisible();
  await user.click(within(dialog).getByRole('button', { name: 'Trust for this server' }));
  await waitFor(() =>
    expect(fake.calls.at(-1)).toMatchObject({
      method: 'checkServer',
      args: [{ trust: { pinnedSha256: '3f8a'.repeat(16) } }],
    }),
  );
});

test('a pasted request fills the address, and its tokens never become part of the page', async () => {
  const fake = await openWindow();
  await choose('TDengine IDMP Cloud');
  await user.click(screen.getByRole('textbox', { name: 'Paste a request' }));
  await user.paste(
    `curl 'https://i7.idmp.taosdata.com/api/v1/permissions/menus' -H 'Authorization: Bearer planted-one' -H 'Access-token: planted-two'`,
  );
  const found = await screen.findByRole('status', { name: 'Found in the request' });
  expect(within(found).getAllByText('found')).toHaveLength(3);
  expect(address()).toHaveValue('https://i7.idmp.taosdata.com');
  expect(document.documentElement.outerHTML).not.toContain('planted');
  await press('Sign in');
  await waitFor(() =>
    expect(fake.calls.find(({ method }) => method === 'signIn')?.args[1]).toEqual({
      method: 'pasted',
      handle: 1,
    }),
  );
});

test('what was typed for one kind is still there after a look at another', async () => {
  await openWindow();
  await choose('TDengine IDMP (self-hosted)');
  await user.type(address(), 'idmp.example.com');
  await choose('TDengine IDMP Cloud');
  expect(address()).toHaveValue('');
  await choose('TDengine IDMP (self-hosted)');
  expect(address()).toHaveValue('idmp.example.com');
});

test('"Forgot password?" has the server send its mail', async () => {
  const fake = await openWindow();
  await choose('TDengine IDMP (self-hosted)');
  await user.type(address(), 'idmp.example.com');
  await user.type(screen.getByRole('textbox', { name: 'User name' }), 'ada@example.com');
  await press('Forgot password?');
  const dialog = await screen.findByRole('dialog', { name: 'Forgot password?' });
  await user.click(within(dialog).getByRole('button', { name: 'Send mail' }));
  expect(await within(dialog).findByText(/a mail is on its way/)).toBeVisible();
  expect(fake.calls.at(-1)?.args[1]).toBe('ada@example.com');
});

test('AIMMS Cloud asks for an address and a key, and for nothing else', async () => {
  const fake = await openWindow();
  await choose('AIMMS Cloud');
  expect(screen.queryByLabelText('Password')).toBeNull();
  await user.type(address(), 'acme.aimms.cloud');
  await user.type(screen.getByLabelText('API key'), 'planted-key{Enter}');
  await waitFor(() =>
    expect(fake.calls.find(({ method }) => method === 'signIn')?.args).toEqual([
      expect.objectContaining({ kind: 'aimms-cloud', address: 'acme.aimms.cloud' }),
      { method: 'apiKey', key: 'planted-key' },
    ]),
  );
});

async function fillKeydesk(): Promise<void> {
  await choose('Keydesk server');
  await user.type(address(), 'keydesk.example.com');
  await user.type(screen.getByRole('textbox', { name: 'Email' }), 'ada@example.com');
  await user.type(screen.getByLabelText('Password'), 'secret');
}

test('a second factor is asked for when the server does, and all that was typed stays', async () => {
  const fake = await openWindow();
  await fillKeydesk();
  expect(screen.queryByRole('textbox', { name: 'Code' })).toBeNull();

  fake.fail('signIn', { code: 'second-factor-required' });
  await press('Sign in');
  const code = await screen.findByRole('textbox', { name: 'Code' });
  await waitFor(() => expect(code).toHaveFocus());
  expect(code).toHaveAttribute('autocomplete', 'one-time-code');
  expect(code).toHaveAccessibleDescription(/authenticator app, or a recovery code/);
  expect(screen.getByLabelText('Password')).toHaveValue('secret');
  expect(screen.queryByRole('alert')).toBeNull();

  await press('Sign in');
  await waitFor(() => expect(code).toHaveAccessibleDescription('This is needed.'));

  fake.fail('signIn', { code: 'second-factor-refused', field: 'code' });
  await user.type(code, '123456');
  await press('Sign in');
  await waitFor(() => expect(code).toHaveAccessibleDescription(/used already/));
  await waitFor(() => expect(code).toHaveFocus());
  await expectAccessible();

  await user.clear(code);
  await user.type(code, ' 654321 {Enter}');
  await waitFor(() =>
    expect(fake.calls.findLast(({ method }) => method === 'signIn')?.args[1]).toEqual({
      method: 'password',
      loginName: 'ada@example.com',
      password: 'secret',
      code: '654321',
      remember: false,
    }),
  );
});

test('another account is not asked for the code of the one before', async () => {
  const fake = await openWindow();
  await fillKeydesk();
  fake.fail('signIn', { code: 'second-factor-required' });
  await press('Sign in');
  await user.type(await screen.findByRole('textbox', { name: 'Code' }), '123456');
  await user.type(screen.getByRole('textbox', { name: 'Email' }), 'x');
  expect(screen.queryByRole('textbox', { name: 'Code' })).toBeNull();
});

test('no password goes to an address where no such server answers', async () => {
  const fake = await openWindow();
  await fillKeydesk();
  fake.fail('checkServer', { code: 'not-this-kind-of-server' });
  await press('Sign in');
  expect(await screen.findByText(/not the kind of server you chose/)).toBeVisible();
  const methods = () => fake.calls.map(({ method }) => method);
  expect(methods()).not.toContain('signIn');

  await press('Sign in');
  await waitFor(() => expect(methods()).toContain('signIn'));
  expect(methods().indexOf('checkServer')).toBeLessThan(methods().indexOf('signIn'));
});

test('an address that was checked is not asked again at the sign-in', async () => {
  const fake = await openWindow();
  await fillKeydesk();
  await press('Check');
  await screen.findByText(/answers at keydesk.example.com/);
  await press('Sign in');
  await waitFor(() => expect(fake.calls.some(({ method }) => method === 'signIn')).toBe(true));
  expect(fake.calls.filter(({ method }) => method === 'checkServer')).toHaveLength(1);
});

test('a check that takes too long can be cancelled', async () => {
  const fake = await openWindow();
  await choose('Keydesk server');
  await user.type(address(), 'keydesk.example.com');
  // However busy this computer is, the answer is not there before the button.
  vi.spyOn(fake, 'checkServer').mockReturnValue(new Promise(() => undefined));
  await press('Check');
  await user.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(fake.calls.at(-1)).toEqual({ method: 'cancel', args: [null] });
});
