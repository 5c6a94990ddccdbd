/** What a keystroke in the search costs with 10,000 keys: `npx vitest bench`. */
import { bench, describe } from 'vitest';

import { apiKeys } from '$ui/ipc/fake-data';

import { indexKeys, NEWEST_FIRST, sameTitle, selectKeys } from './list';

const keys = apiKeys(10_000, 1_800_000_000_000);
const index = indexKeys(keys);
const byTitle = { column: 'title', direction: 'ascending' } as const;

describe('10,000 keys', () => {
  bench('filtered by one letter for the first time', () => {
    selectKeys(indexKeys(keys), 'g', NEWEST_FIRST);
  });
  bench('filtered by one letter', () => {
    selectKeys(index, 'g', NEWEST_FIRST);
  });
  bench('filtered by two words, sorted by title', () => {
    selectKeys(index, 'gateway 42', byTitle);
  });
  bench('sorted by title for the first time', () => {
    selectKeys({ ...index, orders: {} }, '', byTitle);
  });
  bench('a title compared with all of them', () => {
    sameTitle(index, 'CI-build');
  });
});
