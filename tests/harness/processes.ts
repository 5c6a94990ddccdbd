/** Processes as the system shows them: trees, arguments, environments. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** A TCP port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') {
    throw new Error('no free port');
  }
  return address.port;
}

/** A file under /proc, empty once the process is gone. */
export function ofProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** A process and everything that descends from it. */
export function tree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (Number.isInteger(pid)) {
      // The name in brackets may hold spaces; the parent stands second behind it.
      const parent = / \S (\d+) /.exec(
        ofProcess(pid, 'stat').slice(ofProcess(pid, 'stat').lastIndexOf(')')),
      )?.[1];
      if (parent !== undefined) {
        parents.set(pid, Number(parent));
      }
    }
  }
  const found = [root];
  for (const parent of found) {
    found.push(...[...parents].filter(([, above]) => above === parent).map(([pid]) => pid));
  }
  return found;
}

/** Whether a process still runs. */
export function runs(pid: number): boolean {
  const stat = ofProcess(pid, 'stat');
  return stat !== '' && !stat.includes(') Z ');
}
