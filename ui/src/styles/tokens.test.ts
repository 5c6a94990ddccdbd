import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const themes = ['light', 'dark'] as const;
type Theme = (typeof themes)[number];

function colour(token: string, theme: Theme): string {
  const match = new RegExp(`--${token}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  const value = match?.[theme === 'light' ? 1 : 2];
  if (!value) throw new Error(`no colour --${token}`);
  return value;
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2, "contrast ratio". */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const backgrounds = ['canvas', 'surface', 'raised'];
const words: [string, string][] = [
  ...[...backgrounds, 'hover', 'pressed'].map((on): [string, string] => ['text', on]),
  ...[...backgrounds, 'hover'].map((on): [string, string] => ['muted', on]),
  ...['accent', 'danger', 'warning', 'success'].flatMap((tone) =>
    [...backgrounds, 'hover', `${tone}-tint`].map((on): [string, string] => [tone, on]),
  ),
  ...['accent', 'danger', 'warning', 'success'].map((tone): [string, string] => [
    'text',
    `${tone}-tint`,
  ]),
  ['muted', 'accent-tint'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['on-danger', 'danger'],
  ['on-danger', 'danger-strong'],
  // The tooltip is the page turned over.
  ['canvas', 'text'],
];

test.each(themes)('words can be read on every ground they stand on: %s', (theme) => {
  for (const [word, ground] of words) {
    const ratio = contrast(colour(word, theme), colour(ground, theme));
    expect(ratio, `--${word} on --${ground}`).toBeGreaterThanOrEqual(4.5);
  }
});

test.each(themes)('edges of controls and the focus ring can be seen: %s', (theme) => {
  for (const ground of backgrounds) {
    for (const line of ['edge', 'accent', 'danger']) {
      const ratio = contrast(colour(line, theme), colour(ground, theme));
      expect(ratio, `--${line} on --${ground}`).toBeGreaterThanOrEqual(3);
    }
  }
});
