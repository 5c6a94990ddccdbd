/** One tab before an account that no other test knows. */
import { render } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import type { Component } from 'svelte';

import { type InstanceView, useHost } from '$ui/ipc';
import { createFakeHost, type FakeHost } from '$ui/ipc/fake';
import type { FakeServer } from '$ui/ipc/fake-servers';

import WithQueries from './WithQueries.svelte';

export const user = userEvent.setup();
let count = 0;

export interface Stage {
  fake: FakeHost;
  instance: InstanceView;
  server: FakeServer;
}

/** Shows a tab of an account like `like`; `prepare` changes what its server has before it asks. */
export function openTab(
  tab: Component<{ instance: InstanceView }>,
  like: InstanceView,
  prepare: (server: FakeServer, fake: FakeHost) => void = () => undefined,
): Stage {
  const instance = { ...like, id: `stage-${++count}` };
  const fake = createFakeHost({ instances: [instance] });
  const server = fake.server(instance.id);
  prepare(server, fake);
  useHost(fake);
  render(WithQueries, { props: { component: tab, props: { instance } } });
  return { fake, instance, server };
}

/** The arguments of the calls of a command so far. */
export function asked(fake: FakeHost, method: string): unknown[][] {
  return fake.calls.filter((call) => call.method === method).map(({ args }) => args);
}
