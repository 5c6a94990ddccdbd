/** The words in English: one file a room. A key is in both languages, see `messages.test.ts`. */
import apiKeys from './api-keys.json';
import common from './common.json';
import connect from './connect.json';
import dangerZone from './danger-zone.json';
import directory from './directory.json';
import errors from './errors.json';
import frame from './frame.json';
import mfa from './mfa.json';
import preferences from './preferences.json';
import profile from './profile.json';
import security from './security.json';
import users from './users.json';

export default {
  ...apiKeys,
  ...common,
  ...connect,
  ...dangerZone,
  ...directory,
  ...errors,
  ...frame,
  ...mfa,
  ...preferences,
  ...profile,
  ...security,
  ...users,
};
