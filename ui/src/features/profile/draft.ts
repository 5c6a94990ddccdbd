/**
 * An edit of the profile between Edit and Save. It lies in the store of drafts, so that it outlives
 * the screen; the passwords in it are dropped with it.
 *
 * Not here: what is on the screen, or how it is saved.
 */
import type { Capabilities, ErrorCode, Profile, ProfileEdit, ProfileField } from '$ui/ipc';
import { characters, isEmail, isPhone, textProblem } from '$ui/rules/text';

export const DRAFT = 'profile';

export type EditableField = keyof ProfileEdit;

export const EDITABLE: readonly EditableField[] = [
  'firstName',
  'lastName',
  'phone',
  'position',
  'description',
  'fullName',
  'email',
];

export interface ProfileDraft {
  /** What the server had when it was last asked. */
  base: ProfileEdit;
  values: ProfileEdit;
  newPassword: string;
  confirmPassword: string;
}

/** The part of an edit that a field of the profile is; `null` where it is never edited. */
export function editableOf(field: ProfileField): EditableField | null {
  if (field === 'displayName') return 'fullName';
  return field === 'userName' ? null : field;
}

export function editOf(profile: Profile): ProfileEdit {
  const { firstName, lastName, phone, position, description, fullName, email } = profile;
  return { firstName, lastName, phone, position, description, fullName, email };
}

export function newDraft(profile: Profile): ProfileDraft {
  return {
    base: editOf(profile),
    values: editOf(profile),
    newPassword: '',
    confirmPassword: '',
  };
}

export function isUntouched(draft: ProfileDraft): boolean {
  const passwords = draft.newPassword + draft.confirmPassword;
  return passwords === '' && EDITABLE.every((field) => draft.values[field] === draft.base[field]);
}

/**
 * Takes over what the server has now. A field that the person has not touched follows it; one that
 * both have changed keeps what the person typed, and is named in the answer.
 */
export function rebase(draft: ProfileDraft, profile: Profile): EditableField[] {
  const now = editOf(profile);
  const both: EditableField[] = [];
  for (const field of EDITABLE) {
    if (now[field] === draft.base[field]) continue;
    const touched = draft.values[field] !== draft.base[field];
    if (!touched) draft.values[field] = now[field];
    else if (draft.values[field] !== now[field]) both.push(field);
    draft.base[field] = now[field];
  }
  return both;
}

/** What is wrong with a field as it stands, if anything. */
export function fieldProblem(
  field: EditableField,
  values: ProfileEdit,
  rules: Capabilities['profile'],
): ErrorCode | undefined {
  const rule = rules.fields.find((one) => editableOf(one.field) === field);
  if (rule?.edit.state !== 'available') return undefined;
  const problem = textProblem(values[field], { ...rule, multiline: field === 'description' });
  if (problem) return problem;
  if (field === 'email' && !isEmail(values.email)) return 'email-invalid';
  return field === 'phone' && !isPhone(values.phone) ? 'phone-invalid' : undefined;
}

/** How full a field is, once it is worth saying. */
export function fill(
  field: EditableField,
  values: ProfileEdit,
  rules: Capabilities['profile'],
): { count: number; maximum: number } | undefined {
  const maximum = rules.fields.find((one) => editableOf(one.field) === field)?.maximumLength;
  // Long texts alone are counted: a name that is typed needs no arithmetic.
  if (maximum === undefined || values[field].length < maximum * 0.8) return undefined;
  return { count: characters(values[field].trim()), maximum };
}
