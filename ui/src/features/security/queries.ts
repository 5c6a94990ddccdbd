/** What a server says of the safety of an account. No secret is ever among the answers. */
import { createInfiniteQuery, createQuery } from '@tanstack/svelte-query';

import { type AccountSession, host, type InstanceId } from '$ui/ipc';
import { instanceKey, whileOnePart } from '$ui/state/query';

/** Sessions begin and end elsewhere: so often they are looked at again while they are in view. */
const LOOK_AGAIN_MS = 60_000;

export function secondFactorQuery(instance: () => InstanceId, enabled: () => boolean) {
  return createQuery(() => {
    const id = instance();
    return {
      queryKey: instanceKey(id, 'second-factor'),
      queryFn: () => host.secondFactor(id),
      enabled: enabled(),
    };
  });
}

/** This computer's session first, then those used last. */
function inOrder(sessions: AccountSession[]): AccountSession[] {
  const rank = (one: AccountSession) => (one.current ? Infinity : (one.lastUsed ?? one.created));
  return sessions.toSorted((one, other) => rank(other) - rank(one));
}

export function sessionsQuery(instance: () => InstanceId) {
  return createQuery(() => {
    const id = instance();
    return {
      queryKey: instanceKey(id, 'sessions'),
      queryFn: () => host.accountSessions(id).then(inOrder),
      staleTime: 0,
      refetchInterval: LOOK_AGAIN_MS,
    };
  });
}

export function securityLogQuery(instance: () => InstanceId) {
  return createInfiniteQuery(() => {
    const id = instance();
    return {
      queryKey: instanceKey(id, 'security-log'),
      queryFn: ({ pageParam }: { pageParam: string | null }) => host.securityLog(id, pageParam),
      // What was done a moment ago on another tab stands in it.
      staleTime: 0,
      refetchOnWindowFocus: whileOnePart,
      initialPageParam: null as string | null,
      getNextPageParam: (last: { next: string | null }) => last.next,
    };
  });
}
