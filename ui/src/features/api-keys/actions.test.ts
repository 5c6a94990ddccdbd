import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { adminInstance, aimmsInstance, organizationInstance } from '$ui/ipc/fake-servers';
import { expectAccessible } from '$ui/test/axe';
import {
  calls,
  choose,
  menuItems,
  open,
  press,
  regardless,
  rowNames,
  rowOf,
  user,
  wordsOfItems,
} from '$ui/test/keys';

const figure = (name: string) => screen.getByText(name).nextElementSibling;

describe('the menu of a key', () => {
  it('offers what the server can do, by keyboard too, and gives the focus back', async () => {
    await open({ at: adminInstance });
    const button = screen.getByRole('button', { name: 'Actions for grafana' });
    button.focus();
    await user.keyboard('{Enter}');
    const menu = await screen.findByRole('menu', { hidden: true });
    expect(menu).toHaveAttribute('aria-label', 'Actions for grafana');
    expect(await wordsOfItems()).toEqual(['View details', 'Revoke', 'Delete']);
    await expectAccessible(menu);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(button).toHaveFocus());
  });

  it('has no more than deletion where the server has no more', async () => {
    await open({ at: aimmsInstance, wait: 'task-runner' });
    await press('Actions for task-runner');
    expect(await wordsOfItems()).toEqual(['Delete']);
  });
});

describe('deletion that is not possible here', () => {
  const refused = { state: 'unavailable', reason: 'notDescribed' } as const;
  const why = 'The server’s description of itself does not list this.';

  it('says why, in the row', async () => {
    await open({ rules: { delete: refused } });
    const button = screen.getByRole('button', { name: 'Delete ci-build' });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveAccessibleDescription(why);
    await user.click(button);
    expect(screen.queryByRole('alertdialog')).toBeNull();
    await expectAccessible();
  });

  it('says why, in the menu, which stays open', async () => {
    await open({ at: adminInstance, rules: { delete: refused } });
    await press('Actions for grafana');
    const item = (await menuItems()).at(-1) as HTMLElement;
    expect(item).toHaveTextContent(`Delete ${why}`);
    expect(item).toHaveAttribute('aria-disabled', 'true');
    await regardless.click(item);
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(item).toBeInTheDocument();
  });

  it('is not there where the server has none', async () => {
    await open({ rules: { delete: { state: 'absent' } } });
    expect(screen.queryByRole('button', { name: /^Delete/ })).toBeNull();
  });
});

describe('revoking', () => {
  it('is another act than deletion: the key stays, and works no longer', async () => {
    const { fake, instance } = await open({ at: adminInstance });
    await waitFor(() => expect(figure('Active Keys')).toHaveTextContent('4'));
    await choose('ci-build', 'Revoke');
    const question = await screen.findByRole('alertdialog', { name: 'Revoke “ci-build”?' });
    expect(question).toHaveTextContent('The key stays in the list, with its history.');
    await expectAccessible(question);
    await user.click(within(question).getByRole('button', { name: 'Revoke' }));
    expect(await screen.findByText('“ci-build” is revoked')).toBeInTheDocument();
    expect(calls(fake, 'revokeApiKey')[0]?.args).toEqual([instance.id, 'k-0']);
    expect(calls(fake, 'deleteApiKey')).toEqual([]);
    expect(await rowOf('ci-build')).toHaveTextContent('Revoked');
    await waitFor(() => expect(figure('Active Keys')).toHaveTextContent('3'));
    expect(screen.getByRole('button', { name: 'Actions for ci-build' })).toHaveFocus();

    await press('Actions for ci-build');
    expect(await wordsOfItems()).toEqual(['View details', 'Delete']);
  });

  it('takes the copy along that this computer kept', async () => {
    await open({ at: adminInstance });
    expect(await rowOf('mcp-client')).toHaveTextContent('Copy kept on this computer');
    await choose('mcp-client', 'Revoke');
    const question = await screen.findByRole('alertdialog');
    await user.click(within(question).getByRole('button', { name: 'Revoke' }));
    await screen.findByText('“mcp-client” is revoked');
    const row = await rowOf('mcp-client');
    await waitFor(() => expect(row).not.toHaveTextContent('Copy kept on this computer'));
  });

  it('that fails says so in the question, and the key stays as it was', async () => {
    const { fake } = await open({ at: adminInstance });
    fake.fail('revokeApiKey', { code: 'server-unavailable' });
    await choose('ci-build', 'Revoke');
    const question = await screen.findByRole('alertdialog');
    await user.click(within(question).getByRole('button', { name: 'Revoke' }));
    expect(await within(question).findByText(/not available at the moment/)).toBeInTheDocument();
    expect(await rowOf('ci-build')).toHaveTextContent('Active');
  });
});

it('deleting a revoked key says that nothing stops that had not stopped before', async () => {
  await open({ at: adminInstance });
  await choose('nightly-export', 'Delete');
  const question = await screen.findByRole('alertdialog', { name: 'Delete “nightly-export”?' });
  expect(question).toHaveTextContent('The key is revoked, so nothing that works now stops');
  await user.click(within(question).getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(rowNames()).not.toContain('nightly-export'));
  await waitFor(() => expect(figure('Total Keys')).toHaveTextContent('5'));
});

describe('the details of a key', () => {
  it('open by its name, with its scopes in words, its dates and its usage', async () => {
    await open({ at: adminInstance });
    await press('ci-build');
    const dialog = await screen.findByRole('dialog', { name: 'Details of “ci-build”' });
    expect(dialog).toHaveTextContent('Builds and publishes the nightly images');
    expect(dialog).toHaveTextContent('Read your account, and the users where your role may');
    const chart = await within(dialog).findByRole('img', { name: /calls in 30 days/ });
    expect(chart).toHaveAccessibleName(/Most on /);
    const total = Number(
      /^([\d,]+) calls/.exec(chart.getAttribute('aria-label') ?? '')?.[1]?.replace(',', ''),
    );
    await user.click(within(dialog).getByText('Show as a table'));
    const rows = within(within(dialog).getByRole('table')).getAllByRole('row').slice(1);
    const listed = rows.map((row) => within(row).getAllByRole('cell')[1]?.textContent ?? '');
    expect(listed).toHaveLength(30);
    expect(listed.reduce((sum, calls) => sum + Number(calls.replace(',', '')), 0)).toBe(total);
    await expectAccessible(dialog);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.getByRole('button', { name: 'ci-build' })).toHaveFocus());
  });

  it('say when a key was never used, and since when it is revoked', async () => {
    const { keys } = await open({ at: adminInstance });
    keys[1] = { ...(keys[1] as (typeof keys)[0]), status: 'revoked' };
    await press('mcp-client');
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('No calls in these days.')).toBeInTheDocument();
    expect(within(dialog).getByText('Revoked on')).toBeInTheDocument();
    expect(within(dialog).queryByRole('img')).toBeNull();
  });

  it('that cannot be loaded leave what the list knows, and can be asked for again', async () => {
    const { fake } = await open({ at: adminInstance });
    fake.fail('apiKeyDetails', { code: 'timed-out' });
    await choose('ci-build', 'View details');
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('The server did not answer in time.')).toBeVisible();
    expect(dialog).toHaveTextContent('Builds and publishes the nightly images');
    await user.click(within(dialog).getByRole('button', { name: 'Try again' }));
    expect(await within(dialog).findByRole('img')).toBeInTheDocument();
  });

  it('open with Enter on the row', async () => {
    await open({ at: organizationInstance, wait: 'Grafana' });
    (await rowOf('Grafana')).focus();
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('dialog', { name: 'Details of “Grafana”' })).toHaveTextContent(
      'Those of your role',
    );
  });
});

describe('the figures over the list', () => {
  it('stand there where the server counts, and nowhere else', async () => {
    const { unmount } = await open({ at: adminInstance });
    for (const name of ['Total Keys', 'Active Keys', 'Expired Keys', 'API Calls Today']) {
      await waitFor(() => expect(figure(name)).toHaveTextContent(/^[\d,]+$/));
    }
    expect(figure('API Calls Today')).toHaveTextContent('12,847');
    unmount();
    const { fake } = await open();
    expect(screen.queryByText('Total Keys')).toBeNull();
    expect(calls(fake, 'keyMetrics')).toEqual([]);
  });

  it('that could not be loaded do not hide the list, and say so', async () => {
    await open({ at: adminInstance, fail: 'keyMetrics' });
    await waitFor(() => expect(figure('Total Keys')).toHaveTextContent('not loaded'));
    expect(rowNames()).toHaveLength(6);
    await expectAccessible();
  });
});

it('an item of the menu copies a key that is kept, and the row says so', async () => {
  const { fake, instance } = await open({ at: adminInstance });
  await choose('mcp-client', 'Copy header');
  await waitFor(() =>
    expect(calls(fake, 'copyApiKey')[0]?.args).toEqual([instance.id, null, 'k-1', 'header']),
  );
  expect(await rowOf('mcp-client')).toHaveTextContent(/Copied, will be cleared in \d+ s/);
});
