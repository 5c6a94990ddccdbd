import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';
import { defineConfig } from 'vitest/config';

/** What may be the first thing on the screen. */
const FIRST = ['ConnectScreen.svelte', 'Frame.svelte', 'ProfileTab.svelte'];

/**
 * Has the page ask for its first screen together with its first script, and not when that script
 * has found out which screen it is.
 */
function preloadFirstScreens(): Plugin {
  return {
    name: 'preload-first-screens',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const wanted = new Set<string>();
        const want = (chunk?: Rolldown.OutputChunk): void => {
          if (!chunk || wanted.has(chunk.fileName)) return;
          wanted.add(chunk.fileName);
          for (const name of chunk.imports) want(chunks.find((other) => other.fileName === name));
        };
        for (const name of FIRST) {
          want(chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/${name}`)));
        }
        return [...wanted]
          .filter((file) => !html.includes(file))
          .map((file): HtmlTagDescriptor => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
            injectTo: 'head',
          }));
      },
    },
  };
}

/** How Lucide describes an icon: the names of elements, and their attributes. */
interface Icon {
  name: string;
  node: [string, Record<string, string>][];
  aliases?: string[];
}

/**
 * Makes each icon the markup that it stands for. Lucide's component makes it from a description,
 * element by element, whenever an icon appears: a quarter of the time that a row of a table took.
 * Icons here are always decoration, and take nothing from whoever places them.
 */
function plainIcons(): Plugin {
  return {
    name: 'plain-icons',
    enforce: 'pre',
    transform: {
      filter: { id: /@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/u },
      handler(code, id) {
        const description = /^const iconData = (\{.*\});$/mu.exec(code)?.[1];
        if (description === undefined) throw new Error(`${id} describes no icon`);
        const { name, node, aliases = [] } = JSON.parse(description) as Icon;
        const element = (tag: string, attributes: Record<string, string>, inner = ''): string => {
          const pairs = Object.entries(attributes).map(([key, value]) => `${key}="${value}"`);
          return `<${[tag, ...pairs].join(' ')}>${inner}</${tag}>`;
        };
        const attributes = {
          xmlns: 'http://www.w3.org/2000/svg',
          width: '24',
          height: '24',
          viewBox: '0 0 24 24',
          fill: 'none',
          stroke: 'currentColor',
          'stroke-width': '2',
          'stroke-linecap': 'round',
          'stroke-linejoin': 'round',
          class: ['lucide', ...[name, ...aliases].map((one) => `lucide-${one}`)].join(' '),
          'aria-hidden': 'true',
        };
        const shapes = node.map(([tag, shape]) => element(tag, shape)).join('');
        return { code: element('svg', attributes, shapes), map: null };
      },
    },
  };
}

export default defineConfig(({ mode }) => ({
  plugins: [
    plainIcons(),
    svelte(),
    preloadFirstScreens(),
    ...(mode === 'test' ? [svelteTesting()] : []),
  ],
  resolve: { alias: { $ui: fileURLToPath(new URL('./src', import.meta.url)) } },
  clearScreen: false,
  server: { port: 1420, strictPort: true },
  build: {
    // The oldest web view that Tauri meets: Safari 16 on macOS, WebKitGTK 2.40, an evergreen WebView2.
    target: ['es2022', 'safari16.4'],
    // Data URLs are not allowed for fonts by the page's content security policy.
    assetsInlineLimit: 0,
    // All of it is small, and a sheet for each part of the screen is a wait for each.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 350,
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/test/setup.ts'],
    restoreMocks: true,
    // One file a core: most of their time goes into a document and a window of their own.
    maxWorkers: availableParallelism(),
    // A whole window in jsdom, checked by axe, takes seconds on a busy machine.
    testTimeout: 60_000,
  },
}));
