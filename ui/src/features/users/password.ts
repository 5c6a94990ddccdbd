/** A password that is set for someone else: what is wrong with it, if anything. */
import type { ErrorCode, PasswordRule } from '$ui/ipc';

import { meets } from '../profile/password';

export function passwordProblem(
  password: string,
  rules: readonly PasswordRule[],
): ErrorCode | undefined {
  if (password === '') return 'required';
  return rules.every((rule) => meets(rule, password)) ? undefined : 'password-too-weak';
}
