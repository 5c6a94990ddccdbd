/** The person's preferences: theme, language, clipboard. Applied at once, saved by the host. */
import { type Language, setLanguage, systemLanguage } from '$ui/i18n/index.svelte';
import { host, type LanguageChoice, type Preferences } from '$ui/ipc';

import { notifyFailure } from './notices.svelte';

let current = $state.raw<Preferences>({
  theme: 'system',
  language: 'system',
  clearClipboardAfterSeconds: 30,
});

function chosenLanguage(choice: LanguageChoice): Language {
  if (choice === 'system') return systemLanguage();
  return choice === 'zh-cn' ? 'zh-CN' : 'en';
}

function applyTheme(theme: Preferences['theme']): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Takes over preferences without saving them: at start. */
export async function adoptPreferences(preferences: Preferences): Promise<void> {
  current = preferences;
  applyTheme(preferences.theme);
  await setLanguage(chosenLanguage(preferences.language));
}

/** Changes some of the preferences. A failure to save is told; the change holds until quit. */
export async function changePreferences(change: Partial<Preferences>): Promise<void> {
  await adoptPreferences({ ...current, ...change });
  try {
    current = await host.setPreferences(current);
  } catch (failure) {
    notifyFailure(failure);
  }
}

export function preferences(): Preferences {
  return current;
}
