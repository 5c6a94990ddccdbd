/**
 * What may stand between a person and their server: a gateway that serves it below a path, under
 * other paths than it has, or with faults. What the story does not name is the real server's to
 * answer.
 */
import {
  createServer,
  request as ask,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';

import type { Server } from './server';

/** How a request fails. */
export type Fault =
  /** The server, or the gateway itself, says no. */
  | { status: number; headers?: Record<string, string>; body?: string }
  /** The server does what it was asked, and its answer never arrives. */
  | 'lost'
  /** JSON, cut off in the middle. */
  | 'half'
  /** No answer at all, and the connection stays open. */
  | 'silent';

export class Gateway {
  /** What was asked so far: `GET /path`, without the query. */
  readonly asked: string[] = [];
  /** The tokens that came with it. */
  readonly tokens = new Set<string>();
  private readonly faults = new Map<string, Fault>();
  private readonly moved = new Map<string, string>();
  private description: unknown;
  private readonly listening: HttpServer;

  private constructor(
    private readonly server: Pick<Server, 'url'>,
    private readonly base: string,
  ) {
    this.listening = createServer((request, response) => {
      this.answer(request, response);
    });
  }

  /** A gateway in front of a server; all of it lies below `base`. */
  static async before(server: Pick<Server, 'url'>, base = ''): Promise<Gateway> {
    const gateway = new Gateway(server, base);
    await new Promise<void>((resolve) => gateway.listening.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  /** Its address, with the base path. */
  get url(): string {
    const address = this.listening.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return `http://127.0.0.1:${port}${this.base}`;
  }

  /** Fails every such request from now on; `null` lets them through again. */
  fails(request: string, fault: Fault | null): void {
    if (fault === null) {
      this.faults.delete(request);
    } else {
      this.faults.set(request, fault);
    }
  }

  /** Serves what the server has below one path below another, and nothing below the first. */
  moves(from: string, to: string): void {
    this.moved.set(from, to);
  }

  /** Serves this as the description of the server's API. */
  describes(description: unknown): void {
    this.description = description;
  }

  async remove(): Promise<void> {
    this.listening.closeAllConnections();
    await new Promise((resolve) => this.listening.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, search } = new URL(request.url ?? '/', 'http://gateway');
    if (!pathname.startsWith(`${this.base}/`)) {
      response.writeHead(404).end();
      return;
    }
    const path = pathname.slice(this.base.length);
    const asked = `${request.method ?? ''} ${path}`;
    this.asked.push(asked);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token !== undefined) {
      this.tokens.add(token);
    }
    const fault = this.faults.get(asked);
    if (fault === 'silent') {
      return; // ended with the gateway
    }
    if (fault === 'half') {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '500' });
      response.write('{"status":"U', () => response.destroy());
    } else if (typeof fault === 'object') {
      response.writeHead(fault.status, fault.headers).end(fault.body);
    } else if (path === '/q/openapi' && this.description !== undefined) {
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify(this.description));
    } else {
      const home = this.home(path);
      if (home === undefined) {
        response.writeHead(404, { 'Content-Type': 'application/json' }).end('{}');
      } else {
        pass(this.server, `${home}${search}`, request, response, fault === 'lost');
      }
    }
  }

  /** Where the server has what is asked for here; nothing where it was moved away. */
  private home(path: string): string | undefined {
    for (const [from, to] of this.moved) {
      if (path === to || path.startsWith(`${to}/`)) {
        return from + path.slice(to.length);
      }
    }
    const away = [...this.moved.keys()];
    return away.some((from) => path === from || path.startsWith(`${from}/`)) ? undefined : path;
  }
}

/** Passes a request on to a real server; its answer may be lost on the way back. */
export function pass(
  server: Pick<Server, 'url'>,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  lost = false,
): void {
  const headers = { ...request.headers };
  delete headers.host;
  const { hostname, port } = new URL(server.url);
  const onward = ask({ hostname, port, path, method: request.method, headers }, (answer) => {
    if (lost) {
      answer.resume().on('end', () => response.destroy());
    } else {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    }
  });
  onward.on('error', () => {
    if (response.headersSent) {
      response.destroy();
    } else {
      response.writeHead(502).end();
    }
  });
  request.pipe(onward);
}

/** The description that a server of ours gives of itself, in OpenAPI. */
export interface ApiDescription {
  paths: Record<string, Record<string, unknown>>;
}

/** Reads a server's description of the dialect that has no portal. */
export async function descriptionOf(server: Pick<Server, 'url'>): Promise<ApiDescription> {
  const answer = await fetch(`${server.url}/q/openapi?format=json`);
  return (await answer.json()) as ApiDescription;
}

/** The same with everything below one path described below another. */
export function described(
  { paths, ...rest }: ApiDescription,
  from: string,
  to: string,
): ApiDescription {
  const moved = Object.entries(paths).map(([path, item]) => [
    path === from || path.startsWith(`${from}/`) ? to + path.slice(from.length) : path,
    item,
  ]);
  return { ...rest, paths: Object.fromEntries(moved) as ApiDescription['paths'] };
}
