/**
 * The one table from an error's code to how it is told: how loud, which words, what it means for
 * the person's data, and the one next step. Exhaustive by type: a new code does not compile
 * until it has its row.
 */
import type { MessageKey } from '$ui/i18n/index.svelte';
import type { ErrorCode } from '$ui/ipc';

/** `notice` is a matter of the form, told beside its field; the others are told in a banner. */
export type ErrorTone = 'notice' | 'warning' | 'danger';

/** The next step. Whoever shows the error supplies what it does; without that it has no button. */
export type ErrorAction =
  | 'retry'
  | 'sign-in'
  | 'trust-certificate'
  | 'allow-plain-http'
  | 'paste-tokens'
  | 'retry-keyring'
  | 'keep-until-quit'
  | 'reload'
  | 'choose-file';

export interface ErrorRow {
  tone: ErrorTone;
  /** What happened. */
  title: MessageKey;
  /** What it means for the person's data. */
  meaning: MessageKey;
  action: ErrorAction | null;
  /** The same as `meaning`, with the error's `detail` in it, where there is one. */
  detailed?: MessageKey;
}

function row(
  tone: ErrorTone,
  title: MessageKey,
  meaning: MessageKey,
  action: ErrorAction | null = null,
  detailed?: MessageKey,
): ErrorRow {
  return { tone, title, meaning, action, detailed };
}

export const errorTable: Record<ErrorCode, ErrorRow> = {
  'address-empty': row('notice', 'error.address-empty', 'meaning.not-sent'),
  'address-invalid': row('notice', 'error.address-invalid', 'meaning.not-sent'),
  'address-scheme': row('notice', 'error.address-scheme', 'meaning.not-sent'),
  'address-user-info': row('notice', 'error.address-user-info', 'meaning.not-sent'),
  'address-deceptive': row('notice', 'error.address-deceptive', 'meaning.not-sent'),
  'address-plain-http': row(
    'warning',
    'error.address-plain-http',
    'meaning.plain-http',
    'allow-plain-http',
  ),

  'host-not-found': row('danger', 'error.host-not-found', 'meaning.kept', 'retry'),
  'connection-refused': row('danger', 'error.connection-refused', 'meaning.kept', 'retry'),
  'connection-failed': row('danger', 'error.connection-failed', 'meaning.kept', 'retry'),
  'timed-out': row('danger', 'error.timed-out', 'meaning.kept', 'retry'),
  'proxy-failed': row('danger', 'error.proxy-failed', 'meaning.kept', 'retry'),
  'network-sign-in-required': row(
    'warning',
    'error.network-sign-in-required',
    'meaning.network-sign-in',
    'retry',
  ),
  'tls-untrusted': row('danger', 'error.tls-untrusted', 'meaning.stopped', 'trust-certificate'),
  'tls-expired': row('danger', 'error.tls-expired', 'meaning.expired-certificate', 'retry'),
  'tls-host-mismatch': row('danger', 'error.tls-host-mismatch', 'meaning.stopped', 'retry'),
  'tls-pin-changed': row('danger', 'error.tls-pin-changed', 'meaning.pin-changed', null),
  'tls-failed': row('danger', 'error.tls-failed', 'meaning.stopped', 'retry'),
  'certificate-invalid': row('notice', 'error.certificate-invalid', 'meaning.not-sent'),
  redirected: row(
    'danger',
    'error.redirected',
    'meaning.redirected',
    null,
    'meaning.redirected-to',
  ),
  'not-this-kind-of-server': row(
    'danger',
    'error.not-this-kind-of-server',
    'meaning.check-address',
    'retry',
  ),
  'unexpected-answer': row('danger', 'error.unexpected-answer', 'meaning.kept', 'retry'),
  'answer-too-large': row('danger', 'error.answer-too-large', 'meaning.kept', 'retry'),

  'wrong-credentials': row('danger', 'error.wrong-credentials', 'meaning.check-and-retry'),
  'signed-out': row('warning', 'error.signed-out', 'meaning.sign-in-again', 'sign-in'),
  'api-key-refused': row('warning', 'error.api-key-refused', 'meaning.another-key', 'sign-in'),
  'cloud-tokens-refused': row(
    'warning',
    'error.cloud-tokens-refused',
    'meaning.new-tokens',
    'sign-in',
  ),
  'second-factor-required': row('warning', 'error.second-factor-required', 'meaning.code-wanted'),
  'second-factor-refused': row('notice', 'error.second-factor-refused', 'meaning.code-refused'),
  'captcha-required': row(
    'warning',
    'error.captcha-required',
    'meaning.captcha-required',
    'paste-tokens',
  ),
  'paste-not-understood': row('notice', 'error.paste-not-understood', 'meaning.paste-forgotten'),
  'paste-other-host': row(
    'notice',
    'error.paste-other-host',
    'meaning.paste-forgotten',
    null,
    'meaning.paste-other-host',
  ),

  forbidden: row('warning', 'error.forbidden', 'meaning.forbidden'),
  'not-found': row('warning', 'error.not-found', 'meaning.not-found', 'reload'),
  conflict: row('warning', 'error.conflict', 'meaning.conflict', 'reload'),
  'last-of-its-kind': row('warning', 'error.last-of-its-kind', 'meaning.last-of-its-kind'),
  'input-refused': row(
    'danger',
    'error.input-refused',
    'meaning.unchanged',
    null,
    'meaning.server-says',
  ),
  'rate-limited': row('warning', 'error.rate-limited', 'meaning.rate-limited', 'retry'),
  'server-failed': row('danger', 'error.server-failed', 'meaning.server-failed', 'retry'),
  'server-unavailable': row('danger', 'error.server-unavailable', 'meaning.kept', 'retry'),
  'outcome-unknown': row('warning', 'error.outcome-unknown', 'meaning.outcome-unknown', 'reload'),
  'key-not-received': row(
    'warning',
    'error.key-not-received',
    'meaning.key-not-received',
    'reload',
  ),
  'not-supported': row('warning', 'error.not-supported', 'meaning.unchanged'),

  required: row('notice', 'error.required', 'meaning.not-sent'),
  'too-long': row('notice', 'error.too-long', 'meaning.not-sent'),
  'forbidden-characters': row('notice', 'error.forbidden-characters', 'meaning.not-sent'),
  'phone-invalid': row('notice', 'error.phone-invalid', 'meaning.not-sent'),
  'email-invalid': row('notice', 'error.email-invalid', 'meaning.not-sent'),
  'email-taken': row('notice', 'error.email-taken', 'meaning.unchanged'),
  'title-taken': row('notice', 'error.title-taken', 'meaning.not-created'),
  'expiration-past': row('notice', 'error.expiration-past', 'meaning.unchanged'),
  'expiration-too-far': row('notice', 'error.expiration-too-far', 'meaning.unchanged'),
  'current-password-wrong': row('notice', 'error.current-password-wrong', 'meaning.old-password'),
  'password-too-weak': row(
    'notice',
    'error.password-too-weak',
    'meaning.old-password',
    null,
    'meaning.server-says',
  ),
  'phrase-mismatch': row('notice', 'error.phrase-mismatch', 'meaning.phrase-mismatch'),
  'description-not-understood': row(
    'danger',
    'error.description-not-understood',
    'meaning.unchanged',
    'choose-file',
  ),

  'avatar-too-large': row('danger', 'error.avatar-too-large', 'meaning.old-avatar', 'choose-file'),
  'avatar-not-an-image': row(
    'danger',
    'error.avatar-not-an-image',
    'meaning.old-avatar',
    'choose-file',
  ),
  'avatar-too-many-pixels': row(
    'danger',
    'error.avatar-too-many-pixels',
    'meaning.old-avatar',
    'choose-file',
  ),
  'avatar-damaged': row('danger', 'error.avatar-damaged', 'meaning.old-avatar', 'choose-file'),
  'file-unreadable': row('danger', 'error.file-unreadable', 'meaning.unchanged', 'choose-file'),

  'keyring-unavailable': row(
    'warning',
    'error.keyring-unavailable',
    'meaning.keyring-unavailable',
    'keep-until-quit',
  ),
  'keyring-locked': row(
    'warning',
    'error.keyring-locked',
    'meaning.keyring-locked',
    'retry-keyring',
  ),
  'keyring-timed-out': row(
    'warning',
    'error.keyring-timed-out',
    'meaning.keyring-locked',
    'retry-keyring',
  ),
  'keyring-failed': row(
    'warning',
    'error.keyring-failed',
    'meaning.keyring-unavailable',
    'keep-until-quit',
  ),
  'clipboard-failed': row('danger', 'error.clipboard-failed', 'meaning.clipboard-failed', 'retry'),
  'configuration-read-only': row(
    'warning',
    'error.configuration-read-only',
    'meaning.configuration-read-only',
  ),
  'local-server-failed': row(
    'danger',
    'error.local-server-failed',
    'meaning.local-server-failed',
    'retry',
  ),
  'instance-unknown': row('warning', 'error.instance-unknown', 'meaning.instance-unknown'),
  cancelled: row('notice', 'error.cancelled', 'meaning.unchanged', 'retry'),
  internal: row('danger', 'error.internal', 'meaning.internal', 'retry'),
};

/** What the button of an action says. */
export const actionLabels: Record<ErrorAction, MessageKey> = {
  retry: 'action.retry',
  'sign-in': 'action.sign-in',
  'trust-certificate': 'action.trust-certificate',
  'allow-plain-http': 'action.allow-plain-http',
  'paste-tokens': 'action.paste-tokens',
  'retry-keyring': 'action.retry',
  'keep-until-quit': 'action.keep-until-quit',
  reload: 'action.reload',
  'choose-file': 'action.choose-file',
};
