/** A list that is on its way while its keys are changed: what was done stays done on the screen. */
import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, it } from 'vitest';

import type { FakeHost } from '$ui/ipc/fake';
import { adminInstance } from '$ui/ipc/fake-servers';
import { instanceKey, queryClient, refresh } from '$ui/state/query';
import {
  calls,
  choose,
  fillTitle,
  open,
  press,
  rowNames,
  rowOf,
  show,
  type Stage,
  user,
} from '$ui/test/keys';

import { deleteKey } from './keys.svelte';

/** The next list is as it is when it is asked for, and arrives when the returned function is called. */
function holdNextList(fake: FakeHost): () => void {
  const { apiKeys } = fake;
  let arrive: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (arrive = resolve));
  fake.apiKeys = async (...asked) => {
    fake.apiKeys = apiKeys;
    const list = await apiKeys(...asked);
    await held;
    return list;
  };
  return arrive;
}

/** A list of the keys as they are now is under way. */
function askForList({ fake, instance }: Stage): () => void {
  const arrive = holdNextList(fake);
  void refresh(instance.id, 'api-keys');
  return arrive;
}

/** Lets the older list arrive, and waits until nothing is under way. */
async function settle(arrive: () => void): Promise<void> {
  arrive();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await waitFor(() => expect(queryClient.isFetching()).toBe(0));
}

const answer = async (word: string) =>
  user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: word }));

it('a key that was deleted does not come back', async () => {
  const stage = await open();
  await press('Delete notebook');
  const arrive = askForList(stage);
  await answer('Delete');
  await waitFor(() => expect(rowNames()).not.toContain('notebook'));
  const asked = calls(stage.fake, 'apiKeys').length;
  await settle(arrive);
  expect(rowNames()).not.toContain('notebook');
  expect(rowNames()).toHaveLength(5);
  expect(calls(stage.fake, 'apiKeys')).toHaveLength(asked); // at once, in place of the one that was dropped
});

it('a key that was revoked stays so', async () => {
  const stage = await open({ at: adminInstance });
  await choose('ci-build', 'Revoke');
  const arrive = askForList(stage);
  await answer('Revoke');
  await screen.findByText('“ci-build” is revoked');
  await settle(arrive);
  expect(await rowOf('ci-build')).toHaveTextContent('Revoked');
});

it('an expiration that was edited stays so', async () => {
  const stage = await open();
  await press('Edit Expiration of ci-build');
  const dialog = await screen.findByRole('dialog', { name: 'Edit Expiration' });
  await user.click(within(dialog).getByRole('radio', { name: 'Expiration Date' }));
  await user.click(await within(dialog).findByRole('button', { name: '7 days' }));
  const arrive = askForList(stage);
  await press('Save');
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  await settle(arrive);
  expect(await rowOf('ci-build')).toHaveTextContent('Expires in 7 days');
});

it('what else has changed meanwhile is asked for anew', async () => {
  const stage = await open();
  await press('Delete notebook');
  const arrive = askForList(stage);
  const [first] = stage.keys;
  if (first) stage.keys.unshift({ ...first, id: 'elsewhere', title: 'made-elsewhere' });
  await answer('Delete');
  await settle(arrive);
  expect(await rowOf('made-elsewhere')).toBeInTheDocument();
});

it('a change whose tab was left holds, and the list is asked for when it is looked at again', async () => {
  const stage = await open();
  const { fake, instance, unmount } = stage;
  const arrive = askForList(stage);
  unmount();
  await deleteKey(instance.id, 'k-2');
  await settle(arrive);
  const known = queryClient.getQueryState(instanceKey(instance.id, 'api-keys', null));
  expect(JSON.stringify(known?.data)).not.toContain('grafana');
  const asked = calls(fake, 'apiKeys').length;
  show();
  await waitFor(() => expect(calls(fake, 'apiKeys')).toHaveLength(asked + 1));
});

it('a key that was made before the first list came is in it', async () => {
  let arrive: () => void = () => undefined;
  await open({ wait: '', prepare: (fake) => (arrive = holdNextList(fake)) });
  await screen.findByRole('button', { name: 'Add New API Key' });
  const dialog = await fillTitle('deploy');
  await user.click(within(dialog).getByRole('button', { name: 'Create' }));
  await screen.findByRole('dialog', { name: 'API key created' });
  await settle(arrive);
  expect(await screen.findByRole('row', { name: /^deploy /, hidden: true })).toBeInTheDocument();
});

it('a new key that the list has already stands there once', async () => {
  const { fake, instance } = await open();
  const { createApiKey } = fake;
  fake.createApiKey = async (...asked) => {
    const created = await createApiKey(...asked);
    await refresh(instance.id, 'api-keys');
    return created;
  };
  const dialog = await fillTitle('deploy');
  await user.click(within(dialog).getByRole('button', { name: 'Create' }));
  await screen.findByRole('dialog', { name: 'API key created' });
  expect(screen.getAllByRole('row', { name: /^deploy /, hidden: true })).toHaveLength(1);
});
