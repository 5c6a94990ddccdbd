/**
 * An edit of a user while its dialog is open, and what becomes of it when someone else has changed
 * the same user.
 *
 * Not here: the dialog, the sending.
 */
import type { User, UserEdit } from '$ui/ipc';

export type EditedField = 'displayName' | 'roles' | 'active';

export interface UserDraft {
  /** What the server had when it was last asked. */
  base: UserEdit;
  values: UserEdit;
}

function editOf({ displayName, roles, active, version }: User): UserEdit {
  return { displayName, roles: [...roles], active, version };
}

export function newDraft(user: User): UserDraft {
  return { base: editOf(user), values: editOf(user) };
}

const FIELDS: readonly EditedField[] = ['displayName', 'roles', 'active'];

function same(field: EditedField, one: UserEdit, other: UserEdit): boolean {
  if (field !== 'roles') return one[field] === other[field];
  return (
    one.roles.length === other.roles.length && one.roles.every((role) => other.roles.includes(role))
  );
}

export function isUntouched({ base, values }: UserDraft): boolean {
  return FIELDS.every((field) => same(field, values, base));
}

/**
 * Takes over what the server has now. A field that the person has not touched follows it; one that
 * both have changed keeps what the person chose, and is named in the answer.
 */
export function rebase(draft: UserDraft, user: User): EditedField[] {
  const now = editOf(user);
  const both = FIELDS.filter(
    (field) =>
      !same(field, draft.values, draft.base) &&
      !same(field, now, draft.base) &&
      !same(field, draft.values, now),
  );
  const kept = (field: EditedField) => !same(field, draft.values, draft.base);
  draft.values = {
    displayName: kept('displayName') ? draft.values.displayName : now.displayName,
    roles: kept('roles') ? draft.values.roles : [...now.roles],
    active: kept('active') ? draft.values.active : now.active,
    version: now.version,
  };
  draft.base = now;
  return both;
}
