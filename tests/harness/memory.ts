/**
 * The memory of the app's processes, read as whoever has a crash dump or the swap would read it.
 * Only pages that are there: WebKit reserves many gigabytes that it never uses.
 */
import { closeSync, openSync, readSync } from 'node:fs';

import { spellings, type Finding, type Secrets } from './canary';
import { ofProcess } from './processes';

/** Keydesk keeps its memory from other programs of the same person: only root may look. */
export const mayReadMemory = process.getuid?.() === 0;

const PAGE = 4096;
/** So much is read at once; a secret may lie across two such pieces. */
const PIECE = 4 * 1024 * 1024;
const OVERLAP = 1024;

interface Region {
  from: number;
  to: number;
}

/** What a process can write to, or has written to. */
function regions(pid: number): Region[] {
  return ofProcess(pid, 'maps')
    .split('\n')
    .flatMap((line) => {
      const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      return from === '' ? [] : [{ from: parseInt(from, 16), to: parseInt(to, 16) }];
    });
}

/** The parts of a region that are in memory or in the swap. */
function present(pagemap: number, { from, to }: Region): Region[] {
  const parts: Region[] = [];
  const entries = Buffer.alloc(512 * 1024 * 8);
  for (let at = from; at < to;) {
    const wanted = Math.min((to - at) / PAGE, entries.length / 8);
    const read = readSync(pagemap, entries, 0, wanted * 8, (at / PAGE) * 8) / 8;
    if (read === 0) {
      return parts;
    }
    for (let page = 0; page < read; page += 1) {
      if ((entries.readUInt8(page * 8 + 7) & 0xc0) !== 0) {
        const start = at + page * PAGE;
        const last = parts.at(-1);
        if (last?.to === start) {
          last.to = start + PAGE;
        } else {
          parts.push({ from: start, to: start + PAGE });
        }
      }
    }
    at += read * PAGE;
  }
  return parts;
}

/** The name of a process, of which Linux keeps fifteen letters. */
export function nameOf(pid: number): string {
  return ofProcess(pid, 'comm').trim();
}

/** Looks for secrets in the memory of a process, in every spelling. */
export function searchMemory(pid: number, secrets: Secrets): Finding[] {
  const wanted = Object.entries(secrets).flatMap(([secret, value]) =>
    [...spellings(value)].map(([spelling, spelled]) => ({ secret, spelling, spelled })),
  );
  const found: Finding[] = [];
  const [memory, pagemap] = [
    openSync(`/proc/${pid}/mem`, 'r'),
    openSync(`/proc/${pid}/pagemap`, 'r'),
  ];
  const piece = Buffer.alloc(PIECE);
  try {
    for (const region of regions(pid).flatMap((whole) => present(pagemap, whole))) {
      for (let at = region.from; at < region.to; at += PIECE - OVERLAP) {
        let length = 0;
        try {
          length = readSync(memory, piece, 0, Math.min(PIECE, region.to - at), at);
        } catch {
          break; // gone meanwhile, or a device's
        }
        const content = piece.subarray(0, length);
        for (const { secret, spelling, spelled } of wanted) {
          if (content.includes(spelled)) {
            found.push({ secret, spelling, place: `the memory of ${nameOf(pid)}` });
          }
        }
      }
    }
  } finally {
    closeSync(memory);
    closeSync(pagemap);
  }
  return found;
}
