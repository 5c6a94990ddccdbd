/** The tabs of an account: which ones, by what its server can do, and how each is loaded. */
import type { Component } from 'svelte';

import type { MessageKey } from '$ui/i18n/index.svelte';
import type { Capabilities, InstanceView } from '$ui/ipc';
import type { TabId } from '$ui/state/instances.svelte';

export type TabComponent = Component<{ instance: InstanceView }>;

const loaders: Record<TabId, () => Promise<{ default: TabComponent }>> = {
  profile: () => import('../profile/ProfileTab.svelte'),
  'api-keys': () => import('../api-keys/ApiKeysTab.svelte'),
  mfa: () => import('../mfa/MfaTab.svelte'),
};

const loaded = new Map<TabId, Promise<TabComponent>>();

/** The component of a tab, fetched once. */
export function loadTab(tab: TabId): Promise<TabComponent> {
  const existing = loaded.get(tab) ?? loaders[tab]().then((module) => module.default);
  loaded.set(tab, existing);
  return existing;
}

export const tabWords: Record<TabId, MessageKey> = {
  profile: 'frame.tab.profile',
  'api-keys': 'frame.tab.api-keys',
  mfa: 'frame.tab.mfa',
};

/** What a server does not know is not there; what it cannot do now says so in its tab. */
export function tabsOf(capabilities: Capabilities | undefined): TabId[] {
  const tabs: TabId[] = ['profile'];
  if (capabilities?.apiKeys.manage.state !== 'absent') tabs.push('api-keys');
  if (capabilities?.secondFactor.state !== 'absent') tabs.push('mfa');
  return tabs;
}
