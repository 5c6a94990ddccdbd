/**
 * The scanner for secrets that got out. A story plants values that occur nowhere else, and looks
 * for them, in every spelling in which a program may have written them down, in everything the app
 * left behind or shows to others: files, logs, the page and its storage, arguments, environments.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ofProcess } from './processes';
import type { Desk } from './window';

export interface Finding {
  secret: string;
  spelling: string;
  place: string;
}

/** Named secrets; a finding tells the name and not the value. */
export type Secrets = Record<string, string>;

/** Every spelling of a secret, by name. */
export function spellings(secret: string): Map<string, Buffer> {
  const raw = Buffer.from(secret);
  const found = new Map<string, Buffer>([
    ['raw', raw],
    ['UTF-16LE', Buffer.from(secret, 'utf16le')],
    ['UTF-16BE', Buffer.from(secret, 'utf16le').swap16()],
    ['hex', Buffer.from(raw.toString('hex'))],
    ['HEX', Buffer.from(raw.toString('hex').toUpperCase())],
    ['URL', Buffer.from(encodeURIComponent(secret))],
    ['JSON', Buffer.from(JSON.stringify(secret).slice(1, -1))],
    ['reversed', Buffer.from(secret.split('').reverse().join(''))],
  ]);
  // Inside a longer text, the letters of base64 depend on where in it the secret begins.
  for (const before of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(before), raw]);
    const first = Math.ceil((before * 4) / 3);
    const whole = Math.floor((padded.length * 8) / 6); // letters that no neighbour can change
    found.set(`base64+${before}`, Buffer.from(padded.toString('base64').slice(first, whole)));
    found.set(`base64url+${before}`, Buffer.from(padded.toString('base64url').slice(first, whole)));
  }
  return found;
}

/** Looks for secrets in one place. */
export function search(place: string, content: Buffer, secrets: Secrets): Finding[] {
  return Object.entries(secrets).flatMap(([name, value]) => {
    if (value.length < 8) {
      throw new Error(`${name} is too short to be looked for`);
    }
    return [...spellings(value)]
      .filter(([, spelled]) => content.includes(spelled))
      .map(([spelling]) => ({ secret: name, spelling, place }));
  });
}

/**
 * Looks through every file under a folder, names included. A running app makes and removes files
 * meanwhile, such as the journals of its databases: one that is gone when its turn comes is passed
 * over, and its name is looked at all the same.
 */
export function searchFolder(folder: string, secrets: Secrets): Finding[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return [
      ...search(`the name of ${path}`, Buffer.from(name), secrets),
      ...searchPath(path, secrets),
    ];
  });
}

function searchPath(path: string, secrets: Secrets): Finding[] {
  const kind = unlessGone(() => lstatSync(path));
  if (kind?.isDirectory() === true) {
    return unlessGone(() => searchFolder(path, secrets)) ?? [];
  }
  const content = kind?.isFile() === true ? unlessGone(() => readFileSync(path)) : undefined;
  return content === undefined ? [] : search(path, content, secrets);
}

/** What a question to the file system answers, or nothing where its file is not there any more. */
function unlessGone<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

const PAGE = `
  const fields = [...document.querySelectorAll('input, textarea')].map((field) => field.value);
  const stores = [localStorage, sessionStorage].map((store) => Object.entries(store).flat());
  return [document.documentElement.outerHTML, document.title, document.cookie, location.href,
    window.name, JSON.stringify(history.state), ...fields, ...stores.flat()].join('\\n');
`;

/** Looks through the page: markup, fields, storage, history. */
export async function searchPage(desk: Desk, secrets: Secrets): Promise<Finding[]> {
  const page = await desk.driver.executeScript<string>(PAGE);
  const title = await desk.title();
  return [
    ...search('the page', Buffer.from(page), secrets),
    ...search('the title of the window', Buffer.from(title), secrets),
  ];
}

/** Looks through arguments and environments of the app's processes. */
export function searchProcesses(desk: Desk, secrets: Secrets): Finding[] {
  return desk.processes.flatMap((pid) => [
    ...search(`arguments of ${pid}`, Buffer.from(ofProcess(pid, 'cmdline')), secrets),
    ...search(`environment of ${pid}`, Buffer.from(ofProcess(pid, 'environ')), secrets),
  ]);
}

/** Everything at once, while the app runs. */
export async function searchEverywhere(desk: Desk, secrets: Secrets): Promise<Finding[]> {
  return [
    ...searchFolder(desk.home.path, secrets), // standard output and error are a file in it
    ...searchProcesses(desk, secrets),
    ...(await searchPage(desk, secrets)),
  ];
}
