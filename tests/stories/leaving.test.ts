/** Closing the window over something that was typed and is not saved, or is shown this once. */
import { describe, expect } from 'vitest';

import { Person } from '../harness/person';
import { signedIn, withAnAccount } from '../harness/signed-in';
import { story } from '../harness/story';

describe('closing the window', () => {
  story(
    'asks over an edit, goes back to it, and closes when told again',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { person, ada } = await signedIn({ desk, serve });
      await screen.click('button', 'Edit');
      await screen.type('Position', 'Countess');

      await desk.asksToClose();
      await person.confirms('Back to the edit');
      expect(await screen.valueOf('Position')).toBe('Countess');

      await desk.asksToClose();
      const question = await screen.get('alertdialog');
      const closed = desk.closed();
      await screen.click('button', 'Close anyway', { inside: question }).catch(() => undefined);
      await closed;

      await desk.open();
      await person.seesProfileOf(ada);
      await screen.gone('textbox', 'Position');
    },
  );

  story(
    'asks over what was entered in a dialog, and over a key that nobody has copied',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { server, ada } = await withAnAccount({ serve });
      await server.addOrganization('Analytical Engines', [{ email: ada.email, role: 'owner' }]);
      const person = new Person(screen);
      await person.signInToPortal(server, ada);
      await person.seesFieldsOf(ada);
      await person.opens('API Key');
      await screen.click('button', 'Create API Key');
      await screen.type('Description', 'weaving');
      await desk.asksToClose();
      await person.confirms('Keep editing');
      expect(await screen.valueOf('Description')).toBe('weaving');

      await screen.click('checkbox', /^Keep a copy/);
      await screen.click('button', 'Create');
      await screen.get('dialog', 'API key created');
      await desk.asksToClose();
      await person.confirms('Back to the key');
      await person.copiesCreatedKey();
      await desk.quit(); // which asks no more
    },
  );
});
