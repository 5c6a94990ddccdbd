import { screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { instance } from '$ui/ipc/fake-data';
import { openDraft } from '$ui/state/drafts.svelte';
import { refresh } from '$ui/state/query';
import { ready } from '$ui/test/frame';
import { openWindow } from '$ui/test/world';

const user = userEvent.setup();

test('many requests that fail for one reason open one sheet, and what was typed is kept', async () => {
  const fake = await openWindow({ instances: [instance()] });
  await ready();
  const draft = openDraft('plant', 'anything', () => ({ firstName: 'typed' }));
  fake.fail('account', { code: 'signed-out' }, 2);
  fake.fail('apiKeys', { code: 'signed-out' }, 2);
  await Promise.all([refresh('plant'), refresh('plant', 'account')]);
  const sheet = await screen.findByRole('dialog', { name: 'Sign in to Plant Hamburg' });
  expect(screen.getAllByRole('dialog')).toHaveLength(1);
  fake.fail('account', { code: 'signed-out' }, 0);
  await user.type(within(sheet).getByLabelText('Password'), 'secret{Enter}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await ready();
  expect(draft.firstName).toBe('typed');
});

test('a sheet that was put off does not come back by itself, and there is a way back to it', async () => {
  const fake = await openWindow({ instances: [instance()] });
  fake.fail('account', { code: 'signed-out' }, 99);
  await refresh('plant');
  await user.click(await screen.findByRole('button', { name: 'Not now' }));
  await refresh('plant');
  expect(screen.queryByRole('dialog')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByRole('dialog', { name: /^Sign in to/ })).toBeVisible();
});

test('a second factor is asked for in the sheet, and a refused field has the focus', async () => {
  const fake = await openWindow({ instances: [instance()] });
  await ready();
  fake.fail('account', { code: 'signed-out' }, 99);
  await refresh('plant', 'account');
  const sheet = await screen.findByRole('dialog', { name: 'Sign in to Plant Hamburg' });
  const password = within(sheet).getByLabelText('Password');
  await user.type(password, '{Enter}');
  await waitFor(() => expect(password).toHaveAccessibleDescription('This is needed.'));
  await waitFor(() => expect(password).toHaveFocus());

  fake.fail('signInAgain', { code: 'second-factor-required' });
  await user.type(password, 'secret{Enter}');
  const code = await within(sheet).findByRole('textbox', { name: 'Code' });
  await waitFor(() => expect(code).toHaveFocus());
  fake.fail('signInAgain', { code: 'second-factor-refused', field: 'code' });
  await user.type(code, '111111{Enter}');
  await waitFor(() => expect(code).toHaveAccessibleDescription(/used already/));
  expect(password).toHaveValue('secret');
  fake.fail('account', { code: 'signed-out' }, 0);
  await user.clear(code);
  await user.type(code, 'abcd-efgh{Enter}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(fake.calls.findLast(({ method }) => method === 'signInAgain')?.args[1]).toMatchObject({
    code: 'abcd-efgh',
  });
});
