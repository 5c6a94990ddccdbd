/** What jsdom lacks and components rely on. */
import '@testing-library/jest-dom/vitest';

import { configure } from '@testing-library/svelte';
import { vi } from 'vitest';

// What appears late on a busy machine has appeared all the same: it is no test of speed.
configure({ asyncUtilTimeout: 15_000 });

const nothing = () => undefined;

vi.stubGlobal(
  'ResizeObserver',
  class {
    observe = nothing;
    unobserve = nothing;
    disconnect = nothing;
  },
);
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.scrollTo = () => undefined;
Element.prototype.getAnimations = () => [];

// A viewport of 800 by 600, so that virtual rows have somewhere to be.
Object.defineProperties(HTMLElement.prototype, {
  offsetHeight: { configurable: true, get: () => 600 },
  offsetWidth: { configurable: true, get: () => 800 },
  clientHeight: { configurable: true, get: () => 600 },
  clientWidth: { configurable: true, get: () => 800 },
});
