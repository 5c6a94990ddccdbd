/** Running other programs as a person would, with what goes in and comes out. */
import { spawn } from 'node:child_process';

export interface Outcome {
  code: number | null;
  output: string;
  errors: string;
}

/** Runs a program to its end. Secrets belong into `input`, never into arguments. */
export async function run(
  program: string,
  args: string[],
  options: { input?: string | Buffer; env?: NodeJS.ProcessEnv; patience?: number } = {},
): Promise<Outcome> {
  const child = spawn(program, args, {
    env: { ...process.env, ...options.env },
    timeout: options.patience ?? 15_000,
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => output.push(part));
  child.stderr.on('data', (part: Buffer) => errors.push(part));
  child.stdin.on('error', () => undefined); // it may end without reading
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return {
    code,
    output: Buffer.concat(output).toString(),
    errors: Buffer.concat(errors).toString(),
  };
}

/** Runs a program that must succeed, and returns what it printed. */
export async function mustRun(
  program: string,
  args: string[],
  options: Parameters<typeof run>[2] = {},
): Promise<string> {
  const outcome = await run(program, args, options);
  if (outcome.code !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${outcome.code}: ${outcome.errors}`);
  }
  return outcome.output;
}
