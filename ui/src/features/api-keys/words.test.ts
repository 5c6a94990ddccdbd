import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { instance } from '$ui/ipc/fake-data';
import { adminInstance, aimmsInstance, organizationInstance } from '$ui/ipc/fake-servers';
import { refresh } from '$ui/state/query';
import { expectAccessible } from '$ui/test/axe';
import { headings, open, press, rowNames, rowOf, user } from '$ui/test/keys';

const KEEP = 'Keep a copy in this computer’s keyring';

const servers = [
  {
    at: instance(),
    row: 'ci-build',
    add: 'Add New API Key',
    columns: ['Title', 'Key', 'Added on', 'Expired on', 'Status', 'Delete'],
    fields: ['Title'],
    choices: ['Never', 'Expiration Date'],
  },
  {
    at: aimmsInstance,
    row: 'publish-from-ci',
    add: 'New API key',
    columns: ['Key Name', 'Key', 'Expiry Date', 'Scope', 'Status', 'Actions'],
    fields: ['Key Name'],
    choices: ['Authentication', 'PublishApp', 'Tasks', 'APIKey', 'Session', KEEP],
  },
  {
    at: organizationInstance,
    row: 'Production API Key',
    add: 'Create API Key',
    columns: ['Description', 'Key', 'Status', 'Creation Date', 'Expiration Date', 'Actions'],
    fields: ['Description'],
    choices: [KEEP],
  },
  {
    at: adminInstance,
    row: 'ci-build',
    add: 'Create API Key',
    columns: ['Name & Description', 'Key', 'Scopes', 'Last Used', 'Expires', 'Status', 'Actions'],
    fields: ['Name', 'Description'],
    choices: ['read', 'write', 'admin', 'Never', 'Expiration Date', KEEP],
  },
];

describe.each(servers)('keys at $at.name', ({ at, row, add, columns, fields, choices }) => {
  it('stand in columns with the words of their server', async () => {
    await open({ at, wait: row });
    expect(headings()).toEqual(columns);
    await expectAccessible();
  });

  it('are made from what their server asks for, and nothing else', async () => {
    await open({ at, wait: row });
    await press(add);
    const dialog = await screen.findByRole('dialog', { name: add });
    const controls = [
      ...within(dialog).queryAllByRole('textbox'),
      ...within(dialog).queryAllByRole('checkbox'),
      ...within(dialog).queryAllByRole('radio'),
    ] as HTMLInputElement[];
    const labels = controls.map(({ labels }) => labels?.[0]?.textContent).sort();
    expect(labels).toEqual([...fields, ...choices].sort());
    await expectAccessible(dialog);
  });
});

describe('a long list of scopes', () => {
  it('is cut to what fits, and the rest is named for who cannot see it', async () => {
    // The cell is 800 pixels wide here.
    const many = Array.from({ length: 9 }, (_, index) => `scope-of-a-length-${index}`);
    const { keys, instance: at } = await open({ at: aimmsInstance, wait: 'publish-from-ci' });
    keys.unshift({ ...(keys[0] as (typeof keys)[0]), id: 'many', title: 'many', scopes: many });
    await refresh(at.id, 'api-keys');
    const row = await rowOf('many');
    const rest = within(row).getByText(/^and scope-of-a-length/);
    expect(rest.previousElementSibling).toHaveTextContent(/^\+\d$/);
    expect(rest.parentElement).toHaveAttribute('tabindex');
    for (const scope of many) expect(row).toHaveTextContent(scope);
  });
});

it('a key is found by its description and by its scopes', async () => {
  await open({ at: adminInstance });
  const search = screen.getByRole('textbox', { name: 'Search keys' });
  await user.type(search, 'control room');
  await waitFor(() => expect(rowNames()).toHaveLength(2));
  await user.clear(search);
  await user.type(search, 'admin dashboards');
  await waitFor(() => expect(rowNames()).toHaveLength(2));
});

it('where no column stands for the newest, a third press leads back to them', async () => {
  await open({ at: adminInstance });
  const newest = rowNames();
  await press('Expires');
  await waitFor(() => expect(rowNames()).not.toEqual(newest));
  await press('Expires');
  await press('Expires');
  await waitFor(() => expect(rowNames()).toEqual(newest));
});
