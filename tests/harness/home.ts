/** A home of one's own for each story: what the app writes lies here, and nowhere else. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Home {
  readonly path = mkdtempSync(join(tmpdir(), 'keydesk-story-'));

  constructor() {
    for (const name of ['config', 'data', 'cache', 'state', 'tmp']) {
      mkdirSync(join(this.path, name), { mode: 0o700 });
    }
  }

  /** Standard output and error of the app and of all it starts. */
  get log(): string {
    return join(this.path, 'app.log');
  }

  /** The file with instances and preferences. */
  get configuration(): string {
    return join(this.path, 'config/keydesk/config.json');
  }

  /** The variables that make an app live here. */
  variables(): NodeJS.ProcessEnv {
    return {
      HOME: this.path,
      XDG_CONFIG_HOME: join(this.path, 'config'),
      XDG_DATA_HOME: join(this.path, 'data'),
      XDG_CACHE_HOME: join(this.path, 'cache'),
      XDG_STATE_HOME: join(this.path, 'state'),
      TMPDIR: join(this.path, 'tmp'),
    };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
