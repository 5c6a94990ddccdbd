/** The API keys of an account that no other test knows, and what tests do with them. */
import { render, screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { expect } from 'vitest';

import ApiKeysTab from '$ui/features/api-keys/ApiKeysTab.svelte';
import {
  type ApiKey,
  type ApiKeyCapabilities,
  type CommandName,
  type InstanceView,
  useHost,
} from '$ui/ipc';
import { createFakeHost, type FakeHost } from '$ui/ipc/fake';
import { instance as someInstance } from '$ui/ipc/fake-data';
import type { FakeServer } from '$ui/ipc/fake-servers';
import { adoptInstances } from '$ui/state/instances.svelte';

import InFront from './InFront.svelte';
import { allRows } from './rows';
import WithQueries from './WithQueries.svelte';

export const user = userEvent.setup();
export const regardless = userEvent.setup({ pointerEventsCheck: 0 });
let count = 0;

export interface Stage {
  fake: FakeHost;
  /** What the server has. */
  keys: ApiKey[];
  instance: InstanceView;
  unmount: () => void;
}

export interface StageOptions {
  /** Where the account is; IDMP where nothing is said. */
  at?: InstanceView;
  keys?: number;
  rules?: Partial<ApiKeyCapabilities>;
  /** The server, where not the usual one of its kind. */
  server?: FakeServer;
  /** A command that fails the first time. */
  fail?: CommandName;
  /** Changes the host before the tab asks it. */
  prepare?: (fake: FakeHost) => void;
  /** The row that is waited for; empty for none. */
  wait?: string;
}

/** Shows the tab, on an instance that no other test knows. */
export async function open(options: StageOptions = {}): Promise<Stage> {
  const instance = { ...(options.at ?? someInstance()), id: `keys-${++count}` };
  const fake = createFakeHost({
    instances: [instance],
    keys: options.keys ?? 6,
    servers: options.server ? { [instance.id]: options.server } : {},
  });
  if (options.fail) fake.fail(options.fail, { code: 'timed-out' });
  options.prepare?.(fake);
  const server = fake.server(instance.id);
  const { apiKeys } = server.account.capabilities;
  server.account.capabilities.apiKeys = { ...apiKeys, ...options.rules };
  useHost(fake);
  adoptInstances(await fake.start());
  const { unmount } = show();
  const row = options.wait ?? 'ci-build';
  if (row !== '') {
    await rowOf(row);
    await allRows();
  }
  const keys = server.keys.get(instance.organization ?? '') ?? [];
  return { fake, keys, instance, unmount };
}

/** Shows the tab of the account in front. */
export const show = () =>
  render(WithQueries, { props: { component: InFront, props: { tab: ApiKeysTab } } });

export const calls = (fake: FakeHost, method: string) =>
  fake.calls.filter((call) => call.method === method);

/** The row of a key, once it is there. */
export const rowOf = (title: string): Promise<HTMLElement> =>
  screen.findByRole('row', { name: (name) => name.startsWith(`${title} `) });

export const rowNames = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.querySelector('[role$="cell"]')?.textContent.trim());

export const headings = () =>
  screen.getAllByRole('columnheader').map((header) => header.textContent.trim());

export async function fillTitle(title: string): Promise<HTMLElement> {
  await user.click(screen.getByRole('button', { name: 'Add New API Key' }));
  const dialog = await screen.findByRole('dialog', { name: 'Add New API Key' });
  await user.type(within(dialog).getByRole('textbox', { name: 'Title' }), title);
  return dialog;
}

export const press = (name: string) => user.click(screen.getByRole('button', { name }));

/** The items of the open menu. jsdom lays nothing out: what floats has no place, and is hidden. */
export async function menuItems(): Promise<HTMLElement[]> {
  return screen.findAllByRole('menuitem', { hidden: true });
}

export const wordsOfItems = async () => (await menuItems()).map((item) => item.textContent.trim());

/** Chooses an item in the menu of a key. */
export async function choose(title: string, words: string): Promise<void> {
  await press(`Actions for ${title}`);
  const item = (await menuItems()).find((one) => one.textContent.trim() === words);
  if (!item) throw new Error(`no item ${words}`);
  await regardless.click(item);
  await waitFor(() => expect(screen.queryByRole('menu', { hidden: true })).toBeNull());
}
