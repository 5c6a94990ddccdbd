/** The table of operations, held against the server's description: counted, and in words. */
import type { MessageKey } from '$ui/i18n/index.svelte';
import type { OperationRow } from '$ui/ipc';

export const grounds: Record<OperationRow['restsOn'], MessageKey> = {
  documented: 'preferences.rests-on.documented',
  inferred: 'preferences.rests-on.inferred',
  assumed: 'preferences.rests-on.assumed',
  overridden: 'preferences.rests-on.overridden',
};

/** What a row came out as; `none` where it was not compared. */
export type Outcome = NonNullable<OperationRow['finding']>['finding'] | 'none';

export function outcomeOf({ finding }: OperationRow): Outcome {
  return finding?.finding ?? 'none';
}

/** How many rows came out how. */
export function count(operations: readonly OperationRow[]): Record<Outcome, number> {
  const counts = { confirmed: 0, foundElsewhere: 0, missing: 0, none: 0 };
  for (const operation of operations) counts[outcomeOf(operation)] += 1;
  return counts;
}
