/**
 * The keys of an instance: the list in the cache, and the changes to it. The list is changed here
 * only after the server has said yes.
 */
import { createQuery } from '@tanstack/svelte-query';

import { isCode } from '$ui/errors';
import {
  type ApiKey,
  type ApiKeyId,
  type ApiKeyList,
  type CreatedKey,
  type Expiration,
  host,
  type InstanceId,
  type NewApiKey,
  type OrganizationId,
} from '$ui/ipc';
import { instances, organizationOf, readInstances } from '$ui/state/instances.svelte';
import { changeAnswers, instanceKey, queryClient, refresh } from '$ui/state/query';

import { countKept } from './kept';
import { type KeySort, NEWEST_FIRST } from './list';
import { inheritStamp, stampReceived } from './server-clock';

/** The list of keys; asked for only where they can be managed. */
export function apiKeysQuery(instance: () => InstanceId, enabled: () => boolean) {
  return createQuery(() => {
    const id = instance();
    const organization = organizationOf(id);
    return {
      queryKey: instanceKey(id, 'api-keys', organization),
      queryFn: async () => {
        const list = stampReceived(await host.apiKeys(id, organization));
        // By the list, the host tells whose copies are of keys that were made again elsewhere.
        if (keepsCopies(id)) await readInstances();
        // The last part of a long list was read in this turn; drawing it is for the next.
        await new Promise((resolve) => setTimeout(resolve));
        return list;
      },
      enabled: enabled(),
      // Comparing 10,000 keys with their predecessors would cost more than drawing the few in view.
      structuralSharing: false,
    };
  });
}

function keepsCopies(id: InstanceId): boolean {
  return instances.all.some((instance) => instance.id === id && countKept(instance) > 0);
}

/** So long the figures stand before they are asked for again when they are looked at. */
const METRICS_FRESH_MS = 3_000;

/** The figures over the list; asked for only where the server counts. */
export function metricsQuery(instance: () => InstanceId, enabled: () => boolean) {
  return createQuery(() => {
    const id = instance();
    const organization = organizationOf(id);
    return {
      queryKey: instanceKey(id, 'key-metrics', organization),
      queryFn: () => host.keyMetrics(id, organization),
      enabled: enabled(),
      // Calls are made elsewhere all the time: whoever comes back to the tab wants them counted.
      staleTime: METRICS_FRESH_MS,
    };
  });
}

/** All that the server tells of one key. */
export function detailsQuery(instance: () => InstanceId, key: () => ApiKeyId) {
  return createQuery(() => {
    const [id, of] = [instance(), key()];
    return {
      queryKey: instanceKey(id, 'key-details', of),
      queryFn: () => host.apiKeyDetails(id, of),
    };
  });
}

function change(
  instance: InstanceId,
  organization: OrganizationId | null,
  changed: (keys: readonly ApiKey[]) => ApiKey[],
): void {
  const key = instanceKey(instance, 'api-keys', organization);
  changeAnswers(key, () => {
    const state = queryClient.getQueryState<ApiKeyList>(key);
    const list = state?.data;
    if (!list) return;
    queryClient.setQueryData(key, inheritStamp({ ...list, keys: changed(list.keys) }, list), {
      updatedAt: state.dataUpdatedAt,
    });
  });
  void refresh(instance, 'key-metrics');
}

export async function createKey(
  instance: InstanceId,
  key: NewApiKey,
  keep: boolean,
): Promise<CreatedKey> {
  const organization = organizationOf(instance);
  const created = await host
    .createApiKey(instance, organization, key, keep)
    .catch((failure: unknown) => {
      // It may be in the list all the same.
      if (isCode(failure, 'key-not-received', 'outcome-unknown')) {
        void refresh(instance, 'api-keys', 'key-metrics');
      }
      throw failure;
    });
  // A list that came while its copy was put into the keyring has it already.
  change(instance, organization, (keys) => [
    created.key,
    ...keys.filter(({ id }) => id !== created.key.id),
  ]);
  // Where it is not kept, the copy of an earlier key of its name may be gone.
  if (created.kept ?? keepsCopies(instance)) await readInstances();
  return created;
}

export async function setExpiration(
  instance: InstanceId,
  id: ApiKeyId,
  expiration: Expiration,
): Promise<void> {
  const organization = organizationOf(instance);
  const answer = await host.setApiKeyExpiration(instance, id, expiration);
  change(instance, organization, (keys) =>
    keys.map((key) => (key.id === id ? (answer ?? { ...key, expiration }) : key)),
  );
}

export async function deleteKey(instance: InstanceId, id: ApiKeyId): Promise<void> {
  const organization = organizationOf(instance);
  await host.deleteApiKey(instance, id);
  change(instance, organization, (keys) => keys.filter((key) => key.id !== id));
  // A copy that was kept went with it.
  await readInstances();
}

/** Switches a key off for good; it stays in the list. */
export async function revokeKey(instance: InstanceId, id: ApiKeyId): Promise<void> {
  const organization = organizationOf(instance);
  const revoked = await host.revokeApiKey(instance, id);
  change(instance, organization, (keys) => keys.map((key) => (key.id === id ? revoked : key)));
  void refresh(instance, 'key-details');
  // A copy that was kept opens nothing any more, and is gone.
  await readInstances();
}

/** Removes the copy that this computer keeps; the key itself stays. */
export async function forgetCopy(instance: InstanceId, id: ApiKeyId): Promise<void> {
  await host.forgetKeptKey(instance, id);
  await readInstances();
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
