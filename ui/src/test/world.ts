/** A window for tests: a fake host, the state it starts with, and App on top. */
import { render } from '@testing-library/svelte';

// What the window loads late is here already, so that no load outlives its test.
import '$ui/features/api-keys/ApiKeysTab.svelte';
import '$ui/features/profile/ProfileTab.svelte';
import '$ui/features/security/SecurityTab.svelte';

import App from '$ui/App.svelte';
import { useHost } from '$ui/ipc';
import { createFakeHost, type FakeHost, type FakeOptions } from '$ui/ipc/fake';
import { adoptInstances, instances, replaceInstances } from '$ui/state/instances.svelte';
import { dismiss, notices } from '$ui/state/notices.svelte';
import { adoptPreferences } from '$ui/state/preferences.svelte';
import { queryClient } from '$ui/state/query';

/** Opens the window as `main.ts` does. What an earlier test left in the state is forgotten. */
export async function openWindow(options: FakeOptions = {}): Promise<FakeHost> {
  const fake = createFakeHost(options);
  useHost(fake);
  queryClient.clear();
  replaceInstances([]);
  for (const { id } of [...notices()]) dismiss(id);
  const start = await fake.start();
  await adoptPreferences(start.preferences);
  adoptInstances(start);
  render(App, { start });
  return fake;
}

/** The name of the account in front. */
export function inFront(): string | undefined {
  return instances.active?.name;
}
