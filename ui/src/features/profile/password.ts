/** The server's rules for a new password, checked live. The server decides in the end. */
import { sentence } from '$ui/errors';
import { t } from '$ui/i18n/index.svelte';
import type { PasswordRule } from '$ui/ipc';
import { characters } from '$ui/rules/text';

/** A new password as typed, twice. */
export interface NewPassword {
  newPassword: string;
  confirmPassword: string;
}

/** Whether a new password meets a rule. */
export function meets(rule: PasswordRule, password: string): boolean {
  switch (rule.rule) {
    case 'minimumLength':
      return characters(password) >= rule.characters;
    case 'uppercase':
      return /\p{Lu}/u.test(password);
    case 'lowercase':
      return /\p{Ll}/u.test(password);
    case 'digit':
      return /\p{Nd}/u.test(password);
    case 'special':
      return /[^\p{L}\p{Nd}\s]/u.test(password);
  }
}

/** Why the new password cannot be sent, in words. */
export function newPasswordProblem(
  { newPassword }: NewPassword,
  rules: readonly PasswordRule[],
): string | undefined {
  if (newPassword === '') return sentence('required');
  return rules.every((rule) => meets(rule, newPassword))
    ? undefined
    : sentence('password-too-weak');
}

/** Why its repetition does not do, in words. */
export function confirmProblem({ newPassword, confirmPassword }: NewPassword): string | undefined {
  if (newPassword === '' || newPassword === confirmPassword) return undefined;
  return t('profile.passwords-differ');
}
