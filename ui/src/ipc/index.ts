/**
 * The one door to the host. Features import `host` and types from here; only this folder may
 * import `@tauri-apps/*`.
 */
import type { Host } from './host';

export * from './host';

let current: Host | undefined;

/** Decides which host answers: the real one in the app, a fake in tests and in a plain browser. */
export function useHost(host: Host): void {
  current = host;
}

/** The host in use. */
export const host: Host = new Proxy({} as Host, {
  get: (_, name: keyof Host) => {
    if (!current) throw new Error('No host yet: call useHost first.');
    return current[name];
  },
});
