/** What the host shows once: wiped with its dialog, and told of when it came too late. */
import { t } from '$ui/i18n/index.svelte';
import { host, type RecoveryCodesView } from '$ui/ipc';
import { notify } from '$ui/state/notices.svelte';

/** Wipes what the host shows. If that fails, its copy goes when Keydesk quits. */
export function wipe(handle: number): void {
  host.closeShownSecret(handle).catch(() => undefined);
}

/** The dialog was closed too early: the codes are there, and nobody to show them to. */
export function codesMissed({ handle }: RecoveryCodesView): void {
  wipe(handle);
  notify({
    tone: 'warning',
    title: t('mfa.codes-missed'),
    meaning: t('mfa.codes-missed-meaning'),
  });
}
