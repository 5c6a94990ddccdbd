/** What went wrong with the settings file, as notices at start. */
import { t } from '$ui/i18n/index.svelte';
import type { Start } from '$ui/ipc';
import { notify } from '$ui/state/notices.svelte';

export function tellConfigNotices({ notices, configurationFolder }: Start): void {
  for (const notice of notices) {
    if (notice.kind === 'corrupt') {
      const state = t(
        notice.backupLoaded ? 'notices.config-corrupt.backup' : 'notices.config-corrupt.empty',
      );
      const moved = notice.movedTo
        ? t('notices.config-corrupt.moved', { file: notice.movedTo })
        : '';
      notify({
        tone: 'warning',
        title: t('notices.config-corrupt'),
        meaning: `${state} ${moved}`.trim(),
      });
    } else if (notice.kind === 'newerSchema') {
      notify({
        tone: 'warning',
        title: t('notices.config-newer'),
        meaning: t('notices.config-newer.meaning'),
      });
    } else {
      notify({
        tone: 'warning',
        title: t('notices.config-read-only'),
        meaning: t('notices.config-read-only.meaning', { folder: configurationFolder }),
      });
    }
  }
}
