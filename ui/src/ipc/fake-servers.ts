/** One invented server a way in which Keydesk is used, and the accounts that people have there. */
import {
  absent,
  account,
  apiKeys,
  available,
  capabilities,
  DAY,
  instance,
  keyForms,
  passwordRules,
  profile,
} from './fake-data';
import { accountSessions, deletionTerms, directory, securityLog, users } from './fake-people';
import type {
  Account,
  AccountSession,
  ApiKey,
  ContractView,
  DeletionTerms,
  DirectoryEntry,
  DirectoryKind,
  InstanceView,
  OperationRow,
  Organization,
  OrganizationId,
  ProfileField,
  ProfileFieldRule,
  Reason,
  SecondFactor,
  SecurityEvent,
  User,
} from './host';

/** What a server has for one account. Tests change it as they like. */
export interface FakeServer {
  account: Account;
  organizations: Organization[];
  /** By organization; under `''` where keys belong to none. */
  keys: Map<OrganizationId, ApiKey[]>;
  secondFactor: SecondFactor;
  sessions: AccountSession[];
  log: SecurityEvent[];
  terms: DeletionTerms;
  users: User[];
  directory: Record<DirectoryKind, DirectoryEntry[]>;
  operations: OperationRow[];
  contract: ContractView | null;
  builtInOperations: boolean;
}

const OPERATIONS: OperationRow[] = (
  [
    ['sign-in', 'POST /api/v1/users/login', 'documented'],
    ['current-user', 'GET /api/v1/users', 'inferred'],
    ['list-keys', 'GET /api/v1/users/api-keys', 'assumed'],
  ] as const
).map(([name, request, restsOn]) => ({
  name,
  request,
  restsOn,
  finding: null,
  confirmed: false,
}));

function locked(reason: Reason): ProfileFieldRule['edit'] {
  return { state: 'unavailable', reason };
}

function field(field: ProfileField, edit: ProfileFieldRule['edit']): ProfileFieldRule {
  return { field, edit, required: field !== 'email', maximumLength: 128 };
}

function base(own: Account, keys: ApiKey[]): FakeServer {
  return {
    account: own,
    organizations: [],
    keys: new Map([['', keys]]),
    secondFactor: { enabled: false, since: null, recoveryCodesLeft: null },
    sessions: [],
    log: [],
    terms: deletionTerms,
    users: [],
    directory: { users: [], groups: [], environments: [] },
    operations: OPERATIONS,
    contract: null,
    builtInOperations: false,
  };
}

/** IDMP, in the cloud or not. */
export function idmpServer(keys = 6, now = Date.now()): FakeServer {
  return base(account(), apiKeys(keys, now));
}

export const aimmsInstance: InstanceView = instance({
  id: 'aimms',
  kind: 'aimms-cloud',
  name: 'Acme planning',
  address: 'https://acme.aimms.cloud/',
  host: 'acme.aimms.cloud',
  signIn: 'apiKey',
  loginName: '',
  rememberPassword: false,
  email: 'm.brandt@acme.example',
  keptKeys: ['publish-from-ci'],
});

/** AIMMS Cloud: the name of a key is its identity, and there is no masked value. */
export function aimmsServer(keys = 6, now = Date.now()): FakeServer {
  const names = ['publish-from-ci', 'task-runner', 'webui-sessions', 'user-sync', 'keydesk'];
  const scopes = [
    ['Authentication', 'Allows operations on Environments, Groups and Users'],
    [
      'PublishApp',
      'Allows management of AIMMS applications (e.g., publishing, updating, editing, deleting apps)',
    ],
    ['Tasks', 'Allows management of Tasks'],
    ['APIKey', 'Permits operations on API keys themselves (e.g., creating, deleting keys)'],
    [
      'Session',
      'Enables operations related to WebUI, Solve and Task sessions (e.g., get session information, retrieve logs, terminate, delete session)',
    ],
  ].map(([name = '', description = '']) => ({ name, description }));
  const own: Account = {
    profile: {
      ...profile,
      firstName: '',
      lastName: '',
      phone: '',
      position: '',
      description: '',
      userName: 'mbrandt',
      fullName: 'Marlene Brandt',
      email: 'm.brandt@acme.example',
      facts: [
        { kind: 'account', values: ['acme'] },
        { kind: 'environment', values: ['ROOT'] },
        { kind: 'groups', values: ['modelers', 'publishers'] },
      ],
    },
    capabilities: capabilities({
      profile: {
        fields: [
          field('userName', locked('tiedToSignIn')),
          field('fullName', locked('onlyInBrowser')),
          field('email', locked('onlyInBrowser')),
        ],
        savesByItself: false,
        avatar: absent,
        avatarByteLimit: 0,
      },
      password: { change: locked('onlyInBrowser'), rules: [], resetMail: absent },
      apiKeys: {
        ...capabilities().apiKeys,
        words: 'keyName',
        scopes,
        neverAllowed: false,
        maximumDays: 365,
        expirationEditable: false,
        reveal: 'once',
        masked: false,
        forms: keyForms(
          'apikey: {key}',
          'AIMMS_API_KEY',
          'https://acme.aimms.cloud/pro/user-manager/v1/user/@current/info',
        ),
      },
      secondFactor: {
        manage: locked('onlyInBrowser'),
        removal: absent,
        recoveryCodes: false,
        asksForPassword: false,
      },
      directory: available,
      pages: ['profile', 'security', 'apiKeys'],
    }),
  };
  const list = apiKeys(keys, now).map((key, index): ApiKey => {
    const name = names[index] ?? `worker-${index}`;
    const days = [200, 5, -12, 364, 90, 30][index % 6] ?? 30;
    return {
      ...key,
      id: name,
      title: name,
      masked: '',
      addedOn: null,
      expiration: { kind: 'at', at: now + days * DAY - 3_600_000 },
      scopes: scopes.slice(0, (index % 5) + 1).map((scope) => scope.name),
      madeByServer: false,
    };
  });
  return { ...base(own, list), directory: directory() };
}

export const organizationInstance: InstanceView = instance({
  id: 'organization',
  kind: 'keydesk',
  name: 'Northwind portal',
  address: 'https://keydesk.northwind.example/',
  host: 'keydesk.northwind.example',
  loginName: 'marlene@northwind.example',
  email: 'marlene@northwind.example',
  organization: 'org-1',
});

const SECURITY = {
  secondFactor: {
    manage: available,
    removal: available,
    recoveryCodes: true,
    asksForPassword: true,
  },
  sessions: available,
  securityLog: available,
} as const;

/** The organization portal: in the second organization the person may only look. */
export function organizationServer(keys = 6, now = Date.now()): FakeServer {
  const labels = [
    'Production API Key',
    'Staging deploy pipeline',
    'Nightly export to the data warehouse (Frankfurt), rotated every year by the platform team',
    'Grafana',
    '本地开发',
    'Billing reconciliation',
  ];
  const own: Account = {
    profile: {
      ...profile,
      phone: '',
      position: '',
      description: '',
      email: 'marlene@northwind.example',
    },
    capabilities: capabilities({
      profile: {
        fields: [
          field('email', locked('tiedToSignIn')),
          field('firstName', available),
          field('lastName', available),
        ],
        savesByItself: true,
        avatar: available,
        avatarByteLimit: 1_000_000,
      },
      password: { change: available, rules: passwordRules, resetMail: absent },
      apiKeys: {
        ...capabilities().apiKeys,
        words: 'description',
        expiration: { kind: 'fixed', days: 365 },
        neverAllowed: false,
        maximumDays: 365,
        expirationEditable: false,
        reveal: 'once',
        details: true,
        titleMaximumLength: 200,
        titleUnique: false,
        forms: keyForms(
          'Authorization: Bearer {key}',
          'KEYDESK_API_KEY',
          'https://keydesk.northwind.example/portal/v1/account',
        ),
      },
      ...SECURITY,
      deletion: available,
      organizations: available,
    }),
  };
  const list = apiKeys(keys, now).map((key, index): ApiKey => {
    const title = labels[index % labels.length] ?? '';
    const age = [3, 361, 400, 120, 20, 90][index % 6] ?? 3;
    return {
      ...key,
      title: index < labels.length ? title : `${title} ${index}`,
      masked: `kd_${(index * 7919 + 4096).toString(36)}••••${(index * 31 + 4099).toString(36)}`,
      addedOn: now - age * DAY,
      expiration: { kind: 'at', at: now + (365 - age) * DAY },
      madeByServer: false,
    };
  });
  return {
    ...base(own, []),
    organizations: [
      { id: 'org-1', name: 'Northwind Traders', role: 'admin' },
      { id: 'org-2', name: 'Contoso Research and Development, Europe', role: 'viewer' },
    ],
    keys: new Map([
      ['org-1', list],
      ['org-2', list.slice(3, 5).map((key) => ({ ...key, id: `${key.id}-2` }))],
    ]),
    sessions: accountSessions(now),
    log: securityLog(60, now),
  };
}

export const adminInstance: InstanceView = instance({
  id: 'admin',
  kind: 'keydesk',
  name: 'Northwind admin portal',
  address: 'https://admin.northwind.example/',
  host: 'admin.northwind.example',
  loginName: 'marlene.brandt@portal.example',
  email: 'marlene.brandt@portal.example',
  keptKeys: ['k-1'],
});

/** The admin portal, seen by a super-admin. */
export function adminServer(keys = 6, now = Date.now()): FakeServer {
  const purposes = [
    'Builds and publishes the nightly images',
    '',
    'Dashboards in the control room; read only, shared by the three shifts and the on-call engineer',
  ];
  const scopes = [
    { name: 'read', description: 'Read your account, and the users where your role may' },
    { name: 'write', description: 'Edit users where your role may' },
    { name: 'admin', description: 'Create and delete users, and reset their passwords' },
  ];
  const own: Account = {
    profile: {
      ...profile,
      firstName: '',
      lastName: '',
      phone: '',
      position: '',
      description: '',
      fullName: 'Marlene Brandt',
      email: 'marlene.brandt@portal.example',
      facts: [{ kind: 'roles', values: ['super-admin'] }],
    },
    capabilities: capabilities({
      profile: {
        fields: [field('email', locked('tiedToSignIn')), field('displayName', available)],
        savesByItself: false,
        avatar: available,
        avatarByteLimit: 1_000_000,
      },
      password: { change: available, rules: passwordRules, resetMail: absent },
      apiKeys: {
        ...capabilities().apiKeys,
        words: 'name',
        description: true,
        scopes,
        expirationEditable: false,
        reveal: 'once',
        lastUsed: true,
        revoke: true,
        details: true,
        metrics: true,
        titleUnique: false,
        forms: keyForms(
          'Authorization: Bearer {key}',
          'KEYDESK_API_KEY',
          'https://admin.northwind.example/portal/v1/users',
        ),
      },
      ...SECURITY,
      deletion: { state: 'unavailable', reason: 'lastOfItsKind' },
      users: {
        view: available,
        create: available,
        edit: available,
        resetPassword: available,
        delete: available,
        roles: [
          { name: 'super-admin', description: 'Manage users and everything else', grantable: true },
          { name: 'admin', description: 'See and edit users', grantable: true },
          { name: 'read-only', description: 'Look at everything but users', grantable: true },
        ],
        passwordRules,
      },
    }),
  };
  const list = apiKeys(keys, now).map((key, index): ApiKey => ({
    ...key,
    description: purposes[index % purposes.length] ?? '',
    masked: `kd_${(index * 7919 + 4096).toString(36)}••••${(index * 31 + 4099).toString(36)}`,
    scopes: scopes.slice(0, (index % 3) + 1).map((scope) => scope.name),
    status: index % 6 === 3 ? 'revoked' : 'active',
    lastUsed: index % 4 === 1 ? null : now - index * index * 3_100_000 - 40_000,
    madeByServer: false,
  }));
  return {
    ...base(own, list),
    sessions: accountSessions(now),
    log: securityLog(60, now),
    users: users(23, now),
  };
}

/** The server of an instance for which a test or a scene names none. */
export function serverFor(instance: InstanceView | undefined, keys: number): FakeServer {
  if (instance?.kind === 'aimms-cloud') return aimmsServer(keys);
  if (instance?.kind !== 'keydesk') return idmpServer(keys);
  return instance.organization === null ? adminServer(keys) : organizationServer(keys);
}
