/** Servers that are none, or not any more: what a real one cannot be asked to do. */
import { createServer, type Server, type Socket } from 'node:net';

export interface FaultyServer {
  url: string;
  /** How many connections were made. */
  connections: () => number;
  /** Everything that was sent to it. */
  received: () => string;
  close: () => Promise<void>;
}

export const ANSWERS = {
  /** A web page that is no server of ours. */
  page: page(200, '<!doctype html><title>Welcome</title><h1>It works!</h1>'),
  /** A hotel's network that wants a click first. */
  portal: page(511, '<!doctype html><title>Please sign in to this network</title>'),
  /** JSON, cut off in the middle. */
  half: 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"status":"U',
  /** Closes the connection without a word. */
  nothing: '',
  /** Elsewhere. */
  redirect:
    'HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/q/health\r\nContent-Length: 0\r\n\r\n',
} as const;

function page(status: number, html: string): string {
  return `HTTP/1.1 ${status} Whatever\r\nContent-Type: text/html\r\nContent-Length: ${Buffer.byteLength(html)}\r\n\r\n${html}`;
}

/** Gives the same answer to every request, then hangs up. */
export async function faulty(answer: string): Promise<FaultyServer> {
  let connections = 0;
  let received = '';
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections += 1;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    socket.once('data', () => socket.end(answer));
    socket.on('data', (part: Buffer) => (received += part.toString('latin1')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    connections: () => connections,
    received: () => received,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) {
          socket.destroy();
        }
        server.close(() => {
          resolve();
        });
      }),
  };
}
