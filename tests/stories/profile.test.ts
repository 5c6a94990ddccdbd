/** The profile: read first, edited on purpose, kept through everything that can interrupt. */
import { describe, expect } from 'vitest';

import { signedIn } from '../harness/signed-in';
import { story } from '../harness/story';

describe('profile', () => {
  story('what was edited is on the server', async ({ desk, serve }) => {
    const { screen } = desk;
    const { person, ada, server } = await signedIn({ desk, serve });

    await screen.click('button', 'Edit');
    await screen.type('First Name', 'Augusta');
    await screen.type('Phone', '+44 20 7946 0018');
    await screen.type('Position', 'Analyst');
    await screen.paste('Description', 'Notes on the Analytical Engine — 注释');
    await screen.click('button', 'Save');
    await screen.get('button', 'Edit'); // read-only again
    await screen.see('Augusta');

    const key = await person.createsKey('look');
    const { body } = await server.curl('/api/v1/users', key);
    expect(JSON.parse(body)).toMatchObject({
      first_name: 'Augusta',
      last_name: ada.lastName,
      position: 'Analyst',
      description: 'Notes on the Analytical Engine — 注释',
    });
  });

  story('the top item of the avatar menu leads to it', async ({ desk, serve }) => {
    const { screen } = desk;
    const { person } = await signedIn({ desk, serve });
    await person.opens('API Key');
    await screen.click('button', 'Account menu of Ada Lovelace');
    const [top] = await screen.all('menuitem', undefined, await screen.get('menu'));
    expect(top && (await screen.read(top))).toMatch(/Ada Lovelace\s+ada\.lovelace@example\.com/);
    await top?.click();
    await screen.get('tabpanel', 'Profile');
  });

  story('the email cannot be edited, and the page says why', async ({ desk, serve }) => {
    const { screen } = desk;
    await signedIn({ desk, serve });
    await screen.click('button', 'Edit');
    await screen.get('textbox', 'First Name');
    const email = await screen.get('textbox', 'Email');
    expect(await email.getAttribute('readonly'), 'read-only').not.toBeNull();
    await screen.see(/it cannot be changed here/);
  });

  story(
    'an edit survives a look at another tab, and Cancel takes it back',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { person } = await signedIn({ desk, serve });

      await screen.click('button', 'Edit');
      await screen.type('Position', 'Countess');
      await person.opens('API Key');
      await screen.get('button', 'Add New API Key');
      await person.opens('Profile');
      expect(await screen.valueOf('Position')).toBe('Countess');

      await screen.click('button', 'Cancel');
      await screen.get('button', 'Edit');
      expect(await screen.texts('Countess')).toEqual([]);
    },
  );

  story(
    'an edit survives the end of the session, and is saved after a new sign-in',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { ada, server } = await signedIn({ desk, serve });
      await screen.click('button', 'Edit');
      await screen.type('Position', 'Interrupted');

      // The administrator switches the account off and on: every session of it has ended.
      await server.administer('deactivate', ada.email);
      await server.administer('activate', ada.email);
      await screen.click('button', 'Save');
      const sheet = await screen.get('dialog', /^Sign in to/);
      await screen.type('Password', ada.password, { inside: sheet });
      await screen.click('button', 'Sign in', { inside: sheet });
      await screen.gone('dialog');

      expect(await screen.valueOf('Position'), 'what was typed is still there').toBe('Interrupted');
      await screen.click('button', 'Save');
      await screen.get('button', 'Edit');
      await screen.see('Interrupted');
    },
  );
});
