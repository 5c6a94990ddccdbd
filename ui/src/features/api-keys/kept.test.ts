import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { adminInstance, aimmsInstance } from '$ui/ipc/fake-servers';
import { refresh } from '$ui/state/query';
import { expectAccessible } from '$ui/test/axe';
import { calls, choose, open, press, rowOf, type Stage, user } from '$ui/test/keys';

const KEEP = 'Keep a copy in this computer’s keyring';

/** Makes a key with the first scope; answers with the dialog that shows it. */
async function create({ keep = true } = {}): Promise<HTMLElement> {
  await press('New API key');
  const dialog = await screen.findByRole('dialog', { name: 'New API key' });
  await user.type(within(dialog).getByRole('textbox', { name: 'Key Name' }), 'deploy');
  await user.click(within(dialog).getByRole('checkbox', { name: 'Tasks' }));
  const box = within(dialog).getByRole('checkbox', { name: KEEP });
  expect(box).toBeChecked();
  if (!keep) await user.click(box);
  await press('Create');
  return screen.findByRole('dialog', { name: 'API key created' });
}

const aimms = (): Promise<Stage> => open({ at: aimmsInstance, wait: 'publish-from-ci' });

describe('a key that the server shows once', () => {
  it('is kept on this computer unless the person declines, and copied from its row', async () => {
    const { fake, instance } = await aimms();
    const dialog = await create();
    expect(calls(fake, 'createApiKey')[0]?.args).toMatchObject([
      instance.id,
      null,
      { title: 'deploy', description: '', scopes: ['Tasks'] },
      true,
    ]);
    expect(dialog).toHaveTextContent('A copy is kept in this computer’s keyring');
    await expectAccessible(dialog);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    const row = await rowOf('deploy');
    expect(row).toHaveTextContent('Copy kept on this computer');
    await user.click(within(row).getByRole('button', { name: 'Copy deploy' }));
    await waitFor(() => expect(calls(fake, 'copyApiKey')).toHaveLength(1));
  });

  it('and not kept asks before it is closed uncopied, and its row says why it has no copy', async () => {
    const { fake } = await aimms();
    const dialog = await create({ keep: false });
    expect(calls(fake, 'createApiKey')[0]?.args.at(-1)).toBe(false);
    expect(dialog).toHaveTextContent('The server will not show it again.');
    await user.keyboard('{Escape}');
    const question = await screen.findByRole('alertdialog', { name: 'Close without copying?' });
    expect(question).toHaveTextContent('the server will not show it again');
    await press('Close anyway');
    const row = await rowOf('deploy');
    await waitFor(() => expect(row).toHaveTextContent('Shown once'));
    expect(within(row).queryByRole('button', { name: 'Copy deploy' })).toBeNull();
    const mark = within(row).getByRole('button', { name: /^deploy cannot be copied again/ });
    expect(mark).toHaveAttribute('aria-disabled', 'true');
  });

  it('that could not be kept says why, and is asked about like one that was not', async () => {
    const { fake } = await aimms();
    fake.kept = { kind: 'notKept', reason: 'keyring-locked' };
    const dialog = await create();
    expect(within(dialog).getByText('No copy was kept')).toBeInTheDocument();
    expect(dialog).toHaveTextContent('The keyring is locked, or its prompt was declined.');
    await expectAccessible(dialog);
    await user.keyboard('{Escape}');
    await screen.findByRole('alertdialog', { name: 'Close without copying?' });
  });

  it('that is kept in memory is told to be, and can be copied again until Keydesk quits', async () => {
    const { fake } = await aimms();
    fake.kept = { kind: 'untilQuit' };
    const dialog = await create();
    expect(dialog).toHaveTextContent('A copy is kept in memory');
    expect(within(dialog).queryByText('No copy was kept')).toBeNull();
    await user.keyboard('{Escape}');
    const question = await screen.findByRole('alertdialog', { name: 'Close without copying?' });
    expect(question).toHaveTextContent('until you quit Keydesk');
    await press('Close anyway');
    const row = await rowOf('deploy');
    await waitFor(() => expect(row).toHaveTextContent('Copy kept until you quit'));
    await user.click(within(row).getByRole('button', { name: 'Copy deploy' }));
    await waitFor(() => expect(calls(fake, 'copyApiKey')).toHaveLength(1));
  });

  it('is not asked about where the server shows it again', async () => {
    await open();
    await press('Add New API Key');
    await screen.findByRole('dialog');
    expect(screen.queryByRole('checkbox', { name: KEEP })).toBeNull();
  });
});

describe('a copy that is kept', () => {
  it('is forgotten after a question, and the row follows', async () => {
    const { fake, instance } = await open({ at: adminInstance });
    expect(await rowOf('mcp-client')).toHaveTextContent('Copy kept on this computer');
    await choose('mcp-client', 'Forget the copy');
    const question = await screen.findByRole('alertdialog', {
      name: 'Forget the copy of “mcp-client”?',
    });
    expect(question).toHaveTextContent('The key keeps working on the server.');
    await expectAccessible(question);
    await user.click(within(question).getByRole('button', { name: 'Forget' }));
    await waitFor(() =>
      expect(calls(fake, 'forgetKeptKey')[0]?.args).toEqual([instance.id, 'k-1']),
    );
    const row = await rowOf('mcp-client');
    await waitFor(() => expect(row).not.toHaveTextContent('Copy kept on this computer'));
    expect(within(row).getByRole('button', { name: /cannot be copied again/ })).toBeVisible();
  });

  it('is no longer told of when a list has shown another key of its name', async () => {
    const { fake, instance } = await open({ at: adminInstance });
    expect(await rowOf('mcp-client')).toHaveTextContent('Copy kept on this computer');
    await fake.forgetKeptKey(instance.id, 'k-1'); // by the host itself
    await refresh(instance.id, 'api-keys');
    const row = await rowOf('mcp-client');
    await waitFor(() => expect(row).not.toHaveTextContent('Copy kept on this computer'));
  });

  it('goes with its key', async () => {
    const { fake, instance } = await open({ at: adminInstance });
    await choose('mcp-client', 'Delete');
    const question = await screen.findByRole('alertdialog');
    await user.click(within(question).getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(screen.queryByRole('row', { name: /^mcp-client / })).toBeNull());
    expect((await fake.instances()).find(({ id }) => id === instance.id)?.keptKeys).toEqual([]);
  });
});

describe('the form of a new key', () => {
  it('puts the focus on the first field that is wrong', async () => {
    const { fake } = await aimms();
    await press('New API key');
    const dialog = await screen.findByRole('dialog', { name: 'New API key' });
    await press('Create');
    const name = within(dialog).getByRole('textbox', { name: 'Key Name' });
    await waitFor(() => expect(name).toHaveFocus());
    expect(name).toHaveAccessibleDescription('This is needed.');
    await user.type(name, 'deploy');
    await press('Create');
    const first = within(dialog).getByRole('checkbox', { name: 'Authentication' });
    await waitFor(() => expect(first).toHaveFocus());
    expect(within(dialog).getByRole('group', { name: 'Scope' })).toHaveAccessibleDescription(
      'Choose at least one.',
    );
    await expectAccessible(dialog);
    expect(calls(fake, 'createApiKey')).toEqual([]);
  });

  it('tells a name that is taken in the words of the server', async () => {
    await aimms();
    await press('New API key');
    const name = await screen.findByRole('textbox', { name: 'Key Name' });
    await user.type(name, 'task-runner');
    await waitFor(() =>
      expect(name).toHaveAccessibleDescription('Another key already has this name.'),
    );
  });

  it('has no Never and no day beyond a year where the server has not', async () => {
    await aimms();
    await press('New API key');
    const dialog = await screen.findByRole('dialog', { name: 'New API key' });
    expect(within(dialog).queryByRole('radio')).toBeNull();
    await within(dialog).findByRole('group', { name: 'Expiry Date' });
    for (const words of ['7 days', '30 days', '90 days', '1 year']) {
      expect(within(dialog).getByRole('button', { name: words })).toBeInTheDocument();
    }
    const year = within(dialog).getByRole('spinbutton', { name: /year/ });
    await user.click(year);
    await user.keyboard('2099');
    expect(
      await within(dialog).findByText('This server does not let a key live that long.'),
    ).toBeInTheDocument();
  });

  it('sends the description and the scopes that were chosen', async () => {
    const { fake } = await open({ at: adminInstance });
    await press('Create API Key');
    const dialog = await screen.findByRole('dialog', { name: 'Create API Key' });
    await user.type(within(dialog).getByRole('textbox', { name: 'Name' }), 'deploy');
    await user.type(within(dialog).getByRole('textbox', { name: 'Description' }), ' for CI ');
    await user.click(within(dialog).getByRole('checkbox', { name: 'write' }));
    await user.click(within(dialog).getByRole('checkbox', { name: 'read' }));
    await press('Create');
    await screen.findByRole('dialog', { name: 'API key created' });
    expect(calls(fake, 'createApiKey')[0]?.args[2]).toEqual({
      title: 'deploy',
      description: 'for CI',
      scopes: ['read', 'write'],
      expiration: { kind: 'never' },
    });
  });
});
