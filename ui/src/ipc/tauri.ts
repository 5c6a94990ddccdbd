/** The real host: Tauri's commands and events. Failures become a {@link HostError}. */
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';

import { type ClipboardChanged, type Host, HostError, type WireError } from './host';

function isWireError(failure: unknown): failure is WireError {
  return typeof failure === 'object' && failure !== null && 'code' in failure;
}

async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (failure) {
    if (isWireError(failure)) throw new HostError(failure);
    throw new HostError({ code: 'internal', message: String(failure) });
  }
}

export const tauriHost: Host = {
  onClipboardChanged: (handler) => {
    const listening = listen<ClipboardChanged>('clipboard-changed', (event) =>
      handler(event.payload),
    );
    return () => void listening.then((unlisten) => unlisten());
  },

  start: () => call('start'),
  setPreferences: (preferences) => call('set_preferences', { preferences }),
  selectInstance: (instance) => call('select_instance', { instance }),
  instances: () => call('instances'),
  renameInstance: (instance, name) => call('rename_instance', { instance, name }),
  keyringStatus: () => call('keyring_status'),
  retryKeyring: () => call('retry_keyring'),
  keepUntilQuit: () => call('keep_until_quit'),
  cancel: (instance) => call('cancel', { instance }),
  copyText: (text) => call('copy_text', { text }),

  checkServer: (target) => call('check_server', { target }),
  inspectCertificate: (target) => call('inspect_certificate', { target }),
  chooseAuthorityFile: () => call('choose_authority_file'),
  readPastedRequest: (text) => call('read_pasted_request', { text }),
  forgetPastedRequest: (handle) => call('forget_pasted_request', { handle }),
  signIn: (target, request) => call('sign_in', { target, request }),
  signInAgain: (instance, request) => call('sign_in_again', { instance, request }),
  requestPasswordReset: (target, email) => call('request_password_reset', { target, email }),
  localAccountExists: () => call('local_account_exists'),
  createLocalAccount: (account) => call('create_local_account', { account }),
  signInLocally: (email, password) => call('sign_in_locally', { email, password }),
  signOut: (instance) => call('sign_out', { instance }),
  removeInstance: (instance) => call('remove_instance', { instance }),
  connectionDetails: (instance) => call('connection_details', { instance }),
  setTrust: (instance, trust) => call('set_trust', { instance, trust }),

  lastKnown: (instance) => call('last_known', { instance }),
  account: (instance) => call('account', { instance }),
  saveProfile: (instance, edit, password) => call('save_profile', { instance, edit, password }),
  avatar: (instance) => call('avatar', { instance }),
  chooseAvatar: () => call('choose_avatar'),
  takeAvatar: (base64) => call('take_avatar', { base64 }),
  discardAvatar: (handle) => call('discard_avatar', { handle }),
  uploadAvatar: (instance, handle, crop) => call('upload_avatar', { instance, handle, crop }),

  apiKeys: (instance) => call('api_keys', { instance }),
  createApiKey: (instance, key) => call('create_api_key', { instance, new: key }),
  copyCreatedApiKey: (handle, form) => call('copy_created_api_key', { handle, form }),
  closeCreatedApiKey: (handle) => call('close_created_api_key', { handle }),
  copyApiKey: (instance, id, form) => call('copy_api_key', { instance, id, form }),
  setApiKeyExpiration: (instance, id, expiration) =>
    call('set_api_key_expiration', { instance, id, expiration }),
  deleteApiKey: (instance, id) => call('delete_api_key', { instance, id }),

  clipboardState: () => call('clipboard_state'),
  clearClipboard: () => call('clear_clipboard'),
};
