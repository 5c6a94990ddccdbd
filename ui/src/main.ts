/** Starts the window: one small file from the host, then the first paint. */
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';

import { mount } from 'svelte';

import App from './App.svelte';
import { host, useHost } from './ipc';
import { tauriHost } from './ipc/tauri';
import { adoptInstances } from './state/instances.svelte';
import { adoptPreferences } from './state/preferences.svelte';

async function chooseHost(): Promise<void> {
  if (import.meta.env.MODE !== 'production' && !('__TAURI_INTERNALS__' in window)) {
    const { sceneFromAddress } = await import('./ipc/scenes');
    useHost(sceneFromAddress(location.search));
    return;
  }
  useHost(tauriHost);
}

async function open(): Promise<void> {
  await chooseHost();
  const start = await host.start();
  await adoptPreferences(start.preferences);
  adoptInstances(start);
  const target = document.getElementById('app');
  if (import.meta.env.MODE !== 'production' && location.search.includes('scene=gallery')) {
    const { default: Gallery } = await import('./test/Gallery.svelte');
    if (target) mount(Gallery, { target });
    return;
  }
  if (target) mount(App, { target, props: { start } });
}

void open();
