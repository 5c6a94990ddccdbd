/**
 * The cloud as a browser sees it: a sign-in page over https that leads to the application's own
 * page, in front of a real server. The certificate is one that no computer knows.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server as HttpsServer } from 'node:https';

import { certificateFor, type Certificate } from './certificate';
import { pass } from './gateway';
import type { CloudTokens, Server } from './server';
import { until } from './wait';

/** What the page does once it is open; the story moves it on. */
export type Act =
  /** Nothing: the person has not signed in. */
  | 'wait'
  /**
   * A page of another origin offers tokens of its own by the way that Keydesk's script uses, also
   * from a frame, and a file.
   */
  | 'intrude'
  /** The application asks with one of the two tokens. */
  | 'one-token'
  /** Through another origin and back, as sign-ins go, and then with both tokens. */
  | 'sign-in';

/** What a page of another origin would leave on the disk, were it allowed to. */
export const DOWNLOAD = 'planted-download';

/** What its certificate is for. */
const HOST = 'IP:127.0.0.1';

export class CloudPage {
  /** What the pages have done so far. */
  readonly done: string[] = [];
  /** What was asked of the real server behind it: `GET /path`. */
  readonly asked: string[] = [];
  private act: Act = 'wait';
  private tokens: CloudTokens | undefined;
  private readonly listening: HttpsServer[] = [];

  private constructor(
    private readonly server: Pick<Server, 'url'>,
    private certificate: Certificate,
  ) {}

  /** The page in front of a server that wants two tokens. */
  static async before(server: Pick<Server, 'url'>): Promise<CloudPage> {
    const page = new CloudPage(server, await certificateFor(HOST));
    await page.listen((request, response) => {
      page.answer(request, response);
    });
    await page.listen((request, response) => {
      page.answerElsewhere(request, response);
    });
    return page;
  }

  /** The cloud's address. */
  get url(): string {
    return this.address(0);
  }

  /** Another origin, where people prove who they are. */
  get elsewhere(): string {
    return this.address(1);
  }

  /** Has the open page do this, and waits until it says that it did. */
  async does(act: Act, tokens?: CloudTokens): Promise<void> {
    this.tokens = tokens;
    this.act = act;
    const before = this.done.length;
    await until(
      () => Promise.resolve(`the page does "${act}"; it did: ${this.done.join(', ')}`),
      () => Promise.resolve(this.done.slice(before).includes(act)),
    );
  }

  /** The next page that is opened waits. */
  rests(): void {
    this.act = 'wait';
  }

  /** The fingerprint of its certificate, as those who run the server would tell it. */
  get fingerprint(): RegExp {
    return this.certificate.fingerprint;
  }

  /** Shows another certificate from now on, as somebody in between would. */
  async changesCertificate(): Promise<void> {
    this.certificate = await certificateFor(HOST);
    for (const server of this.listening) {
      server.setSecureContext(this.certificate);
      server.closeAllConnections();
    }
  }

  async remove(): Promise<void> {
    for (const server of this.listening) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  private address(index: number): string {
    const address = this.listening[index]?.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return `https://127.0.0.1:${port}`;
  }

  private async listen(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<void> {
    const server = createServer(this.certificate, answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.listening.push(server);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '/';
    if (path === '/' || path.startsWith('/?')) {
      page(response, signInPage(this.elsewhere));
    } else if (path.startsWith('/next')) {
      json(response, { act: this.act });
    } else if (path.startsWith('/did/')) {
      this.done.push(path.slice('/did/'.length));
      json(response, {});
    } else if (path.startsWith('/application')) {
      page(response, application(this.act, this.tokens));
    } else {
      this.asked.push(`${request.method ?? ''} ${path}`);
      pass(this.server, path, request, response);
    }
  }

  private answerElsewhere(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/prove') {
      response.writeHead(302, { Location: `${this.url}/application` }).end();
    } else if (request.url === '/file') {
      response
        .writeHead(200, {
          'Content-Type': 'application/octet-stream',
          'Content-Disposition': `attachment; filename="${DOWNLOAD}.bin"`,
        })
        .end(DOWNLOAD);
    } else {
      page(response, intruder(this.url));
    }
  }
}

function page(response: ServerResponse, html: string): void {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
}

function json(response: ServerResponse, value: unknown): void {
  response
    .writeHead(200, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' })
    .end(JSON.stringify(value));
}

/** Waits to be told what to do; going on to the application is what a sign-in does in the end. */
function signInPage(elsewhere: string): string {
  return `<!doctype html><title>Sign in</title><h1>Sign in</h1><script>
    const look = async () => {
      const { act } = await (await fetch('/next')).json();
      if (act === 'intrude') location.href = '${elsewhere}/intruder';
      else if (act === 'one-token') location.href = '/application';
      else if (act === 'sign-in') location.href = '${elsewhere}/prove';
      else setTimeout(look, 100);
    };
    look();
  </script>`;
}

/** Says what it did and goes back to wait for the next act. */
function application(act: Act, tokens: CloudTokens | undefined): string {
  const headers =
    act === 'sign-in'
      ? {
          Authorization: `Bearer ${tokens?.authorization ?? ''}`,
          'Access-token': tokens?.accessToken,
        }
      : { Authorization: 'Bearer alone' };
  return `<!doctype html><title>Cloud</title><h1>Cloud</h1><script>
    const go = async () => {
      await fetch('/did/${act}');
      await fetch('/api/v1/permissions/menus', { headers: ${JSON.stringify(headers)} });
      ${act === 'one-token' ? again(act, "'/'") : ''}
    };
    go();
  </script>`;
}

/** Another origin that knows the scheme, guesses the rest, and asks with tokens of its own. */
function intruder(cloud: string): string {
  return `<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1><script>
    const go = async () => {
      const headers = { Authorization: 'Bearer planted', 'Access-token': 'planted' };
      await fetch('/elsewhere', { headers }).catch(() => undefined);
      const frame = (src) => document.body.append(Object.assign(document.createElement('iframe'), { src }));
      frame('/file');
      for (const host of ['guess', '0'.repeat(32), '']) {
        const handover = 'keydesk-handover://' + host + '/?authorization=planted&access-token=planted';
        location.href = handover;
        frame(handover);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await fetch('${cloud}/did/intrude');
      ${again('intrude', `'${cloud}/'`)}
    };
    go();
  </script>`;
}

/** Back to the sign-in page as soon as the story wants something else. */
function again(act: Act, address: string): string {
  return `const wait = async () => {
        const { act } = await (await fetch(${address} + 'next')).json();
        if (act !== '${act}') location.href = ${address};
        else setTimeout(wait, 100);
      };
      wait();`;
}
