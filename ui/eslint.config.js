import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import typescript from 'typescript-eslint';

import svelteConfig from './svelte.config.js';

const hostOnly = {
  patterns: [
    {
      group: ['@tauri-apps/*'],
      message: 'Only src/ipc knows the host. Import { host } from src/ipc instead.',
    },
  ],
};

export default typescript.config(
  { ignores: ['dist/', 'node_modules/', 'src/ipc/bindings.ts'] },
  ...typescript.configs.strict,
  ...typescript.configs.stylistic,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      'no-restricted-imports': ['error', hostOnly],
      'no-console': 'error',
      eqeqeq: 'error',
      // Objects are interfaces; `type` is kept for unions.
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: {
        extraFileExtensions: ['.svelte'],
        parser: typescript.parser,
        svelteConfig,
      },
    },
    rules: {
      // Markup from a string is a door for scripts; there is none in this interface.
      'svelte/no-at-html-tags': 'error',
      // The page's content security policy blocks style attributes in markup: use style:property.
      'no-restricted-syntax': [
        'error',
        {
          selector: 'SvelteAttribute[key.name="style"]',
          message: 'Blocked by the content security policy. Use style:property.',
        },
      ],
      'svelte/button-has-type': 'error',
      'svelte/require-each-key': 'error',
      'svelte/no-target-blank': 'error',
    },
  },
  {
    files: ['src/ipc/**', 'src/**/*.test.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['*.config.{js,ts}', 'src/test/**', 'src/**/*.test.ts'],
    languageOptions: { globals: { ...globals.node } },
  },
);
