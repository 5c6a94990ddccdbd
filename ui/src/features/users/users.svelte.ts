/**
 * The users of a server, in parts and by search, and the changes to them. What is shown changes
 * only after the server has said yes.
 */
import { createInfiniteQuery, type InfiniteData, keepPreviousData } from '@tanstack/svelte-query';

import { host, type InstanceId, type User, type UserPage } from '$ui/ipc';
import { instanceKey, queryClient, refresh, whileOnePart } from '$ui/state/query';

/** An answer to a search that is no longer asked is kept for so long. */
const SEARCH_KEPT_MS = 60_000;

export function usersQuery(
  instance: () => InstanceId,
  search: () => string,
  enabled: () => boolean,
) {
  return createInfiniteQuery(() => {
    const [id, asked] = [instance(), search().trim()];
    return {
      queryKey: instanceKey(id, 'users', asked),
      queryFn: ({ pageParam }: { pageParam: string | null }) =>
        host.users(id, { search: asked, next: pageParam }),
      initialPageParam: null as string | null,
      getNextPageParam: (last: UserPage) => last.next,
      enabled: enabled(),
      refetchOnWindowFocus: whileOnePart,
      // The rows of the search before stay while the next one is on its way.
      placeholderData: keepPreviousData,
      gcTime: asked === '' ? Infinity : SEARCH_KEPT_MS,
    };
  });
}

function change(instance: InstanceId, changed: (page: UserPage) => UserPage): void {
  queryClient.setQueriesData<InfiniteData<UserPage>>(
    { queryKey: instanceKey(instance, 'users') },
    (data) => data && { ...data, pages: data.pages.map(changed) },
  );
  // Where it stands in the list, and what else has changed, is the server's to say.
  void refresh(instance, 'users');
}

/** A user as the server has them now. */
export function putUser(instance: InstanceId, user: User): void {
  change(instance, (page) => ({
    ...page,
    users: page.users.map((one) => (one.id === user.id ? user : one)),
  }));
}

/** A user that is gone. */
export function dropUser(instance: InstanceId, id: string): void {
  change(instance, (page) => {
    const users = page.users.filter((user) => user.id !== id);
    return { ...page, users, total: page.total === null ? null : Math.max(0, page.total - 1) };
  });
}

/** A user as the server has them now; `undefined` where they are gone. */
export async function presentUser(
  instance: InstanceId,
  { id, email }: User,
): Promise<User | undefined> {
  let next: string | null = null;
  do {
    const page: UserPage = await host.users(instance, { search: email, next });
    const found = page.users.find((user) => user.id === id);
    if (found) return found;
    next = page.next;
  } while (next !== null);
  return undefined;
}

/** The search that a person has typed: kept while they are elsewhere. */
export interface UserView {
  search: string;
}

// eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from the map itself
const views = new Map<InstanceId, UserView>();

export function userView(instance: InstanceId): UserView {
  let view = views.get(instance);
  if (!view) {
    const fresh: UserView = $state({ search: '' });
    views.set(instance, (view = fresh));
  }
  return view;
}
