/** The tabs of an account: which ones, by what its server can do, and how each is loaded. */
import type { Component } from 'svelte';

import type { MessageKey } from '$ui/i18n/index.svelte';
import type { Availability, Capabilities, InstanceView } from '$ui/ipc';
import type { TabId } from '$ui/state/instances.svelte';
import type { Subject } from '$ui/state/query';

export type TabComponent = Component<{ instance: InstanceView }>;

const loaders: Record<TabId, () => Promise<{ default: TabComponent }>> = {
  profile: () => import('../profile/ProfileTab.svelte'),
  'api-keys': () => import('../api-keys/ApiKeysTab.svelte'),
  security: () => import('../security/SecurityTab.svelte'),
  users: () => import('../users/UsersTab.svelte'),
  directory: () => import('../directory/DirectoryTab.svelte'),
  'danger-zone': () => import('../danger-zone/DangerZoneTab.svelte'),
};

const loaded = new Map<TabId, Promise<TabComponent>>();

/** The component of a tab, fetched once. */
export function loadTab(tab: TabId): Promise<TabComponent> {
  const existing = loaded.get(tab) ?? loaders[tab]().then((module) => module.default);
  loaded.set(tab, existing);
  return existing;
}

/** What a tab shows, for the age of it. */
export const tabSubjects: Record<TabId, readonly Subject[]> = {
  profile: ['account'],
  'api-keys': ['api-keys', 'key-metrics'],
  security: ['second-factor', 'sessions', 'security-log'],
  users: ['users'],
  directory: ['directory'],
  'danger-zone': ['deletion-terms'],
};

/** What a server does not know is not there; what it cannot do now says so in its tab. */
export function tabsOf(capabilities: Capabilities | undefined): TabId[] {
  const tabs: TabId[] = ['profile'];
  // Before the server was heard there are the tabs that most have.
  if (!capabilities) return [...tabs, 'api-keys', 'security'];
  const { apiKeys, users, directory, deletion } = capabilities;
  if (exists(apiKeys.manage)) tabs.push('api-keys');
  if (hasSecurity(capabilities)) tabs.push('security');
  if (exists(users.view)) tabs.push('users');
  if (exists(directory)) tabs.push('directory');
  if (exists(deletion)) tabs.push('danger-zone');
  return tabs;
}

/** The tab that is in front: the one that was chosen, where the server has it. */
export function tabInFront(chosen: TabId, tabs: readonly TabId[]): TabId {
  return tabs.includes(chosen) ? chosen : 'profile';
}

/** What a tab is called on a server: with its own word where it has one. */
export function tabWords(tab: TabId, capabilities: Capabilities | undefined): MessageKey {
  if (tab === 'api-keys') {
    const singular = (capabilities?.apiKeys.words ?? 'title') === 'title';
    return singular ? 'frame.tab.api-key' : 'frame.tab.api-keys';
  }
  if (tab === 'security') {
    return onlyAnnounced(capabilities) ? 'frame.tab.mfa' : 'frame.tab.security';
  }
  return words[tab];
}

const words: Record<Exclude<TabId, 'api-keys' | 'security'>, MessageKey> = {
  profile: 'frame.tab.profile',
  users: 'frame.tab.users',
  directory: 'frame.tab.directory',
  'danger-zone': 'frame.tab.danger-zone',
};

function exists({ state }: Availability): boolean {
  return state !== 'absent';
}

function hasSecurity({ secondFactor, sessions, securityLog }: Capabilities): boolean {
  return [secondFactor.manage, sessions, securityLog].some(exists);
}

/** Whether all that the tab holds is a second factor that the server announces. */
function onlyAnnounced(capabilities: Capabilities | undefined): boolean {
  if (!capabilities) return true;
  const { secondFactor, sessions, securityLog } = capabilities;
  const { manage } = secondFactor;
  const announced = manage.state === 'unavailable' && manage.reason === 'underDevelopment';
  return announced && !exists(sessions) && !exists(securityLog);
}
