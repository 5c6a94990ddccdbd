/**
 * The account of an instance, its avatar and its connection: asked for once, shared by frame and
 * tabs. What is known from last time is shown first, with its age.
 */
import { createQuery } from '@tanstack/svelte-query';

import { host, type InstanceId } from '$ui/ipc';

import { instanceKey, queryClient } from './query';

// eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
const primed = new Set<InstanceId>();

/**
 * Fills the cache with what is known from last time, so that the first paint of an instance needs
 * no network. Asked once per instance; a failure only means that there is nothing yet.
 */
export async function prime(instance: InstanceId): Promise<void> {
  if (primed.has(instance)) return;
  primed.add(instance);
  const known = await host.lastKnown(instance).catch(() => null);
  if (!known) return;
  const options = { updatedAt: known.fetchedAt };
  const fill = (subject: 'account' | 'api-keys', value: unknown) => {
    const key = instanceKey(instance, subject);
    if (value && queryClient.getQueryData(key) === undefined) {
      queryClient.setQueryData(key, value, options);
      // Young as it may be, it is from before the last quit: the server is asked in any case.
      void queryClient.invalidateQueries({ queryKey: key });
    }
  };
  if (known.profile && known.capabilities) {
    const { profile, capabilities } = known;
    fill('account', { profile, capabilities });
  }
  fill('api-keys', known.keys);
}

const always = (): boolean => true;

/** Profile and capabilities. `dataUpdatedAt` is their age. */
export function accountQuery(instance: () => InstanceId, enabled = always) {
  return createQuery(() => {
    const id = instance();
    return {
      queryKey: instanceKey(id, 'account'),
      queryFn: () => host.account(id),
      enabled: enabled(),
    };
  });
}

/** The avatar as a `data:` address, or `null`. */
export function avatarQuery(instance: () => InstanceId, enabled = always) {
  return createQuery(() => {
    const id = instance();
    return {
      queryKey: instanceKey(id, 'avatar'),
      queryFn: async () => (await host.avatar(id))?.dataUrl ?? null,
      staleTime: 3_600_000,
      enabled: enabled(),
    };
  });
}

/** Whether there is a session and until when. */
export function connectionQuery(instance: () => InstanceId) {
  return createQuery(() => {
    const id = instance();
    return {
      queryKey: instanceKey(id, 'connection'),
      queryFn: () => host.connectionDetails(id),
    };
  });
}
