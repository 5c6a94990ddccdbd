/**
 * What the stories need around them, checked once before the first: a desktop session of their own
 * (never a person's keyring and clipboard), the programs, and what they leave behind on failure.
 */
import { accessSync, constants, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

function variable(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: start the stories with \`cargo xtask test --stories\``);
  }
  return value;
}

/** Where the programs under test lie, and where screenshots and logs go. */
export const surroundings = {
  get app(): string {
    return variable('KEYDESK_TEST_APP');
  },
  get server(): string {
    return variable('KEYDESK_TEST_SERVER');
  },
  get driver(): string {
    return variable('KEYDESK_TEST_DRIVER');
  },
  get output(): string {
    return variable('KEYDESK_TEST_OUTPUT');
  },
  /** Debian keeps it here; elsewhere it is on PATH. */
  nativeDriver: '/usr/bin/WebKitWebDriver',
};

export default function check(): void {
  variable('KEYDESK_DESKTOP_SESSION');
  for (const program of [surroundings.app, surroundings.server, surroundings.driver]) {
    accessSync(program, constants.X_OK);
  }
  const failures = join(surroundings.output, 'stories');
  rmSync(failures, { recursive: true, force: true });
  mkdirSync(failures, { recursive: true });
}
