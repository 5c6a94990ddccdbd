/**
 * What crosses the boundary to the host, as the interface knows it. Mirrors the serialised form of
 * the domain's types; nothing here can hold a stored secret.
 */

/** What went wrong, as far as a person or the interface can act on it. */
export type ErrorCode =
  | 'address-empty'
  | 'address-invalid'
  | 'address-scheme'
  | 'address-user-info'
  | 'address-deceptive'
  | 'address-plain-http'
  | 'host-not-found'
  | 'connection-refused'
  | 'connection-failed'
  | 'timed-out'
  | 'proxy-failed'
  | 'tls-untrusted'
  | 'tls-expired'
  | 'tls-host-mismatch'
  | 'tls-pin-changed'
  | 'tls-failed'
  | 'certificate-invalid'
  | 'redirected'
  | 'not-this-kind-of-server'
  | 'unexpected-answer'
  | 'answer-too-large'
  | 'wrong-credentials'
  | 'signed-out'
  | 'api-key-refused'
  | 'cloud-tokens-refused'
  | 'captcha-required'
  | 'paste-not-understood'
  | 'paste-other-host'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'input-refused'
  | 'rate-limited'
  | 'server-failed'
  | 'server-unavailable'
  | 'outcome-unknown'
  | 'not-supported'
  | 'required'
  | 'too-long'
  | 'forbidden-characters'
  | 'phone-invalid'
  | 'email-invalid'
  | 'title-taken'
  | 'expiration-past'
  | 'expiration-too-far'
  | 'current-password-wrong'
  | 'password-too-weak'
  | 'avatar-too-large'
  | 'avatar-not-an-image'
  | 'avatar-too-many-pixels'
  | 'avatar-damaged'
  | 'file-unreadable'
  | 'keyring-unavailable'
  | 'keyring-locked'
  | 'keyring-timed-out'
  | 'keyring-failed'
  | 'clipboard-failed'
  | 'configuration-read-only'
  | 'local-server-failed'
  | 'instance-unknown'
  | 'cancelled'
  | 'internal';

/** The field of a form that an error belongs to. */
export type Field =
  | 'address'
  | 'loginName'
  | 'password'
  | 'authorization'
  | 'accessToken'
  | 'apiKey'
  | 'certificate'
  | 'firstName'
  | 'lastName'
  | 'email'
  | 'phone'
  | 'position'
  | 'description'
  | 'currentPassword'
  | 'newPassword'
  | 'title'
  | 'expiration'
  | 'avatar';

/** An error on the wire. `message` is a label for logs; the words are in `src/errors`. */
export interface WireError {
  code: ErrorCode;
  message: string;
  field: Field | null;
  retryAfterMs: number | null;
  detail: string | null;
}

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Timestamp = number;

export type InstanceId = string;
export type ServerKind = 'idmp-self-hosted' | 'idmp-cloud' | 'this-computer' | 'aimms' | 'portal';
export type SignInMethod = 'password' | 'apiKey' | 'cloudTokens';

/** A kind of server that this build can connect to, and how one signs in there. */
export interface ServerKindInfo {
  kind: ServerKind;
  /** The usual one first. */
  methods: SignInMethod[];
}

export interface Trust {
  /** Certificates of one's own authority, PEM. */
  authorityPem: string | null;
  /** SHA-256 of the one certificate to accept, lower-case hex. */
  pinnedSha256: string | null;
}

/** One account on one server. */
export interface InstanceView {
  id: InstanceId;
  kind: ServerKind;
  /** The name that the person sees; the host at first. */
  name: string;
  address: string;
  /** Host and, where unusual, port. */
  host: string;
  plainHttp: boolean;
  loopback: boolean;
  signIn: SignInMethod;
  loginName: string;
  rememberPassword: boolean;
  /** Last known name and email of the account, for the switcher before anything is loaded. */
  displayName: string;
  email: string;
}

export type Theme = 'system' | 'light' | 'dark';
export type LanguageChoice = 'system' | 'en' | 'zh-cn';

export interface Preferences {
  theme: Theme;
  language: LanguageChoice;
  /** 10 to 120; `null` never. */
  clearClipboardAfterSeconds: number | null;
}

/** What went wrong with the configuration file. */
export type ConfigNotice =
  | { kind: 'corrupt'; movedTo: string | null; backupLoaded: boolean }
  | { kind: 'newerSchema'; schema: number }
  | { kind: 'notWritable' };

/** What the first paint needs: read from one small file, without network or keyring. */
export interface Start {
  version: string;
  preferences: Preferences;
  instances: InstanceView[];
  selected: InstanceId | null;
  notices: ConfigNotice[];
  kinds: ServerKindInfo[];
  configurationFolder: string;
  dataFolder: string;
}

/** A server as typed in "Connect to a server". */
export interface ServerTarget {
  kind: ServerKind;
  address: string;
  plainHttpChosen: boolean;
  trust: Trust;
}

export interface CheckedServer {
  /** The address as Keydesk will use it. */
  address: string;
  host: string;
  plainHttp: boolean;
  healthy: boolean;
  version: string | null;
}

/** The certificate that a server showed, for the decision whether to trust it. */
export interface CertificateView {
  sha256: string;
  subject: string;
  issuer: string;
  names: string[];
  notBefore: Timestamp;
  notAfter: Timestamp;
}

export interface AuthorityFile {
  fileName: string;
  pem: string;
}

/** What was found in a pasted request. The tokens stay with the host, under `handle`. */
export interface PastedView {
  handle: number;
  address: string | null;
  hasAuthorization: boolean;
  hasAccessToken: boolean;
}

export type SignInRequest =
  | { method: 'password'; loginName: string; password: string; remember: boolean }
  | { method: 'apiKey'; key: string }
  | { method: 'cloudTokens'; authorization: string; accessToken: string }
  | { method: 'pasted'; handle: number };

export interface SignedInView {
  instance: InstanceView;
  /** Why the keyring does not hold the credential: it is then kept until Keydesk quits. */
  notInKeyring: ErrorCode | null;
}

export interface NewLocalAccount {
  firstName: string;
  lastName: string;
  email: string;
  password: string;
}

export type Reason =
  'signedInWithApiKey' | 'passwordKeptElsewhere' | 'tiedToSignIn' | 'underDevelopment';

export type Availability =
  { state: 'available' } | { state: 'unavailable'; reason: Reason } | { state: 'absent' };

export type ProfileField =
  'firstName' | 'lastName' | 'email' | 'phone' | 'position' | 'description';

export interface ProfileFieldRule {
  field: ProfileField;
  edit: Availability;
  required: boolean;
  maximumLength: number;
}

export type PasswordRule =
  | { rule: 'minimumLength'; characters: number }
  | { rule: 'uppercase' }
  | { rule: 'lowercase' }
  | { rule: 'digit' }
  | { rule: 'special' };

export interface Capabilities {
  profile: { fields: ProfileFieldRule[]; avatar: Availability; avatarByteLimit: number };
  password: { change: Availability; rules: PasswordRule[]; resetMail: Availability };
  apiKeys: {
    manage: Availability;
    neverAllowed: boolean;
    maximumDays: number | null;
    expirationEditable: boolean;
    reveal: 'again' | 'once';
    titleMaximumLength: number;
    /** How a key is handed on to programs; `{key}` stands for the value. The raw value first. */
    forms: { kind: KeyFormKind; template: string }[];
  };
  secondFactor: Availability;
}

export interface Profile {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  position: string;
  description: string;
  loginType: 'password' | 'directory' | 'singleSignOn' | 'unknown';
}

export type ProfileEdit = Pick<
  Profile,
  'firstName' | 'lastName' | 'phone' | 'position' | 'description'
>;

export type Expiration = { kind: 'never' } | { kind: 'at'; at: Timestamp };

export interface ApiKey {
  id: string;
  title: string;
  masked: string;
  addedOn: Timestamp | null;
  expiration: Expiration;
  madeByServer: boolean;
}

export interface ApiKeyList {
  keys: ApiKey[];
  serverTime: Timestamp;
}

export interface NewApiKey {
  title: string;
  expiration: Expiration;
}

/** The forms in which a key is needed next. */
export type KeyFormKind = 'value' | 'header' | 'environment' | 'curl';

/** A key that was just made: the one answer that carries a secret, handed out once. */
export interface CreatedKey {
  handle: number;
  key: ApiKey;
  forms: { kind: KeyFormKind; text: string }[];
}

/** A profile and what can be done with it. */
export interface AccountView {
  profile: Profile;
  capabilities: Capabilities;
}

/** What is known from last time, by this computer's clock. */
export interface LastKnown {
  account: AccountView | null;
  keys: ApiKeyList | null;
  fetchedAt: Timestamp;
}

export interface PasswordChangeRequest {
  current: string;
  new: string;
}

/** What became of a save. Both parts can differ. */
export interface SavedView {
  profile: Profile;
  passwordChanged: boolean;
  passwordError: WireError | null;
}

export interface PictureView {
  /** A `data:` address. */
  dataUrl: string;
}

/** A picture that passed the rules and was not sent yet. */
export interface AvatarDraftView {
  handle: number;
  /** A `data:` address of the picture, upright and without metadata. */
  dataUrl: string;
  width: number;
  height: number;
}

/** A square of the draft, in its pixels. */
export interface CropView {
  x: number;
  y: number;
  size: number;
}

export interface OperationRow {
  name: string;
  request: string;
  restsOn: 'documented' | 'inferred' | 'assumed' | 'overridden';
}

/** What the connection of an instance rests on, as far as is known without asking anyone. */
export interface ConnectionView {
  /** `null` until the keyring was asked. */
  signedIn: boolean | null;
  until: Timestamp | null;
  trust: Trust;
  operations: OperationRow[];
}

/** What the clipboard does with the secret that was copied. */
export interface ClipboardChanged {
  holdsSecret: boolean;
  clearsInMs: number | null;
  clearFailed: boolean;
}

/** Whether secrets can be kept. */
export interface KeyringView {
  problem: ErrorCode | null;
  untilQuit: boolean;
  waiting: boolean;
}
