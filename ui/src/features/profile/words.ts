/** Names of the fields, and why one of them cannot be changed, in words. */
import type { MessageKey } from '$ui/i18n/index.svelte';
import type { ProfileField, Reason } from '$ui/ipc';

export const fieldNames: Record<ProfileField, MessageKey> = {
  firstName: 'profile.first-name',
  lastName: 'profile.last-name',
  email: 'profile.email',
  phone: 'profile.phone',
  position: 'profile.position',
  description: 'profile.description',
};

export const reasons: Record<Reason, MessageKey> = {
  signedInWithApiKey: 'reason.signed-in-with-api-key',
  passwordKeptElsewhere: 'reason.password-kept-elsewhere',
  tiedToSignIn: 'reason.tied-to-sign-in',
  underDevelopment: 'reason.under-development',
};
