/** Which dialogs are open: what must be in reach while one is open lies inside the topmost. */
import { untrack } from 'svelte';

let open = $state.raw<readonly HTMLElement[]>([]);

/** Notes a dialog as the topmost until the returned function is called. */
export function noteDialog(dialog: HTMLElement): () => void {
  // An effect that notes its dialog does not follow the others.
  open = [...untrack(() => open), dialog];
  return () => {
    open = untrack(() => open).filter((other) => other !== dialog);
  };
}

/** The topmost dialog, if any is open. */
export function topDialog(): HTMLElement | undefined {
  return open.at(-1);
}
