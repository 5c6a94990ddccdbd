import typescript from 'typescript-eslint';

export default typescript.config(
  { ignores: ['node_modules/'] },
  ...typescript.configs.strictTypeChecked,
  ...typescript.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  { files: ['*.js'], extends: [typescript.configs.disableTypeChecked] },
);
