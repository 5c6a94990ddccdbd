/** What is not done here: on the Profile tab, or on the server's own page in the browser. */
import { tick } from 'svelte';

import {
  type Availability,
  type Capabilities,
  host,
  type InstanceId,
  type PortalPage,
  type Reason,
} from '$ui/ipc';
import { showTab } from '$ui/state/instances.svelte';
import { notifyFailure } from '$ui/state/notices.svelte';

import { wantPasswordChange } from '../profile/wanted';

/** What the portal can do although this program cannot. */
const IN_BROWSER: readonly Reason[] = ['onlyInBrowser', 'notDescribed', 'unconfirmed'];

/** Whether the portal's own page does what cannot be done here. */
export function isInBrowser(thing: Availability, { pages }: Capabilities): boolean {
  if (thing.state !== 'unavailable' || !pages.includes('security')) return false;
  return IN_BROWSER.includes(thing.reason);
}

/** Opens a page of the server's portal in the person's browser. */
export async function openPage(instance: InstanceId, page: PortalPage): Promise<void> {
  try {
    await host.openPortalPage(instance, page);
  } catch (failure) {
    notifyFailure(failure, () => void openPage(instance, page));
  }
}

/** Opens the Profile tab at the fields of a new password. The focus goes along. */
export async function toNewPassword(instance: InstanceId): Promise<void> {
  wantPasswordChange(instance);
  showTab(instance, 'profile');
  await tick();
  document.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
}
