/**
 * The proxy of an office network, which alone knows where a host is. It tunnels, as a proxy does
 * for what is encrypted, and it can want a login or be down.
 */
import { createServer, type Server as HttpServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export class Proxy {
  /** What was asked so far: `CONNECT host:port`, or what else came. */
  readonly asked: string[] = [];
  /** Lets nobody through without a login, which Keydesk has none of. */
  wantsLogin = false;
  private listening: HttpServer | undefined;
  private readonly open = new Set<Socket | Duplex>();

  private constructor(
    private readonly host: string,
    private readonly target: () => number,
    private port = 0,
  ) {}

  /** A proxy that finds one host, at a port of this computer. */
  static async to(host: string, target: () => number): Promise<Proxy> {
    const proxy = new Proxy(host, target);
    await proxy.starts();
    return proxy;
  }

  /** Its name as people are told it. */
  get name(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** What a desktop says of its proxy to the programs it starts. */
  variables(): NodeJS.ProcessEnv {
    const url = `http://${this.name}`;
    // What drives the window is on this computer, and would ask the proxy otherwise.
    return { HTTPS_PROXY: url, HTTP_PROXY: url, ALL_PROXY: url, NO_PROXY: '127.0.0.1' };
  }

  /** Listens, again at the same port where it did before. */
  async starts(): Promise<void> {
    const server = createServer((request, response) => {
      this.asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      response.writeHead(502).end();
    });
    server.on('connect', (request, socket) => {
      this.asked.push(`CONNECT ${request.url ?? ''}`);
      this.follow(socket);
      if (this.wantsLogin) {
        socket.end(
          'HTTP/1.1 407 Proxy Authentication Required\r\n' +
            'Proxy-Authenticate: Basic realm="office"\r\nContent-Length: 0\r\n\r\n',
        );
      } else if (request.url?.startsWith(`${this.host}:`) !== true) {
        socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
      } else {
        const onward = connect(this.target(), '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          onward.pipe(socket).pipe(onward);
        });
        this.follow(onward);
        onward.on('close', () => socket.destroy());
        socket.on('close', () => onward.destroy());
      }
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    this.listening = server;
  }

  /** Is down: what it tunnelled is cut off, and nothing listens any more. */
  async stops(): Promise<void> {
    const server = this.listening;
    this.listening = undefined;
    for (const socket of this.open) {
      socket.destroy();
    }
    if (server !== undefined) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  private follow(socket: Socket | Duplex): void {
    this.open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.open.delete(socket));
  }
}
