/** The avatar: chosen in the desktop's dialog or dropped, cropped, sent; a bad file changes nothing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';

import { chooseFile } from '../harness/dialog';
import { bomb, png, pngOfSize } from '../harness/images';
import { signedIn } from '../harness/signed-in';
import { story, type Stage } from '../harness/story';
import { until } from '../harness/wait';
import type { Desk } from '../harness/window';

/** Somebody before their profile; `avatar` is what the server has. */
async function atTheProfile(stage: Stage): Promise<{ avatar: () => Promise<Buffer | undefined> }> {
  const { person, server } = await signedIn(stage);
  const key = await person.createsKey('look');
  await person.opens('Profile');
  return {
    avatar: async () => {
      const answer = await fetch(`${server.url}/api/v1/users/avatar`, {
        headers: { authorization: `Bearer ${key}` },
      });
      return answer.ok ? Buffer.from(await answer.arrayBuffer()) : undefined;
    },
  };
}

/** Drops a file where the avatar is, as a file manager would. */
async function drop(desk: Desk, name: string, content: Buffer): Promise<void> {
  const target = await desk.screen.get('button', 'Change avatar');
  await desk.driver.executeScript(
    `const [target, name, content] = arguments;
     const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
     const data = new DataTransfer();
     data.items.add(new File([bytes], name, { type: 'image/png' }));
     for (const kind of ['dragenter', 'dragover', 'drop']) {
       target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
     }`,
    target,
    name,
    content.toString('base64'),
  );
}

describe('avatar', () => {
  story(
    'chosen in the file dialog, cropped and uploaded without metadata',
    async ({ desk, serve }) => {
      const { avatar } = await atTheProfile({ desk, serve });
      const path = join(desk.home.path, 'tmp', 'portrait.png');
      writeFileSync(path, png(300, 200, [20, 90, 200], 'taken at home'));

      await desk.screen.click('button', 'Change avatar');
      await chooseFile(path);
      await desk.screen.get('dialog');
      await desk.screen.click('button', 'Upload');
      await desk.screen.gone('dialog');

      const stored = await until('the avatar is on the server', avatar);
      expect(stored.subarray(0, 2).toString('hex'), 'a JPEG or a PNG').toMatch(/^(ffd8|8950)$/);
      expect(stored.includes('taken at home'), 'no metadata').toBe(false);
      expect(stored.length).toBeLessThan(1_000_000);
    },
  );

  story('dropped on the old one', async ({ desk, serve }) => {
    const { avatar } = await atTheProfile({ desk, serve });
    await drop(desk, 'dropped.png', png(256, 256, [200, 40, 40]));
    await desk.screen.get('dialog');
    await desk.screen.click('button', 'Upload');
    await desk.screen.gone('dialog');
    await until('the avatar is on the server', avatar);
  });

  story('a file that is refused leaves the old one, and says why', async ({ desk, serve }) => {
    const { avatar } = await atTheProfile({ desk, serve });
    await drop(desk, 'first.png', png(256, 256, [40, 160, 80]));
    await desk.screen.click('button', 'Upload');
    await desk.screen.gone('dialog');
    const before = await until('the first avatar', avatar);

    const refused: [string, Buffer, RegExp][] = [
      ['text.png', Buffer.from('no picture at all'), /not a JPG, JPEG or PNG/],
      ['exactly.png', pngOfSize(1_000_000), /smaller than 1 MB/],
      ['bomb.png', bomb(), /more than 4096 pixels/],
      ['cut.png', png(256, 256, [1, 2, 3]).subarray(0, 90), /damaged or cut off/],
    ];
    for (const [name, content, why] of refused) {
      await drop(desk, name, content);
      await desk.screen.see(why);
      expect(await avatar(), name).toEqual(before);
    }

    await drop(desk, 'just-under.png', pngOfSize(999_999));
    await desk.screen.get('dialog');
  });
});
