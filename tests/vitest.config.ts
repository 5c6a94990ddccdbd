import { defineConfig } from 'vitest/config';

// One display, one clipboard, one keyring: the stories run one after another.
const alone = {
  fileParallelism: false,
  testTimeout: 120_000,
  hookTimeout: 60_000,
  globalSetup: './harness/surroundings.ts',
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...alone,
          name: 'stories',
          include: ['harness/**/*.test.ts', 'stories/**/*.test.ts'],
        },
      },
      { test: { ...alone, name: 'bench', include: ['bench/**/*.test.ts'] } },
      { test: { ...alone, name: 'tour', include: ['tour/**/*.test.ts'], testTimeout: 600_000 } },
    ],
  },
});
