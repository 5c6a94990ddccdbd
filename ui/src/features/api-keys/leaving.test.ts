/** Leaving a dialog about a key while its request is under way: how that failed is told all the same. */
import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, it } from 'vitest';

import { dismiss, notices } from '$ui/state/notices.svelte';
import { fillTitle, open, press, type Stage, user } from '$ui/test/keys';

type Change = 'createApiKey' | 'setApiKeyExpiration' | 'deleteApiKey';

/** Opens the dialog in which this is done, and fills it in as far as needed. */
const dialogs: Record<Change, () => Promise<HTMLElement>> = {
  createApiKey: () => fillTitle('deploy'),
  setApiKeyExpiration: async () => {
    await press('Edit Expiration of ci-build');
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('radio', { name: 'Expiration Date' }));
    await user.click(await within(dialog).findByRole('button', { name: '7 days' }));
    return dialog;
  },
  deleteApiKey: async () => {
    await press('Delete ci-build');
    return screen.findByRole('alertdialog');
  },
};

/** The command fails when the returned function is called. */
function holdFailure({ fake }: Stage, change: Change): () => void {
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  const command = fake[change] as (...sent: unknown[]) => Promise<unknown>;
  Object.assign(fake, { [change]: (...sent: unknown[]) => held.then(() => command(...sent)) });
  fake.fail(change, { code: 'server-failed' });
  return answer;
}

it.each([
  ['createApiKey', 'Create'],
  ['setApiKeyExpiration', 'Save'],
  ['deleteApiKey', 'Delete'],
] as const)('%s', async (change, word) => {
  const stage = await open();
  const answer = holdFailure(stage, change);
  const dialog = await dialogs[change]();
  await user.click(within(dialog).getByRole('button', { name: word }));
  await user.keyboard('{Escape}');
  await waitFor(() => expect(dialog).not.toBeInTheDocument());
  expect(notices()).toEqual([]);
  answer();
  await waitFor(() => expect(notices().map(({ title }) => title)).toEqual(['The server failed.']));
  for (const { id } of [...notices()]) dismiss(id);
});
