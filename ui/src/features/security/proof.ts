/** The fields of a proof, as errors name them. */
import type { Field } from '$ui/ipc';

export const PROOF_FIELDS: readonly Field[] = ['currentPassword', 'password', 'code'];
