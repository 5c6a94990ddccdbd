/**
 * A story: one thing that a person does from beginning to end, with a window, a home and servers
 * of its own. What fails leaves a picture and the app's log under `target/stories`.
 */
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';

import { clearKeyring } from './keyring';
import { Server, type Account, type ServerOptions } from './server';
import { surroundings } from './surroundings';
import { Desk } from './window';

export interface Stage {
  /** The app, running in a fresh home. */
  desk: Desk;
  /** Starts a server that ends with the story. */
  serve: (options?: ServerOptions) => Promise<Server>;
}

interface Desktop {
  /** What the desktop tells the programs that it starts, beyond what it always tells them. */
  variables: NodeJS.ProcessEnv;
}

export const story = test.extend<Stage & Desktop>({
  variables: {},
  desk: async ({ task, variables }, use) => {
    await clearKeyring();
    const desk = await new Desk(undefined, variables).open();
    try {
      await use(desk);
    } finally {
      if (task.result?.state === 'fail') {
        await keepEvidence(desk, task.name);
      }
      await desk.end();
      desk.home.remove();
    }
  },
  serve: async ({}, use) => {
    const servers: Server[] = [];
    await use(async (options) => {
      const server = await Server.start(options);
      servers.push(server);
      return server;
    });
    for (const server of servers) {
      await server.remove();
    }
  },
});

/** An account whose password is a value that occurs nowhere else. */
export function someone(firstName = 'Ada', lastName = 'Lovelace'): Account {
  return {
    firstName,
    lastName,
    email: `${firstName}.${lastName}@example.com`.toLowerCase(),
    password: `Planted-${randomBytes(12).toString('hex')}`,
  };
}

async function keepEvidence(desk: Desk, name: string): Promise<void> {
  const folder = join(surroundings.output, 'stories', name.replace(/[^\w]+/g, '-').slice(0, 80));
  mkdirSync(folder, { recursive: true });
  try {
    await desk.picture(join(folder, 'page.png'));
    writeFileSync(join(folder, 'page.txt'), await desk.screen.text());
  } catch (error) {
    writeFileSync(join(folder, 'no-page.txt'), String(error));
  }
  if (existsSync(desk.home.log)) {
    copyFileSync(desk.home.log, join(folder, 'app.log'));
  }
}
