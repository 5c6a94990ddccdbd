/** Closing the window over something that was typed and is not saved. */
import { describe, expect } from 'vitest';

import { signedIn } from '../harness/signed-in';
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
});
