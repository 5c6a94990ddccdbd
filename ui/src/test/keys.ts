/** The API Key tab before an account that no other test knows, and what tests do with it. */
import { render, screen, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';

import ApiKeysTab from '$ui/features/api-keys/ApiKeysTab.svelte';
import { type Capabilities, type InstanceView, useHost } from '$ui/ipc';
import { createFakeHost, type FakeHost } from '$ui/ipc/fake';
import { account, capabilities, instance as someInstance } from '$ui/ipc/fake-data';

import WithQueries from './WithQueries.svelte';

export const user = userEvent.setup();
export const regardless = userEvent.setup({ pointerEventsCheck: 0 });
let count = 0;

export interface Stage {
  fake: FakeHost;
  instance: InstanceView;
  unmount: () => void;
}

/** The tab, on an instance that no other test knows. */
export async function open(
  options: { keys?: number; rules?: Partial<Capabilities['apiKeys']>; wait?: string } = {},
): Promise<Stage> {
  const instance = someInstance({ id: `keys-${++count}` });
  const fake = createFakeHost({ instances: [instance], keys: options.keys ?? 6 });
  const own = account();
  own.capabilities.apiKeys = { ...capabilities().apiKeys, ...options.rules };
  fake.accounts.set(instance.id, own);
  useHost(fake);
  const { unmount } = render(WithQueries, {
    props: { component: ApiKeysTab, props: { instance } },
  });
  if (options.wait !== '') await screen.findByRole('row', { name: /^ci-build / });
  return { fake, instance, unmount };
}

export const calls = (fake: FakeHost, method: string) =>
  fake.calls.filter((call) => call.method === method);
export const rowNames = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('gridcell')[0]?.textContent.trim());

export async function fillTitle(title: string): Promise<HTMLElement> {
  await user.click(screen.getByRole('button', { name: 'Add New API Key' }));
  const dialog = await screen.findByRole('dialog', { name: 'Add New API Key' });
  await user.type(within(dialog).getByRole('textbox', { name: 'Title' }), title);
  return dialog;
}

export const press = (name: string) => user.click(screen.getByRole('button', { name }));
