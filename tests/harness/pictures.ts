/** Numbered pictures of the window, for people to look at. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { surroundings } from './surroundings';
import { pause } from './wait';
import type { Desk } from './window';

/** Longer than any motion of the interface. */
const AT_REST = 400;

export class Album {
  private count = 0;
  private readonly folder: string;

  constructor(
    name: string,
    private readonly desk: Desk,
  ) {
    this.folder = join(surroundings.output, 'tour', name);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  async take(subject: string): Promise<void> {
    this.count += 1;
    await pause(AT_REST);
    const number = String(this.count).padStart(2, '0');
    await this.desk.picture(join(this.folder, `${number}-${subject}.png`));
  }
}
