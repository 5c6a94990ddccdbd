import { expect, it } from 'vitest';

import type { User } from '$ui/ipc';

import { isUntouched, newDraft, rebase } from './edit';

const user: User = {
  id: 'u-1',
  email: 'priya@example.com',
  displayName: 'Priya',
  roles: ['admin'],
  active: true,
  lastLogin: null,
  isSelf: false,
  version: '1',
};

it('is no edit while nothing differs, in whatever order the roles stand', () => {
  const draft = newDraft({ ...user, roles: ['admin', 'read-only'] });
  draft.values.roles = ['read-only', 'admin'];
  expect(isUntouched(draft)).toBe(true);
  draft.values.roles = ['read-only'];
  expect(isUntouched(draft)).toBe(false);
});

it('follows the server where the person changed nothing, and keeps what they did', () => {
  const draft = newDraft(user);
  draft.values.displayName = 'Priya R.';
  draft.values.active = false;
  const both = rebase(draft, {
    ...user,
    displayName: 'P. Raman',
    roles: ['admin', 'read-only'],
    version: '2',
  });
  expect(both).toEqual(['displayName']);
  expect(draft.values).toEqual({
    displayName: 'Priya R.',
    roles: ['admin', 'read-only'],
    active: false,
    version: '2',
  });
  expect(draft.base.displayName).toBe('P. Raman');
});

it('calls nothing a difference where both chose the same', () => {
  const draft = newDraft(user);
  draft.values.roles = ['admin', 'read-only'];
  expect(rebase(draft, { ...user, roles: ['read-only', 'admin'], version: '2' })).toEqual([]);
  expect(isUntouched(draft)).toBe(true);
});
