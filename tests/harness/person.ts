/** What a person does in several stories, in the words that they see. */
import { Key } from 'selenium-webdriver';

import type { Account, CloudTokens, Server } from './server';
import type { Screen } from './screen';
import { escaped } from './words';

/** The kinds of server on the first screen. */
export const KINDS = {
  selfHosted: 'TDengine IDMP (self-hosted)',
  cloud: 'TDengine IDMP Cloud',
} as const;

export class Person {
  constructor(private readonly screen: Screen) {}

  /** First run: an account on the embedded server. */
  async tryOnThisComputer(account: Account): Promise<void> {
    await this.screen.click('button', /^Try it on this computer/);
    await this.screen.type('First Name', account.firstName);
    await this.screen.type('Last Name', account.lastName);
    await this.screen.type('Email', account.email);
    await this.screen.type('Password', account.password);
    await this.screen.click('button', 'Create account');
    await this.seesProfileOf(account);
  }

  /** Chooses a kind of server on the first screen, or after "Connect to a server". */
  async chooses(kind: string): Promise<void> {
    await this.screen.click('button', new RegExp(`^${escaped(kind)}`));
  }

  /** Signs in with a password to a server that listens on this machine. */
  async signIn(
    server: Pick<Server, 'url'>,
    account: Account,
    options: { remember?: boolean } = {},
  ): Promise<void> {
    await this.chooses(KINDS.selfHosted);
    await this.screen.type('Server address', server.url);
    await this.screen.type('User name', account.email);
    await this.screen.type('Password', account.password);
    if (options.remember === true) {
      await this.screen.click('checkbox', 'Remember password');
    }
    await this.screen.click('button', 'Sign in');
  }

  /** Signs in with the two tokens of a cloud session. */
  async signInToCloud(server: Pick<Server, 'url'>, tokens: CloudTokens): Promise<void> {
    await this.chooses(KINDS.cloud);
    await this.screen.type('Server address', server.url);
    await this.screen.type('Authorization', tokens.authorization);
    await this.screen.type('Access-token', tokens.accessToken);
    await this.screen.click('button', 'Sign in');
  }

  /** Signs in with a user's API key in place of a password. */
  async signInWithKey(server: Pick<Server, 'url'>, key: string): Promise<void> {
    await this.chooses(KINDS.selfHosted);
    await this.screen.type('Server address', server.url);
    await this.screen.click('button', 'Sign in with an API key');
    await this.screen.type('API key', key);
    await this.screen.click('button', 'Sign in');
  }

  /** Pastes what the browser copied, in place of an address and two tokens. */
  async pastesCloudRequest(request: string): Promise<void> {
    await this.chooses(KINDS.cloud);
    await this.screen.paste('Paste a request', request);
    await this.screen.see('The rest of what you pasted is forgotten.');
  }

  /** Corrects the password after a refusal; the rest still stands there. */
  async retypesPassword(password: string): Promise<void> {
    await this.screen.type('Password', password);
    await this.screen.click('button', 'Sign in');
  }

  /** Goes to the first screen, to sign in somewhere else as well. */
  async connectsAnother(): Promise<void> {
    await this.screen.click('button', /switch account$/);
    await this.screen.click('menuitem', 'Connect to a server');
    await this.screen.get('heading', 'Connect to a server');
  }

  /** Brings the account on this server to the front. */
  async switchesTo(server: Pick<Server, 'url'>): Promise<void> {
    await this.screen.click('button', /switch account$/);
    await this.screen.click('menuitem', new RegExp(escaped(new URL(server.url).host)));
  }

  async signsOut(): Promise<void> {
    await this.screen.click('button', /^Account menu/);
    await this.screen.click('menuitem', 'Sign out');
    await this.screen.get('heading', 'You are signed out');
  }

  async seesProfileOf(account: Account): Promise<void> {
    await this.opens('Profile');
    await this.screen.get('heading', `${account.firstName} ${account.lastName}`);
    await this.screen.see(account.email);
  }

  /** Opens a tab. */
  async opens(tab: 'Profile' | 'API Key' | 'MFA'): Promise<void> {
    await this.screen.click('tab', tab);
    await this.screen.get('tabpanel', tab);
  }

  /** Creates a key, reads it from its dialog, and closes that. */
  async createsKey(title: string): Promise<string> {
    await this.opens('API Key');
    await this.fillsNewKey(title);
    await this.screen.click('button', 'Create');
    const value = await this.readsCreatedKey();
    await this.copiesCreatedKey();
    await this.closesCreatedKey();
    return value;
  }

  async fillsNewKey(title: string): Promise<void> {
    await this.screen.click('button', 'Add New API Key');
    await this.screen.type('Title', title);
  }

  /** The whole key, from the dialog that shows it once. */
  async readsCreatedKey(): Promise<string> {
    const shown = await this.screen.see(/^api_[\w-]+\.[\w-]+$/);
    return shown.getText();
  }

  /** Copies it there; what the dialog says stands for what it knows. */
  async copiesCreatedKey(): Promise<void> {
    const dialog = await this.screen.get('dialog', 'API key created');
    await this.screen.click('button', 'Copy', { inside: dialog });
    await this.screen.see(/^Copied/, { inside: dialog });
  }

  async closesCreatedKey(): Promise<void> {
    await this.screen.press(Key.ESCAPE);
    await this.screen.gone('dialog', 'API key created');
  }

  /** The cells of a key's row, once it is there. */
  async row(title: string): Promise<string[]> {
    const row = await this.screen.get('row', new RegExp(`^${escaped(title)} `));
    const cells = await this.screen.all('gridcell', undefined, row);
    return Promise.all(cells.map((cell) => this.screen.read(cell)));
  }
}
