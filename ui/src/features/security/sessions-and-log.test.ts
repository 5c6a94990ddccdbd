import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { organizationInstance } from '$ui/ipc/fake-servers';
import { expectAccessible } from '$ui/test/axe';
import { asked, openTab, user } from '$ui/test/stage';

import SecurityTab from './SecurityTab.svelte';

const list = (name: string) => screen.findByRole('list', { name });

describe('sessions', () => {
  it('name program and address, this computer first, which cannot be ended', async () => {
    openTab(SecurityTab, organizationInstance, (server) => server.sessions.reverse());
    const items = within(await list('Sessions')).getAllByRole('listitem');
    expect(items).toHaveLength(3);
    expect(items[0]).toHaveTextContent('Keydesk 0.1.0 on Linux');
    expect(items[0]).toHaveTextContent('This computer');
    expect(within(items[0] as HTMLElement).queryByRole('button')).not.toBeInTheDocument();
    expect(items[1]).toHaveTextContent('Safari on macOS');
    expect(items[1]).toHaveTextContent('198.51.100.4');
    expect(items[2]).toHaveTextContent('Unknown program');
  });

  it('end one by one, after a question', async () => {
    const { fake, instance } = openTab(SecurityTab, organizationInstance);
    await list('Sessions');
    await user.click(screen.getByRole('button', { name: 'End session of Safari on macOS' }));
    const question = await screen.findByRole('alertdialog', { name: 'End this session?' });
    expect(question).toHaveTextContent('Safari on macOS is signed out at once');
    await waitFor(() => expect(within(question).getByText('Cancel')).toHaveFocus());
    await expectAccessible(question);
    fake.fail('endAccountSession', { code: 'server-unavailable' });
    await user.click(within(question).getByRole('button', { name: 'End session' }));
    expect(await within(question).findByText(/not available at the moment/)).toBeInTheDocument();
    await user.click(within(question).getByRole('button', { name: 'End session' }));
    await waitFor(() => expect(screen.queryByText('Safari on macOS')).not.toBeInTheDocument());
    expect(asked(fake, 'endAccountSession').at(-1)).toEqual([instance.id, 's-2']);
    await waitFor(async () => expect(await list('Sessions')).toHaveFocus());
  });

  it('that are gone already leave the list without an error', async () => {
    const { fake, server } = openTab(SecurityTab, organizationInstance);
    await list('Sessions');
    fake.fail('endAccountSession', { code: 'not-found' });
    server.sessions = server.sessions.filter((session) => session.id !== 's-2');
    await user.click(screen.getByRole('button', { name: 'End session of Safari on macOS' }));
    const question = await screen.findByRole('alertdialog');
    await user.click(within(question).getByRole('button', { name: 'End session' }));
    await waitFor(() => expect(screen.queryByText('Safari on macOS')).not.toBeInTheDocument());
    expect(screen.queryByText('This is no longer on the server.')).not.toBeInTheDocument();
  });

  it('all end but this computer’s', async () => {
    const { fake, instance } = openTab(SecurityTab, organizationInstance);
    await user.click(await screen.findByRole('button', { name: 'End all others' }));
    const question = await screen.findByRole('alertdialog');
    await user.click(within(question).getByRole('button', { name: 'End all others' }));
    await waitFor(async () =>
      expect(within(await list('Sessions')).getAllByRole('listitem')).toHaveLength(1),
    );
    expect(asked(fake, 'endOtherSessions')).toEqual([[instance.id]]);
    await waitFor(() =>
      expect(screen.queryByRole('button', { name: 'End all others' })).not.toBeInTheDocument(),
    );
  });

  it('that could not be read say so, and are asked for again', async () => {
    openTab(SecurityTab, organizationInstance, (_, fake) =>
      fake.fail('accountSessions', { code: 'timed-out' }),
    );
    expect(await screen.findByText('The server did not answer in time.')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await list('Sessions')).toBeInTheDocument();
  });
});

describe('the security log', () => {
  it('tells events in words, with what they are about', async () => {
    openTab(SecurityTab, organizationInstance);
    const items = within(await list('Security log')).getAllByRole('listitem');
    expect(items[0]).toHaveTextContent('Signed in');
    expect(items[1]).toHaveTextContent('API key created Production API Key');
    expect(items[2]).toHaveTextContent('Sign-in refused');
    expect(items[2]).toHaveTextContent('203.0.113.99');
    expect(items[8]).toHaveTextContent('Something else happened');
  });

  it('shows more of itself on demand, and goes on after a failure', async () => {
    const { fake } = openTab(SecurityTab, organizationInstance);
    const first = within(await list('Security log')).getAllByRole('listitem').length;
    fake.fail('securityLog', { code: 'connection-failed' });
    await user.click(screen.getByRole('button', { name: 'Show more' }));
    await user.click(await screen.findByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.queryByText(/Show more/)).not.toBeInTheDocument());
    const all = within(await list('Security log')).getAllByRole('listitem');
    expect(all).toHaveLength(60);
    expect(first).toBeLessThan(60);
  });

  it('says that it is empty', async () => {
    openTab(SecurityTab, organizationInstance, (server) => (server.log = []));
    expect(await screen.findByText('Nothing has been recorded yet')).toBeInTheDocument();
  });
});
