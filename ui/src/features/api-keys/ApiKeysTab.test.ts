import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import type { ApiKey } from '$ui/ipc';
import { instanceKey, queryClient, refresh } from '$ui/state/query';
import { pressShortcut } from '$ui/state/shortcuts';
import { endSignIn, wantedSignIn } from '$ui/state/sign-in.svelte';
import { expectAccessible } from '$ui/test/axe';
import { calls, open, press, regardless, rowNames, show, user } from '$ui/test/keys';

// axe takes its time on a busy computer.

describe('the list', () => {
  it('shows titles, masked keys, dates and status, and names what acts on a row', async () => {
    await open();
    const row = screen.getByRole('row', { name: /^mcp-client / });
    expect(row).toHaveTextContent(/api_\w+••••••••/);
    expect(row).toHaveTextContent('Expires in 5 days');
    for (const name of ['Copy mcp-client', 'Edit Expiration of mcp-client', 'Delete mcp-client']) {
      expect(within(row).getByRole('button', { name })).toBeInTheDocument();
    }
    expect(screen.getByRole('row', { name: /^grafana / })).toHaveTextContent('Expired');
    await expectAccessible();
  });

  it('says what belongs here where there is nothing', async () => {
    await open({ keys: 0, wait: '' });
    expect(await screen.findByText('No API keys yet')).toBeInTheDocument();
    expect(screen.getAllByRole('button', { name: 'Add New API Key' })).toHaveLength(1);
    await expectAccessible();
  });

  it('is searched as one types, and the search is kept while one is elsewhere', async () => {
    const { unmount } = await open();
    pressShortcut('search');
    await user.keyboard('GRAF');
    await waitFor(() => expect(rowNames()).toEqual(['grafana']));
    expect(screen.getByText('1 of 6 keys')).toBeInTheDocument();
    unmount();
    show();
    await waitFor(() => expect(rowNames()).toEqual(['grafana']));

    await user.type(screen.getByRole('textbox', { name: 'Search keys' }), 'x');
    expect(await screen.findByText('No key matches')).toBeInTheDocument();
    await user.click(screen.getAllByRole('button', { name: 'Clear search' }).at(-1) as HTMLElement);
    await waitFor(() => expect(rowNames()).toHaveLength(6));
  });

  it('is sorted by a press on a column', async () => {
    await open();
    await press('Title');
    await waitFor(() => expect(rowNames()[0]).toBe('ci-build'));
    await press('Title');
    await waitFor(() => expect(rowNames()[0]).toBe('notebook'));
    expect(screen.getByRole('columnheader', { name: 'Title' })).toHaveAttribute(
      'aria-sort',
      'descending',
    );
  });

  it('is one stop for Tab, and the arrow keys reach what is in it', async () => {
    await open();
    const grid = screen.getByRole('grid', { name: 'API keys' });
    const stops = [...grid.querySelectorAll<HTMLElement>('*')].filter(
      ({ tabIndex }) => tabIndex === 0,
    );
    const [head, first, second] = within(grid).getAllByRole('row');
    expect(stops).toEqual([first]);
    const named = (row: HTMLElement | undefined, name: RegExp) =>
      within(row as HTMLElement).getByRole('button', { name });

    first?.focus();
    await user.keyboard('{ArrowRight}');
    expect(named(first, /^Copy [^…]*$/)).toHaveFocus();
    await user.keyboard('{ArrowDown}');
    await waitFor(() => expect(named(second, /^Copy [^…]*$/)).toHaveFocus());
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(document.activeElement?.localName).toBe('time'); // whose tooltip has the time of day
    await user.keyboard('{ArrowLeft}{ArrowLeft}{ArrowLeft}');
    expect(second).toHaveFocus();
    await user.keyboard('{ArrowUp}{ArrowUp}');
    await waitFor(() => expect(named(head, /^Title/)).toHaveFocus());
    await user.keyboard('{ArrowRight}{ArrowDown}');
    await waitFor(() => expect(first).toHaveFocus());
  });

  it('keeps what was known, with the failure above it', async () => {
    const { fake, instance } = await open();
    fake.fail('apiKeys', { code: 'timed-out' });
    await queryClient.refetchQueries({ queryKey: instanceKey(instance.id, 'api-keys') });
    expect(await screen.findByText('The server did not answer in time.')).toBeInTheDocument();
    expect(rowNames()).toHaveLength(6);
    await press('Try again');
    await waitFor(() =>
      expect(screen.queryByText('The server did not answer in time.')).not.toBeInTheDocument(),
    );
  });

  it('of an earlier run is shown at once, with its age', async () => {
    const { fake, instance, unmount } = await open();
    unmount();
    const key = instanceKey(instance.id, 'api-keys', null);
    const known = queryClient.getQueryData(key);
    queryClient.setQueryData(key, { ...(known as object) }, { updatedAt: Date.now() - 7_200_000 });
    fake.fail('apiKeys', { code: 'host-not-found' });
    show();
    await waitFor(() => expect(rowNames()).toHaveLength(6));
    // A screen reader speaks what changes in a status, and an age changes every minute.
    expect(screen.getByText('As of 2 hours ago').closest('[role="status"]')).toBeNull();
    expect(screen.getByText('6 keys')).toHaveAttribute('role', 'status');
    expect(await screen.findByText('The host name was not found.')).toBeInTheDocument();
    expect(rowNames()).toHaveLength(6);
  });

  it('that is known already comes when what stands above it was painted', async () => {
    const { unmount } = await open();
    unmount();
    show();
    expect(screen.getByRole('textbox', { name: 'Search keys' })).toBeInTheDocument();
    expect(screen.getByText('6 keys')).toBeInTheDocument();
    expect(screen.queryByRole('grid')).not.toBeInTheDocument();
    expect(screen.queryByText('Loading')).not.toBeInTheDocument();
    expect(await screen.findByRole('grid')).toHaveAttribute('aria-rowcount', '7');
  });

  it('of an account that is signed in with a key explains itself and offers the password', async () => {
    const { fake, instance } = await open({
      rules: { manage: { state: 'unavailable', reason: 'signedInWithApiKey' } },
      wait: '',
    });
    expect(await screen.findByText('Keys cannot be managed with a key')).toBeInTheDocument();
    await press('Sign in with password');
    expect(wantedSignIn(instance.id)).toMatchObject({ method: 'password' });
    endSignIn(instance.id, false);
    expect(calls(fake, 'apiKeys')).toEqual([]);
  });
});

describe('a row', () => {
  it('copies its key through the host, and says so only after it is', async () => {
    const { fake, instance } = await open();
    await press('Copy grafana');
    const row = screen.getByRole('row', { name: /^grafana / });
    expect(await within(row).findByText(/^Copied, will be cleared in \d+ s$/)).toBeInTheDocument();
    expect(calls(fake, 'copyApiKey')[0]?.args).toEqual([instance.id, null, 'k-2', 'value']);
  });

  it('keeps the focus when the list changes around it', async () => {
    const { keys, instance } = await open();
    const button = screen.getByRole('button', { name: 'Copy grafana' });
    button.focus();
    for (const title of ['zebra', 'yak']) {
      keys.unshift({ ...(keys[0] as ApiKey), id: title, title });
      keys.splice(keys.length - 1, 1);
      await refresh(instance.id, 'api-keys');
      await waitFor(() => expect(rowNames()[0]).toBe(title));
      expect(button).toHaveFocus();
      expect(button).toHaveAccessibleName('Copy grafana');
    }
  });

  it('gives the focus to no button of another key that took its place', async () => {
    const { keys, instance } = await open();
    await press('Edit Expiration of ci-build');
    await screen.findByRole('dialog');
    keys[0] = { ...(keys[0] as ApiKey), id: 'zebra', title: 'zebra' };
    await refresh(instance.id, 'api-keys');
    await screen.findByRole('row', { name: /^zebra /, hidden: true });
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    await waitFor(() => expect(document.activeElement).toHaveAttribute('role', 'row'));
  });

  it('that is gone meanwhile leaves the focus to another', async () => {
    const { keys, instance } = await open();
    await press('Edit Expiration of ci-build');
    await screen.findByRole('dialog');
    keys.shift();
    await refresh(instance.id, 'api-keys');
    await waitFor(() => expect(screen.queryByText('6 keys')).not.toBeInTheDocument());
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    await waitFor(() => expect(document.activeElement).toHaveAttribute('role', 'row'));
  });

  it('does not say that it copied when it could not', async () => {
    const { fake } = await open();
    fake.fail('copyApiKey', { code: 'clipboard-failed' });
    await press('Copy grafana');
    expect(
      await screen.findByText('Could not copy: the clipboard did not take it.'),
    ).toBeInTheDocument();
    expect(screen.queryByText(/^Copied/)).not.toBeInTheDocument();
  });

  it('offers the other forms in a menu, and gives the focus back', async () => {
    const { fake } = await open();
    const opener = screen.getByRole('button', { name: 'Copy grafana as…' });
    await user.click(opener);
    // jsdom lays nothing out, and what has no place yet is hidden.
    await regardless.click(await screen.findByText('curl'));
    await waitFor(() => expect(calls(fake, 'copyApiKey')[0]?.args.at(-1)).toBe('curl'));
    await waitFor(() => expect(screen.queryByRole('menu')).not.toBeInTheDocument());
    await waitFor(() => expect(opener).toHaveFocus());
  });

  it('of a server that shows a key once says so in place of copying', async () => {
    await open({ rules: { reveal: 'once' } });
    expect(screen.queryByRole('button', { name: 'Copy grafana' })).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: /^grafana cannot be copied again/ })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
  });

  it('has its expiration edited to a date and back to Never', async () => {
    const { fake, instance } = await open();
    await press('Edit Expiration of ci-build');
    let dialog = await screen.findByRole('dialog', { name: 'Edit Expiration' });
    expect(within(dialog).getByRole('textbox', { name: 'Title' })).toHaveAttribute('readonly');
    await user.click(screen.getByRole('radio', { name: 'Expiration Date' }));
    await user.click(await within(dialog).findByRole('button', { name: '7 days' }));
    await expectAccessible(dialog);
    await user.keyboard('{Escape}');
    await screen.findByRole('alertdialog', { name: 'Discard what you entered?' });
    await press('Keep editing');
    await press('Save');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(screen.getByRole('row', { name: /^ci-build / })).toHaveTextContent('Expires in 7 days');

    await press('Edit Expiration of ci-build');
    dialog = await screen.findByRole('dialog', { name: 'Edit Expiration' });
    await user.click(within(dialog).getByRole('radio', { name: 'Never' }));
    await press('Save');
    await waitFor(() =>
      expect(calls(fake, 'setApiKeyExpiration').at(-1)?.args).toEqual([
        instance.id,
        'k-0',
        { kind: 'never' },
      ]),
    );
    await waitFor(() =>
      expect(screen.getByRole('row', { name: /^ci-build / })).toHaveTextContent('Never'),
    );
  });

  it('is deleted after a question that Enter does not answer, and only once the server agreed', async () => {
    const { fake } = await open();
    await press('Delete notebook');
    const question = await screen.findByRole('alertdialog', { name: 'Delete “notebook”?' });
    expect(question).toHaveTextContent('stops working at once');
    await waitFor(() => expect(within(question).getByText('Cancel')).toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
    expect(calls(fake, 'deleteApiKey')).toEqual([]);

    fake.fail('deleteApiKey', { code: 'server-unavailable' });
    await press('Delete notebook');
    const again = await screen.findByRole('alertdialog');
    await user.click(within(again).getByRole('button', { name: 'Delete' }));
    expect(await within(again).findByText(/not available at the moment/)).toBeInTheDocument();
    expect(rowNames()).toContain('notebook');
    await expectAccessible(again);

    await user.click(within(again).getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(rowNames()).not.toContain('notebook'));
    await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('row'));
  });

  it('that is gone already leaves the list without an error', async () => {
    const { fake, keys } = await open();
    fake.fail('deleteApiKey', { code: 'not-found' });
    keys.splice(2, 1);
    await press('Delete grafana');
    const question = await screen.findByRole('alertdialog');
    await user.click(within(question).getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('“grafana” was already gone')).toBeInTheDocument();
    await waitFor(() => expect(rowNames()).not.toContain('grafana'));
  });

  it('that was the last leaves the focus to the button for a new one', async () => {
    await open({ keys: 1 });
    await press('Delete ci-build');
    const question = await screen.findByRole('alertdialog');
    await user.click(within(question).getByRole('button', { name: 'Delete' }));
    await screen.findByText('No API keys yet');
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Add New API Key' })).toHaveFocus(),
    );
  });

  it('that the server made for itself warns of what breaks', async () => {
    await open({ keys: 12 });
    await press('Delete line-7-gateway-10');
    const question = await screen.findByRole('alertdialog');
    expect(question).toHaveTextContent('Its agent tasks use it and break without it.');
  });
});
