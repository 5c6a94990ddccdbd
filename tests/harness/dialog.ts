/** The desktop's own file dialog, which no WebDriver can see. */
import { mustRun } from './run';
import { pause } from './wait';

/** Chooses a file in the dialog that is opening, by typing its path. */
export async function chooseFile(path: string): Promise<void> {
  await waitForDialog();
  await mustRun('xdotool', ['key', '--clearmodifiers', 'ctrl+l']);
  await pause(200); // the dialog swaps its list for an entry
  await mustRun('xdotool', ['key', '--clearmodifiers', 'ctrl+a']);
  await mustRun('xdotool', ['type', '--delay', '2', path]);
  await pause(200); // completion may add to what was typed until it settled
  await mustRun('xdotool', ['key', 'Return']);
}

/** Closes the dialog without a choice. */
export async function cancelFileDialog(): Promise<void> {
  await waitForDialog();
  await mustRun('xdotool', ['key', 'Escape']);
}

async function waitForDialog(): Promise<void> {
  await mustRun('xdotool', [
    ...['search', '--sync', '--onlyvisible', '--name', 'Open File|Choose|Select'],
    ...['windowactivate', '--sync'],
  ]);
}
