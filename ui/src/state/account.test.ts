import { expect, it } from 'vitest';

import { account } from '$ui/ipc/fake-data';

import { changeAccount } from './account.svelte';
import { instanceKey, queryClient } from './query';

it('a change is not undone by an answer that was asked for before it', async () => {
  const queryKey = instanceKey('account-test', 'account', null);
  const before = account();
  queryClient.setQueryData(queryKey, before);
  let arrive: () => void = () => undefined;
  const late = queryClient.fetchQuery({
    queryKey,
    staleTime: 0,
    queryFn: () => new Promise<typeof before>((resolve) => (arrive = () => resolve(before))),
  });
  const profile = { ...before.profile, firstName: 'Saved' };
  changeAccount('account-test', (old) => ({ ...old, profile }));
  arrive();
  await late;
  expect(queryClient.getQueryData(queryKey)).toMatchObject({ profile });
  expect(queryClient.getQueryState(queryKey)).toMatchObject({
    fetchStatus: 'idle',
    isInvalidated: true,
  });
});
