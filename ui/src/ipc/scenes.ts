/**
 * Situations to look at in a plain browser: `?scene=full&theme=dark&language=zh-cn`, with
 * `&instance=admin` another account in front.
 */
import { createFakeHost, type FakeHost } from './fake';
import { instance, otherInstances } from './fake-data';
import { adminInstance, aimmsInstance, organizationInstance } from './fake-servers';
import type { InstanceView, LanguageChoice, Theme } from './host';

/** Sixty characters without a place to break, where people have names. */
const LONG = 'Friederike-Maximiliane-Wolfeschlegelsteinhausenbergerdorffin';

function lengthen(fake: FakeHost, instances: readonly InstanceView[]): void {
  for (const { id } of instances) {
    const { account, users, directory, sessions } = fake.server(id);
    const { profile } = account;
    if (profile.firstName) Object.assign(profile, { firstName: LONG, lastName: LONG });
    if (profile.fullName) profile.fullName = LONG;
    profile.email = `${LONG.toLowerCase()}@a-rather-long-name-of-a-department.plant.example`;
    if (profile.position) profile.position = LONG;
    for (const user of users) {
      user.displayName = `${LONG} ${user.id}`;
      user.email = `${user.id}.${LONG.toLowerCase()}@portal.example`;
      user.roles = ['super-admin', 'admin', 'read-only'];
    }
    for (const entry of directory.users) Object.assign(entry, { name: LONG, detail: LONG });
    for (const session of sessions) session.userAgent = LONG;
  }
}

export function sceneFromAddress(search: string): FakeHost {
  const parameters = new URLSearchParams(search);
  const scene = parameters.get('scene') ?? 'full';
  const all = [instance(), ...otherInstances, aimmsInstance, organizationInstance, adminInstance];
  const fake = createFakeHost({
    instances: scene === 'first-run' ? [] : all,
    start: { selected: parameters.get('instance') ?? instance().id },
    keys: scene === 'many' ? 10_000 : scene === 'empty' ? 0 : 12,
    delay: scene === 'slow' ? 2500 : 30,
    preferences: {
      theme: (parameters.get('theme') ?? 'system') as Theme,
      language: (parameters.get('language') ?? 'en') as LanguageChoice,
    },
  });
  if (scene === 'long') lengthen(fake, all);
  if (scene === 'signed-out') fake.fail('account', { code: 'signed-out' });
  if (scene === 'offline') {
    const refused = {
      code: 'connection-refused',
      detail: 'idmp.plant-hamburg.example:6034',
    } as const;
    fake.fail('account', refused, 99);
    fake.fail('apiKeys', refused, 99);
  }
  if (scene === 'no-keyring') {
    fake.keyring = { problem: 'keyring-unavailable', untilQuit: false, waiting: false };
  }
  if (scene === 'untrusted') {
    fake.fail('checkServer', { code: 'tls-untrusted' }, 1);
    fake.fail('signIn', { code: 'tls-untrusted' }, 1);
  }
  return fake;
}
