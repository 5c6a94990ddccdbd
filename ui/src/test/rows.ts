/** Tables make their rows over several frames; a test that counts them waits for the last one. */

const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);

/** Waits until the tables in the document have all their rows: a frame makes at least one. */
export async function allRows(): Promise<void> {
  let before = -1;
  for (;;) {
    const now = document.querySelectorAll('[role="row"]').length;
    if (now === before) return;
    before = now;
    await frame();
    await frame();
  }
}
