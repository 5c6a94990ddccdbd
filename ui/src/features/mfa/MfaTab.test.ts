import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';

import { useHost } from '$ui/ipc';
import { createFakeHost } from '$ui/ipc/fake';
import { instance } from '$ui/ipc/fake-data';
import { expectAccessible } from '$ui/test/axe';
import WithQueries from '$ui/test/WithQueries.svelte';

import MfaTab from './MfaTab.svelte';

it('says that a second factor is under development where the server does', async () => {
  const one = instance({ id: 'mfa' });
  useHost(createFakeHost({ instances: [one] }));
  render(WithQueries, { props: { component: MfaTab, props: { instance: one } } });
  expect(
    await screen.findByText('Multi-factor authentication is under development'),
  ).toBeInTheDocument();
  await expectAccessible();
});
