/** What a person does in several stories, in the words that they see. */
import { Key } from 'selenium-webdriver';

import { readClipboard } from './clipboard';
import type { Account, CloudTokens, Server } from './server';
import type { Screen } from './screen';
import { escaped } from './words';

/** The kinds of server on the first screen. */
export const KINDS = {
  selfHosted: 'TDengine IDMP (self-hosted)',
  cloud: 'TDengine IDMP Cloud',
  aimms: 'AIMMS Cloud',
  keydesk: 'Keydesk server',
} as const;

/** The tabs that one server or another has. */
export type Tab =
  'Profile' | 'API Key' | 'MFA' | 'Security' | 'Users' | 'Directory' | 'Danger Zone';

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

  /** Signs in to the portals of a Keydesk server. */
  async signInToPortal(server: Pick<Server, 'url'>, account: Account): Promise<void> {
    await this.chooses(KINDS.keydesk);
    await this.screen.type('Server address', server.url);
    await this.screen.type('Email', account.email);
    await this.screen.type('Password', account.password);
    await this.screen.click('button', 'Sign in');
  }

  /** Signs in to AIMMS Cloud with a key. */
  async signInToAimms(server: Pick<Server, 'url'>, key: string): Promise<void> {
    await this.chooses(KINDS.aimms);
    await this.screen.type('Server address', server.url);
    await this.screen.type('API key', key);
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

  /** Signs out; `losing` is what the question about it says would be lost, where it is asked. */
  async signsOut(losing?: RegExp): Promise<void> {
    await this.screen.click('button', /^Account menu/);
    await this.screen.click('menuitem', 'Sign out');
    if (losing !== undefined) {
      const question = await this.screen.get('alertdialog');
      await this.screen.see(losing, { inside: question });
      await this.screen.click('button', 'Sign out', { inside: question });
    }
    await this.screen.get('heading', 'You are signed out');
  }

  async seesProfileOf(account: Account): Promise<void> {
    await this.opens('Profile');
    await this.screen.get('heading', `${account.firstName} ${account.lastName}`);
    await this.screen.see(account.email);
  }

  /** The same where a profile stands in fields, because it saves by itself. */
  async seesFieldsOf(account: Account): Promise<void> {
    await this.opens('Profile');
    await this.screen.get('heading', `${account.firstName} ${account.lastName}`);
    await this.screen.get('textbox', 'Email Address');
    const email = await this.screen.valueOf('Email Address');
    if (email !== account.email) {
      throw new Error(`the profile is that of ${email}`);
    }
  }

  /** Opens a tab. That of the keys is called in the plural on some servers. */
  async opens(tab: Tab): Promise<void> {
    const name = tab === 'API Key' ? /^API Keys?$/ : tab;
    await this.screen.click('tab', name);
    await this.screen.get('tabpanel', name);
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
    return this.screen.read(shown); // WebDriver tells nothing of what is still fading in
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

  /** The names of the columns of the list that is open. */
  async columns(): Promise<string[]> {
    await this.screen.get('grid');
    const headers = await this.screen.all('columnheader');
    return Promise.all(headers.map(async (header) => (await this.screen.read(header)).trim()));
  }

  /** Creates a key of a portal, where it is shown once and a copy is kept. */
  async createsPortalKey(
    field: 'Description' | 'Name',
    title: string,
    scopes: string[] = [],
  ): Promise<string> {
    await this.opens('API Key');
    await this.screen.click('button', 'Create API Key');
    await this.screen.type(field, title);
    for (const scope of scopes) {
      await this.screen.click('checkbox', new RegExp(`^${escaped(scope)}`));
    }
    await this.screen.click('button', 'Create');
    await this.copiesCreatedKey();
    const value = (await readClipboard()) ?? '';
    await this.closesCreatedKey();
    return value;
  }

  /** Chooses from the menu of a key's row. */
  async actsOn(title: string, act: string): Promise<void> {
    await this.screen.click('button', `Actions for ${title}`);
    await this.screen.click('menuitem', act);
  }

  /** Presses the button that an open dialog is about; `alertdialog` for a question. */
  async confirms(button: string, role: 'alertdialog' | 'dialog' = 'alertdialog'): Promise<void> {
    const question = await this.screen.get(role);
    await this.screen.click('button', button, { inside: question });
    await this.screen.gone(role);
  }

  async choosesOrganization(name: string): Promise<void> {
    await this.screen.click('button', /switch organization$/);
    await this.screen.click('menuitem', new RegExp(`^${escaped(name)}`));
    await this.screen.get('button', new RegExp(`^${escaped(name)}.*switch organization$`));
  }

  /** The key that an authenticator app is taught, by the way of the clipboard. */
  async copiesAuthenticatorKey(): Promise<string> {
    await this.screen.click('button', 'Copy key');
    await this.screen.see(/^Copied/);
    return (await readClipboard()) ?? '';
  }

  /** The recovery codes, by the way of the clipboard. */
  async storesRecoveryCodes(): Promise<string[]> {
    await this.screen.click('button', 'Copy recovery codes');
    await this.screen.see(/^Copied/);
    await this.screen.click('checkbox', 'I have stored them');
    await this.confirms('Done', 'dialog');
    return ((await readClipboard()) ?? '').split('\n');
  }

  /** Opens Preferences, and in it what the connection of the account on this server rests on. */
  async opensConnectionDetails(server: Pick<Server, 'url'>): Promise<void> {
    await this.screen.shortcut(',');
    await this.screen.get('dialog', 'Preferences');
    await this.screen.click('button', `Connection details of ${new URL(server.url).host}`);
    await this.screen.get('region', 'The server’s API');
  }

  async closesPreferences(): Promise<void> {
    await this.screen.press(Key.ESCAPE);
    await this.screen.gone('dialog', 'Preferences');
  }

  /** The row of an operation in Connection details, as it can be read. */
  async operation(name: string): Promise<string> {
    const row = await this.screen.get('row', new RegExp(`^${escaped(name)} `));
    return (await this.screen.read(row)).replace(/\s+/g, ' ');
  }

  /** Uses an operation where the server's description has it. */
  async usesFound(operation: string): Promise<void> {
    await this.screen.click('button', `Use this for ${operation}`);
    await this.confirms('Use this');
    await this.screen.see(`${operation} is used where the description lists it.`);
  }

  /** What stands beside a name: a figure above the list of keys, a fact in a dialog. */
  async figure(name: string): Promise<string> {
    const names = await this.screen.all('term');
    const figures = await this.screen.all('definition');
    for (const [index, term] of names.entries()) {
      const figure = figures[index];
      if (figure !== undefined && (await this.screen.read(term)) === name) {
        return this.screen.read(figure);
      }
    }
    return '';
  }

  /** What must be typed before an account is deleted, as it stands there. */
  async readsDeletionPhrase(): Promise<string> {
    const shown = await this.screen.get('code');
    return this.screen.read(shown);
  }
}
