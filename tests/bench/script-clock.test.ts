/** The clock for script, held against pages that are known to compute, or only to be laid out. */
import { describe, expect } from 'vitest';

import { story } from '../harness/story';
import { SCRIPT_CLOCK, type Blocks } from './script-clock';

/** Each way is gone so often; the median counts. */
const TIMES = 9;

/**
 * Runs in the page: makes a text that takes 20 ms to lay out, and goes a way that also computes for
 * 20 ms, or does not.
 */
const GO = `
  ${SCRIPT_CLOCK}
  const [way, times, done] = arguments;
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
  const compute = () => {
    const end = performance.now() + 20;
    while (performance.now() < end);
  };
  const text = document.createElement('div');
  text.style.cssText = 'position: absolute; left: 0; top: 0; width: 600px; z-index: -1';
  document.body.append(text);
  const turn = () => {
    text.style.width = text.style.width === '600px' ? '400px' : '600px';
  };
  const observe = (Observer, then, ...what) => {
    const observer = new Observer(() => {
      observer.disconnect();
      then();
    });
    observer.observe(text, ...what);
  };
  const afterwards = (then) => Promise.resolve().then(then);
  const both = () => {
    turn();
    compute();
  };
  const ways = {
    'nothing': () => undefined,
    'layout': turn,
    'layout in a frame': () => requestAnimationFrame(turn),
    'layout in frame after frame': () => {
      let frames = 3;
      const again = () => {
        turn();
        frames -= 1;
        if (frames > 0) requestAnimationFrame(again);
      };
      requestAnimationFrame(again);
    },
    'layout that script asks for': () => {
      turn();
      text.offsetHeight;
    },
    'a microtask': () => afterwards(both),
    'a timer': () => setTimeout(both, 5),
    'twice, with a paint between': () => {
      compute();
      requestAnimationFrame(() => setTimeout(compute));
    },
    'a frame': () => requestAnimationFrame(both),
    'a microtask of a frame': () => requestAnimationFrame(() => afterwards(both)),
    'an observer of sizes': () => {
      turn();
      observe(ResizeObserver, compute);
    },
    'a microtask of an observer': () => {
      turn();
      observe(ResizeObserver, () => afterwards(compute));
    },
    'an observer of what is in view': () => {
      turn();
      observe(IntersectionObserver, compute);
    },
    'an observer of changes': () => {
      observe(MutationObserver, both, { attributes: true });
      text.title += 'a';
    },
    'an answer of the host': async () => {
      turn();
      await window.__TAURI_INTERNALS__.invoke('no such command').catch(() => undefined);
      compute();
    },
  };
  (async () => {
    for (let taken = 0; taken < 25; ) {
      for (let count = 0; count < 200; count += 1) {
        const paragraph = document.createElement('p');
        paragraph.textContent = 'so many words that a line breaks '.repeat(4);
        text.append(paragraph);
      }
      const layouts = [];
      for (let layout = 0; layout < 5; layout += 1) {
        const start = performance.now();
        turn();
        text.offsetHeight;
        layouts.push(performance.now() - start);
      }
      taken = Math.min(...layouts); // whoever had the core meanwhile
    }
    const all = [];
    for (let time = 0; time < times; time += 1) {
      const stop = watchBlocks();
      await pause(30);
      ways[way]();
      await pause(150);
      all.push(stop());
    }
    text.remove();
    done(all);
  })().catch((error) => done(String(error)));
`;

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

describe('the clock for script', () => {
  story('tells computing from being laid out', { timeout: 300_000 }, async ({ desk }) => {
    await desk.screen.get('heading', 'Connect to a server');
    const go = async (way: string): Promise<Blocks> => {
      const all = await desk.driver.executeAsyncScript<Blocks[] | string>(GO, way, TIMES);
      if (typeof all === 'string') {
        throw new Error(all);
      }
      return {
        block: median(all.map(({ block }) => block)),
        script: median(all.map(({ script }) => script)),
      };
    };
    expect((await go('nothing')).block).toBeLessThan(15);
    for (const way of [
      ...['layout', 'layout in a frame', 'layout in frame after frame'],
      ...['layout that script asks for'],
    ]) {
      const { block, script } = await go(way);
      expect(block, way).toBeGreaterThanOrEqual(20);
      expect(script, way).toBeLessThan(12);
    }
    for (const way of [
      ...['a microtask', 'a timer', 'a frame', 'a microtask of a frame'],
      ...['twice, with a paint between'],
      ...['an observer of sizes', 'a microtask of an observer', 'an observer of what is in view'],
      ...['an observer of changes', 'an answer of the host'],
    ]) {
      const { script } = await go(way);
      expect(script, way).toBeGreaterThanOrEqual(19); // both ends of it are whole milliseconds
      expect(script, way).toBeLessThan(40);
    }
  });
});
