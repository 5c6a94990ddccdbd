/** What tests of the frame wait for and look for. */
import { screen } from '@testing-library/svelte';

/** The account in front has been heard. */
export async function ready(): Promise<void> {
  await screen.findByText('Connected');
}

/** An item of the open menu. jsdom lays nothing out: what floats has no place, and is hidden. */
export async function item(words: string): Promise<HTMLElement> {
  const items = await screen.findAllByRole('menuitem', { hidden: true });
  const found = items.find((one) => one.textContent.includes(words));
  if (!found) throw new Error(`no item ${words}`);
  return found;
}
