/**
 * How old the answers on the screen are. What is shown is what somebody observes in the cache; the
 * oldest of it is its age.
 */
import { queryClient } from './query';

/**
 * When the oldest of the answers under these keys that are on the screen was given; 0 where there
 * is none. Call it while a component is set up.
 */
export function ageOf(keys: () => readonly (readonly string[])[]): { readonly current: number } {
  const cache = queryClient.getQueryCache();
  let current = $state(0);

  function look(wanted: readonly (readonly string[])[]): number {
    const times = wanted
      .flatMap((queryKey) => cache.findAll({ queryKey, type: 'active' }))
      .map((query) => query.state.dataUpdatedAt)
      .filter((time) => time > 0);
    return times.length > 0 ? Math.min(...times) : 0;
  }

  $effect(() => {
    const wanted = keys();
    current = look(wanted);
    return cache.subscribe(() => {
      current = look(wanted);
    });
  });

  return {
    get current() {
      return current;
    },
  };
}
