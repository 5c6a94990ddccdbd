/** Real settings servers, each with its own data, and what an administrator does with them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { mustRun, run } from './run';
import { surroundings } from './surroundings';
import { until } from './wait';

export interface Account {
  firstName: string;
  lastName: string;
  email: string;
  password: string;
}

/** What an account may do in the admin portal. */
export type PortalRole = 'super-admin' | 'admin' | 'read-only';

/** What an account is in an organization. */
export type OrganizationRole = 'owner' | 'admin' | 'member' | 'viewer';

/** What a browser that is signed in to the cloud sends with every request. */
export interface CloudTokens {
  authorization: string;
  accessToken: string;
}

export class Server {
  private constructor(
    private readonly child: ChildProcess,
    readonly data: string,
    readonly url: string,
    private readonly options: ServerOptions,
  ) {}

  static async start(options: ServerOptions = {}, data = freshData(), port = 0): Promise<Server> {
    const args = ['serve', '--listen', `127.0.0.1:${port}`, '--data', data];
    if (options.cloud === true) {
      args.push('--require-access-token');
    }
    const child = spawn(surroundings.server, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    child.stdout.on('data', (part: Buffer) => (printed += part.toString()));
    child.stderr.on('data', (part: Buffer) => (printed += part.toString()));
    const url = await until(
      () => Promise.resolve(`the server prints its address; it printed: ${printed}`),
      () => Promise.resolve(/http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0]),
    );
    return new Server(child, data, url, options);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  async addUser(
    account: Account,
    options: { sso?: boolean; portalRole?: PortalRole } = {},
  ): Promise<void> {
    await mustRun(
      surroundings.server,
      [
        ...['user', 'add', '--data', this.data, '--email', account.email],
        ...['--first-name', account.firstName, '--last-name', account.lastName],
        ...(options.portalRole === undefined ? [] : ['--portal-role', options.portalRole]),
        options.sso === true ? '--sso' : '--password-stdin',
      ],
      { input: `${account.password}\n` },
    );
  }

  /** Makes an organization with these members; answers with its id. */
  async addOrganization(
    name: string,
    members: { email: string; role: OrganizationRole }[],
  ): Promise<string> {
    const printed = await mustRun(surroundings.server, [
      ...['organization', 'add', '--data', this.data, '--name', name],
    ]);
    const id = printed.trim();
    for (const { email, role } of members) {
      await mustRun(surroundings.server, [
        ...['organization', 'member', 'add', '--data', this.data, '--organization', id],
        ...['--email', email, '--role', role],
      ]);
    }
    return id;
  }

  /** A first key for the service that is entered with a key. */
  async firstKey(email: string, scopes: string[]): Promise<string> {
    const printed = await mustRun(surroundings.server, [
      ...['api-key', 'add', '--data', this.data, '--email', email, '--name', 'first'],
      ...scopes.flatMap((scope) => ['--scope', scope]),
    ]);
    return printed.trim();
  }

  /** What the browser of a signed-in person holds on a server that wants two tokens. */
  async session(email: string): Promise<CloudTokens> {
    const printed = await mustRun(surroundings.server, [
      ...['user', 'session', '--data', this.data, '--email', email],
      '--require-access-token',
    ]);
    const line = (name: string): string => {
      const found = new RegExp(`^${name}: (?:Bearer )?(\\S+)$`, 'm').exec(printed)?.[1];
      if (found === undefined) {
        throw new Error(`user session printed no ${name}`);
      }
      return found;
    };
    return {
      authorization: line('Authorization'),
      accessToken: line('Access-token'),
    };
  }

  async administer(action: 'deactivate' | 'activate' | 'delete', email: string): Promise<void> {
    await mustRun(surroundings.server, ['user', action, '--data', this.data, '--email', email]);
  }

  /** Asks the server with curl, as a script would; answers with status and body. */
  async curl(
    path: string,
    key: string,
    header: 'Authorization' | 'apikey' = 'Authorization',
  ): Promise<{ status: number; body: string }> {
    const value = header === 'Authorization' ? `Bearer ${key}` : key;
    return curl(`${this.url}${path}`, [`${header}: ${value}`]);
  }

  /** Stops it without warning its clients; `again` brings it back at the same address. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise((resolve) => this.child.on('exit', resolve));
      this.child.kill('SIGTERM');
      await ended;
    }
  }

  async again(): Promise<Server> {
    await this.stop();
    return Server.start(this.options, this.data, this.port);
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }
}

export interface ServerOptions {
  /** Behave as the cloud does: every request needs both tokens. */
  cloud?: boolean;
}

/** `curl` with headers that never stand in its arguments. */
export async function curl(
  url: string,
  headers: string[],
): Promise<{ status: number; body: string }> {
  const { output } = await run('curl', ['-sS', '-H', '@-', '-w', '\n%{http_code}', url], {
    input: headers.join('\n'),
  });
  const split = output.lastIndexOf('\n');
  return { status: Number(output.slice(split + 1)), body: output.slice(0, split) };
}

function freshData(): string {
  return mkdtempSync(join(tmpdir(), 'keydesk-server-'));
}
