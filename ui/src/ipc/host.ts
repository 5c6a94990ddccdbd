/**
 * The host as the interface sees it: one method a command, drawn from the generated bindings, so
 * that a change in Rust is a type error here. Methods reject with {@link HostError} and with
 * nothing else.
 *
 * Secrets go in and do not come out; the one exception is `CreatedKey`.
 */
import type {
  ApiKeyList,
  ClipboardChanged,
  commands,
  ErrorCode,
  Field,
  InstanceId,
  IpcError,
  Language,
  OrganizationId,
  Preferences,
} from './bindings';

export type * from './bindings';

/** An error as it crosses the boundary. */
export type WireError = IpcError;
/** What a person chose as the language; "system" is one of the choices. */
export type LanguageChoice = Language;
/** Preferences with every member there. */
export type AllPreferences = Required<Preferences>;

type Commands = typeof commands;
/** A command's answer, taken out of its typed result. */
type Answer<R> = R extends { status: 'ok'; data: infer D }
  ? D
  : R extends { status: 'error' }
    ? never
    : R;

export type CommandName = keyof Commands;

export type Host = {
  [C in Exclude<CommandName, 'apiKeys'>]: (
    ...args: Parameters<Commands[C]>
  ) => Promise<Answer<Awaited<ReturnType<Commands[C]>>>>;
} & {
  /** Every key of the account, newest first. That a long list comes in parts is not told here. */
  apiKeys(instance: InstanceId, organization: OrganizationId | null): Promise<ApiKeyList>;
  /** Calls back whenever the clipboard is written with a secret, or emptied of it. */
  onClipboardChanged(handler: (change: ClipboardChanged) => void): () => void;
  /** Calls back when the person wants to close the window while something is noted as unsaved. */
  onCloseRequested(handler: () => void): () => void;
};

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
