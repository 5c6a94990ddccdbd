/**
 * The cache of what servers said, by keys that begin with the instance: a sign-in, a sign-out or
 * a removed instance touches all of its entries and no others. Retries are the host's business.
 */
import { focusManager, QueryCache, QueryClient } from '@tanstack/svelte-query';

import { asksForSignIn } from '$ui/errors';
import type { InstanceId } from '$ui/ipc';

import { offerSignIn } from './sign-in.svelte';

export type Subject =
  | 'account'
  | 'avatar'
  | 'connection'
  | 'organizations'
  | 'api-keys'
  | 'key-metrics'
  | 'key-details'
  | 'second-factor'
  | 'sessions'
  | 'security-log'
  | 'deletion-terms'
  | 'users'
  | 'directory';

/**
 * The key of a subject of an instance. `parts` tell apart what depends on more than the instance:
 * the organization in front, a search. Without them the key stands for all of it.
 */
export function instanceKey(
  instance: InstanceId,
  subject?: Subject,
  ...parts: readonly (string | null)[]
): readonly string[] {
  if (!subject) return ['instance', instance];
  return ['instance', instance, subject, ...parts.map((part) => part ?? '')];
}

// By itself it hears of a page that is shown again, which one behind another window is all along.
focusManager.setEventListener((comeBack) => {
  const heard = (): void => comeBack();
  const events = ['focus', 'visibilitychange'];
  for (const event of events) window.addEventListener(event, heard);
  return () => {
    for (const event of events) window.removeEventListener(event, heard);
  };
});

/** Of a list in parts: one of many is not asked for part by part whenever the window comes back. */
export const whileOnePart = (query: { state: { data?: { pages: unknown[] } } }): boolean =>
  (query.state.data?.pages.length ?? 0) < 2;

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      const [scope, instance] = query.queryKey as readonly string[];
      if (scope === 'instance' && instance && asksForSignIn(error)) offerSignIn(instance);
    },
  }),
  defaultOptions: {
    queries: {
      retry: false,
      networkMode: 'always',
      staleTime: 30_000,
      gcTime: Infinity,
      refetchOnWindowFocus: true,
      refetchOnReconnect: false,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** Asks the server again for these subjects of an instance, or for all of them. */
export async function refresh(instance: InstanceId, ...subjects: Subject[]): Promise<void> {
  if (subjects.length === 0) {
    await queryClient.invalidateQueries({ queryKey: instanceKey(instance) });
    return;
  }
  await Promise.all(
    subjects.map((subject) =>
      queryClient.invalidateQueries({ queryKey: instanceKey(instance, subject) }),
    ),
  );
}

/**
 * Runs a `change` of what is cached under this key, once the server has made it. An answer that is on
 * its way may be from before that: it is dropped, and asked for anew.
 */
export function changeAnswers(queryKey: readonly string[], change: () => void): void {
  const late = queryClient.getQueryCache().findAll({ queryKey, fetchStatus: 'fetching' });
  // Dropped before the change, because that restores what was there when it was asked for.
  void queryClient.cancelQueries({ queryKey });
  change();
  void queryClient.invalidateQueries({ queryKey, predicate: (query) => late.includes(query) });
}

/** Empties what is shown of an instance that was signed out, and asks for none of it again. */
export function clearAnswers(instance: InstanceId): void {
  const found = queryClient.getQueryCache().findAll({ queryKey: instanceKey(instance) });
  // That it is signed out is what its connection says.
  for (const query of found) if (query.queryKey[2] !== 'connection') query.reset();
}

/** Forgets everything known of an instance that is gone. */
export function forget(instance: InstanceId): void {
  queryClient.removeQueries({ queryKey: instanceKey(instance) });
}
