/** The clipboard, as any other program on the desktop sees it. */
import { run } from './run';
import { spawn } from 'node:child_process';

/** Its text; `undefined` when it holds nothing. */
export async function readClipboard(): Promise<string | undefined> {
  const outcome = await run('xclip', ['-selection', 'clipboard', '-o']);
  return outcome.code === 0 ? outcome.output : undefined;
}

/** The formats that its owner offers. */
export async function clipboardFormats(): Promise<string[]> {
  const outcome = await run('xclip', ['-selection', 'clipboard', '-o', '-t', 'TARGETS']);
  return outcome.code === 0 ? outcome.output.trim().split('\n') : [];
}

/** Copies something, as if in another program. */
export async function copyElsewhere(content: string | Buffer, format?: string): Promise<void> {
  // xclip stays behind to serve what it holds: it must not hold our pipes.
  const child = spawn(
    'xclip',
    ['-selection', 'clipboard', '-i', ...(format === undefined ? [] : ['-t', format])],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  );
  child.stdin.end(content);
  await new Promise((resolve) => child.on('exit', resolve));
}
