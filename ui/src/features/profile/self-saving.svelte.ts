/**
 * An edit that saves itself: a field as it is left, or when typing pauses. One request is under way
 * at a time, so that no answer can overtake another; what was typed meanwhile goes with the next.
 * What could not be saved stays as typed and is tried again.
 *
 * Not here: what is on the screen; passwords, which are never saved by themselves.
 */
import { asHostError, asksForSignIn, isCode } from '$ui/errors';
import {
  type Capabilities,
  type ErrorCode,
  host,
  type InstanceId,
  type Profile,
  type ProfileEdit,
} from '$ui/ipc';
import { changeAccount } from '$ui/state/account.svelte';
import { draft } from '$ui/state/drafts.svelte';
import { refresh } from '$ui/state/query';
import { requestSignIn } from '$ui/state/sign-in.svelte';

import { EDITABLE, type EditableField, editOf, fieldProblem } from './draft';

/** The draft of this name holds a {@link SelfSaving}. */
export const SELF_SAVING = 'profile/fields';

/** How long a person may think while they type before what is there is saved. */
const PAUSE_MS = 1200;

/** How far the saving of one field has come. */
export type Progress = 'saving' | 'saved' | 'failed';

export class SelfSaving {
  /** As typed. */
  values = $state<ProfileEdit>() as ProfileEdit;
  /** What the server takes; kept up to date by whoever shows the fields. */
  rules = $state.raw<Capabilities['profile']>() as Capabilities['profile'];
  /** The fields that changed on the server while the person did. */
  changedElsewhere = $state.raw<readonly EditableField[]>([]);

  readonly #instance: InstanceId;
  /** What the server had when it was last heard. */
  #base = $state.raw<ProfileEdit>() as ProfileEdit;
  #saving = $state.raw<readonly EditableField[]>([]);
  #saved = $state.raw<readonly EditableField[]>([]);
  /** Judged only once they were left: nobody is told of a mistake they are about to mend. */
  #left = $state.raw<readonly EditableField[]>([]);
  #failures = $state.raw<Partial<Record<EditableField, unknown>>>({});
  /** Where a word is being composed with an input method: what is there is not yet what is meant. */
  #composing: EditableField | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #waits = $state(false);
  /** From the first request to the last answer; between two, others hear of the answer and ask. */
  #sends = false;

  constructor(instance: InstanceId, profile: Profile, rules: Capabilities['profile']) {
    this.#instance = instance;
    this.#base = editOf(profile);
    this.values = editOf(profile);
    this.rules = rules;
  }

  /** Whether all that was typed is saved. */
  get isSaved(): boolean {
    return EDITABLE.every((field) => !this.#differs(field));
  }

  /** Whether the server asks to wait; then it is tried again by itself. */
  get waits(): boolean {
    return this.#waits;
  }

  progress(field: EditableField): Progress | undefined {
    if (this.#saving.includes(field)) return 'saving';
    if (this.#failures[field] !== undefined) return 'failed';
    return this.#saved.includes(field) && !this.#differs(field) ? 'saved' : undefined;
  }

  /** Why a field could not be saved. */
  failure(field: EditableField): unknown {
    return this.#failures[field];
  }

  /** What is wrong with a field as it stands, once it is worth saying. */
  problem(field: EditableField): ErrorCode | undefined {
    const problem = fieldProblem(field, this.values, this.rules);
    return problem !== 'required' || this.#left.includes(field) ? problem : undefined;
  }

  /** What the server has of a field. */
  base(field: EditableField): string {
    return this.#base[field];
  }

  /** The person has typed: what is there is saved when they pause, and are composing no word. */
  typed(field: EditableField, composing = false): void {
    this.#composing = composing ? field : null;
    this.#forget(field);
    clearTimeout(this.#pause);
    if (!composing) this.#pause = setTimeout(() => void this.save(), PAUSE_MS);
  }

  /** The person has left a field: it is saved now. */
  leave(field: EditableField): void {
    this.#composing = null;
    this.#left = [...this.#left.filter((other) => other !== field), field];
    if (!this.#differs(field)) this.values[field] = this.#base[field];
    void this.save();
  }

  /** Saves what can be saved, now. */
  async save(): Promise<void> {
    clearTimeout(this.#pause);
    if (this.#sends) return;
    this.#sends = true;
    let ready = this.#ready();
    while (ready.length > 0) {
      await this.#send(ready);
      ready = this.#ready();
    }
    this.#sends = false;
  }

  /** Tries again what could not be saved, unless the server asks to wait. */
  async retry(): Promise<void> {
    if (this.#waits) return;
    this.#failures = {};
    await this.save();
  }

  /**
   * The server was heard again: what failed on the way to it is tried once more. What it refused is
   * the person's to decide.
   */
  async retryUnsent(): Promise<void> {
    if (this.#waits) return;
    const refused = EDITABLE.filter((field) => isRefused(this.#failures[field]));
    this.#failures = pick(this.#failures, refused);
    await this.save();
  }

  /** Takes over what the server has now; what the person typed stays. */
  adopt(profile: Profile): void {
    const now = editOf(profile);
    const both = EDITABLE.filter(
      (field) => now[field] !== this.#base[field] && this.#differs(field),
    ).filter((field) => this.values[field].trim() !== now[field].trim());
    const untouched = EDITABLE.filter((field) => !this.#differs(field));
    const before = this.#base;
    this.#base = now;
    for (const field of untouched) {
      // A space at the end is not yet a change, and not to be taken away under the cursor.
      if (now[field] !== before[field]) this.values[field] = now[field];
    }
    if (both.length > 0) this.changedElsewhere = both;
  }

  #differs(field: EditableField): boolean {
    return this.values[field].trim() !== this.#base[field].trim();
  }

  #forget(field: EditableField): void {
    this.#saved = this.#saved.filter((other) => other !== field);
    this.#failures = { ...this.#failures, [field]: undefined };
  }

  /** What differs, is finished, is allowed, and has not just been refused. */
  #ready(): EditableField[] {
    // Signed out or removed meanwhile, there is nowhere to save it to.
    if (this.#waits || draft(this.#instance, SELF_SAVING) !== this) return [];
    return EDITABLE.filter(
      (field) =>
        this.#differs(field) &&
        field !== this.#composing &&
        this.#failures[field] === undefined &&
        fieldProblem(field, this.values, this.rules) === undefined,
    );
  }

  async #send(fields: readonly EditableField[]): Promise<void> {
    const before = { ...this.#base };
    const edit = { ...before };
    for (const field of fields) edit[field] = this.values[field];
    this.#saving = fields;
    try {
      const { profile } = await host.saveProfile(this.#instance, { before, after: edit }, null);
      const now = editOf(profile);
      for (const field of fields) {
        // The server is what it is: what was sent is not sent again because it came out otherwise.
        if (this.values[field] === edit[field] && now[field].trim() !== edit[field].trim()) {
          this.values[field] = now[field];
        }
      }
      this.#base = { ...this.#base, ...pick(now, fields) };
      this.adopt(profile);
      this.#saved = [...this.#saved.filter((field) => !fields.includes(field)), ...fields];
      this.changedElsewhere = this.changedElsewhere.filter((field) => !fields.includes(field));
      changeAccount(this.#instance, (old) => ({ ...old, profile }));
    } catch (failure) {
      this.#refuse(fields, failure);
    } finally {
      this.#saving = [];
    }
  }

  #refuse(fields: readonly EditableField[], failure: unknown): void {
    const { field: named, retryAfterMs } = asHostError(failure);
    const own = fields.filter(
      (field) => field === named || (field === 'fullName' && named === 'displayName'),
    );
    const refused = own.length > 0 ? own : fields;
    this.#failures = {
      ...this.#failures,
      ...Object.fromEntries(refused.map((field) => [field, failure])),
    };
    if (asksForSignIn(failure)) {
      void requestSignIn(this.#instance).then((signedIn) => {
        if (signedIn) void this.retry();
      });
    } else if (isCode(failure, 'conflict')) {
      // What the server has now is told beside the field; until it was read, every try would end so.
      void refresh(this.#instance, 'account');
    } else if (retryAfterMs !== null) {
      this.#waits = true;
      setTimeout(() => {
        this.#waits = false;
        void this.retry();
      }, retryAfterMs);
    }
  }
}

function isRefused(failure: unknown): boolean {
  if (failure === undefined) return false;
  return isCode(failure, 'conflict') || asHostError(failure).field !== null;
}

function pick<T>(
  from: Partial<Record<EditableField, T>>,
  fields: readonly EditableField[],
): Partial<Record<EditableField, T>> {
  return Object.fromEntries(fields.map((field) => [field, from[field]]));
}
