/**
 * The host as the interface sees it: one method a command, by the command's name. The real one is
 * in `tauri.ts`, a fake in `fake.ts`. Methods reject with {@link HostError} and with nothing else.
 *
 * Secrets go in and do not come out; the one exception is {@link CreatedKey}.
 */
import type {
  AccountView,
  ApiKey,
  ApiKeyList,
  AuthorityFile,
  AvatarDraftView,
  CertificateView,
  CheckedServer,
  ClipboardChanged,
  ConnectionView,
  CreatedKey,
  CropView,
  ErrorCode,
  Expiration,
  Field,
  InstanceId,
  InstanceView,
  KeyFormKind,
  KeyringView,
  LastKnown,
  NewApiKey,
  NewLocalAccount,
  PasswordChangeRequest,
  PastedView,
  PictureView,
  Preferences,
  ProfileEdit,
  SavedView,
  ServerTarget,
  SignedInView,
  SignInRequest,
  Start,
  Trust,
  WireError,
} from './types';

export * from './types';

/** An error of the host. Its `code` leads to words and an action in `src/errors`. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: ErrorCode;
  readonly field: Field | null;
  readonly retryAfterMs: number | null;
  readonly detail: string | null;

  constructor(wire: Partial<WireError> & Pick<WireError, 'code'>) {
    super(wire.message ?? wire.code);
    this.code = wire.code;
    this.field = wire.field ?? null;
    this.retryAfterMs = wire.retryAfterMs ?? null;
    this.detail = wire.detail ?? null;
  }
}

export interface Host {
  /** Calls back whenever the clipboard is written with a secret, or emptied of it. */
  onClipboardChanged(handler: (change: ClipboardChanged) => void): () => void;

  // ---- the frame
  start(): Promise<Start>;
  setPreferences(preferences: Preferences): Promise<Preferences>;
  /** Remembers which instance is in front. */
  selectInstance(instance: InstanceId): Promise<void>;
  instances(): Promise<InstanceView[]>;
  renameInstance(instance: InstanceId, name: string): Promise<InstanceView[]>;
  keyringStatus(): Promise<KeyringView>;
  /** Tries the keyring again, and stores what is only in memory so far. */
  retryKeyring(): Promise<KeyringView>;
  /** The person's choice: keep secrets in memory until Keydesk quits. */
  keepUntilQuit(): Promise<KeyringView>;
  /** Ends what is under way: for one instance, or on the connect screen with `null`. */
  cancel(instance: InstanceId | null): Promise<void>;
  /** Copies what is no secret: an address, the details of an error. */
  copyText(text: string): Promise<void>;

  // ---- connecting
  checkServer(target: ServerTarget): Promise<CheckedServer>;
  /** The certificate of a server that is not trusted, to be looked at. */
  inspectCertificate(target: ServerTarget): Promise<CertificateView>;
  /** A native dialog for a certificate file; `null` when it was cancelled. */
  chooseAuthorityFile(): Promise<AuthorityFile | null>;
  /** Takes host and tokens out of a request that the browser copied, and forgets the rest. */
  readPastedRequest(text: string): Promise<PastedView>;
  forgetPastedRequest(handle: number): Promise<void>;
  signIn(target: ServerTarget, request: SignInRequest): Promise<SignedInView>;
  signInAgain(instance: InstanceId, request: SignInRequest): Promise<SignedInView>;
  requestPasswordReset(target: ServerTarget, email: string): Promise<void>;
  localAccountExists(): Promise<boolean>;
  /** "Try it on this computer". */
  createLocalAccount(account: NewLocalAccount): Promise<SignedInView>;
  signInLocally(email: string, password: string): Promise<SignedInView>;
  /** Answers whether the server was told. The instance stays in the list. */
  signOut(instance: InstanceId): Promise<boolean>;
  removeInstance(instance: InstanceId): Promise<InstanceView[]>;
  connectionDetails(instance: InstanceId): Promise<ConnectionView>;
  setTrust(instance: InstanceId, trust: Trust): Promise<void>;

  // ---- profile
  /** What is known from last time; asks nobody. */
  lastKnown(instance: InstanceId): Promise<LastKnown | null>;
  account(instance: InstanceId): Promise<AccountView>;
  saveProfile(
    instance: InstanceId,
    edit: ProfileEdit,
    password: PasswordChangeRequest | null,
  ): Promise<SavedView>;
  avatar(instance: InstanceId): Promise<PictureView | null>;
  /** A native dialog for a picture; `null` when it was cancelled. */
  chooseAvatar(): Promise<AvatarDraftView | null>;
  /** A picture that was dropped or pasted. */
  takeAvatar(base64: string): Promise<AvatarDraftView>;
  discardAvatar(handle: number): Promise<void>;
  uploadAvatar(instance: InstanceId, handle: number, crop: CropView): Promise<PictureView>;

  // ---- API keys
  apiKeys(instance: InstanceId): Promise<ApiKeyList>;
  createApiKey(instance: InstanceId, key: NewApiKey): Promise<CreatedKey>;
  copyCreatedApiKey(handle: number, form: KeyFormKind): Promise<ClipboardChanged>;
  /** Wipes a key that was just made; its dialog has closed. */
  closeCreatedApiKey(handle: number): Promise<void>;
  copyApiKey(instance: InstanceId, id: string, form: KeyFormKind): Promise<ClipboardChanged>;
  setApiKeyExpiration(
    instance: InstanceId,
    id: string,
    expiration: Expiration,
  ): Promise<ApiKey | null>;
  deleteApiKey(instance: InstanceId, id: string): Promise<void>;

  // ---- clipboard
  clipboardState(): Promise<ClipboardChanged>;
  /** Clears the clipboard now, if it still holds our secret. */
  clearClipboard(): Promise<ClipboardChanged>;
}
