/**
 * The account of an instance, its avatar and its connection: asked for once, shared by frame and
 * tabs. What is known from last time is shown first, with its age.
 */
import { createQuery } from '@tanstack/svelte-query';

import { type Account, host, type InstanceId } from '$ui/ipc';

import { organizationOf } from './instances.svelte';
import { changeAnswers, instanceKey, queryClient, refresh } from './query';

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
  const organization = organizationOf(instance);
  const fill = (subject: 'account' | 'api-keys', value: unknown) => {
    const key = instanceKey(instance, subject, organization);
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
  // The keys of another organization are no keys of this one.
  if (known.keys?.organization === organization) fill('api-keys', known.keys);
}

const always = (): boolean => true;

/**
 * Profile and capabilities, for the organization in front. `dataUpdatedAt` is their age. While an
 * organization is being switched to, those of the one before stand in (`isPlaceholderData`): the
 * profile is the same, the capabilities may not be.
 */
export function accountQuery(instance: () => InstanceId, enabled = always) {
  return createQuery(() => {
    const id = instance();
    const organization = organizationOf(id);
    return {
      queryKey: instanceKey(id, 'account', organization),
      queryFn: () => host.account(id, organization),
      enabled: enabled(),
      placeholderData: (before: Account | undefined, from?: { queryKey: readonly string[] }) =>
        from?.queryKey[1] === id ? before : undefined,
    };
  });
}

/**
 * Has the host read the server's own description of its API where that is due. Where this changes
 * what can be done, all of the instance is asked for again; where it cannot be had, nothing changes.
 */
export async function keepContractCurrent(instance: InstanceId): Promise<void> {
  const changed = await host.keepContractCurrent(instance).catch(() => null);
  if (changed === null) return;
  await (changed ? refresh(instance) : refresh(instance, 'connection'));
}

/**
 * The account of a tab, as last heard. A tab goes when its account does, but its parts may still be
 * asked on the way out: then they find what was there, and not nothing.
 */
export function heldAccount(query: { data: Account | undefined }): () => Account | undefined {
  let held: Account | undefined;
  return () => (held = query.data ?? held);
}

/** Changes what is cached of an account, in whichever organization it was asked for. */
export function changeAccount(instance: InstanceId, change: (account: Account) => Account): void {
  const queryKey = instanceKey(instance, 'account');
  changeAnswers(queryKey, () => {
    queryClient.setQueriesData<Account>({ queryKey }, (account) => account && change(account));
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
