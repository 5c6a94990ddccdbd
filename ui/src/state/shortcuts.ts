/** Shortcuts that the frame hears and a tab answers: "new key" and "search". */

export type Shortcut = 'new' | 'search';

const heard = new EventTarget();
let pending: Shortcut | null = null;

/**
 * Says that a shortcut was pressed. Where nobody listens yet, because its tab is only being opened,
 * the first to listen hears it.
 */
export function pressShortcut(shortcut: Shortcut): void {
  pending = shortcut;
  heard.dispatchEvent(new Event(shortcut));
}

/** Answers a shortcut until the returned function is called: `$effect(() => onShortcut(…))`. */
export function onShortcut(shortcut: Shortcut, answer: () => void): () => void {
  const hear = () => {
    pending = null;
    answer();
  };
  heard.addEventListener(shortcut, hear);
  if (pending === shortcut) hear();
  return () => heard.removeEventListener(shortcut, hear);
}

/** Forgets a shortcut that nobody answered: the person has gone elsewhere. */
export function dropShortcut(): void {
  pending = null;
}
