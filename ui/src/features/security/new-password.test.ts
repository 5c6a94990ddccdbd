import { screen, waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';

import { adminInstance, organizationInstance } from '$ui/ipc/fake-servers';
import { user } from '$ui/test/stage';
import { openWindow } from '$ui/test/world';

it.each([
  ['where the profile is edited first', adminInstance],
  ['where its fields are always there', organizationInstance],
])('Change Password leads to the fields of a new one %s', async (_, instance) => {
  await openWindow({ instances: [instance] });
  await user.click(await screen.findByRole('tab', { name: 'Security' }));
  await user.click(await screen.findByRole('button', { name: 'Change Password' }));
  await waitFor(() => expect(screen.getByRole('tab', { name: 'Profile' })).toBeVisible());
  await waitFor(() => expect(screen.getByLabelText('New Password')).toHaveFocus());
});
