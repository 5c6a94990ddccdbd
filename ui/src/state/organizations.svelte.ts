/**
 * The organizations that a person belongs to on an instance, and that one of them is in front.
 *
 * Not here: which one that is (`instances`).
 */
import { createQuery } from '@tanstack/svelte-query';

import { host, type InstanceId, type Organization } from '$ui/ipc';

import { organizationOf, selectOrganization } from './instances.svelte';
import { instanceKey } from './query';

/** Where none is in front yet, or one that the person has left, the first of the list steps there. */
function settle(instance: InstanceId, list: readonly Organization[]): void {
  const chosen = organizationOf(instance);
  if (list.some(({ id }) => id === chosen)) return;
  const first = list[0]?.id ?? null;
  if (first !== chosen) selectOrganization(instance, first);
}

/** All organizations of the account; asked for only where keys belong to organizations. */
export function organizationsQuery(instance: () => InstanceId, enabled: () => boolean) {
  return createQuery(() => {
    const id = instance();
    return {
      queryKey: instanceKey(id, 'organizations'),
      queryFn: async () => {
        const list = await host.organizations(id);
        settle(id, list);
        return list;
      },
      enabled: enabled(),
    };
  });
}
