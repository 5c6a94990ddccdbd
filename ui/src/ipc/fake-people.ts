/** Invented people, sessions, events and directories for the fake host. */
import { DAY } from './fake-data';
import type {
  AccountSession,
  DeletionTerms,
  DirectoryEntry,
  DirectoryKind,
  SecurityEvent,
  SecurityEventKind,
  User,
} from './host';

const HOUR = 3_600_000;

const NAMES = [
  'Marlene Brandt',
  'Tomás Aguilar Rodríguez',
  '李 慧敏',
  'Oluwaseun Adebayo',
  'Anne-Sophie Montgomery-Featherstonehaugh',
  'Jiří Dvořák',
  'Priya Raman',
  'Sam Okafor',
];

/** So many users; the first one is the account itself. */
export function users(count: number, now: number): User[] {
  const roles = [['super-admin'], ['admin'], ['read-only'], ['admin', 'read-only']];
  return Array.from({ length: count }, (_, index) => {
    const name = NAMES[index % NAMES.length] ?? '';
    const again = index < NAMES.length ? '' : ` ${index}`;
    const address = `${index === 0 ? 'marlene.brandt' : `user.${index}`}@portal.example`;
    return {
      id: `user-${index}`,
      email: address,
      displayName: name + again,
      roles: roles[index % roles.length] ?? [],
      active: index % 7 !== 5,
      lastLogin: index % 5 === 3 ? null : now - index * 7 * HOUR - 4 * 60_000,
      isSelf: index === 0,
      version: '1',
    };
  });
}

export function accountSessions(now: number): AccountSession[] {
  const at = (id: string, hours: number, userAgent: string, address: string): AccountSession => ({
    id,
    created: now - hours * HOUR,
    lastUsed: now - (hours * HOUR) / 3,
    expires: now + 7 * DAY,
    userAgent,
    address,
    current: false,
  });
  return [
    { ...at('s-1', 2, 'Keydesk/0.1.0 (Linux)', '192.0.2.17'), lastUsed: now, current: true },
    at('s-2', 31, 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) Safari/605.1.15', '198.51.100.4'),
    at('s-3', 260, '', '2001:db8:85a3::8a2e:370:7334'),
  ];
}

/** So many entries of the security log, newest first. */
export function securityLog(count: number, now: number): SecurityEvent[] {
  const kinds: [SecurityEventKind, string][] = [
    ['signedIn', ''],
    ['apiKeyCreated', 'Production API Key'],
    ['signInFailed', ''],
    ['profileChanged', ''],
    ['sessionEnded', ''],
    ['apiKeyDeleted', 'staging'],
    ['passwordChanged', ''],
    ['signedOut', ''],
    ['other', ''],
  ];
  return Array.from({ length: count }, (_, index) => {
    const [kind, subject] = kinds[index % kinds.length] ?? (['other', ''] as const);
    return {
      id: `e-${index}`,
      at: now - index * 5 * HOUR - 60_000,
      kind,
      subject,
      userAgent:
        index % 3 === 1 ? 'Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0' : 'Keydesk/0.1.0',
      address: index % 4 === 2 ? '203.0.113.99' : '192.0.2.17',
    };
  });
}

export const deletionTerms: DeletionTerms = {
  consequences: [
    { kind: 'account', text: 'Your account and profile are removed.', count: null },
    { kind: 'apiKeys', text: 'API keys stop working at once.', count: 7 },
    { kind: 'organizations', text: 'You leave these organizations.', count: 2 },
    { kind: 'other', text: 'Your place on the waiting list is given away.', count: null },
  ],
  phrase: 'delete my account',
  asksForPassword: true,
};

export function directory(): Record<DirectoryKind, DirectoryEntry[]> {
  return {
    users: Array.from({ length: 130 }, (_, index) => ({
      name: `user${String(index).padStart(3, '0')}`,
      detail: NAMES[index % NAMES.length] ?? '',
      email: index % 6 === 4 ? '' : `user${index}@acme.example`,
    })),
    groups: ['analysts', 'modelers', 'publishers', 'viewers'].map((name) => ({
      name,
      detail: 'ROOT',
      email: '',
    })),
    environments: ['ROOT', 'Finance', 'Supply chain'].map((name) => ({
      name,
      detail: '',
      email: '',
    })),
  };
}
