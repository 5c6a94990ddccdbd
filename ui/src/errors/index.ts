/**
 * From whatever was thrown to words: {@link explain} for banners and notices, {@link fieldError}
 * for forms. The words themselves are in the table and in `i18n`.
 */
import { type MessageKey, t } from '$ui/i18n/index.svelte';
import { type ErrorCode, type Field, HostError } from '$ui/ipc';

import { actionLabels, errorTable, type ErrorAction, type ErrorTone } from './table';

export type { ErrorAction, ErrorTone } from './table';

export interface Explanation {
  code: ErrorCode;
  tone: ErrorTone;
  title: string;
  meaning: string;
  action: ErrorAction | null;
  actionLabel: string | null;
  /** Facts for support, to be copied; no secret. */
  details: string | null;
  retryAfterMs: number | null;
}

/** A failure of any origin as a {@link HostError}; what is none is a defect of the interface. */
export function asHostError(error: unknown): HostError {
  if (error instanceof HostError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new HostError({ code: 'internal', message, detail: message });
}

export function isCode(error: unknown, ...codes: ErrorCode[]): boolean {
  return error instanceof HostError && codes.includes(error.code);
}

/** Whether a new sign-in, by whatever means the instance has, would help. */
export function asksForSignIn(error: unknown): boolean {
  return isCode(error, 'signed-out', 'api-key-refused', 'cloud-tokens-refused');
}

/** The words for a failure. Reads the language: call it where it is shown. */
export function explain(failure: unknown): Explanation {
  const error = asHostError(failure);
  // A host newer than this interface may know codes that the table does not.
  const known = (errorTable as Partial<typeof errorTable>)[error.code];
  const row = known ?? errorTable.internal;
  const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1000);
  const meaning: MessageKey = error.detail && row.detailed ? row.detailed : row.meaning;
  return {
    code: error.code,
    tone: row.tone,
    title: t(row.title),
    meaning: t(meaning, { detail: error.detail ?? '', seconds }),
    action: row.action,
    actionLabel: row.action ? t(actionLabels[row.action]) : null,
    details: [`${error.code}: ${error.message}`, error.detail].filter(Boolean).join('\n'),
    retryAfterMs: error.retryAfterMs,
  };
}

/** The sentence for what a form itself finds wrong. */
export function sentence(code: ErrorCode): string {
  return explain(new HostError({ code })).title;
}

/** The sentence beside the field that the failure belongs to, or `undefined`. */
export function fieldError(failure: unknown, field: Field): string | undefined {
  if (!(failure instanceof HostError) || failure.field !== field) return undefined;
  const { title, meaning } = explain(failure);
  const row = (errorTable as Partial<typeof errorTable>)[failure.code];
  return row?.detailed && failure.detail ? `${title} ${meaning}` : title;
}

/** Whether the failure is told beside one of these fields, so that no banner repeats it. */
export function belongsToField(failure: unknown, fields: readonly Field[]): boolean {
  return failure instanceof HostError && failure.field !== null && fields.includes(failure.field);
}
