import { defineConfig } from 'vitest/config';

/**
 * Unit tests run anywhere; integration tests share three real servers and therefore run one file
 * after another; end-to-end tests drive the built page in Chromium against a real host.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Nobody watches: the default leaves one core to an editor, which is half of a small machine.
          maxWorkers: '100%',
          expect: { poll: { timeout: 20_000 } },
          // Ends what hangs: what computes for two seconds takes fifteen where thirty others want the processor.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/helpers/start-shared-lab.ts'],
          setupFiles: ['test/helpers/kerberos-defaults.ts'],
          // Kerberos reads its environment from the process: threads share one, forks have their own.
          pool: 'forks',
          fileParallelism: false,
          // After the unit tests: two cores cannot give servers and both a fair share.
          sequence: { groupOrder: 1 },
          // A condition is waited for as long as a slow machine needs; a second is too short for a process.
          expect: { poll: { timeout: 20_000 } },
          // A password change takes four seconds where twenty others want the processor, and a test makes ten of them.
          testTimeout: 120_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          // Boots servers of its own to break.
          name: 'proof',
          include: ['test/proof/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          testTimeout: 120_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/build-console.ts'],
          pool: 'forks',
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
