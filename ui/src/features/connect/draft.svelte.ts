/**
 * What is typed on the connect screen. It outlives the screen, so that a look at another account
 * loses nothing; the secrets in it do not.
 */
import { isCode } from '$ui/errors';
import {
  type AuthorityFile,
  host,
  type PastedView,
  type ServerKind,
  type SignInMethod,
  type Trust,
} from '$ui/ipc';

/** What a person signs in with, as typed. */
export interface CredentialDraft {
  loginName: string;
  password: string;
  remember: boolean;
  apiKey: string;
  authorization: string;
  accessToken: string;
  pasted: PastedView | null;
  /** A code of the second factor. */
  code: string;
  /** The server has asked for one. */
  asksForCode: boolean;
}

export function emptyCredentials(): CredentialDraft {
  return {
    loginName: '',
    password: '',
    remember: false,
    apiKey: '',
    authorization: '',
    accessToken: '',
    pasted: null,
    code: '',
    asksForCode: false,
  };
}

/** Drops a pasted request, here and in the host. */
export function forgetPasted(draft: CredentialDraft): void {
  // The host holds the newest few only: what it could not be told to forget goes as well.
  if (draft.pasted) host.forgetPastedRequest(draft.pasted.handle).catch(() => undefined);
  draft.pasted = null;
}

/** Drops a pasted request that the host refused and forgot: it is for another server. */
export function forgetRefusedPaste(draft: CredentialDraft, failure: unknown): void {
  if (isCode(failure, 'paste-other-host', 'paste-not-understood')) draft.pasted = null;
}

/** Drops every secret; names stay. */
export function dropSecrets(draft: CredentialDraft): void {
  draft.password = '';
  draft.apiKey = '';
  draft.authorization = '';
  draft.accessToken = '';
  forgetCode(draft);
  forgetPasted(draft);
}

/** What a draft needs to be asked for a second factor. */
type WithCode = Pick<CredentialDraft, 'code' | 'asksForCode'>;

/** It is another account or another server now: whether that asks for a code is not known. */
export function forgetCode(draft: WithCode): void {
  draft.code = '';
  draft.asksForCode = false;
}

/** Whether the sign-in only waits for a code. From then on the form asks for it. */
export function waitsForCode(draft: WithCode, failure: unknown): boolean {
  const waits = isCode(failure, 'second-factor-required');
  if (waits || isCode(failure, 'second-factor-refused')) draft.asksForCode = true;
  return waits;
}

/** Beyond the system's authorities: a file of one's own authority, or one certificate. */
export interface TrustDraft {
  authority: AuthorityFile | null;
  pinnedSha256: string | null;
}

export function trustOf(draft: TrustDraft): Trust {
  return {
    authorityPem: draft.authority?.pem ?? null,
    pinnedSha256: draft.pinnedSha256,
  };
}

interface ServerDraft {
  address: string;
  plainHttpChosen: boolean;
  trust: TrustDraft;
  method: SignInMethod | null;
  credentials: CredentialDraft;
}

function emptyServer(): ServerDraft {
  return {
    address: '',
    plainHttpChosen: false,
    trust: { authority: null, pinnedSha256: null },
    method: null,
    credentials: emptyCredentials(),
  };
}

export const connectDraft = $state({
  kind: null as ServerKind | null,
  servers: {} as Partial<Record<ServerKind, ServerDraft>>,
  local: { firstName: '', lastName: '', email: '', password: '', code: '', asksForCode: false },
});

/** The screen is left: no secret stays typed. */
export function dropTypedSecrets(): void {
  connectDraft.local.password = '';
  forgetCode(connectDraft.local);
  for (const server of Object.values(connectDraft.servers)) {
    if (server) dropSecrets(server.credentials);
  }
}

/** The draft for a kind of server; made at the first call. */
export function serverDraft(kind: ServerKind): ServerDraft {
  connectDraft.servers[kind] ??= emptyServer();
  return connectDraft.servers[kind];
}
