/**
 * Tooltips: `{@attach tooltip('words')}` on an element, one `TooltipLayer` per window. A single
 * floating element serves all of them, so that a table with thousands of rows pays nothing.
 *
 * A tooltip repeats or completes what is there; nothing is said in a tooltip alone.
 */
import type { Attachment } from 'svelte/attachments';

export interface TooltipOptions {
  /** Only where the element's own text is cut off by an ellipsis. */
  whenCut?: boolean;
}

/**
 * A function is asked when the tooltip opens: what changes under it costs nothing until then, and
 * leaves its listeners where they are.
 */
export type TooltipText = string | (() => string);

interface Shown {
  anchor: HTMLElement;
  text: TooltipText;
}

export const wordsOf = (text: TooltipText): string => (typeof text === 'string' ? text : text());

const DELAY_MS = 400;
/** For so long after one tooltip the next opens at once. */
const WARM_MS = 300;

let shown = $state.raw<Shown | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;
let hiddenAt = -Infinity;

export const currentTooltip = {
  get value(): Shown | null {
    return shown;
  },
};

export function hideTooltip(): void {
  clearTimeout(timer);
  if (shown) hiddenAt = performance.now();
  shown = null;
}

export function tooltip(text: TooltipText, options: TooltipOptions = {}): Attachment<HTMLElement> {
  return (anchor) => {
    const show = (delay: number) => {
      if (!wordsOf(text) || (options.whenCut && anchor.scrollWidth <= anchor.clientWidth)) return;
      clearTimeout(timer);
      const wait = performance.now() - hiddenAt < WARM_MS ? 0 : delay;
      timer = setTimeout(() => (shown = { anchor, text }), wait);
    };
    const enter = () => show(DELAY_MS);
    const focus = () => {
      if (anchor.matches(':focus-visible')) show(0);
    };
    anchor.addEventListener('pointerenter', enter);
    anchor.addEventListener('pointerleave', hideTooltip);
    anchor.addEventListener('pointerdown', hideTooltip);
    anchor.addEventListener('focus', focus);
    anchor.addEventListener('blur', hideTooltip);
    return () => {
      anchor.removeEventListener('pointerenter', enter);
      anchor.removeEventListener('pointerleave', hideTooltip);
      anchor.removeEventListener('pointerdown', hideTooltip);
      anchor.removeEventListener('focus', focus);
      anchor.removeEventListener('blur', hideTooltip);
      if (shown?.anchor === anchor) hideTooltip();
    };
  };
}
