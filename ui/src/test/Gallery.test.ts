import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, test } from 'vitest';

import { useHost } from '$ui/ipc';
import { createFakeHost } from '$ui/ipc/fake';

import { expectAccessible } from './axe';
import Gallery from './Gallery.svelte';
import { allRows } from './rows';

const user = userEvent.setup();

beforeEach(async () => {
  useHost(createFakeHost());
  render(Gallery);
  await allRows();
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

describe('the focus in a long table', () => {
  const table = () => screen.getByRole('grid', { name: 'Rows' });
  const row = (index: number) => table().querySelector<HTMLElement>(`[data-index="${index}"]`);
  const onRow = (index: number) => waitFor(() => expect(row(index)).toHaveFocus());

  test('goes by pages and to the ends, and is the one stop for Tab there', async () => {
    row(0)?.focus();
    await user.keyboard('{PageDown}');
    await onRow(12); // as many as fit into 600 pixels under the head
    const stops = [...table().querySelectorAll<HTMLElement>('*')].filter(
      ({ tabIndex }) => tabIndex === 0,
    );
    expect(stops).toEqual([row(12)]);
    await user.keyboard('{PageUp}{ArrowDown}');
    await onRow(1);
    await user.keyboard('{End}');
    await onRow(499);
    await user.keyboard('{ArrowDown}');
    await onRow(499);
    await user.keyboard('{Home}');
    await onRow(0);
  });

  test('stays on its row when that is scrolled out of view, and leads back to it', async () => {
    row(1)?.focus();
    const viewport = table().parentElement as HTMLElement;
    viewport.scrollTop = 300 * 44;
    await fireEvent.scroll(viewport);
    await waitFor(() => expect(row(301)).toBeInTheDocument());
    expect(row(1)).toHaveFocus();
    await user.keyboard('{ArrowDown}');
    await onRow(2);
    expect(viewport.scrollTop).toBe(2 * 44);
  });

  test('moves by no key that is part of a shortcut', async () => {
    row(1)?.focus();
    await user.keyboard('{Control>}{End}{/Control}{Alt>}{ArrowDown}{/Alt}');
    expect(row(1)).toHaveFocus();
  });
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
