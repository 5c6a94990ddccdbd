import { expect, test } from 'vitest';

import { profile } from '$ui/ipc/fake-data';

import { joinedName, wholeName } from './names';

test.each([
  ['Marlene', 'Brandt', 'Marlene Brandt'],
  ['晓明', '王', '王晓明'],
  [' 晓明 ', '王 ', '王晓明'],
  ['Xiaoming', '王', 'Xiaoming 王'],
  ['晓明', 'Wang', '晓明 Wang'],
  ['', '王', '王'],
  ['Marlene', '', 'Marlene'],
  ['', '', ''],
])('%j and %j are one name, %j', (first, last, whole) => {
  expect(joinedName(first, last)).toBe(whole);
});

test('a whole name goes before its parts, and a user name stands in for both', () => {
  expect(wholeName({ ...profile, fullName: 'M. Brandt' })).toBe('M. Brandt');
  const nameless = { ...profile, fullName: '', firstName: '', lastName: '' };
  expect(wholeName({ ...nameless, userName: 'mbrandt' })).toBe('mbrandt');
  expect(wholeName({ ...nameless, userName: '' })).toBe('');
});
