/** The session's keyring, looked into from outside, locked, and unlocked by a person. */
import { mustRun, run } from './run';
import { pause, until } from './wait';

const BUS = ['call', '--session', '--dest', 'org.freedesktop.secrets'];

/** The object paths of all items. */
export async function keyringItems(): Promise<string[]> {
  const answer = await mustRun('gdbus', [
    ...BUS,
    '--object-path',
    '/org/freedesktop/secrets',
    '--method',
    'org.freedesktop.Secret.Service.SearchItems',
    '{}',
  ]);
  return answer.match(/\/org\/freedesktop\/secrets\/[^']+/g) ?? [];
}

/** What others can read of an item without its secret: label and attributes. */
export async function describeItem(path: string): Promise<string> {
  return mustRun('gdbus', [
    ...BUS,
    '--object-path',
    path,
    '--method',
    'org.freedesktop.DBus.Properties.GetAll',
    'org.freedesktop.Secret.Item',
  ]);
}

/** Empties it, so that one story leaves nothing to the next. */
export async function clearKeyring(): Promise<void> {
  for (const path of await keyringItems()) {
    await mustRun('gdbus', [
      ...BUS,
      '--object-path',
      path,
      '--method',
      'org.freedesktop.Secret.Item.Delete',
    ]);
  }
}

/** The keyring that opens with the session, and what opens it (`xtask/src/desktop.rs`). */
const COLLECTION = '/org/freedesktop/secrets/collection/login';
const PASSWORD = 'session';

/** Locks it, as a desktop does after a while. */
export async function lockKeyring(): Promise<void> {
  // Who asks for the password is started by the bus, and must know of the display.
  await mustRun('dbus-update-activation-environment', ['DISPLAY', 'XAUTHORITY']);
  await mustRun('gdbus', [
    ...[...BUS, '--object-path', '/org/freedesktop/secrets'],
    ...['--method', 'org.freedesktop.Secret.Service.Lock', `['${COLLECTION}']`],
  ]);
}

async function isLocked(): Promise<boolean> {
  const answer = await mustRun('gdbus', [
    ...[...BUS, '--object-path', COLLECTION],
    ...['--method', 'org.freedesktop.DBus.Properties.Get'],
    ...['org.freedesktop.Secret.Collection', 'Locked'],
  ]);
  return answer.includes('true');
}

async function promptIsOpen(): Promise<boolean> {
  const { code } = await run('xdotool', ['search', '--onlyvisible', '--name', '^Unlock']);
  return code === 0;
}

/** Waits for the keyring's own prompt, and types its password or waves it away. */
export async function answersPrompt(how: 'unlocks' | 'declines'): Promise<void> {
  await until('the keyring asks for its password', promptIsOpen);
  await pause(300); // it takes the keyboard once it is drawn
  if (how === 'unlocks') {
    await mustRun('xdotool', ['type', PASSWORD]);
    await mustRun('xdotool', ['key', 'Return']);
  } else {
    await mustRun('xdotool', ['key', 'Escape']);
  }
  await until('the prompt is gone', async () => !(await promptIsOpen()));
}

/** Leaves it unlocked for the next story, however this one ended. */
export async function unlockKeyring(): Promise<void> {
  while (await promptIsOpen()) {
    await answersPrompt('declines');
  }
  if (await isLocked()) {
    const stored = run('secret-tool', ['store', '--label', 'unlock', 'keydesk-session', 'unlock'], {
      input: 'unlock',
    });
    await answersPrompt('unlocks');
    await stored;
    await clearKeyring();
  }
}
