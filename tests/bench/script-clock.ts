/**
 * How much of what blocks the page is script: a clock that runs in the page, because WebKit tells
 * nobody. What cannot be told apart counts as script, so that a figure is at worst too high.
 * Deliberately not in it: what is measured with it.
 */

/** What the page did without answering, in milliseconds on its own clock, which counts whole ones. */
export interface Blocks {
  /** The longest that nothing else could run or be painted: script, style, layout and paint. */
  block: number;
  /** The most script in one block. */
  script: number;
}

/**
 * Page script that defines `watchBlocks`, which starts the clock and answers with what stops it.
 *
 * A message to itself comes back as soon as the page is free, so the time between two is a block. It
 * goes by way of another process, and may lag: a block is over, too, when a timer's turn comes, and
 * when a frame was painted.
 * Taken off it is what is known to be none of script's doing:
 * - from the last callback of a frame on, when nothing runs but observers, which are timed;
 * - questions for sizes and places, which are answered by a layout and run no script;
 * - style and layout of what script changed. WebKit may do that before the callbacks of the frame,
 *   where nothing tells it from script; so it is asked for as soon as a piece of script is over.
 */
export const SCRIPT_CLOCK = `
  const watchBlocks = () => {
    const now = () => performance.now();
    const undo = [];
    const blocks = { block: 0, script: 0 };
    let [running, free, others, callbacksEnd, observed] = [true, now(), 0, null, 0];

    const replace = (owner, name, change) => {
      const before = Object.getOwnPropertyDescriptor(owner, name);
      if (before === undefined) throw new Error(name + ' is not where it was');
      Object.defineProperty(owner, name, { ...before, ...change(before) });
      undo.push(() => Object.defineProperty(owner, name, before));
    };

    // Layout that script asks for, also by our own hand.
    let asking = false;
    const layingOut = (ask) => function (...given) {
      if (asking) return ask.apply(this, given);
      asking = true;
      const start = now();
      try {
        return ask.apply(this, given);
      } finally {
        others += now() - start;
        asking = false;
      }
    };
    const element = Element.prototype;
    const sizes = ['offsetHeight', 'offsetWidth', 'offsetTop', 'offsetLeft'].map((name) => [HTMLElement.prototype, name]);
    for (const part of ['client', 'scroll']) {
      for (const edge of ['Height', 'Width', 'Top', 'Left']) sizes.push([element, part + edge]);
    }
    for (const [owner, name] of sizes) replace(owner, name, ({ get }) => ({ get: layingOut(get) }));
    replace(element, 'getBoundingClientRect', ({ value }) => ({ value: layingOut(value) }));

    // What is under a point is known when the whole page is laid out; a size, when its element is.
    const layOut = layingOut(() => document.elementFromPoint(0, 0));

    // A piece of script is over when its microtasks are.
    let following = false;
    const follow = async () => {
      if (following || !running) return;
      following = true;
      for (let turn = 0; turn < 300; turn += 1) await null;
      following = false;
      layOut();
    };
    const followed = (callback, before = () => undefined) => typeof callback !== 'function' ? callback : function (...given) {
      before();
      follow();
      return callback.apply(this, given);
    };
    replace(Promise.prototype, 'then', ({ value }) => ({
      value(done, failed) {
        return value.call(this, followed(done), followed(failed));
      },
    }));
    const ended = () => {
      const at = now();
      const block = at - free;
      const frame = callbacksEnd === null ? 0 : at - others - callbacksEnd - observed;
      blocks.block = Math.max(blocks.block, block);
      blocks.script = Math.max(blocks.script, block - frame - others);
      [free, others, callbacksEnd, observed] = [at, 0, null, 0];
    };
    const { setTimeout: wait } = window;
    replace(window, 'setTimeout', ({ value }) => ({
      value: (callback, ...rest) => value.call(window, followed(callback, ended), ...rest),
    }));

    const { requestAnimationFrame: request, cancelAnimationFrame: cancel } = window;
    let [last, inFrame] = [0, false];
    const asLast = () => {
      cancel.call(window, last);
      last = request.call(window, () => {
        callbacksEnd = now() - others;
        inFrame = false;
        if (!running) return;
        wait.call(window, ended);
        asLast();
      });
    };
    replace(window, 'requestAnimationFrame', () => ({
      value: (callback) => {
        const handle = request.call(window, (time) => {
          inFrame = true;
          return callback(time);
        });
        // In a frame, the last one of this frame is still to come, and the next is asked for behind it.
        if (!inFrame) asLast();
        return handle;
      },
    }));
    for (const name of ['ResizeObserver', 'IntersectionObserver']) {
      replace(window, name, ({ value: Observer }) => ({
        value: class extends Observer {
          constructor(callback, options) {
            super(async (...given) => {
              const start = now() - others;
              callback.apply(this, given);
              for (let turn = 0; turn < 300; turn += 1) await null;
              observed += now() - others - start;
            }, options);
          }
        },
      }));
    }

    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      ended();
      if (running) channel.port2.postMessage(null);
    };
    channel.port2.postMessage(null);
    asLast();
    follow();

    return () => {
      running = false;
      channel.port1.close();
      cancel.call(window, last);
      for (const again of undo) again();
      return blocks;
    };
  };
`;
