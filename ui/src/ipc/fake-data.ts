/** An invented account of IDMP with its keys, and the kinds of server. Others: `fake-servers`. */
import type {
  Account,
  ApiKey,
  Capabilities,
  InstanceView,
  KeyForm,
  PasswordRule,
  Profile,
  ServerKindInfo,
} from './host';

export const DAY = 86_400_000;

export const kinds: ServerKindInfo[] = [
  {
    kind: 'idmp-self-hosted',
    methods: ['password', 'apiKey'],
    loginByEmail: false,
    remembersPassword: true,
    embedded: false,
    addressExample: 'idmp.example.com:6034',
    secondToken: false,
    signInPage: false,
    resetMail: true,
  },
  {
    kind: 'idmp-cloud',
    methods: ['cloudTokens', 'apiKey'],
    loginByEmail: false,
    remembersPassword: false,
    embedded: false,
    addressExample: 'https://<instance-id>.idmp.taosdata.com',
    secondToken: true,
    signInPage: true,
    resetMail: false,
  },
  {
    kind: 'aimms-cloud',
    methods: ['apiKey'],
    loginByEmail: false,
    remembersPassword: false,
    embedded: false,
    addressExample: 'https://<account>.aimms.cloud',
    secondToken: false,
    signInPage: false,
    resetMail: false,
  },
  {
    kind: 'keydesk',
    methods: ['password'],
    loginByEmail: true,
    remembersPassword: false,
    embedded: false,
    addressExample: 'https://keydesk.example.com',
    secondToken: false,
    signInPage: false,
    resetMail: false,
  },
  {
    kind: 'this-computer',
    methods: ['password'],
    loginByEmail: true,
    remembersPassword: false,
    embedded: true,
    addressExample: '',
    secondToken: false,
    signInPage: false,
    resetMail: false,
  },
];

export function instance(change: Partial<InstanceView> = {}): InstanceView {
  return {
    id: 'plant',
    kind: 'idmp-self-hosted',
    name: 'Plant Hamburg',
    address: 'https://idmp.plant-hamburg.example:6034/',
    host: 'idmp.plant-hamburg.example:6034',
    plainHttp: false,
    loopback: false,
    signIn: 'password',
    loginName: 'm.brandt',
    rememberPassword: true,
    signedOut: false,
    displayName: 'Marlene Brandt',
    email: 'marlene.brandt@plant.example',
    organization: null,
    keptKeys: [],
    keptUntilQuit: [],
    ...change,
  };
}

export const otherInstances: InstanceView[] = [
  instance({
    id: 'cloud',
    kind: 'idmp-cloud',
    name: 'Fleet analytics',
    address: 'https://i7f2.idmp.taosdata.com/',
    host: 'i7f2.idmp.taosdata.com',
    signIn: 'cloudTokens',
    loginName: '',
    rememberPassword: false,
    displayName: '布兰特 玛琳',
    email: 'm.brandt@fleet.example',
  }),
  instance({
    id: 'lab',
    name: 'A laboratory with a very long name that nobody would ever shorten, Building 7',
    address: 'http://10.20.30.40:6042/',
    host: '10.20.30.40:6042',
    plainHttp: true,
    displayName: 'Marlene Brandt',
    email: 'brandt@lab.example',
  }),
  instance({
    id: 'local',
    kind: 'this-computer',
    name: 'This computer',
    address: 'http://127.0.0.1:41277/',
    host: '127.0.0.1:41277',
    plainHttp: true,
    loopback: true,
    displayName: 'Marlene Brandt',
    email: 'me@example.com',
  }),
];

export const profile: Profile = {
  id: 'u-1',
  firstName: 'Marlene',
  lastName: 'Brandt',
  email: 'marlene.brandt@plant.example',
  phone: '+49 40 5550123',
  position: 'Process engineer',
  description: 'Looks after the mixing lines and everything that measures them.',
  userName: '',
  fullName: '',
  loginType: 'password',
  facts: [],
};

export const available = { state: 'available' } as const;
export const absent = { state: 'absent' } as const;

export const passwordRules: PasswordRule[] = [
  { rule: 'minimumLength', characters: 8 },
  { rule: 'uppercase' },
  { rule: 'lowercase' },
  { rule: 'digit' },
  { rule: 'special' },
];

/** The forms of a key, on a server at this address that reads it from this header. */
export function keyForms(header: string, variable: string, address: string): KeyForm[] {
  return [
    { kind: 'value', template: '{key}' },
    { kind: 'header', template: header },
    { kind: 'environment', template: `export ${variable}={key}` },
    { kind: 'curl', template: `curl -H "${header}" "${address}"` },
  ];
}

export function capabilities(change: Partial<Capabilities> = {}): Capabilities {
  return {
    profile: {
      fields: [
        { field: 'firstName', edit: available, required: true, maximumLength: 64 },
        { field: 'lastName', edit: available, required: true, maximumLength: 64 },
        {
          field: 'email',
          edit: { state: 'unavailable', reason: 'tiedToSignIn' },
          required: true,
          maximumLength: 254,
        },
        { field: 'phone', edit: available, required: false, maximumLength: 32 },
        { field: 'position', edit: available, required: false, maximumLength: 128 },
        { field: 'description', edit: available, required: false, maximumLength: 1000 },
      ],
      savesByItself: false,
      avatar: available,
      avatarByteLimit: 1_000_000,
    },
    password: {
      change: available,
      rules: passwordRules,
      resetMail: available,
    },
    apiKeys: {
      manage: available,
      create: available,
      delete: available,
      words: 'title',
      description: false,
      scopes: [],
      expiration: { kind: 'chosen' },
      neverAllowed: true,
      maximumDays: null,
      expirationEditable: true,
      reveal: 'again',
      masked: true,
      lastUsed: false,
      revoke: false,
      details: false,
      metrics: false,
      titleMaximumLength: 64,
      titleUnique: true,
      forms: keyForms(
        'Authorization: Bearer {key}',
        'IDMP_API_KEY',
        'https://idmp.plant-hamburg.example:6034/api/v1/users',
      ),
    },
    secondFactor: {
      manage: { state: 'unavailable', reason: 'underDevelopment' },
      removal: absent,
      recoveryCodes: false,
      asksForPassword: false,
    },
    sessions: absent,
    securityLog: absent,
    deletion: absent,
    organizations: absent,
    users: {
      view: absent,
      create: absent,
      edit: absent,
      resetPassword: absent,
      delete: absent,
      roles: [],
      passwordRules: [],
    },
    directory: absent,
    pages: [],
    ...change,
  };
}

export function account(): Account {
  return { profile: { ...profile }, capabilities: capabilities() };
}

const TITLES = [
  'ci-build',
  'mcp-client',
  'grafana',
  'nightly-export',
  'line-7-gateway',
  'notebook',
];

/** So many keys, newest first; one expired, one about to, some for ever. */
export function apiKeys(count: number, now: number): ApiKey[] {
  return Array.from({ length: count }, (_, index) => {
    const expiresIn = [null, 4.5, -3, 90, 365, null][index % 6] ?? null;
    const title = TITLES[index % TITLES.length] ?? 'key';
    return {
      id: `k-${index}`,
      title: index < TITLES.length ? title : `${title}-${index}`,
      description: '',
      masked: `api_${(index * 7919 + 4096).toString(36)}••••••••${(index % 997).toString(36)}`,
      scopes: [],
      status: 'active',
      addedOn: now - index * DAY * 0.4 - DAY,
      expiration:
        expiresIn === null ? { kind: 'never' } : { kind: 'at', at: now + expiresIn * DAY },
      lastUsed: null,
      madeByServer: index % 11 === 10,
    };
  });
}
