/** The desktop's own file dialog, which no WebDriver can see. */
import { mustRun, run } from './run';
import { pause, until } from './wait';

const DIALOG = ['search', '--onlyvisible', '--name', 'Open File|Choose|Select'];

/**
 * Chooses a file in the dialog that is opening, by typing its path. On a busy machine a dialog
 * stands before it takes keys: what it did not take is typed again.
 */
export async function chooseFile(path: string): Promise<void> {
  await until('the file dialog opens', isOpen);
  await until('the file dialog takes a path', async () => {
    await mustRun('xdotool', [...DIALOG, 'windowactivate', '--sync']);
    await mustRun('xdotool', ['key', '--clearmodifiers', 'ctrl+l']);
    await pause(200); // the dialog swaps its list for an entry
    await mustRun('xdotool', ['key', '--clearmodifiers', 'ctrl+a']);
    await mustRun('xdotool', ['type', '--delay', '2', path]);
    await pause(200); // completion may add to what was typed until it settled
    await mustRun('xdotool', ['key', 'Return']);
    const closed = until('it closes', async () => !(await isOpen()), 2_000);
    return closed.catch(() => false);
  });
}

async function isOpen(): Promise<boolean> {
  const { output } = await run('xdotool', DIALOG);
  return output.trim() !== '';
}
