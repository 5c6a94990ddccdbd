import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { expect, it } from 'vitest';

import { instance as someInstance } from '$ui/ipc/fake-data';
import { expectAccessible } from '$ui/test/axe';
import { asked, openTab, type Stage, user } from '$ui/test/stage';

import ProfileTab from './ProfileTab.svelte';

async function opened(): Promise<Stage> {
  const stage = openTab(ProfileTab, someInstance());
  await screen.findByRole('button', { name: 'Edit' });
  return stage;
}

const press = (name: string) => user.click(screen.getByRole('button', { name }));
const picture = (size: number) => new File([new Uint8Array(size)], 'me.png', { type: 'image/png' });
const drop = (file: File) =>
  fireEvent.drop(window, { dataTransfer: { types: ['Files'], files: [file] } });

it('is chosen, cut out by keyboard, and uploaded', async () => {
  const { fake, instance } = await opened();
  await press('Change avatar');
  const dialog = await screen.findByRole('dialog', { name: 'Change avatar' });
  await expectAccessible(dialog);
  const stage = within(dialog).getByRole('application');
  await waitFor(() => expect(stage).toHaveFocus());
  await user.keyboard('{ArrowLeft}{ArrowLeft}+');
  expect(within(dialog).getByRole('slider', { name: 'Zoom' })).not.toHaveValue('0');
  await press('Upload');
  expect(await screen.findByText('Avatar changed')).toBeInTheDocument();
  const crop = asked(fake, 'uploadAvatar')[0]?.[2] as { x: number; size: number };
  expect(asked(fake, 'uploadAvatar')[0]?.slice(0, 2)).toEqual([instance.id, 1]);
  expect(crop.size).toBe(Math.round(300 / 1.1));
  expect(crop.x).toBeLessThan(50 + (300 - crop.size) / 2);
  await waitFor(() => expect(document.querySelector('.avatar img')).toBeInTheDocument());
  await waitFor(() => expect(screen.getByRole('button', { name: 'Change avatar' })).toHaveFocus());
});

it('that was chosen and not sent is forgotten by the host', async () => {
  const { fake } = await opened();
  await press('Change avatar');
  await screen.findByRole('dialog', { name: 'Change avatar' });
  await user.keyboard('{Escape}');
  await waitFor(() => expect(asked(fake, 'discardAvatar')[0]).toEqual([1]));
});

it('is taken from a file that is dropped, and from the clipboard', async () => {
  const { fake } = await opened();
  await drop(picture(3));
  await screen.findByRole('dialog', { name: 'Change avatar' });
  expect(asked(fake, 'takeAvatar')[0]).toEqual([btoa('\0\0\0')]);
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());

  await fireEvent.paste(window, { clipboardData: { files: [picture(3)] } });
  expect(await screen.findByRole('dialog', { name: 'Change avatar' })).toBeInTheDocument();
});

it('is not taken from what is pasted into a field as text', async () => {
  const { fake } = await opened();
  await press('Edit');
  const description = await screen.findByRole('textbox', { name: 'Description' });
  const paste = (types: string[]) =>
    fireEvent.paste(description, { clipboardData: { files: [picture(3)], types } });
  expect(await paste(['text/plain', 'Files'])).toBe(true);
  expect(asked(fake, 'takeAvatar')).toEqual([]);
  expect(await paste(['Files'])).toBe(false);
  expect(await screen.findByRole('dialog', { name: 'Change avatar' })).toBeInTheDocument();
});

it('of a refused file stays as it was, with the reason', async () => {
  const { fake } = await opened();
  await drop(picture(1_000_000));
  expect(
    await screen.findByText('The picture must be smaller than 1 MB (1,000,000 bytes).'),
  ).toBeInTheDocument();
  expect(screen.getByText('Your avatar stays as it is.')).toBeInTheDocument();
  expect(asked(fake, 'takeAvatar')).toEqual([]);

  fake.fail('takeAvatar', { code: 'avatar-not-an-image', field: 'avatar' });
  await drop(picture(10));
  expect(await screen.findByText(/not a JPG, JPEG or PNG picture/)).toBeInTheDocument();
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  await expectAccessible();
  await press('Choose another file');
  expect(await screen.findByRole('dialog', { name: 'Change avatar' })).toBeInTheDocument();
});

it('that the server refuses stays in its dialog, to be tried again', async () => {
  const { fake } = await opened();
  await press('Change avatar');
  const dialog = await screen.findByRole('dialog', { name: 'Change avatar' });
  fake.fail('uploadAvatar', { code: 'server-failed' });
  await press('Upload');
  expect(await within(dialog).findByText('The server failed.')).toBeInTheDocument();
  await press('Upload');
  expect(await screen.findByText('Avatar changed')).toBeInTheDocument();
});

it('whose dialog was closed while it was sent tells how that failed', async () => {
  const { fake } = await opened();
  const { uploadAvatar } = fake;
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  fake.uploadAvatar = (...sent) => held.then(() => uploadAvatar(...sent));
  fake.fail('uploadAvatar', { code: 'server-failed' });
  await press('Change avatar');
  await screen.findByRole('dialog', { name: 'Change avatar' });
  await press('Upload');
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  answer();
  expect(await screen.findByText('The server failed.')).toBeInTheDocument();
});

it('that was uploaded stays, though the one before it arrives only now', async () => {
  let arrive: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (arrive = resolve));
  openTab(ProfileTab, someInstance(), (_, fake) => {
    const { avatar } = fake;
    fake.avatar = async () => {
      fake.avatar = avatar;
      await held;
      return null;
    };
  });
  await user.click(await screen.findByRole('button', { name: 'Change avatar' }));
  await screen.findByRole('dialog', { name: 'Change avatar' });
  await press('Upload');
  await screen.findByText('Avatar changed');
  arrive();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(document.querySelector('.avatar img')).toBeInTheDocument();
});
