import { screen, waitFor } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { organizationInstance } from '$ui/ipc/fake-servers';
import { expectAccessible } from '$ui/test/axe';
import { item, ready } from '$ui/test/frame';
import { openWindow } from '$ui/test/world';

const user = userEvent.setup();

test('the organization in front is named with the role in it, and another one is chosen by keyboard', async () => {
  const fake = await openWindow({ instances: [organizationInstance] });
  await ready();
  const switcher = await screen.findByRole('button', {
    name: 'Northwind Traders, Admin, switch organization',
  });
  await expectAccessible();
  switcher.focus();
  await user.keyboard('{Enter}');
  const other = await item('Contoso Research');
  expect(other).toHaveTextContent('Viewer');
  await user.keyboard('{ArrowDown}{Enter}');
  expect(
    await screen.findByRole('button', { name: /^Contoso Research .* Viewer, switch/ }),
  ).toBeVisible();
  expect(fake.calls.find(({ method }) => method === 'selectOrganization')?.args).toEqual([
    'organization',
    'org-2',
  ]);
});

test('the keys of one organization are never shown for another', async () => {
  const fake = await openWindow({ instances: [organizationInstance] });
  await ready();
  await user.keyboard('{Control>}2{/Control}');
  expect(await screen.findByRole('row', { name: /Production API Key/ })).toBeVisible();
  fake.fail('apiKeys', { code: 'connection-refused' });
  await user.click(await screen.findByRole('button', { name: /switch organization$/ }));
  await user.click(await item('Contoso Research'));
  await waitFor(() => expect(screen.queryByRole('row', { name: /Production API Key/ })).toBeNull());

  // Going back shows at once what was there.
  fake.fail('apiKeys', { code: 'connection-refused' }, 9);
  await user.click(screen.getByRole('button', { name: /switch organization$/ }));
  await user.click(await item('Northwind Traders'));
  expect(await screen.findByRole('row', { name: /Production API Key/ })).toBeVisible();
});

test('who belongs to no organization is told so', async () => {
  const fake = await openWindow({ instances: [organizationInstance] });
  fake.server('organization').organizations = [];
  expect(await screen.findByText('You do not belong to an organization yet')).toBeVisible();
});
