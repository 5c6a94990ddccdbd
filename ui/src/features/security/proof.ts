/** What proves that a change of the second factor is the person's own. */
import type { Capabilities, Field, ProofRequest } from '$ui/ipc';

/** Its fields, as errors name them. */
export const PROOF_FIELDS: readonly Field[] = ['currentPassword', 'password', 'code'];

/** Whether all of it is there. A code is asked for where a second factor is in force. */
export function isProof(
  { password, code }: ProofRequest,
  rules: Capabilities['secondFactor'],
  asksForCode = true,
): boolean {
  return (!rules.asksForPassword || password !== '') && (!asksForCode || code.trim() !== '');
}
