import { defineConfig } from 'vitest/config';

// Two projects: `unit` is what `npm test` runs, `proofs` the long sweeps of `npm run proofs`.
const roots = '{packages,apps}/*/test/**';

export default defineConfig({
  test: {
    // A golden is never written as a side effect; `npm run goldens` is the one way.
    update: process.env['TRUETAPE_GOLDENS'] === 'update' ? 'all' : 'none',
    testTimeout: 20_000,
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
        },
      },
    ],
  },
});
