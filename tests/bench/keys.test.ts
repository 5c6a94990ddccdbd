/**
 * Ten thousand keys in the real window, beside ten: how long the page computes until the first rows
 * stand, for each step of scrolling, and for each keystroke in the search.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Person } from '../harness/person';
import type { Server } from '../harness/server';
import { someone, story } from '../harness/story';
import { surroundings } from '../harness/surroundings';
import type { Desk } from '../harness/window';

/** One frame at 60 Hz, in milliseconds. */
const FRAME = 16;

interface Times {
  firstRows: number;
  scroll: number[];
  filter: number[];
}

/**
 * Runs in the page. What an event starts is over when its microtasks are; only script is timed,
 * not how long the next frame lets wait for it.
 */
const MEASURE = `
  const done = arguments[arguments.length - 1];
  const over = async () => {
    for (let turn = 0; turn < 50; turn += 1) await null;
  };
  const frame = () => new Promise(requestAnimationFrame);
  const timed = async (act) => {
    await frame();
    const start = performance.now();
    act();
    await over();
    return performance.now() - start;
  };
  (async () => {
    const rows = () => document.querySelectorAll('[role=table] [role=row][aria-rowindex]').length;
    const start = performance.now();
    document.querySelectorAll('[role=tab]')[1].click();
    while (rows() < 5) await frame();
    const firstRows = performance.now() - start;

    const table = document.querySelector('[role=table]');
    const viewport = table.parentElement;
    const scroll = [];
    for (let step = 0; step < 200; step += 1) {
      scroll.push(await timed(() => {
        viewport.scrollTop += 300;
        viewport.dispatchEvent(new Event('scroll'));
      }));
    }
    viewport.scrollTop = 0;
    await frame();

    const search = document.querySelector('[role=search] input, search input');
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    const filter = [];
    for (const text of ['k', 'ke', 'key', 'key ', 'key 9', 'key 99', 'key 999', 'key 99', 'key', '']) {
      filter.push(await timed(() => {
        set.call(search, text);
        search.dispatchEvent(new InputEvent('input', { bubbles: true }));
      }));
      await new Promise((resolve) => setTimeout(resolve, 200)); // whatever waits for a pause in typing
    }
    done({ firstRows, scroll, filter });
  })().catch((error) => done(String(error)));
`;

async function measured(desk: Desk, server: Server, count: number): Promise<Times> {
  const who = someone('Person', `With ${count}`);
  const account = { ...who, email: `with.${count}@example.com` };
  await server.addUser(account);
  await fill(server, account, count);
  const person = new Person(desk.screen);
  await person.signIn(server, account);
  await person.seesProfileOf(account);
  const times = await desk.driver.executeAsyncScript<Times | string>(MEASURE);
  if (typeof times === 'string') {
    throw new Error(times);
  }
  return times;
}

async function fill(
  server: Server,
  account: { email: string; password: string },
  count: number,
): Promise<void> {
  const ask = async (path: string, body: unknown, token = ''): Promise<unknown> => {
    const answer = await fetch(`${server.url}/api/v1/users${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
    return answer.json();
  };
  const { token } = (await ask('/login', {
    login_name: account.email,
    password: account.password,
  })) as { token: string };
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await ask('/api-keys', { title: `key ${next}`, expire_time: null }, token);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

story(
  'ten thousand keys take no more script than a frame',
  { timeout: 600_000 },
  async ({ desk, serve }) => {
    const server = await serve();
    const few = await measured(desk, server, 10);
    await new Person(desk.screen).connectsAnother();
    const many = await measured(desk, server, 10_000);

    const lines = [
      '| keys | first rows | scroll, median | scroll, worst | filter, median | filter, worst |',
      '| ---: | ---: | ---: | ---: | ---: | ---: |',
      ...(
        [
          [10, few],
          [10_000, many],
        ] as const
      ).map(([count, times]) => {
        const figures = [
          times.firstRows,
          median(times.scroll),
          Math.max(...times.scroll),
          median(times.filter),
          Math.max(...times.filter),
        ];
        return `| ${count.toLocaleString('en')} | ${figures.map((figure) => `${figure.toFixed(0)} ms`).join(' | ')} |`;
      }),
    ];
    const table = `${lines.join('\n')}\n`;
    process.stdout.write(`\n${table}\n`);
    const folder = join(surroundings.output, 'bench');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'keys.md'), table);
    const worst = Math.max(...many.scroll, ...many.filter);
    process.stdout.write(
      `Goal: no step over ${FRAME} ms of script. ${worst <= FRAME ? 'Met' : 'MISSED'}: ${worst.toFixed(0)} ms.\n`,
    );
  },
);
