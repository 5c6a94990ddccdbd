/** The authenticator app of a person: computes the codes of the key that it was taught. */
import { setTimeout as pause } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';

export class Authenticator {
  private readonly totp: TOTP;
  private last = '';

  /** The key as it is typed: groups and spaces do not matter. */
  constructor(key: string) {
    this.totp = new TOTP({ secret: Secret.fromBase32(key.replace(/\s/g, '')) });
  }

  /** A code that was not used yet: a server takes each only once. */
  async code(): Promise<string> {
    for (;;) {
      const code = this.totp.generate();
      if (code !== this.last) {
        this.last = code;
        return code;
      }
      await pause(500);
    }
  }
}
