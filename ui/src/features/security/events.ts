/** The events of a security log in words, and how each one looks. */
import type { Component } from 'svelte';
import Activity from '@lucide/svelte/icons/activity';
import CircleAlert from '@lucide/svelte/icons/circle-alert';
import KeyRound from '@lucide/svelte/icons/key-round';
import Lock from '@lucide/svelte/icons/lock';
import LogIn from '@lucide/svelte/icons/log-in';
import LogOut from '@lucide/svelte/icons/log-out';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import ShieldOff from '@lucide/svelte/icons/shield-off';
import UserRound from '@lucide/svelte/icons/user-round';

import type { MessageKey } from '$ui/i18n/index.svelte';
import type { SecurityEventKind } from '$ui/ipc';

interface EventLook {
  words: MessageKey;
  icon: Component;
  /** What a person should look at twice. */
  warns?: boolean;
}

export const eventLooks: Record<SecurityEventKind, EventLook> = {
  signedIn: { words: 'security.event.signed-in', icon: LogIn },
  signInFailed: { words: 'security.event.sign-in-failed', icon: CircleAlert, warns: true },
  signedOut: { words: 'security.event.signed-out', icon: LogOut },
  sessionEnded: { words: 'security.event.session-ended', icon: LogOut },
  passwordChanged: { words: 'security.event.password-changed', icon: Lock },
  passwordReset: { words: 'security.event.password-reset', icon: Lock, warns: true },
  secondFactorEnabled: { words: 'security.event.second-factor-enabled', icon: ShieldCheck },
  secondFactorDisabled: {
    words: 'security.event.second-factor-disabled',
    icon: ShieldOff,
    warns: true,
  },
  recoveryCodeUsed: { words: 'security.event.recovery-code-used', icon: ShieldCheck, warns: true },
  recoveryCodesReplaced: { words: 'security.event.recovery-codes-replaced', icon: ShieldCheck },
  profileChanged: { words: 'security.event.profile-changed', icon: UserRound },
  avatarChanged: { words: 'security.event.avatar-changed', icon: UserRound },
  apiKeyCreated: { words: 'security.event.api-key-created', icon: KeyRound },
  apiKeyRevoked: { words: 'security.event.api-key-revoked', icon: KeyRound },
  apiKeyDeleted: { words: 'security.event.api-key-deleted', icon: KeyRound },
  roleChanged: { words: 'security.event.role-changed', icon: UserRound, warns: true },
  other: { words: 'security.event.other', icon: Activity },
};
