/** The session's keyring, looked into from outside. */
import { mustRun } from './run';

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
