/** A value that follows another one once it has rested: a search is asked for when typing pauses. */

/** How long a pause is. */
const PAUSE_MS = 250;

/** Call it while a component is set up: what it waits for ends with the component. */
export function settled(source: () => string): { readonly value: string } {
  let value = $state(source());
  $effect(() => {
    const next = source();
    // An emptied field shows everything again at once.
    if (next === '') {
      value = next;
      return;
    }
    const timer = setTimeout(() => (value = next), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return {
    get value() {
      return value;
    },
  };
}
