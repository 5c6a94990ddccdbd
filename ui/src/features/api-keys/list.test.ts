import { describe, expect, it, vi } from 'vitest';

import type { ApiKey } from '$ui/ipc';
import { apiKeys } from '$ui/ipc/fake-data';

import {
  indexKeys,
  NEWEST_FIRST,
  prepareOrder,
  prepareSearch,
  sameTitle,
  selectKeys,
} from './list';
import { inheritStamp, serverNow, stampReceived } from './server-clock';
import { presets, statusOf } from './status';

const NOW = Date.UTC(2026, 10, 21, 12);
const HOUR = 3_600_000;

function key(title: string, change: Partial<ApiKey> = {}): ApiKey {
  return {
    id: title,
    title,
    description: '',
    masked: `api_${title}••••`,
    scopes: [],
    status: 'active',
    addedOn: NOW,
    expiration: { kind: 'never' },
    lastUsed: null,
    madeByServer: false,
    ...change,
  };
}

const titles = (keys: readonly ApiKey[]): string[] => keys.map(({ title }) => title);

describe('the list of keys', () => {
  const keys = [
    key('Zeta', { addedOn: NOW - 1, expiration: { kind: 'at', at: NOW + HOUR } }),
    key('alpha 10', { addedOn: NOW - 2 }),
    key('alpha 9', { addedOn: NOW - 3, expiration: { kind: 'at', at: NOW - HOUR } }),
    key('Überwachung', { addedOn: null }),
  ];
  const index = indexKeys(keys);

  it('stands as the server gave it, newest first', () => {
    expect(selectKeys(index, ' ', NEWEST_FIRST)).toBe(keys);
  });

  it('is searched by every word, whatever its case, in titles and masked keys', () => {
    expect(titles(selectKeys(index, 'ALPHA 9', NEWEST_FIRST))).toEqual(['alpha 9']);
    expect(titles(selectKeys(index, 'über', NEWEST_FIRST))).toEqual(['Überwachung']);
    expect(titles(selectKeys(index, 'api_zet', NEWEST_FIRST))).toEqual(['Zeta']);
    expect(selectKeys(index, 'nothing', NEWEST_FIRST)).toEqual([]);
  });

  it('is sorted by title as people count, and by dates with Never last', () => {
    const by = (column: 'title' | 'added' | 'expired', direction: 'ascending' | 'descending') =>
      titles(selectKeys(index, '', { column, direction }));
    expect(by('title', 'ascending')).toEqual(['alpha 9', 'alpha 10', 'Überwachung', 'Zeta']);
    expect(by('title', 'descending')).toEqual(['Zeta', 'Überwachung', 'alpha 10', 'alpha 9']);
    expect(by('added', 'ascending')).toEqual(['Überwachung', 'alpha 9', 'alpha 10', 'Zeta']);
    expect(by('expired', 'ascending').slice(0, 2)).toEqual(['alpha 9', 'Zeta']);
  });

  it('is put in order in parts as in one go, and equal ones stay in the order of the server', async () => {
    const many = apiKeys(1500, NOW).map((one, at) => ({ ...one, title: `key ${at % 700}` }));
    for (const column of ['title', 'added', 'expired', 'lastUsed'] as const) {
      const sort = { column, direction: 'ascending' } as const;
      const atOnce = selectKeys(indexKeys(many), '', sort);
      const inParts = indexKeys(many);
      await prepareOrder(inParts, column);
      expect(inParts.orders[column]).toHaveLength(1500);
      expect(selectKeys(inParts, '', sort)).toEqual(atOnce);
    }
  });

  it('is made ready for search in parts, and only while it is wanted', async () => {
    const many = apiKeys(1500, NOW);
    const going = new AbortController();
    const [atOnce, inParts, replaced] = [indexKeys(many), indexKeys(many), indexKeys(many)];
    expect(atOnce.haystacks).toEqual([]); // nothing waits for it when a list arrives
    selectKeys(atOnce, 'g', NEWEST_FIRST);
    await prepareSearch(inParts, going.signal);
    expect(inParts.haystacks).toHaveLength(1500);
    expect(inParts.haystacks).toEqual(atOnce.haystacks);
    // Each look at the clock says that it is time for the page.
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 10));
    const preparing = prepareSearch(replaced, going.signal);
    expect(replaced.haystacks.length).toBeLessThan(1500);
    going.abort();
    await preparing;
    expect(replaced.haystacks.length).toBeLessThan(1500);
  });

  it('that comes again as it was keeps its order, one that was changed does not', async () => {
    await prepareOrder(index, 'title');
    await prepareOrder(index, 'expired');
    const again = indexKeys(
      keys.map((one) => ({ ...one })),
      index,
    );
    expect(again.orders.title).toBe(index.orders.title);
    expect(again.orders.expired).toBeUndefined();
    const [first, ...rest] = keys;
    const renamed = indexKeys([{ ...(first as ApiKey), title: 'Aa' }, ...rest], index);
    expect(titles(selectKeys(renamed, '', { column: 'title', direction: 'ascending' }))[0]).toBe(
      'Aa',
    );
  });

  it('knows a title again by its look', () => {
    expect(sameTitle(index, '  ALPHA\u200b  10')).toBe('alpha 10');
    expect(sameTitle(index, 'alpha 11')).toBeUndefined();
  });

  it('of 10,000 keys answers a keystroke well within a frame', () => {
    const many = indexKeys(apiKeys(10_000, NOW));
    selectKeys(many, '', { column: 'title', direction: 'ascending' });
    const times: number[] = [];
    for (const typed of ['g', 'gr', 'gra', 'graf', 'grafa', 'grafan', 'grafana', 'grafana-99']) {
      for (const sort of [NEWEST_FIRST, { column: 'title', direction: 'descending' } as const]) {
        const begun = performance.now();
        selectKeys(many, typed, sort);
        times.push(performance.now() - begun);
      }
    }
    times.sort((a, b) => a - b);
    // The median: what else this computer does is not the list's doing.
    expect(times[times.length / 2]).toBeLessThan(8);
  });
});

describe('the status of a key', () => {
  it.each([
    [undefined, 'Active'],
    [8 * 24 * HOUR, 'Active'],
    [7 * 24 * HOUR, 'Expires in 7 days'],
    [4.2 * 24 * HOUR, 'Expires in 5 days'],
    [24 * HOUR + 1, 'Expires in 2 days'],
    [2 * HOUR, 'Expires in 2 hours'],
    [90_000, 'Expires in 2 minutes'],
    [1, 'Expires in 1 minute'],
    [0, 'Expired'],
    [-HOUR, 'Expired'],
  ])('%d ms before its end is "%s"', (left, label) => {
    const expiration =
      left === undefined ? ({ kind: 'never' } as const) : ({ kind: 'at', at: NOW + left } as const);
    expect(statusOf({ status: 'active', expiration }, NOW).label).toBe(label);
  });

  it('is revoked whatever its date', () => {
    const expiration = { kind: 'at', at: NOW - HOUR } as const;
    expect(statusOf({ status: 'revoked', expiration }, NOW).label).toBe('Revoked');
  });

  it('offers no moment beyond what the server allows', () => {
    expect(presets(NOW, null).map(({ label }) => label)).toEqual([
      '7 days',
      '30 days',
      '90 days',
      '1 year',
    ]);
    expect(presets(NOW, 30).map(({ label }) => label)).toEqual(['7 days', '30 days']);
  });
});

describe('the clock of the server', () => {
  const list = { keys: [], serverTime: NOW - 5 * 24 * HOUR, organization: null };

  it('is not this computer’s: only the age of the answer is', () => {
    stampReceived(list);
    expect(Math.abs(serverNow(list, 0) - list.serverTime)).toBeLessThan(1000);
    const changed = inheritStamp({ ...list }, list);
    expect(Math.abs(serverNow(changed, 0) - list.serverTime)).toBeLessThan(1000);
  });

  it('of a list from an earlier run is aged by the time since then', () => {
    const known = { ...list };
    expect(serverNow(known, Date.now() - HOUR)).toBeGreaterThanOrEqual(list.serverTime + HOUR);
    expect(serverNow(known, Date.now() + HOUR)).toBe(list.serverTime);
  });
});
