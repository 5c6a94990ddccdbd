/** The real window: starting the app, driving it, restarting and ending it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { Builder, Capabilities, type WebDriver } from 'selenium-webdriver';

import { Home } from './home';
import { freePort, runs, tree } from './processes';
import { mustRun, run } from './run';
import { Screen } from './screen';
import { surroundings } from './surroundings';
import { until } from './wait';

/** One running app in its home. */
export class Desk {
  private running: { process: ChildProcess; driver: WebDriver } | undefined;

  constructor(
    readonly home = new Home(),
    private readonly variables: NodeJS.ProcessEnv = {},
  ) {}

  /** Starts the app and waits until its page can be asked. */
  async open(): Promise<this> {
    const [port, nativePort] = [await freePort(), await freePort()];
    const log = openSync(this.home.log, 'a');
    const child = spawn(
      surroundings.driver,
      [
        ...['--port', String(port), '--native-port', String(nativePort)],
        ...['--native-driver', surroundings.nativeDriver],
      ],
      {
        // What the driver is given reaches the app. Logs at their most talkative: a secret in a
        // line that nobody usually sees is a secret in a log.
        env: {
          ...process.env,
          ...this.home.variables(),
          KEYDESK_LOG: 'debug',
          RUST_BACKTRACE: '1',
          LC_ALL: 'C.UTF-8',
          ...this.variables,
        },
        cwd: this.home.path, // WebKitGTK downloads to where it was started
        stdio: ['ignore', log, log],
        detached: true,
      },
    );
    closeSync(log);
    const capabilities = new Capabilities({
      'tauri:options': { application: surroundings.app },
    }).setBrowserName('wry');
    const driver = await until('the driver answers', async () => {
      try {
        return await new Builder()
          .usingServer(`http://127.0.0.1:${port}/`)
          .withCapabilities(capabilities)
          .build();
      } catch (error) {
        // Neither it nor the native driver behind it listens yet.
        if (error instanceof Error && /ECONNREFUSED|ECONNRESET|hang up/.test(error.message)) {
          return undefined;
        }
        throw error;
      }
    });
    await driver.manage().setTimeouts({ script: 30_000, implicit: 0 });
    this.running = { process: child, driver };
    return this;
  }

  /** The page's content, found as a person finds it. */
  readonly screen = new Screen(this);

  /** For the few things that need WebDriver itself. */
  get driver(): WebDriver {
    if (this.running === undefined) {
      throw new Error('the app does not run');
    }
    return this.running.driver;
  }

  /** The processes of the app itself, its web processes included. */
  get processes(): number[] {
    const driver = this.running?.process.pid;
    return driver === undefined ? [] : tree(driver).filter((pid) => pid !== driver);
  }

  /** Closes the window as a person does, and waits until nothing of the app runs. */
  async quit(): Promise<void> {
    const closed = this.closed();
    await this.asksToClose();
    await closed;
  }

  /** Presses what closes a window; the app may ask first. */
  async asksToClose(): Promise<void> {
    await this.toFront();
    await mustRun('xdotool', ['key', '--clearmodifiers', 'alt+F4']);
  }

  /** Waits until nothing of the app runs that runs now. */
  async closed(): Promise<void> {
    const [, main] = this.processes; // the native driver, the app, its web processes
    await until('the app ends when its window is closed', () =>
      Promise.resolve(main === undefined || !runs(main)),
    );
    await this.end();
  }

  /** Ends everything at once, whatever state it is in; a crash, for the app. */
  async end(): Promise<void> {
    const ended = this.running;
    this.running = undefined;
    if (ended?.process.pid === undefined) {
      return;
    }
    const all = tree(ended.process.pid);
    for (const pid of all) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended on its own.
      }
    }
    await until('the processes are gone', () => Promise.resolve(!all.some(runs)));
  }

  /** Quits, and starts again in the same home. */
  async restart(): Promise<void> {
    await this.quit();
    await this.open();
  }

  /** Gives the window the keyboard, as a click on it would. */
  async toFront(): Promise<void> {
    await mustRun('xdotool', [
      ...['search', '--sync', '--onlyvisible', '--name', '^Keydesk'],
      ...['windowactivate', '--sync'],
    ]);
  }

  /** The title of the window, which others on a video call can read. */
  async title(): Promise<string> {
    const { output } = await run('xdotool', [
      ...['search', '--onlyvisible', '--name', '^Keydesk', 'getwindowname'],
    ]);
    return output.trim();
  }

  /**
   * Writes a picture of the window. It is taken from the display: WebDriver's own never comes where
   * WebKitGTK paints without compositing.
   */
  async picture(path: string): Promise<void> {
    const { output } = await run('xdotool', ['search', '--onlyvisible', '--name', '^Keydesk$']);
    await mustRun('import', ['-silent', '-window', output.trim().split('\n').at(-1) ?? '', path]);
  }
}
