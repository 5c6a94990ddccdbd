import { expect, it } from 'vitest';

import { standing } from './phrase';

it.each([
  ['', 'begun'],
  ['delete my', 'begun'],
  ['delete my account', 'matches'],
  ['Delete', 'differs'],
  ['Delete My Account', 'differs'],
  ['delete my account ', 'differs'],
  ['delete  my', 'differs'],
])('%j %s', (typed, expected) => {
  expect(standing(typed, 'delete my account')).toBe(expected);
});

it('never matches a phrase that is not known yet', () => {
  expect(standing('', '')).toBe('begun');
});
