/** Moving the focus to where the person has to go on. */
import { tick } from 'svelte';

/** After a refused form: to its first field that says what is wrong with it. */
export async function focusFirstInvalid(form: HTMLElement | undefined): Promise<void> {
  await tick();
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
