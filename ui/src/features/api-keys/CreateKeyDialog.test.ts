import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { pressShortcut } from '$ui/state/shortcuts';
import { endSignIn, wantedSignIn } from '$ui/state/sign-in.svelte';
import { expectAccessible } from '$ui/test/axe';
import { calls, fillTitle, open, press, rowNames, user } from '$ui/test/keys';

// axe takes its time on a busy computer.

describe('creating a key', () => {
  it('that never expires shows it whole, once, and drops it on closing', async () => {
    const { fake } = await open();
    await fillTitle('  deploy  ');
    await user.click(screen.getByRole('radio', { name: 'Never' }));
    await press('Create');
    const dialog = await screen.findByRole('dialog', { name: 'API key created' });
    expect(calls(fake, 'createApiKey')[0]?.args[2]).toEqual({
      title: 'deploy',
      description: '',
      scopes: [],
      expiration: { kind: 'never' },
    });
    expect(within(dialog).getByText(/^api_[\w-]+\.[\w-]+$/)).toBeInTheDocument();
    expect(dialog).toHaveTextContent('Authorization: Bearer api_');
    await expectAccessible(dialog);
    await user.click(screen.getByRole('radio', { name: 'curl' }));
    expect(dialog).toHaveTextContent('curl -H');

    await press('Copy');
    expect(await within(dialog).findByText(/^Copied, will be cleared in \d+ s$/)).toBeVisible();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(document.body.textContent).not.toMatch(/api_[\w-]+\.[\w-]+/);
    expect(calls(fake, 'closeCreatedApiKey')).toHaveLength(1);
    expect(rowNames()[0]).toBe('deploy');
  });

  it('that was made and never arrived is in the list, and is said to be', async () => {
    const { fake } = await open();
    await fillTitle('deploy');
    const listed = calls(fake, 'apiKeys').length;
    fake.fail('createApiKey', { code: 'key-not-received' });
    await press('Create');
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText(/its value was lost on the way/)).toBeInTheDocument();
    expect(dialog).toHaveTextContent('Delete the key from the list, and create another.');
    await waitFor(() => expect(calls(fake, 'apiKeys').length).toBeGreaterThan(listed));
  });

  it('asks once when its dialog closes without a copy', async () => {
    await open();
    await fillTitle('deploy');
    await press('Create');
    await screen.findByRole('dialog', { name: 'API key created' });
    await user.keyboard('{Escape}');
    await screen.findByRole('alertdialog', { name: 'Close without copying?' });
    await press('Back to the key');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
    expect(screen.getByRole('dialog', { name: 'API key created' })).toBeInTheDocument();
    await user.keyboard('{Escape}');
    await screen.findByRole('alertdialog');
    await press('Close anyway');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  });

  it('asks before what was typed goes with its dialog, however that is closed', async () => {
    await open();
    const dialog = await fillTitle('deploy');
    for (const close of [
      () => user.keyboard('{Escape}'),
      () => press('Close'),
      () => press('Cancel'),
    ]) {
      await close();
      const question = await screen.findByRole('alertdialog', {
        name: 'Discard what you entered?',
      });
      await waitFor(() => expect(within(question).getByText('Keep editing')).toHaveFocus());
      await expectAccessible(question);
      await user.keyboard('{Enter}');
      await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
      expect(within(dialog).getByLabelText('Title')).toHaveValue('deploy');
    }
    await press('Cancel');
    await screen.findByRole('alertdialog');
    await press('Discard');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  });

  it('in which nothing was typed closes at once', async () => {
    await open();
    await press('Add New API Key');
    await screen.findByRole('dialog', { name: 'Add New API Key' });
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  });

  it.each([
    ['ci-build', 'Another key already has this title.'],
    ['CI-Build', 'This looks the same as “ci-build”, which exists already.'],
    ['ci\u200b-build', 'This looks the same as “ci-build”, which exists already.'],
    ['x'.repeat(65), /This is longer than the server takes\. 65 of 64 characters/],
    ['a\u202eb', 'This holds control characters or characters that reverse the text.'],
  ])('with the title %j is refused while it is typed', async (title, message) => {
    const { fake } = await open();
    const dialog = await fillTitle('x');
    const field = within(dialog).getByRole('textbox', { name: 'Title' });
    await user.clear(field);
    await user.click(field);
    await user.paste(title);
    expect(await within(dialog).findByText(message)).toBeInTheDocument();
    await press('Create');
    expect(calls(fake, 'createApiKey')).toEqual([]);
    expect(field).toHaveValue(title);
  });

  it('without a title says so only when it is tried', async () => {
    const { fake } = await open();
    const dialog = await fillTitle(' ');
    expect(within(dialog).queryByText('This is needed.')).not.toBeInTheDocument();
    await press('Create');
    expect(await within(dialog).findByText('This is needed.')).toBeInTheDocument();
    expect(calls(fake, 'createApiKey')).toEqual([]);
  });

  it('with a date that has passed is refused, and a preset puts it right', async () => {
    const { fake } = await open();
    const dialog = await fillTitle('deploy');
    await user.click(screen.getByRole('radio', { name: 'Expiration Date' }));
    const year = await within(dialog).findByRole('spinbutton', { name: /year/ });
    await user.click(year);
    await user.keyboard('2020');
    expect(
      await within(dialog).findByText('Choose a date and time later than now.'),
    ).toBeInTheDocument();
    await press('Create');
    expect(calls(fake, 'createApiKey')).toEqual([]);

    await press('30 days');
    await press('Create');
    await screen.findByRole('dialog', { name: 'API key created' });
    const { expiration } = calls(fake, 'createApiKey')[0]?.args[2] as {
      expiration: { kind: string; at: number };
    };
    expect(expiration.kind).toBe('at');
    const days = (expiration.at - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.99);
    expect(days).toBeLessThanOrEqual(30);
  });

  it('where the server has no Never and a longest life offers nothing else', async () => {
    await open({ rules: { neverAllowed: false, maximumDays: 30 } });
    const dialog = await fillTitle('deploy');
    expect(screen.queryByRole('radio')).not.toBeInTheDocument();
    expect(await within(dialog).findByRole('button', { name: '30 days' })).toBeInTheDocument();
    expect(within(dialog).queryByRole('button', { name: '90 days' })).not.toBeInTheDocument();
  });

  it('that the server refuses keeps what was typed, beside its field', async () => {
    const { fake } = await open();
    fake.fail('createApiKey', { code: 'title-taken', field: 'title' });
    const dialog = await fillTitle('deploy');
    await press('Create');
    const field = within(dialog).getByRole('textbox', { name: 'Title' });
    await waitFor(() =>
      expect(field).toHaveAccessibleDescription('Another key already has this title.'),
    );
    expect(field).toHaveValue('deploy');
    expect(within(dialog).queryByRole('alert')).toHaveTextContent('Another key');
  });

  it('waits as long as the server asks to', async () => {
    const { fake } = await open();
    fake.fail('createApiKey', { code: 'rate-limited', retryAfterMs: 30_000 });
    const dialog = await fillTitle('deploy');
    await press('Create');
    expect(await within(dialog).findByText('Too many attempts for now.')).toBeInTheDocument();
    await user.click(within(dialog).getByRole('button', { name: /^Create \(\d+ s\)$/ }));
    expect(calls(fake, 'createApiKey')).toHaveLength(1);
  });

  it('after the session has ended asks for a sign-in and then works as typed', async () => {
    const { fake, instance } = await open();
    fake.fail('createApiKey', { code: 'signed-out' });
    const dialog = await fillTitle('deploy');
    await press('Create');
    await waitFor(() => expect(wantedSignIn(instance.id)).toBeDefined());
    endSignIn(instance.id, true);
    await waitFor(() =>
      expect(within(dialog).queryByText('Your session has ended.')).not.toBeInTheDocument(),
    );
    await press('Create');
    expect(await screen.findByRole('dialog', { name: 'API key created' })).toBeInTheDocument();
  });

  it('starts with Ctrl+N', async () => {
    await open();
    pressShortcut('new');
    const dialog = await screen.findByRole('dialog', { name: 'Add New API Key' });
    await waitFor(() => expect(within(dialog).getByLabelText('Title')).toHaveFocus());
    await expectAccessible(dialog);
  });
});
