/** Certificates that no computer knows, as a server in a plant or somebody in between would show. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { mustRun } from './run';
import { pause } from './wait';

export interface Certificate {
  key: Buffer;
  cert: Buffer;
  /** As those who run the server would tell it. */
  fingerprint: RegExp;
}

/** A new one for a host: `IP:127.0.0.1` or `DNS:idmp.example`. */
export async function certificateFor(
  host: string,
  { expired = false }: { expired?: boolean } = {},
): Promise<Certificate> {
  const folder = mkdtempSync(join(tmpdir(), 'keydesk-certificate-'));
  const file = (name: string): string => join(folder, name);
  try {
    writeFileSync(file('extensions'), `subjectAltName=${host}\n`);
    await mustRun('openssl', [
      ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', file('key'), '-out', file('request'), '-subj', '/CN=Keydesk story'],
    ]);
    await mustRun('openssl', [
      ...['x509', '-req', '-in', file('request'), '-key', file('key'), '-out', file('certificate')],
      ...['-extfile', file('extensions'), '-days', expired ? '0' : '2'],
    ]);
    if (expired) {
      await pause(1_500); // valid in the second in which it was made
    }
    const printed = await mustRun('openssl', [
      ...['x509', '-in', file('certificate'), '-noout', '-fingerprint', '-sha256'],
    ]);
    const bytes = printed.trim().split('=')[1]?.split(':') ?? [];
    return {
      key: readFileSync(file('key')),
      cert: readFileSync(file('certificate')),
      fingerprint: new RegExp(bytes.join('[: ]?'), 'i'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
