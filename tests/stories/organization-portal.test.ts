/** The organization portal, under the headings of its own manual. */
import { Key } from 'selenium-webdriver';
import { describe, expect } from 'vitest';

import { Authenticator } from '../harness/authenticator';
import { readClipboard } from '../harness/clipboard';
import { keyringItems } from '../harness/keyring';
import { Person } from '../harness/person';
import type { Server } from '../harness/server';
import { someone, story, type Stage } from '../harness/story';
import { until } from '../harness/wait';

/** Somebody with two organizations, signed in. */
async function settled({ desk, serve }: Stage): Promise<{
  server: Server;
  ada: ReturnType<typeof someone>;
  person: Person;
}> {
  const server = await serve();
  const ada = someone();
  await server.addUser(ada);
  await server.addOrganization('Analytical Engines', [{ email: ada.email, role: 'owner' }]);
  await server.addOrganization('Weaving Mills', [{ email: ada.email, role: 'viewer' }]);
  const person = new Person(desk.screen);
  await person.signInToPortal(server, ada);
  await person.seesFieldsOf(ada);
  return { server, ada, person };
}

describe('Account Details, Field Validation', () => {
  story('names save by themselves, the email is locked', async ({ desk, serve }) => {
    const { screen } = desk;
    const { ada, person } = await settled({ desk, serve });
    await screen.type('First Name', 'Augusta');
    await screen.click('textbox', 'Last Name');
    await screen.see('First Name: saved.');
    await desk.restart();
    await person.seesFieldsOf({ ...ada, firstName: 'Augusta' });
    const email = await screen.get('textbox', 'Email Address');
    expect(await email.getAttribute('readonly')).not.toBeNull();

    await screen.type('First Name', '');
    await screen.click('textbox', 'Last Name');
    await screen.see('This is needed.');
    expect(await screen.valueOf('Last Name')).toBe(ada.lastName);
  });
});

describe('Password Management, Live Validation', () => {
  story('the five rules are checked while typing', async ({ desk, serve }) => {
    const { screen } = desk;
    const { server, ada, person } = await settled({ desk, serve });
    const met = async (): Promise<string[]> => {
      const rules = await screen.all(
        'listitem',
        undefined,
        await screen.get('list', 'Password rules'),
      );
      const texts = await Promise.all(rules.map((rule) => screen.read(rule)));
      expect(texts).toHaveLength(5);
      return texts
        .filter((text) => !text.includes('not yet met'))
        .map((text) => text.split('\n')[0] ?? '');
    };
    for (const [typed, rules] of [
      ['short', ['A lowercase letter']],
      ['Short7', ['A capital letter', 'A lowercase letter', 'A number']],
      [
        'LONGER-THAN-8',
        ['At least 8 characters', 'A capital letter', 'A number', 'A special character'],
      ],
    ] as const) {
      await screen.type('New Password', typed);
      expect(
        (await met()).map((rule) => rule.trim()),
        typed,
      ).toEqual(rules);
    }
    await screen.type('Confirm Password', 'Longer-than-9');
    await screen.click('button', 'Change Password');
    await screen.see('The new password does not meet the rules of the server.');
    await screen.see('The two passwords are not the same.');
    const renewed = { ...ada, password: `Renewed-7-${ada.password}` };
    await screen.type('New Password', renewed.password);
    await screen.type('Confirm Password', renewed.password);
    await screen.click('button', 'Change Password');
    await screen.type('Current password', ada.password);
    await screen.click('button', 'Confirm');
    await screen.see('Password changed');
    await person.signsOut();
    await person.connectsAnother();
    await person.signInToPortal(server, ada);
    await screen.see('User name or password is not right.');
    await person.retypesPassword(renewed.password);
    await person.seesFieldsOf(ada);
  });
});

describe('API Key Management', () => {
  story(
    'a key is shown once, belongs to its organization, and dies when it is deleted',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { server, person } = await settled({ desk, serve });
      const value = await person.createsPortalKey('Description', 'Production API Key');
      const asked = (): Promise<{ status: number }> => server.curl('/portal/v1/account', value);
      expect((await asked()).status).toBe(200);
      expect(await person.columns()).toEqual([
        ...['Description', 'Key', 'Last Used', 'Status', 'Creation Date', 'Expiration Date'],
        'Actions',
      ]);
      const row = await person.row('Production API Key');
      expect(row.join(' ')).toContain('Active');
      expect(row.join(' '), 'masked').not.toContain(value.slice(6, -6));
      await person.actsOn('Production API Key', 'View details');
      await screen.get('dialog', /Production API Key/);
      expect(await person.figure('Expiration Date')).toContain(
        String(new Date().getFullYear() + 1),
      );
      await screen.press(Key.ESCAPE);

      await person.choosesOrganization('Weaving Mills');
      await screen.gone('row', /^Production API Key /);
      await person.choosesOrganization('Analytical Engines');
      await screen.get('row', /^Production API Key /);

      await person.actsOn('Production API Key', 'Delete');
      await person.confirms('Delete');
      await screen.gone('row', /^Production API Key /);
      expect((await asked()).status).toBe(401);
    },
  );

  story(
    'Organization Context, Access Levels: at most what the role there may',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { person } = await settled({ desk, serve });
      await person.opens('API Key');
      for (const [organization, role] of [
        ['Weaving Mills', 'Viewer'],
        ['Analytical Engines', 'Owner'],
      ] as const) {
        await person.choosesOrganization(organization);
        await screen.click('button', 'Create API Key');
        await screen.see(
          `For ${organization}. It can do at most what your role there can: ${role}.`,
        );
        await screen.see(/^Valid for one year, until /);
        await screen.click('button', 'Cancel');
        await screen.gone('dialog');
      }
    },
  );

  story('the copy in the keyring is copied again after a restart', async ({ desk, serve }) => {
    const { person } = await settled({ desk, serve });
    const value = await person.createsPortalKey('Description', 'Kept');
    await desk.restart();
    await person.opens('API Key');
    await person.actsOn('Kept', 'Copy');
    expect(await until('it is copied', readClipboard)).toBe(value);
    await person.signsOut(/1 key/);
    await until('the keyring is empty', async () => (await keyringItems()).length === 0);
  });
});

describe('Two-Factor Authentication', () => {
  story(
    'is set up by hand, asked for at sign-in, and a recovery code opens once',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { server, ada, person } = await settled({ desk, serve });
      await person.opens('Security');
      await screen.click('button', 'Enable MFA');
      await screen.type('Password', ada.password);
      await screen.click('button', 'Continue');
      const app = new Authenticator(await person.copiesAuthenticatorKey());
      await screen.type('Code', await app.code());
      await screen.click('button', 'Confirm');
      const codes = await person.storesRecoveryCodes();
      expect(codes).toHaveLength(10);

      await person.signsOut();
      await person.connectsAnother();
      await person.signInToPortal(server, ada);
      await screen.type('Code', await app.code());
      await screen.click('button', 'Sign in');
      await person.seesFieldsOf(ada);

      for (const outcome of ['opens', 'is used up'] as const) {
        await person.signsOut();
        await person.connectsAnother();
        await person.signInToPortal(server, ada);
        await screen.type('Code', codes[0] ?? '');
        await screen.click('button', 'Sign in');
        if (outcome === 'opens') {
          await person.seesFieldsOf(ada);
        } else {
          await screen.see('This code is not right, or was used already.');
        }
      }
    },
  );
});

describe('Session management and security logs', () => {
  story('a session that is ended here is over there', async ({ desk, serve }) => {
    const { screen } = desk;
    const { server, ada, person } = await settled({ desk, serve });
    const elsewhere = await server.session(ada.email);
    const asked = (): Promise<{ status: number }> =>
      server.curl('/portal/v1/account', elsewhere.authorization);
    expect((await asked()).status).toBe(200);
    await person.opens('Security');
    await screen.click('button', 'End all others');
    await person.confirms('End all others');
    await until('the other session is over', async () => (await asked()).status === 401);
    const log = await screen.get('list', 'Security log');
    await until('the log has both', async () => {
      const text = await screen.read(log);
      return text.includes('Signed in') && text.includes('Session ended');
    });
  });
});

describe('Theme customization', () => {
  story('light and dark, at once and after a restart', async ({ desk, serve }) => {
    const { screen } = desk;
    await settled({ desk, serve });
    const ground = (): Promise<string> =>
      desk.driver.executeScript('return getComputedStyle(document.body).backgroundColor');
    await screen.shortcut(',');
    await screen.click('radio', 'Light');
    const light = await until('a ground', ground);
    await screen.click('radio', 'Dark');
    await until('it is dark', async () => (await ground()) !== light);
    const dark = await ground();
    await screen.press(Key.ESCAPE);
    await screen.gone('dialog');
    await desk.restart();
    await screen.get('tab', 'Profile');
    expect(await ground()).toBe(dark);
  });
});

describe('Account Deletion', () => {
  story('consequences, phrase, and then nothing is left', async ({ desk, serve }) => {
    const { screen } = desk;
    const { server, ada, person } = await settled({ desk, serve });
    await person.opens('Danger Zone');
    await screen.click('button', 'Delete Account');
    const consequences = await screen.get('list', 'What is lost');
    expect((await screen.all('listitem', undefined, consequences)).length).toBeGreaterThan(0);
    await screen.click('button', 'Continue');
    await screen.type('Password', ada.password);
    await screen.type('Confirmation phrase', 'delete me');
    await screen.see('This differs from the phrase.');
    expect(await (await screen.get('button', 'Confirm deletion')).isEnabled()).toBe(false);
    await screen.type('Confirmation phrase', await person.readsDeletionPhrase());
    await screen.click('button', 'Confirm deletion');
    await screen.get('heading', 'Connect to a server');
    await until('the keyring is empty', async () => (await keyringItems()).length === 0);
    await person.signInToPortal(server, ada);
    await screen.see('User name or password is not right.');
  });
});
