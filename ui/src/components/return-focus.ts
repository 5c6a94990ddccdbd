/** Where the focus was before a dialog opened, for dialogs that follow one another. */
import { tick } from 'svelte';

export class ReturnFocus {
  #opener: Element | null = null;

  /** A first dialog is about to open. */
  note(): void {
    this.#opener = document.activeElement;
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
    const there = opener instanceof HTMLElement && opener.isConnected && opener !== document.body;
    (there ? opener : otherwise?.())?.focus({ preventScroll: true });
  }
}
