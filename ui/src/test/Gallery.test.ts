import { render, screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';

import { useHost } from '$ui/ipc';
import { createFakeHost } from '$ui/ipc/fake';

import { expectAccessible } from './axe';
import Gallery from './Gallery.svelte';

const user = userEvent.setup();

beforeEach(() => {
  useHost(createFakeHost());
  render(Gallery);
});

test('axe has nothing to say about any component', async () => {
  await expectAccessible();
});

test('a dialog takes the focus, closes on Esc and gives the focus back', async () => {
  const opener = screen.getByRole('button', { name: 'Dialog' });
  await user.click(opener);
  const dialog = await screen.findByRole('dialog', { name: 'Edit Expiration' });
  await waitFor(() => expect(dialog).toContainElement(document.activeElement as HTMLElement));
  await expectAccessible(dialog);
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  await waitFor(() => expect(opener).toHaveFocus());
});

test('a confirmation starts on Cancel, so that Enter destroys nothing', async () => {
  await user.click(screen.getByRole('button', { name: 'Delete' }));
  const dialog = await screen.findByRole('alertdialog', { name: 'Delete ci-build?' });
  await waitFor(() => expect(within(dialog).getByText('Cancel')).toHaveFocus());
});

test('only the rows in view exist, and the arrow keys walk over all of them', async () => {
  const table = screen.getByRole('grid', { name: 'Rows' });
  expect(table).toHaveAttribute('aria-rowcount', '501');
  const rows = within(table).getAllByRole('row');
  expect(rows.length).toBeLessThan(40);
  rows[1]?.focus();
  await user.keyboard('{ArrowDown}{ArrowDown}');
  await waitFor(() => expect(document.activeElement).toHaveAttribute('aria-rowindex', '4'));
  await user.keyboard('{End}');
  await waitFor(() => expect(document.activeElement).toHaveAttribute('aria-rowindex', '501'));
});

test('a field speaks its error, and a password can be looked at', async () => {
  expect(screen.getByRole('textbox', { name: 'Server address' })).toHaveAccessibleDescription(
    'This address is not encrypted.',
  );
  const password = screen.getByPlaceholderText('secret');
  expect(password).toHaveAttribute('type', 'password');
  await user.click(screen.getByRole('button', { name: 'Show Password' }));
  expect(password).toHaveAttribute('type', 'text');
});

test('every part of a date can be typed by keyboard and is named', () => {
  const group = screen.getByRole('group', { name: 'Expiration Date' });
  for (const part of [/month/, /day/, /year/, /hour/, /minute/]) {
    expect(within(group).getByRole('spinbutton', { name: part })).toBeInTheDocument();
  }
});
