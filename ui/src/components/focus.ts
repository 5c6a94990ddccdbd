/** Moving the focus to where the person has to go on. */
import { tick } from 'svelte';

/** After a refused form: to its first field that says what is wrong with it. */
export async function focusFirstInvalid(form: HTMLElement | undefined): Promise<void> {
  await tick();
  const wrong = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  // A group of choices takes no focus: the one that is chosen does.
  (wrong?.querySelector<HTMLElement>('input:checked') ?? wrong)?.focus();
}
