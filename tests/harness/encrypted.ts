/** A server over https: what stands before a real one, with a certificate of the story's choice. */
import { createServer, type Server as HttpsServer } from 'node:https';

import type { Certificate } from './certificate';
import { pass } from './gateway';
import type { Server } from './server';

export class Encrypted {
  /** What was asked so far: `GET /path`. */
  readonly asked: string[] = [];
  private readonly listening: HttpsServer;

  private constructor(
    server: Pick<Server, 'url'>,
    /** What it shows. */
    public certificate: Certificate,
  ) {
    this.listening = createServer(certificate, (request, response) => {
      this.asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      pass(server, request.url ?? '/', request, response);
    });
  }

  static async before(server: Pick<Server, 'url'>, certificate: Certificate): Promise<Encrypted> {
    const encrypted = new Encrypted(server, certificate);
    await new Promise<void>((resolve) => encrypted.listening.listen(0, '127.0.0.1', resolve));
    return encrypted;
  }

  get port(): number {
    const address = this.listening.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Shows another certificate from now on. */
  shows(certificate: Certificate): void {
    this.certificate = certificate;
    this.listening.setSecureContext(certificate);
    this.listening.closeAllConnections();
  }

  async remove(): Promise<void> {
    this.listening.closeAllConnections();
    await new Promise((resolve) => this.listening.close(resolve));
  }
}
