/** A directory of users, groups or environments: the server searches, sorts, and hands out parts. */
import { createInfiniteQuery, type InfiniteData } from '@tanstack/svelte-query';

import { type DirectoryKind, type DirectoryPage, host, type InstanceId } from '$ui/ipc';
import { instanceKey, whileOnePart } from '$ui/state/query';

/** An answer to what is no longer asked is kept for so long. */
const KEPT_MS = 60_000;

/** What a person looks up: kept while they are elsewhere. */
export interface DirectoryView {
  kind: DirectoryKind;
  search: string;
  descending: boolean;
}

// eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from the map itself
const views = new Map<InstanceId, DirectoryView>();

export function directoryView(instance: InstanceId): DirectoryView {
  let view = views.get(instance);
  if (!view) {
    const fresh: DirectoryView = $state({ kind: 'users', search: '', descending: false });
    views.set(instance, (view = fresh));
  }
  return view;
}

export function directoryQuery(
  instance: () => InstanceId,
  asked: () => DirectoryView,
  enabled: () => boolean,
) {
  return createInfiniteQuery(() => {
    const id = instance();
    const { kind, search, descending } = asked();
    const key = instanceKey(id, 'directory', kind, search.trim(), descending ? '-' : '+');
    return {
      queryKey: key,
      queryFn: ({ pageParam }: { pageParam: number }) =>
        host.lookUp(id, { kind, search: search.trim(), descending, offset: pageParam }),
      initialPageParam: 0,
      getNextPageParam: (last: DirectoryPage, _all: DirectoryPage[], offset: number) =>
        last.more && last.entries.length > 0 ? offset + last.entries.length : null,
      enabled: enabled(),
      refetchOnWindowFocus: whileOnePart,
      // The rows of the search before stay while the next one is on its way; people are no groups.
      placeholderData: (
        before: InfiniteData<DirectoryPage, number> | undefined,
        from?: { queryKey: readonly string[] },
      ) => (from?.queryKey[3] === kind ? before : undefined),
      gcTime: KEPT_MS,
    };
  });
}
