import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './apps/cli/tools/test-order.ts';

// Two projects: `unit` is what `npm test` runs, `proofs` the long sweeps of `npm run proofs`.
const roots = '{packages,apps}/*/test/**';

export default defineConfig({
  test: {
    // A golden is never written as a side effect; `npm run goldens` is the one way.
    update: process.env['TRUETAPE_GOLDENS'] === 'update' ? 'all' : 'none',
    // Files share a process, which halves the time: nearly all code under test is pure and keeps no state in
    // modules. A test that changes the environment or the folder puts it back.
    isolate: false,
    // Node imports the sources itself, as it does everywhere else: calls between modules are a third faster than
    // through Vite, and nothing here mocks a module.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    sequence: { sequencer: LongestFirst },
    globalSetup: ['./apps/cli/tools/test-run.ts'],
    setupFiles: ['./apps/cli/tools/test-setup.ts'],
    // Many tests wait for commands that they started: also a machine of two cores has use for two workers.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Against what never ends: a busy machine's first run takes many times what is usual, and hooks make tapes.
    testTimeout: 90_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: [`${roots}/*.test.ts`, 'tests/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'proofs',
          include: [`${roots}/*.proof.ts`, 'tests/**/*.proof.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
