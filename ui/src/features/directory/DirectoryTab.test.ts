import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, it } from 'vitest';

import { aimmsInstance } from '$ui/ipc/fake-servers';
import { expectAccessible } from '$ui/test/axe';
import { asked, openTab, user } from '$ui/test/stage';

import DirectoryTab from './DirectoryTab.svelte';

const names = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('gridcell')[0]?.textContent.trim());

it('looks up users, groups and environments, and changes nothing', async () => {
  openTab(DirectoryTab, aimmsInstance);
  const row = await screen.findByRole('row', { name: /^user000 / });
  expect(row).toHaveTextContent('Marlene Brandt');
  expect(row).toHaveTextContent('user0@acme.example');
  await expectAccessible();
  await user.click(screen.getByRole('radio', { name: 'Groups' }));
  expect(await screen.findByRole('row', { name: /^analysts ROOT/ })).toBeInTheDocument();
  expect(screen.getByRole('columnheader', { name: 'Environment' })).toBeInTheDocument();
  expect(screen.getByRole('status')).toHaveTextContent('4 entries');
  await user.click(screen.getByRole('radio', { name: 'Environments' }));
  await waitFor(() => expect(names()).toEqual(['Finance', 'ROOT', 'Supply chain']));
});

it('has the server sort, search and hand out parts', async () => {
  const { fake } = openTab(DirectoryTab, aimmsInstance);
  await screen.findByRole('row', { name: /^user000 / });
  expect(screen.getByRole('status')).toHaveTextContent(/^First \d+ entries$/);
  while (screen.queryByRole('button', { name: 'Show more' })) {
    const before = screen.getByRole('status').textContent;
    await user.click(screen.getByRole('button', { name: 'Show more' }));
    await waitFor(() => expect(screen.getByRole('status').textContent).not.toBe(before));
  }
  expect(screen.getByRole('status')).toHaveTextContent('130 entries');

  await user.click(screen.getByRole('button', { name: /Username/ }));
  await waitFor(() => expect(names()[0]).toBe('user129'));
  expect(screen.getByRole('columnheader', { name: /Username/ })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  const field = screen.getByRole('textbox', { name: 'Search names' });
  await user.type(field, '12');
  await waitFor(() => expect(names().at(-1)).toBe('user012'));
  expect(field).toHaveFocus();
  expect(asked(fake, 'lookUp').at(-1)?.[1]).toEqual({
    kind: 'users',
    search: '12',
    descending: true,
    offset: 0,
  });
  await user.type(field, ' nobody');
  expect(await screen.findByText('Nothing matches')).toBeInTheDocument();
});

it('ends where a part comes back empty, whatever the server says of more', async () => {
  const { fake } = openTab(DirectoryTab, aimmsInstance);
  await screen.findByRole('row', { name: /^user000 / });
  fake.lookUp = () => Promise.resolve({ entries: [], more: true });
  await user.click(screen.getByRole('button', { name: 'Show more' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull());
  expect(screen.getByRole('row', { name: /^user000 / })).toBeInTheDocument();
});

it('keeps the rows while the next search is on its way, and never shows people as groups', async () => {
  const { fake } = openTab(DirectoryTab, aimmsInstance);
  await screen.findByRole('row', { name: /^user000 / });
  const { lookUp } = fake;
  let answer: () => void = () => undefined;
  fake.lookUp = async (...sent) => {
    await new Promise<void>((resolve) => (answer = resolve));
    return lookUp(...sent);
  };
  const before = asked(fake, 'lookUp').length;
  await user.type(screen.getByRole('textbox', { name: 'Search names' }), '12');
  await new Promise((settled) => setTimeout(settled, 600)); // longer than typing takes to settle
  expect(names()[0]).toBe('user000');
  answer();
  await waitFor(() => expect(names()[0]).toBe('user012'));
  expect(asked(fake, 'lookUp')).toHaveLength(before + 1);

  await user.click(screen.getByRole('radio', { name: 'Groups' }));
  await waitFor(() => expect(screen.queryByRole('row', { name: /^user/ })).toBeNull());
});

it('shows a row that moved between two parts once', async () => {
  openTab(DirectoryTab, aimmsInstance, (server) => {
    const twin = { name: 'twin', detail: '', email: '' };
    server.directory.users = [twin, { ...twin }];
  });
  await screen.findByRole('row', { name: /^twin/ });
  expect(names()).toEqual(['twin']);
});

it('says what is empty, what failed, and what is not for this account', async () => {
  openTab(DirectoryTab, aimmsInstance, (server, fake) => {
    server.directory.users = [];
    fake.fail('lookUp', { code: 'forbidden' });
  });
  expect(
    await screen.findByText('You are signed in, but not allowed to do this.'),
  ).toBeInTheDocument();
  await user.click(screen.getByRole('radio', { name: 'Groups' }));
  await screen.findByRole('row', { name: /^analysts/ });
  await user.click(screen.getByRole('radio', { name: 'Users' }));
  expect(await screen.findByText('Nothing is listed')).toBeInTheDocument();
});

it('is not asked for where the key may not', async () => {
  const { fake } = openTab(DirectoryTab, aimmsInstance, (server) => {
    server.account.capabilities.directory = { state: 'unavailable', reason: 'scopeInsufficient' };
  });
  expect(await screen.findByText(/lacks the scope for this/)).toBeInTheDocument();
  expect(asked(fake, 'lookUp')).toEqual([]);
});
