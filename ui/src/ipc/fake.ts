/**
 * A host in memory, for component tests and for the page in a plain browser. It keeps the rules
 * that screens rely on (unique titles, a current password) and fails on demand:
 * `fake.fail('account', { code: 'signed-out' })`. What its servers hold is in `fake.server(id)`.
 */
import {
  administrationCommands,
  type Implementation,
  keyCommands,
  securityCommands,
  serversOf,
  type World,
} from './fake-commands';
import { DAY, instance, kinds } from './fake-data';
import type { FakeServer } from './fake-servers';
import {
  type AllPreferences,
  type ClipboardChanged,
  type CommandName,
  type Host,
  HostError,
  type InstanceId,
  type InstanceView,
  type KeptCopy,
  type KeyringView,
  type SignedInView,
  type Start,
  type WireError,
} from './host';

type Method = CommandName;
type Failure = Partial<WireError> & Pick<WireError, 'code'>;

export interface FakeOptions {
  instances?: InstanceView[];
  preferences?: Partial<AllPreferences>;
  /** How many keys an account has. */
  keys?: number;
  /** The servers of instances, where not the usual one of their kind. */
  servers?: Record<InstanceId, FakeServer>;
  /** How long every command takes, in milliseconds. */
  delay?: number;
  start?: Partial<Start>;
}

export interface FakeHost extends Host {
  /** Makes the next `times` calls of a command fail. */
  fail(method: Method, failure: Failure, times?: number): void;
  /** Which commands were called, in order, with their arguments. */
  readonly calls: { method: Method; args: unknown[] }[];
  /** What the server of an instance has. */
  server(id: InstanceId): FakeServer;
  keyring: KeyringView;
  /** The person closes the window. */
  requestClose(): void;
  /** What becomes of a copy of a key that shall be kept. */
  kept: KeptCopy;
}

/** A picture of one pixel. */
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

export function createFakeHost(options: FakeOptions = {}): FakeHost {
  let list = options.instances ?? [];
  let preferences: AllPreferences = {
    theme: 'system',
    language: 'en',
    clearClipboardAfterSeconds: 30,
    ...options.preferences,
  };
  let avatar: string | null = null;
  let clipboard: ClipboardChanged = { holdsSecret: false, clearsInMs: null, clearFailed: false };
  const failures = new Map<Method, { failure: Failure; left: number }>();
  const listeners = new Set<(change: ClipboardChanged) => void>();
  const closing = new Set<() => void>();
  const calls: FakeHost['calls'] = [];
  const signedOut = new Set<InstanceId>();

  const find = (id: InstanceId): InstanceView => {
    const found = list.find((one) => one.id === id);
    if (!found) throw new HostError({ code: 'instance-unknown' });
    return found;
  };

  const server = serversOf(
    options.servers ?? {},
    (id) => list.find((one) => one.id === id),
    options.keys ?? 6,
  );

  const connection: Implementation['connectionDetails'] = (id) => ({
    status: {
      signedIn: !signedOut.has(id),
      method: find(id).signIn,
      until: Date.now() + 6 * DAY,
      kept: { kind: 'inKeyring' },
    },
    trust: { authorityPem: null, pinnedSha256: null },
    operations: server(id).operations,
    contract: server(id).contract,
    builtInOperations: server(id).builtInOperations,
  });

  const add = (one: InstanceView): SignedInView => {
    list = [...list, one];
    return { instance: one, kept: { kind: 'inKeyring' } };
  };

  const copied = (): ClipboardChanged => {
    const seconds = preferences.clearClipboardAfterSeconds;
    clipboard = {
      holdsSecret: true,
      clearsInMs: seconds === null ? null : seconds * 1000,
      clearFailed: false,
    };
    if (seconds !== null) setTimeout(cleared, seconds * 1000);
    return clipboard;
  };

  const cleared = (): ClipboardChanged => {
    clipboard = { holdsSecret: false, clearsInMs: null, clearFailed: false };
    listeners.forEach((listener) => listener(clipboard));
    return clipboard;
  };

  const world: World = {
    server,
    find,
    copied,
    connection,
    put: (changed) => (list = list.map((one) => (one.id === changed.id ? changed : one))),
    remove: (id) => (list = list.filter((one) => one.id !== id)),
    kept: () => fake.kept,
  };

  const commands: Implementation = {
    start: () => ({
      version: '0.1.0',
      preferences,
      instances: list,
      selected: list[0]?.id ?? null,
      notices: [],
      kinds,
      configurationFolder: '/home/marlene/.config/keydesk',
      dataFolder: '/home/marlene/.local/share/keydesk',
      ...options.start,
    }),
    setPreferences: (next) => (preferences = { ...preferences, ...next }),
    selectInstance: () => null,
    instances: () => list,
    renameInstance: (id, name) =>
      (list = list.map((one) => (one.id === id ? { ...one, name } : one))),
    keyringStatus: () => fake.keyring,
    retryKeyring: () => (fake.keyring = { ...fake.keyring, problem: null }),
    keepUntilQuit: () => (fake.keyring = { ...fake.keyring, untilQuit: true }),
    cancel: () => undefined,
    copyText: () => null,
    noteUnsaved: () => undefined,
    holdClose: () => undefined,
    closeWindow: () => undefined,

    checkServer: (target) => {
      const address = target.address.includes('://') ? target.address : `https://${target.address}`;
      const url = URL.parse(address);
      if (!url) throw new HostError({ code: 'address-invalid', field: 'address' });
      return {
        address,
        host: url.host,
        plainHttp: url.protocol === 'http:',
        healthy: true,
        version: 'TDengine IDMP 1.0.14',
      };
    },
    inspectCertificate: () => ({
      sha256: '3f8a'.repeat(16),
      subject: 'CN=idmp.tdengine.net',
      issuer: 'CN=idmp.tdengine.net',
      names: ['idmp.tdengine.net'],
      notBefore: Date.now() - 40 * DAY,
      notAfter: Date.now() + 50 * DAY,
    }),
    chooseAuthorityFile: () => ({ fileName: 'plant-root.pem', pem: 'PEM' }),
    readPastedRequest: (text) => {
      if (!/authorization|access-token/i.test(text)) {
        throw new HostError({ code: 'paste-not-understood' });
      }
      return {
        handle: 1,
        address: /https:\/\/[^/'"\s]+/.exec(text)?.[0] ?? null,
        hasAuthorization: /authorization/i.test(text),
        hasAccessToken: /access-token/i.test(text),
      };
    },
    tokensFromSignInPage: (target) => ({
      handle: 1,
      address: target.address,
      hasAuthorization: true,
      hasAccessToken: true,
    }),
    forgetPastedRequest: () => undefined,
    signIn: (target, request) =>
      add(
        instance({
          id: `i-${list.length + 1}`,
          kind: target.kind,
          name: target.address,
          address: target.address,
          host: target.address,
          plainHttp: target.plainHttpChosen,
          signIn: request.method === 'pasted' ? 'cloudTokens' : request.method,
        }),
      ),
    signInAgain: (id) => {
      signedOut.delete(id);
      return { instance: find(id), kept: { kind: 'inKeyring' } };
    },
    requestPasswordReset: () => null,
    localAccountExists: () => list.some((one) => one.kind === 'this-computer'),
    createLocalAccount: ({ firstName, lastName, email }) =>
      add(
        instance({
          id: 'local',
          kind: 'this-computer',
          name: 'This computer',
          address: 'http://127.0.0.1:41277/',
          host: '127.0.0.1:41277',
          loopback: true,
          plainHttp: true,
          displayName: `${firstName} ${lastName}`,
          email,
        }),
      ),
    signInLocally: (email) => add(instance({ id: 'local', kind: 'this-computer', email })),
    signOut: (id) => {
      signedOut.add(id);
      return { serverTold: true, leftInKeyring: null };
    },
    removeInstance: (id) => world.remove(id),
    connectionDetails: connection,
    setTrust: () => null,

    lastKnown: () => null,
    account: (id, organization) => {
      if (signedOut.has(id)) throw new HostError({ code: 'signed-out' });
      const { account, organizations } = server(id);
      const role = organizations.find((one) => one.id === organization)?.role;
      if (role !== 'viewer') return account;
      // Whoever may only look makes no keys.
      const { capabilities } = account;
      const create = { state: 'unavailable', reason: 'roleInsufficient' } as const;
      const apiKeys = { ...capabilities.apiKeys, create };
      return { ...account, capabilities: { ...capabilities, apiKeys } };
    },
    saveProfile: (id, { before, after }, password) => {
      if (password && password.current !== 'right') {
        throw new HostError({ code: 'current-password-wrong', field: 'currentPassword' });
      }
      const { account } = server(id);
      const profile = { ...account.profile };
      for (const field of Object.keys(after) as (keyof typeof after)[]) {
        if (before[field] === after[field] || profile[field] === after[field]) continue;
        if (profile[field] !== before[field]) throw new HostError({ code: 'conflict' });
        profile[field] = after[field];
      }
      server(id).account = { ...account, profile };
      return { profile, passwordChanged: password !== null, passwordError: null };
    },
    avatar: () => (avatar ? { dataUrl: avatar } : null),
    chooseAvatar: () => ({ handle: 1, dataUrl: PIXEL, width: 400, height: 300 }),
    takeAvatar: () => ({ handle: 2, dataUrl: PIXEL, width: 400, height: 300 }),
    discardAvatar: () => undefined,
    uploadAvatar: () => ({ dataUrl: (avatar = PIXEL) }),

    ...keyCommands(world),
    ...securityCommands(world),
    ...administrationCommands(world),

    clipboardState: () => clipboard,
    clearClipboard: () => cleared(),
  };

  async function call(method: Method, args: unknown[]): Promise<unknown> {
    calls.push({ method, args });
    await new Promise((resolve) => setTimeout(resolve, options.delay ?? 0));
    const planned = failures.get(method);
    if (planned && planned.left > 0) {
      planned.left -= 1;
      throw new HostError(planned.failure);
    }
    // As across the boundary to the host: an answer is never the same object twice.
    return structuredClone(await (commands[method] as (...args: unknown[]) => unknown)(...args));
  }

  const own = {
    calls,
    server,
    kept: { kind: 'inKeyring' } as KeptCopy,
    keyring: { problem: null, untilQuit: false, waiting: false } as KeyringView,
    fail: (method: Method, failure: Failure, times = 1) => {
      failures.set(method, { failure, left: times });
    },
    onClipboardChanged: (handler: (change: ClipboardChanged) => void) => {
      listeners.add(handler);
      return () => listeners.delete(handler);
    },
    onCloseRequested: (handler: () => void) => {
      closing.add(handler);
      return () => closing.delete(handler);
    },
    requestClose: () => closing.forEach((handler) => handler()),
  };
  const fake = Object.assign(
    own,
    Object.fromEntries(
      Object.keys(commands).map((method) => [
        method,
        (...args: unknown[]) => call(method as Method, args),
      ]),
    ),
  ) as unknown as FakeHost;
  return fake;
}
