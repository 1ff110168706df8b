/** The order in which test files begin: those that take longest first, so that the workers end together. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Measured on two cores; how long a file takes does not show in its size. The others follow, large ones first. */
export const LONG: readonly string[] = [
  'packages/wal/test/chaos-crash.proof.ts',
  'packages/wal/test/chaos.proof.ts',
  'tests/mutants.proof.ts',
  'packages/orderflow/test/realism.proof.ts',
  'packages/tape/test/flips-unsealed.proof.ts',
  'packages/tape/test/flips-sealed.proof.ts',
  'packages/tape/test/log-flips.proof.ts',
  'packages/book/test/book-sweep.proof.ts',
  'apps/cli/test/backtest/sweeps.proof.ts',
  'tests/docs.golden.test.ts',
  'tests/determinism.test.ts',
  'apps/cli/test/backtest/resume.test.ts',
  'packages/wal/test/chaos.test.ts',
  'apps/cli/test/bench.test.ts',
  'apps/cli/test/bench-book.test.ts',
  'packages/orderflow/test/resume.test.ts',
  'packages/wal/test/crash-points.test.ts',
];

/** Place in the list; behind all of it for a file that is not there. */
function rank(moduleId: string): number {
  const at = LONG.findIndex((file) => moduleId.endsWith(`/${file}`));
  return at < 0 ? LONG.length : at;
}

/** Vitest makes one of the class that it is given. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a.moduleId) - rank(b.moduleId));
  }
}
