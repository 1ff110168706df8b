// Millions of cases of what quick.test.ts holds in thousands.
import { expect, test } from 'vitest';
import { countQuick } from './quick-cases.ts';

test.each([1001, 1002, 1003, 1004])('what is let by at once, the rules let by too (seed %i)', (seed) => {
  const { wrong, clear, allowed } = countQuick(seed, 1_000_000);
  expect(wrong).toEqual([]);
  expect(clear).toBeGreaterThan(allowed * 0.4);
});
