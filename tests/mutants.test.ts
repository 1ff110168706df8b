// The faults of `npm run mutants`, without trying them: each still has its place. The proof tries them all.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyMutant, type Mutant } from '../tools/mutants/mutant.ts';
import { MUTANTS } from '../tools/mutants/mutants.ts';

const ROOT = join(import.meta.dirname, '..');

test('every fault is one, in a source that is there, for tests that are there', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(24);
  expect(new Set(MUTANTS.map(({ id }) => id)).size).toBe(MUTANTS.length);
  const wrong = MUTANTS.flatMap((mutant) => {
    const made = applyMutant(mutant, readFileSync(join(ROOT, mutant.file), 'utf8'));
    const missing = mutant.suite.filter((file) => !existsSync(join(ROOT, file)));
    return [...('why' in made ? [made.why] : []), ...missing].map((why) => `${mutant.id}: ${why}`);
  });
  expect(wrong).toEqual([]);
});

describe('a fault', () => {
  const fault: Mutant = { id: 'a', file: 'a.ts', find: 'sync()', replace: 'skip()', why: 'b', suite: [] };

  test.each([
    ['takes the place of its text', fault, 'x sync() y', { text: 'x skip() y' }],
    [
      'without its text does not apply',
      fault,
      'x',
      { why: 'no longer applies: its text stands there 0 times' },
    ],
    [
      'with two places does not apply',
      fault,
      'sync() sync()',
      { why: expect.stringContaining('2 times') as string },
    ],
    ['that is none does not apply', { ...fault, replace: 'sync()' }, 'sync()', { why: 'changes nothing' }],
  ])('%s', (_, mutant, text, made) => {
    expect(applyMutant(mutant, text)).toEqual(made);
  });
});
