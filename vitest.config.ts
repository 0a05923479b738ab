import { defineConfig } from 'vitest/config';

/** Tests that play in real time share the machine with nothing else: `npm test` runs them after the others, one by one. */
const REALTIME = '**/*.realtime.test.ts';

export default defineConfig({
  test: {
    globalSetup: ['tests/setup/postgres-server.ts'],
    setupFiles: ['tests/setup/property-seed.ts', 'tests/setup/answers-as-promised.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'apps/*/src/**/*.test.{ts,tsx}',
            'tests/house/**/*.test.ts',
          ],
          exclude: [REALTIME, '**/node_modules/**'],
          // By itself it leaves a core free, which on two cores is half of them.
          maxWorkers: '100%',
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['tests/whole/**/*.test.ts', `packages/${REALTIME}`, `apps/${REALTIME}`],
          testTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
