/**
 * The keys of an instance: the list in the cache, and the changes to it. The list is changed here
 * only after the server has said yes.
 */
import { createQuery } from '@tanstack/svelte-query';

import {
  type ApiKey,
  type ApiKeyList,
  type CreatedKey,
  type Expiration,
  host,
  type InstanceId,
  type NewApiKey,
  type OrganizationId,
} from '$ui/ipc';
import { organizationOf } from '$ui/state/instances.svelte';
import { instanceKey, queryClient } from '$ui/state/query';

import { type KeySort, NEWEST_FIRST } from './list';
import { inheritStamp, stampReceived } from './server-clock';

/** The list of keys; asked for only where they can be managed. */
export function apiKeysQuery(instance: () => InstanceId, enabled: () => boolean) {
  return createQuery(() => {
    const id = instance();
    const organization = organizationOf(id);
    return {
      queryKey: instanceKey(id, 'api-keys', organization),
      queryFn: async () => stampReceived(await host.apiKeys(id, organization)),
      enabled: enabled(),
      // Comparing 10,000 keys with their predecessors would cost more than drawing the few in view.
      structuralSharing: false,
    };
  });
}

function change(
  instance: InstanceId,
  organization: OrganizationId | null,
  changed: (keys: readonly ApiKey[]) => ApiKey[],
): void {
  const key = instanceKey(instance, 'api-keys', organization);
  const state = queryClient.getQueryState<ApiKeyList>(key);
  const list = state?.data;
  if (!list) return;
  queryClient.setQueryData(key, inheritStamp({ ...list, keys: changed(list.keys) }, list), {
    updatedAt: state.dataUpdatedAt,
  });
}

export async function createKey(
  instance: InstanceId,
  key: NewApiKey,
  keep: boolean,
): Promise<CreatedKey> {
  const organization = organizationOf(instance);
  const created = await host.createApiKey(instance, organization, key, keep);
  change(instance, organization, (keys) => [created.key, ...keys]);
  return created;
}

export async function setExpiration(
  instance: InstanceId,
  id: string,
  expiration: Expiration,
): Promise<void> {
  const organization = organizationOf(instance);
  const answer = await host.setApiKeyExpiration(instance, id, expiration);
  change(instance, organization, (keys) =>
    keys.map((key) => (key.id === id ? (answer ?? { ...key, expiration }) : key)),
  );
}

export async function deleteKey(instance: InstanceId, id: string): Promise<void> {
  const organization = organizationOf(instance);
  await host.deleteApiKey(instance, id);
  change(instance, organization, (keys) => keys.filter((key) => key.id !== id));
}

/** What a person has set on this screen: kept while they are elsewhere. */
export interface ListView {
  search: string;
  sort: KeySort;
}

// eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from the map itself
const views = new Map<InstanceId, ListView>();

export function listView(instance: InstanceId): ListView {
  let view = views.get(instance);
  if (!view) {
    const fresh: ListView = $state({ search: '', sort: NEWEST_FIRST });
    views.set(instance, (view = fresh));
  }
  return view;
}
