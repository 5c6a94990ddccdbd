/**
 * Tooltips: `{@attach tooltip('words')}` on an element, one `TooltipLayer` per window, which hears
 * pointer and focus for all of them: a table with thousands of rows pays nothing.
 *
 * Text with the class `ellipsis` needs none: where it is cut off, the whole of it appears by
 * itself, on hover and when what it stands in gets the focus.
 *
 * A tooltip repeats or completes what is there; nothing is said in a tooltip alone.
 */
import type { Attachment } from 'svelte/attachments';

export interface TooltipOptions {
  /** Only where the element's own text is cut off. */
  whenCut?: boolean;
}

/** A function is asked when the tooltip opens: what changes under it costs nothing until then. */
export type TooltipText = string | (() => string);

interface Shown {
  anchor: Element;
  text: string;
}

interface Known extends TooltipOptions {
  text: TooltipText;
}

const DELAY_MS = 400;
/** For so long after one tooltip the next opens at once. */
const WARM_MS = 300;
/** What shows, with the focus on it, the whole of the texts in it. */
const SPEAKS_FOR_ITS_TEXT = 'button, a[href], summary, [role="row"], [role="menuitem"]';

const known = new WeakMap<Element, Known>();
let shown = $state.raw<Shown | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;
let hiddenAt = -Infinity;
/** Where the pointer is. */
let hovered: Element | null = null;

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

export function tooltip(text: TooltipText, options: TooltipOptions = {}): Attachment {
  return (anchor) => {
    known.set(anchor, { text, ...options });
    return () => {
      known.delete(anchor);
      if (shown?.anchor === anchor) hideTooltip();
    };
  };
}

const isCut = (element: Element): boolean => element.scrollWidth > element.clientWidth;
const mayTell = (element: Element): boolean =>
  known.has(element) || element.classList.contains('ellipsis');

/** What a tooltip of this very element says; empty where it has none. */
function wordsOf(element: Element): string {
  const own = known.get(element);
  if (own && !(own.whenCut && !isCut(element))) {
    return typeof own.text === 'string' ? own.text : own.text();
  }
  const cut = element.classList.contains('ellipsis') && isCut(element);
  return cut ? element.textContent.trim() : '';
}

/** The nearest tooltip from an element on outwards. */
function outwards(from: Element | null): Shown | null {
  for (let anchor = from; anchor; anchor = anchor.parentElement) {
    const text = wordsOf(anchor);
    if (text) return { anchor, text };
  }
  return null;
}

/** What is cut off inside an element, a line each. */
function inside(element: Element): Shown | null {
  const cut = [...element.querySelectorAll('.ellipsis')].filter((part) => wordsOf(part));
  const [anchor] = cut;
  return anchor ? { anchor, text: cut.map((part) => wordsOf(part)).join('\n') } : null;
}

/** The pointer is over an element, or has left the window. */
export function hover(target: Element | null): void {
  let anchor = target;
  while (anchor && !mayTell(anchor)) anchor = anchor.parentElement;
  if (anchor === hovered) return;
  hovered = anchor;
  hideTooltip();
  if (!anchor) return;
  const wait = performance.now() - hiddenAt < WARM_MS ? 0 : DELAY_MS;
  // Whether a text is cut off is measured then, and not on the way across a table.
  timer = setTimeout(() => (shown = outwards(anchor)), wait);
}

/** An element has got the focus. Only what the keyboard reached tells by itself. */
export function focus(target: Element): void {
  if (!target.matches(':focus-visible')) return;
  const text = wordsOf(target);
  const found = text ? { anchor: target, text } : null;
  const cut = target.matches(SPEAKS_FOR_ITS_TEXT) ? inside(target) : null;
  if (!found && !cut) return;
  clearTimeout(timer);
  shown = found ?? cut;
}
