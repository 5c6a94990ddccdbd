/**
 * The instances on this computer and which one is in front. Switching is a change of this value
 * and nothing else: data comes from the cache, typed text from the drafts.
 */
import { SvelteMap } from 'svelte/reactivity';

import {
  host,
  type InstanceId,
  type InstanceView,
  type OrganizationId,
  type ServerKindInfo,
  type Start,
} from '$ui/ipc';

import { closeDrafts } from './drafts.svelte';
import { forget } from './query';
import { forgetSignIn } from './sign-in.svelte';

export type TabId = 'profile' | 'api-keys' | 'security' | 'users' | 'directory' | 'danger-zone';

let all = $state.raw<InstanceView[]>([]);
let activeId = $state<InstanceId | null>(null);
/** "Connect to a server" is open although there are instances. */
let connecting = $state(false);
let kinds = $state.raw<ServerKindInfo[]>([]);
let about = $state.raw<Pick<Start, 'version' | 'configurationFolder' | 'dataFolder'>>({
  version: '',
  configurationFolder: '',
  dataFolder: '',
});
const tabs = new SvelteMap<InstanceId, TabId>();
/** What was chosen in this window: an older answer of the host does not undo it. */
const organizations = new SvelteMap<InstanceId, OrganizationId | null>();

export const instances = {
  get all(): readonly InstanceView[] {
    return all;
  },
  get active(): InstanceView | undefined {
    return all.find((instance) => instance.id === activeId);
  },
  get connecting(): boolean {
    return connecting || all.length === 0;
  },
  /** The kinds of server that this build can connect to. */
  get kinds(): readonly ServerKindInfo[] {
    return kinds;
  },
  get about(): Pick<Start, 'version' | 'configurationFolder' | 'dataFolder'> {
    return about;
  },
  tab(id: InstanceId): TabId {
    return tabs.get(id) ?? 'profile';
  },
};

/** Takes over what the host read at start. */
export function adoptInstances(start: Start): void {
  all = start.instances;
  kinds = start.kinds;
  about = start;
  activeId = start.selected ?? start.instances[0]?.id ?? null;
  connecting = false;
}

/** Brings an instance to the front. */
export function activate(id: InstanceId): void {
  activeId = id;
  connecting = false;
  // Which one was last in front is a convenience: a failure to remember it is no one's concern.
  host.selectInstance(id).catch(() => undefined);
}

export function showTab(id: InstanceId, tab: TabId): void {
  tabs.set(id, tab);
}

export function openConnect(): void {
  connecting = true;
}

export function closeConnect(): void {
  connecting = false;
}

/** The organization that is in front on an instance; `null` where keys belong to none. */
export function organizationOf(id: InstanceId): OrganizationId | null {
  const chosen = organizations.get(id);
  if (chosen !== undefined) return chosen;
  return all.find((instance) => instance.id === id)?.organization ?? null;
}

/** Brings an organization to the front; everything that depends on it follows. */
export function selectOrganization(id: InstanceId, organization: OrganizationId | null): void {
  organizations.set(id, organization);
  // As with the instance in front: a failure to remember it is no one's concern.
  host.selectOrganization(id, organization).catch(() => undefined);
}

/** Reads the instances again: names, and of which keys a copy is kept, are the host's to say. */
export async function readInstances(): Promise<void> {
  const list = await host.instances().catch(() => null);
  // Where they cannot be read, what was known before stays.
  if (list) replaceInstances(list);
}

/** A new instance, or one that was changed. */
export function putInstance(instance: InstanceView): void {
  all = all.some((other) => other.id === instance.id)
    ? all.map((other) => (other.id === instance.id ? instance : other))
    : [...all, instance];
}

/** Takes over the list as the host has it now. */
export function replaceInstances(list: InstanceView[]): void {
  for (const old of all) {
    if (!list.some((instance) => instance.id === old.id)) forgetInstance(old.id);
  }
  all = list;
  if (!all.some((instance) => instance.id === activeId)) activeId = all[0]?.id ?? null;
}

/** Forgets what this window knows of an instance: drafts, cached answers, a waiting sheet. */
export function forgetInstance(id: InstanceId): void {
  forgetSignIn(id);
  tabs.delete(id);
  organizations.delete(id);
  closeDrafts(id);
  forget(id);
}
