/**
 * What the fake host answers about keys, security and other people's accounts. It keeps the rules
 * that screens rely on: a unique title, the phrase of a deletion, a code of six digits.
 */
import { DAY, instance } from './fake-data';
import { serverFor, type FakeServer } from './fake-servers';
import {
  type ApiKey,
  type ClipboardChanged,
  type CommandName,
  type ConnectionView,
  type Host,
  HostError,
  type InstanceId,
  type InstanceView,
  type KeptCopy,
  type OrganizationId,
  type QrView,
  type User,
} from './host';

export type Implementation = {
  [M in CommandName]: (...args: Parameters<Host[M]>) => Awaited<ReturnType<Host[M]>>;
};

/** What the commands share. */
export interface World {
  server(id: InstanceId): FakeServer;
  find(id: InstanceId): InstanceView;
  put(instance: InstanceView): void;
  remove(id: InstanceId): InstanceView[];
  copied(): ClipboardChanged;
  connection(id: InstanceId): ConnectionView;
  /** What becomes of a copy that shall be kept. */
  kept(): KeptCopy;
}

const PAGE = 50;

function refuse(code: HostError['code'], field: HostError['field'] = null): never {
  throw new HostError({ code, field });
}

/** A part of a list, and what to ask the next part with. */
function part<T>(all: readonly T[], after: string | null): { rows: T[]; next: string | null } {
  const from = Number(after ?? 0);
  const next = from + PAGE < all.length ? String(from + PAGE) : null;
  return { rows: all.slice(from, from + PAGE), next };
}

function keysIn(server: FakeServer, organization: OrganizationId | null): ApiKey[] {
  const known = server.keys.get(organization ?? '') ?? [];
  server.keys.set(organization ?? '', known);
  return known;
}

/** The list that a key is in, and its place there. */
function place(server: FakeServer, id: string): { list: ApiKey[]; at: number; key: ApiKey } {
  for (const list of server.keys.values()) {
    const at = list.findIndex((key) => key.id === id);
    const key = list[at];
    if (key) return { list, at, key };
  }
  return refuse('not-found');
}

export function keyCommands(world: World) {
  const { server, find, put } = world;
  let made = 0;
  let created = '';

  const isKept = (id: InstanceId, key: string): boolean => {
    const { keptKeys, keptUntilQuit } = find(id);
    return keptKeys.includes(key) || keptUntilQuit.includes(key);
  };

  function keep(id: InstanceId, key: string, where?: KeptCopy['kind']): void {
    const view = find(id);
    const placed = (list: string[], here: boolean): string[] => {
      const others = list.filter((one) => one !== key);
      return here ? [...others, key] : others;
    };
    put({
      ...view,
      keptKeys: placed(view.keptKeys, where === 'inKeyring'),
      keptUntilQuit: placed(view.keptUntilQuit, where === 'untilQuit'),
    });
  }

  return {
    apiKeys: (id, organization) => ({
      keys: [...keysIn(server(id), organization)],
      serverTime: Date.now(),
      organization,
    }),
    createApiKey: (id, organization, asked, wanted) => {
      const rules = server(id).account.capabilities.apiKeys;
      const keys = keysIn(server(id), organization);
      const title = asked.title.trim();
      if (rules.titleUnique && keys.some((key) => key.title.toLowerCase() === title.toLowerCase()))
        refuse('title-taken', 'title');
      const { days } = rules.expiration.kind === 'fixed' ? rules.expiration : { days: null };
      made += 1;
      created = `api_${made}n.dGhpcyBpcyBub3QgYSBzZWNyZXQgYXQgYWxs`;
      const key: ApiKey = {
        id: `k-new-${made}`,
        title,
        description: asked.description,
        masked: rules.masked ? `api_${made}n••••••••` : '',
        scopes: asked.scopes,
        status: 'active',
        addedOn: Date.now(),
        expiration: days === null ? asked.expiration : { kind: 'at', at: Date.now() + days * DAY },
        lastUsed: null,
        madeByServer: false,
      };
      keys.unshift(key);
      const kept = wanted && rules.reveal === 'once' ? world.kept() : null;
      if (kept) keep(id, key.id, kept.kind);
      const forms = rules.forms.map(({ kind, template }) => ({
        kind,
        text: template.replace('{key}', created),
      }));
      return { handle: made, key, forms, kept };
    },
    copyCreatedApiKey: () => world.copied(),
    closeCreatedApiKey: () => void (created = ''),
    copyApiKey: (id, _, key) => {
      const once = server(id).account.capabilities.apiKeys.reveal === 'once';
      if (once && !isKept(id, key)) refuse('not-supported');
      return world.copied();
    },
    setApiKeyExpiration: (id, key, expiration) => {
      const { list, at, key: before } = place(server(id), key);
      return (list[at] = { ...before, expiration });
    },
    deleteApiKey: (id, key) => {
      const { list, at } = place(server(id), key);
      list.splice(at, 1);
      if (isKept(id, key)) keep(id, key);
      return null;
    },
    revokeApiKey: (id, key) => {
      const { list, at, key: before } = place(server(id), key);
      keep(id, key);
      return (list[at] = { ...before, status: 'revoked' });
    },
    apiKeyDetails: (id, key) => {
      const { key: found } = place(server(id), key);
      const used = found.lastUsed !== null;
      const usage = Array.from({ length: 30 }, (_, index) => ({
        day: new Date(Date.now() - (29 - index) * DAY).toISOString().slice(0, 10),
        calls: used ? Math.round(180 * Math.abs(Math.sin(index * 1.7)) + index * 4) : 0,
      }));
      const revoked = found.status === 'revoked';
      return { key: found, usage, revokedOn: revoked ? Date.now() - 2 * DAY : null };
    },
    keyMetrics: (id, organization) => {
      const keys = keysIn(server(id), organization);
      const ended = ({ expiration }: ApiKey): boolean =>
        expiration.kind === 'at' && expiration.at <= Date.now();
      const standing = keys.filter(({ status }) => status === 'active');
      return {
        total: keys.length,
        active: standing.filter((key) => !ended(key)).length,
        expired: standing.filter(ended).length,
        callsToday: 12_847,
      };
    },
    forgetKeptKey: (id, key) => {
      keep(id, key);
      return null;
    },
  } satisfies Partial<Implementation>;
}

/** A pattern that looks like a QR code and is none. */
const QR: QrView = {
  size: 21,
  path: Array.from({ length: 441 }, (_, at) => at)
    .filter((at) => (at * 7 + Math.floor(at / 21) * 5) % 3 === 0)
    .map((at) => `M${at % 21} ${Math.floor(at / 21)}h1v1h-1z`)
    .join(''),
};

const codes = () => Array.from({ length: 10 }, (_, at) => `k7f${at}-93qd-x${at}w2`);

export function securityCommands(world: World) {
  const { server } = world;

  function checkCode(code: string): void {
    if (!/^\d{6}$|^k7f/.test(code.trim()) || code === '000000')
      refuse('second-factor-refused', 'code');
  }

  return {
    secondFactor: (id) => server(id).secondFactor,
    beginSecondFactor: (id, { password, code }) => {
      if (password === 'wrong') refuse('current-password-wrong', 'currentPassword');
      if (server(id).secondFactor.enabled) checkCode(code);
      return { handle: 71, secret: 'JBSWY3DPEHPK3PXP', qr: QR };
    },
    confirmSecondFactor: (id, code) => {
      checkCode(code);
      const { recoveryCodes } = server(id).account.capabilities.secondFactor;
      server(id).secondFactor = {
        enabled: true,
        since: Date.now(),
        recoveryCodesLeft: recoveryCodes ? 10 : null,
      };
      return recoveryCodes ? { handle: 72, codes: codes() } : null;
    },
    removeSecondFactor: (id, proof) => {
      checkCode(proof.code);
      server(id).secondFactor = { enabled: false, since: null, recoveryCodesLeft: null };
      return null;
    },
    replaceRecoveryCodes: (id, proof) => {
      checkCode(proof.code);
      server(id).secondFactor = { ...server(id).secondFactor, recoveryCodesLeft: 10 };
      return { handle: 73, codes: codes() };
    },
    copyShownSecret: () => world.copied(),
    closeShownSecret: () => undefined,
    accountSessions: (id) => [...server(id).sessions],
    endAccountSession: (id, session) => {
      server(id).sessions = server(id).sessions.filter((one) => one.id !== session);
      return null;
    },
    endOtherSessions: (id) => {
      server(id).sessions = server(id).sessions.filter((one) => one.current);
      return null;
    },
    securityLog: (id, after) => {
      const { rows, next } = part(server(id).log, after);
      return { events: rows, next };
    },
    deletionTerms: (id) => server(id).terms,
    deleteAccount: (id, phrase, password) => {
      if (phrase !== server(id).terms.phrase) refuse('phrase-mismatch', 'phrase');
      if (password === 'wrong') refuse('current-password-wrong', 'currentPassword');
      return { instances: world.remove(id), leftInKeyring: null };
    },
  } satisfies Partial<Implementation>;
}

export function administrationCommands(world: World) {
  const { server } = world;

  function userOf(id: InstanceId, user: string): User {
    return server(id).users.find((one) => one.id === user) ?? refuse('not-found');
  }

  function replaceUser(id: InstanceId, next: User): User {
    server(id).users = server(id).users.map((one) => (one.id === next.id ? next : one));
    return next;
  }

  return {
    organizations: (id) => server(id).organizations,
    selectOrganization: (id, organization) => {
      world.put({ ...world.find(id), organization });
      return null;
    },
    users: (id, { search, next }) => {
      const wanted = search.trim().toLowerCase();
      const found = server(id).users.filter((user) =>
        `${user.email}\n${user.displayName}`.toLowerCase().includes(wanted),
      );
      const page = part(found, next);
      return { users: page.rows, next: page.next, total: found.length, serverTime: Date.now() };
    },
    createUser: (id, { email, displayName, roles }) => {
      if (server(id).users.some((user) => user.email === email)) refuse('email-taken', 'email');
      const user: User = {
        id: `user-${email}`,
        email,
        displayName,
        roles,
        active: true,
        lastLogin: null,
        isSelf: false,
        version: '1',
      };
      server(id).users.unshift(user);
      return user;
    },
    editUser: (id, user, { displayName, roles, active, version }) => {
      const before = userOf(id, user);
      if (before.version !== version) refuse('conflict');
      const next = { ...before, displayName, roles, active, version: `${Number(version) + 1}` };
      return replaceUser(id, next);
    },
    resetUserPassword: (id, user) => {
      userOf(id, user);
      return null;
    },
    deleteUser: (id, user) => {
      const { id: gone } = userOf(id, user);
      server(id).users = server(id).users.filter((one) => one.id !== gone);
      return null;
    },
    lookUp: (id, { kind, search, descending, offset }) => {
      const wanted = search.trim().toLowerCase();
      const found = server(id).directory[kind].filter(({ name }) =>
        name.toLowerCase().includes(wanted),
      );
      found.sort((a, b) => (descending ? -1 : 1) * a.name.localeCompare(b.name));
      return {
        entries: found.slice(offset, offset + PAGE),
        more: found.length > offset + PAGE,
      };
    },
    learnContract: (id) => {
      server(id).builtInOperations = false;
      server(id).contract = {
        source: { from: 'server' },
        version: 'TDengine IDMP API 1.0.14',
        readAt: Date.now(),
      };
      server(id).operations = server(id).operations.map((operation, index) => ({
        ...operation,
        finding:
          index === 2
            ? {
                finding: 'foundElsewhere',
                request: 'GET /api/v2/me/keys',
                fields: { title: 'name' },
              }
            : { finding: 'confirmed' },
      }));
      return world.connection(id);
    },
    keepContractCurrent: () => false,
    forgetContract: (id) => {
      server(id).contract = null;
      server(id).builtInOperations = true;
      server(id).operations = server(id).operations.map((operation) => ({
        ...operation,
        finding: null,
        confirmed: false,
      }));
      return world.connection(id);
    },
    importContract: (id) => {
      server(id).builtInOperations = false;
      server(id).contract = {
        source: { from: 'file', name: 'openapi.yaml' },
        version: 'TDengine IDMP API 1.0.13',
        readAt: Date.now(),
      };
      return world.connection(id);
    },
    confirmOperation: (id, operation, confirmed) => {
      server(id).operations = server(id).operations.map((one) =>
        one.name === operation ? { ...one, confirmed } : one,
      );
      return world.connection(id);
    },
    openPortalPage: () => null,
  } satisfies Partial<Implementation>;
}

/** The servers of a fake host, each made when it is first asked for. */
export function serversOf(
  given: Record<InstanceId, FakeServer>,
  find: (id: InstanceId) => InstanceView | undefined,
  keys: number,
): (id: InstanceId) => FakeServer {
  const known = new Map(Object.entries(given));
  return (id) => {
    const server = known.get(id) ?? serverFor(find(id) ?? instance({ id }), keys);
    known.set(id, server);
    return server;
  };
}
