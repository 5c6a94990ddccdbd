/** The server's rules for a new password, checked live. The server decides in the end. */
import type { PasswordRule } from '$ui/ipc';
import { characters } from '$ui/rules/text';

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
