/** The keyboard of the frame. */
import { isMac } from '$ui/components/Kbd.svelte';

export interface FrameKeys {
  newKey: () => void;
  search: () => void;
  palette: () => void;
  preferences: () => void;
  /** 0 is the first tab. */
  tab: (index: number) => void;
}

/** Runs the shortcut of a key press. While a dialog or a menu is open, none is heard. */
export function hearKeys(event: KeyboardEvent, keys: FrameKeys): void {
  const mod = isMac ? event.metaKey : event.ctrlKey;
  if (!mod || event.altKey || event.shiftKey || event.isComposing) return;
  const run = actionOf(pressed(event), keys);
  if (!run) return;
  event.preventDefault();
  const modal = document.querySelector('[aria-modal="true"], [role="menu"]');
  if (!modal) run();
}

/**
 * What a key writes, or, where that is no Latin letter or digit, what stands in its place on most
 * keyboards: Ctrl with the key of N on a Cyrillic one, with the upper row on a French one.
 */
function pressed({ key, code }: KeyboardEvent): string {
  const written = key.toLowerCase();
  if (/^[a-z0-9,]$/.test(written)) return written;
  return /^(?:Key|Digit)([A-Z0-9])$/.exec(code)?.[1]?.toLowerCase() ?? written;
}

function actionOf(key: string, keys: FrameKeys): (() => void) | undefined {
  if (key === 'n') return keys.newKey;
  if (key === 'f') return keys.search;
  if (key === 'k') return keys.palette;
  if (key === ',') return keys.preferences;
  if (/^[1-9]$/.test(key)) return () => keys.tab(Number(key) - 1);
  return undefined;
}
