/** What is not done here: on the Profile tab, or on the server's own page in the browser. */
import { tick } from 'svelte';

import { host, type InstanceId, type PortalPage } from '$ui/ipc';
import { showTab } from '$ui/state/instances.svelte';
import { notifyFailure } from '$ui/state/notices.svelte';

/** Opens a page of the server's portal in the person's browser. */
export async function openPage(instance: InstanceId, page: PortalPage): Promise<void> {
  try {
    await host.openPortalPage(instance, page);
  } catch (failure) {
    notifyFailure(failure, () => void openPage(instance, page));
  }
}

/** Opens the Profile tab. The focus goes along. */
export async function toProfile(instance: InstanceId): Promise<void> {
  showTab(instance, 'profile');
  await tick();
  document.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
}
