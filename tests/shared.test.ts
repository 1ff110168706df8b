// What all tests share: the order of their files, and how large properties make their cases.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LONG } from '../apps/cli/tools/test-order.ts';
import { ROOT } from '../tools/architecture/repository.ts';

test('the files that begin first are there', () => {
  expect(LONG.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

// Without set-up ten members are the most, and a property of long sequences has none.
test('a list of up to so many members is one', () => {
  const sizes = fc.sample(fc.array(fc.nat(), { maxLength: 100 }), { seed: 1, numRuns: 100 });
  expect(Math.max(...sizes.map(({ length }) => length))).toBeGreaterThan(90);
});
