import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, it } from 'vitest';

import { organizationInstance, organizationServer } from '$ui/ipc/fake-servers';
import { organizationOf, selectOrganization } from '$ui/state/instances.svelte';
import { pressShortcut } from '$ui/state/shortcuts';
import { expectAccessible } from '$ui/test/axe';
import { calls, open, press, rowNames, rowOf, user } from '$ui/test/keys';

const portal = () => open({ at: organizationInstance, wait: 'Production API Key' });

it('keys are those of the organization in front, and no other’s while they are fetched', async () => {
  const { fake, instance } = await portal();
  const own = rowNames();
  selectOrganization(instance.id, 'org-2');
  await waitFor(() => expect(screen.queryByRole('row', { name: /^Production/ })).toBeNull());
  await rowOf('Grafana');
  expect(rowNames()).toHaveLength(2);
  expect(calls(fake, 'apiKeys').at(-1)?.args).toEqual([instance.id, 'org-2']);
  selectOrganization(instance.id, 'org-1');
  await waitFor(() => expect(rowNames()).toEqual(own));
});

it('whoever may not make keys is told why, by keyboard too', async () => {
  const { instance } = await portal();
  selectOrganization(instance.id, 'org-2');
  await rowOf('Grafana');
  const add = screen.getByRole('button', { name: 'Create API Key' });
  await waitFor(() => expect(add).toHaveAttribute('aria-disabled', 'true'));
  expect(add).toHaveAccessibleDescription('Your role on this server does not allow this.');
  await user.click(add);
  expect(screen.queryByRole('dialog')).toBeNull();
  pressShortcut('new');
  const notice = await screen.findByText('Your role on this server does not allow this.', {
    selector: '.title',
  });
  expect(notice).toBeVisible();
  await expectAccessible();
});

it('a new key says for which organization it is, what it can do and how long it lives', async () => {
  const { fake, instance } = await portal();
  await press('Create API Key');
  const dialog = await screen.findByRole('dialog', { name: 'Create API Key' });
  expect(dialog).toHaveAccessibleDescription(
    'For Northwind Traders. It can do at most what your role there can: Admin.',
  );
  expect(within(dialog).getByText(/^Valid for one year, until /)).toBeInTheDocument();
  await user.type(within(dialog).getByRole('textbox', { name: 'Description' }), 'deploy');
  await press('Create');
  await screen.findByRole('dialog', { name: 'API key created' });
  expect(calls(fake, 'createApiKey')[0]?.args.slice(0, 2)).toEqual([instance.id, 'org-1']);
});

it('two keys may have the same description where the server does not mind', async () => {
  await portal();
  await press('Create API Key');
  const field = await screen.findByRole('textbox', { name: 'Description' });
  await user.type(field, 'Grafana');
  await press('Create');
  expect(await screen.findByRole('dialog', { name: 'API key created' })).toBeInTheDocument();
});

it('where none is in front yet, the first one steps there', async () => {
  const { instance } = await open({
    at: { ...organizationInstance, organization: null },
    server: organizationServer(),
    wait: 'Production API Key',
  });
  expect(organizationOf(instance.id)).toBe('org-1');
});

it('where the person has left the one in front, the first one steps there', async () => {
  const { fake, instance } = await open({
    at: { ...organizationInstance, organization: 'org-left' },
    server: organizationServer(),
    wait: 'Production API Key',
  });
  expect(organizationOf(instance.id)).toBe('org-1');
  expect(calls(fake, 'apiKeys').at(-1)?.args[1]).toBe('org-1');
});

it('whoever belongs to none is told so, and no key is asked for', async () => {
  const server = { ...organizationServer(), organizations: [] };
  const { fake } = await open({
    at: { ...organizationInstance, organization: null },
    server,
    wait: '',
  });
  expect(await screen.findByText('You belong to no organization')).toBeInTheDocument();
  expect(calls(fake, 'apiKeys')).toEqual([]);
  await expectAccessible();
});

it('where the organizations cannot be read, that is told and can be tried again', async () => {
  const at = { ...organizationInstance, organization: null };
  await open({ at, server: organizationServer(), wait: '', fail: 'organizations' });
  expect(await screen.findByText('The server did not answer in time.')).toBeInTheDocument();
  await press('Try again');
  await rowOf('Production API Key');
});
