/** Why something exists on a server and cannot be done here and now, in words. */
import type { MessageKey } from '$ui/i18n/index.svelte';
import type { Reason } from '$ui/ipc';

export const reasons: Record<Reason, MessageKey> = {
  signedInWithApiKey: 'reason.signed-in-with-api-key',
  passwordKeptElsewhere: 'reason.password-kept-elsewhere',
  tiedToSignIn: 'reason.tied-to-sign-in',
  underDevelopment: 'reason.under-development',
  roleInsufficient: 'reason.role-insufficient',
  scopeInsufficient: 'reason.scope-insufficient',
  onlyInBrowser: 'reason.only-in-browser',
  requiredByPolicy: 'reason.required-by-policy',
  notDescribed: 'reason.not-described',
  unconfirmed: 'reason.unconfirmed',
  lastOfItsKind: 'reason.last-of-its-kind',
};
