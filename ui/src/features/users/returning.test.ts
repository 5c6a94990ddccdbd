/** A list in parts, when the window comes back to the front. */
import type { InfiniteData } from '@tanstack/svelte-query';
import { screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';

import { adminInstance } from '$ui/ipc/fake-servers';
import { instanceKey, queryClient } from '$ui/state/query';
import { asked, openTab } from '$ui/test/stage';

import UsersTab from './UsersTab.svelte';

it('is asked for again where it is old, unless that were many parts', async () => {
  const { fake, instance } = openTab(UsersTab, adminInstance);
  await screen.findByRole('row', { name: /^marlene\.brandt@portal\.example/ });
  const key = instanceKey(instance.id, 'users', '');
  const comeBack = async (parts: number) => {
    const { pages, pageParams } = queryClient.getQueryData(key) as InfiniteData<unknown>;
    const known = { pages: Array(parts).fill(pages[0]), pageParams };
    queryClient.setQueryData(key, known, { updatedAt: Date.now() - 60_000 });
    const before = asked(fake, 'users').length;
    window.dispatchEvent(new Event('focus'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    return asked(fake, 'users').length - before;
  };
  expect(await comeBack(2)).toBe(0);
  expect(await comeBack(1)).toBe(1);
});
