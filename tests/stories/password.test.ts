/** Passwords: only where there is one, and only with the current one. */
import { describe, expect } from 'vitest';

import { KINDS, Person } from '../harness/person';
import { signedIn } from '../harness/signed-in';
import { someone, story } from '../harness/story';

describe('password', () => {
  story(
    'is changed with the right current one, and not with a wrong one',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { ada, server } = await signedIn({ desk, serve });

      const next = `${ada.password}-next`;
      await screen.click('button', 'Edit');
      await screen.type('New Password', next);
      await screen.type('Confirm Password', next);
      await screen.click('button', 'Save');
      let question = await screen.get('dialog', 'Confirm with your password');
      await screen.type('Current password', 'Wrong-and-long-enough', { inside: question });
      await screen.click('button', 'Confirm', { inside: question });
      await screen.see('The current password is not right.');

      question = await screen.get('dialog', 'Confirm with your password');
      await screen.type('Current password', ada.password, { inside: question });
      await screen.click('button', 'Confirm', { inside: question });
      await screen.gone('dialog');
      await screen.get('button', 'Edit');

      const login = async (password: string): Promise<number> => {
        const answer = await fetch(`${server.url}/api/v1/users/login`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ login_name: ada.email, password }),
        });
        return answer.status;
      };
      expect(await login(next), 'the new one').toBe(200);
      expect(await login(ada.password), 'the old one').toBe(401);
    },
  );

  story('an account that signs in elsewhere sees no password fields', async ({ desk, serve }) => {
    const { screen } = desk;
    const cloud = await serve({ cloud: true });
    const ada = someone();
    await cloud.addUser(ada, { sso: true });
    const person = new Person(screen);
    await person.signInToCloud(cloud, await cloud.session(ada.email));
    await person.seesProfileOf(ada);

    await screen.click('button', 'Edit');
    await screen.get('textbox', 'First Name');
    const fields = await desk.driver.findElements({ css: 'input[type=password]' });
    expect(fields).toEqual([]);
    await screen.see(/your password is kept and changed there/);
  });

  story(
    'that was forgotten is reset by mail, if the address has an account',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const server = await serve();
      const person = new Person(screen);
      await person.chooses(KINDS.selfHosted);
      await screen.type('Server address', server.url);
      await screen.click('button', 'Forgot password?');
      const question = await screen.get('dialog');
      await screen.type('Email', 'nobody@example.com', { inside: question });
      await screen.click('button', 'Send mail', { inside: question });
      await screen.see('If this address has an account, a mail is on its way.');
      expect(await screen.valueOf('Server address'), 'what was typed stays').toBe(server.url);
    },
  );
});
