import { afterEach, describe, expect, it } from 'vitest';

import { setLanguage } from '$ui/i18n/index.svelte';
import { capabilities, profile } from '$ui/ipc/fake-data';

import { inside, middle, moved, resized, whole } from './crop';
import { fieldProblem, fill, isUntouched, newDraft, rebase } from './draft';
import { meets } from './password';
import { belongsTo, regionOf, regions, withRegion } from './regions';
import { inOrder } from './words';

describe('a draft', () => {
  it('is untouched until something is typed', () => {
    const draft = newDraft(profile);
    expect(isUntouched(draft)).toBe(true);
    draft.values.position = 'Chief';
    expect(isUntouched(draft)).toBe(false);
    expect(isUntouched({ ...newDraft(profile), newPassword: 'x' })).toBe(false);
  });

  it('follows the server where nothing was typed, and keeps what was', () => {
    const draft = newDraft(profile);
    draft.values.position = 'Chief';
    const elsewhere = { ...profile, phone: '+49 1', position: 'Lead' };
    expect(rebase(draft, elsewhere)).toEqual(['position']);
    expect(draft.values).toMatchObject({ phone: '+49 1', position: 'Chief' });
    expect(rebase(draft, elsewhere)).toEqual([]);
  });

  it('is checked against the rules of the server', () => {
    const rules = capabilities().profile;
    const problem = (change: Partial<typeof profile>) => {
      const values = { ...newDraft(profile).values, ...change };
      return fieldProblem(Object.keys(change)[0] as 'firstName', values, rules);
    };
    expect(problem({ firstName: ' ' })).toBe('required');
    expect(problem({ firstName: 'x'.repeat(10_000) })).toBe('too-long');
    expect(problem({ lastName: 'a\u202eb' })).toBe('forbidden-characters');
    expect(problem({ phone: 'call me' })).toBe('phone-invalid');
    expect(problem({ phone: '' })).toBeUndefined();
    expect(problem({ description: 'a\nb' })).toBeUndefined();
    expect(problem({ position: 'a\nb' })).toBe('forbidden-characters');
    expect(fill('firstName', { ...profile, firstName: 'x'.repeat(70) }, rules)).toEqual({
      count: 70,
      maximum: 64,
    });
    expect(fill('firstName', profile, rules)).toBeUndefined();
  });
});

describe('the fields of a profile', () => {
  const names = () => inOrder(capabilities().profile.fields).map(({ field }) => field);
  afterEach(() => setLanguage('en'));

  it('begin with the family name in Chinese, and lose none', async () => {
    const english = names();
    expect(english.slice(0, 3)).toEqual(['firstName', 'lastName', 'email']);
    await setLanguage('zh-CN');
    expect(names().slice(0, 3)).toEqual(['lastName', 'firstName', 'email']);
    expect(names()).toHaveLength(english.length);
    const [first] = capabilities().profile.fields.slice(1);
    expect(first && inOrder([first])).toEqual([first]);
  });
});

describe('a password', () => {
  it.each([
    [{ rule: 'minimumLength', characters: 8 } as const, '1234567', '12345678'],
    [{ rule: 'minimumLength', characters: 2 } as const, '👩', '👩👩'],
    [{ rule: 'uppercase' } as const, 'é', 'É'],
    [{ rule: 'lowercase' } as const, 'É', 'é'],
    [{ rule: 'digit' } as const, 'a', '4'],
    [{ rule: 'special' } as const, 'a 4', '!'],
  ])('meets %j or not', (rule, without, within) => {
    expect(meets(rule, without)).toBe(false);
    expect(meets(rule, within)).toBe(true);
  });
});

describe('the cut-out of a picture', () => {
  const picture = { width: 400, height: 300 };

  it('is the largest square in the middle at first', () => {
    expect(middle(picture)).toEqual({ x: 50, y: 0, size: 300 });
    expect(middle({ width: 1, height: 1 })).toEqual({ x: 0, y: 0, size: 1 });
  });

  it('never leaves the picture, wherever it is moved and however it is resized', () => {
    let crop = resized(middle(picture), 100, picture);
    expect(crop).toEqual({ x: 150, y: 100, size: 100 });
    crop = moved(crop, 1000, -1000, picture);
    expect(crop).toEqual({ x: 300, y: 0, size: 100 });
    expect(resized(crop, 10_000, picture)).toEqual({ x: 100, y: 0, size: 300 });
    expect(resized(crop, 1, picture).size).toBe(96);
    expect(inside({ x: -5, y: 900, size: 50 }, picture)).toEqual({ x: 0, y: 204, size: 96 });
  });

  it('is sent in whole pixels inside the picture', () => {
    expect(whole({ x: 299.6, y: 0.4, size: 100.4 }, picture)).toEqual({ x: 300, y: 0, size: 100 });
    expect(whole({ x: 0, y: 0, size: 0.4 }, { width: 1, height: 1 }).size).toBe(1);
  });
});

describe('the region of a telephone number', () => {
  it('is read from its code', () => {
    expect(regionOf('+49 40 5550123')).toBe('DE');
    expect(regionOf('+86 138 0013 8000')).toBe('CN');
    expect(regionOf('040 5550123')).toBe('');
    expect(belongsTo('+1 (604) 555-0100', 'US')).toBe(true);
    expect(belongsTo('+49 40', 'US')).toBe(false);
  });

  it('is exchanged without losing what was typed', () => {
    expect(withRegion('+49 40 5550123', 'FR')).toBe('+33 40 5550123');
    expect(withRegion('040 5550123', 'DE')).toBe('+49 40 5550123');
    expect(withRegion('', 'DE').trim()).toBe('+49');
    expect(withRegion('ext. 7', 'DE')).toBe('+49 ext. 7');
    expect(withRegion('+999 12', 'XX')).toBe('+999 12');
  });

  it('is listed by name in the person’s language', () => {
    expect(regions('en').find(({ id }) => id === 'DE')?.label).toBe('Germany (+49)');
    expect(regions('zh-CN').find(({ id }) => id === 'CN')?.label).toBe('中国 (+86)');
  });
});
