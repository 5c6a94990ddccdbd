/**
 * Which dialogs are open, and what closing the window over them would lose. What must be in reach
 * while one is open lies inside the topmost.
 */
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

/** What is asked before something is lost, and the words of the way back. */
export interface Question {
  title: string;
  description: string;
  cancel: string;
}

let losses = $state.raw<readonly Question[]>([]);

/** Notes what is asked before the window closes over a dialog, until the returned function is called. */
export function noteLoss(question: Question): () => void {
  losses = [...untrack(() => losses), question];
  return () => {
    losses = untrack(() => losses).filter((other) => other !== question);
  };
}

/** What is asked before the window closes over the topmost dialog that would lose something. */
export function topLoss(): Question | undefined {
  return losses.at(-1);
}
