/** The person's preferences: theme, language, clipboard. Applied at once, saved by the host. */
import { type Language, setLanguage, systemLanguage } from '$ui/i18n/index.svelte';
import { type AllPreferences, host, type LanguageChoice, type Preferences } from '$ui/ipc';

import { notifyFailure } from './notices.svelte';

const DEFAULTS: AllPreferences = {
  theme: 'system',
  language: 'system',
  clearClipboardAfterSeconds: 30,
};

let current = $state.raw(DEFAULTS);

function chosenLanguage(choice: LanguageChoice): Language {
  if (choice === 'system') return systemLanguage();
  return choice === 'zh-cn' ? 'zh-CN' : 'en';
}

function applyTheme(theme: AllPreferences['theme']): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Takes over preferences without saving them: at start. */
export async function adoptPreferences(preferences: Preferences): Promise<void> {
  current = { ...DEFAULTS, ...preferences };
  applyTheme(current.theme);
  await setLanguage(chosenLanguage(current.language));
}

/** Changes some of the preferences. A failure to save is told; the change holds until quit. */
export async function changePreferences(change: Partial<Preferences>): Promise<void> {
  await adoptPreferences({ ...current, ...change });
  try {
    current = { ...DEFAULTS, ...(await host.setPreferences(current)) };
  } catch (failure) {
    notifyFailure(failure);
  }
}

export function preferences(): AllPreferences {
  return current;
}
