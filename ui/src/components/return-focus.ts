/** Where the focus was before a dialog opened, for dialogs that follow one another. */
import { tick } from 'svelte';

/** What a table uses the element of a row for now: another row may have taken it over. */
const rowOf = (element: Element | null): string | undefined =>
  element?.closest<HTMLElement>('[data-row-key]')?.dataset.rowKey;

export class ReturnFocus {
  #opener: Element | null = null;
  #row: string | undefined;

  /** A first dialog is about to open. `opener` is what opens it, where that is not what has the focus. */
  note(opener: Element | null = document.activeElement): void {
    this.#opener = opener;
    this.#row = rowOf(opener);
  }

  /** What opened the first dialog is gone with what it was about, or stands for another thing now. */
  forget(): void {
    this.#opener = null;
  }

  /**
   * The last dialog has closed. Where what opened it is gone with what it was about, the focus goes
   * to `otherwise`.
   */
  async back(otherwise?: () => HTMLElement | null | undefined): Promise<void> {
    await tick();
    const opener = this.#opener;
    this.#opener = null;
    const there =
      opener instanceof HTMLElement &&
      opener.isConnected &&
      opener !== document.body &&
      rowOf(opener) === this.#row;
    (there ? opener : otherwise?.())?.focus({ preventScroll: true });
  }
}
