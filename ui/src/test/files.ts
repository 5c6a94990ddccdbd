/** Sources of the interface, as tests of rules read them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const SOURCE_ROOT = join(import.meta.dirname, '..');

/** Every source file below a folder, with its text. Tests are left out. */
export function sources(folder = SOURCE_ROOT): { path: string; text: string }[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(svelte|ts)$/.test(entry.name))
    .filter((entry) => !/\.test\.ts$|\.d\.ts$|bindings\.ts$|Gallery/.test(entry.name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path, text: readFileSync(path, 'utf8') };
    });
}
