import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FIXTURES, importLines, missingReal, readCapture, REAL } from './capture.ts';
import { seeds } from './property.ts';
import { checkBroken, outcome, slowly, SMALL } from './two-ways.ts';

describe.each(SMALL)('%s', (name, market) => {
  test('gives the same events and report both ways', () => {
    const lines = readCapture(join(FIXTURES, name));
    expect(outcome(importLines(lines))).toEqual(outcome(importLines(lines.map(slowly))));
  });

  // Fails when the fast way accepts what is no JSON, or reads a number, a level or a repeated key otherwise.
  test.each(seeds(51))('broken lines give the same both ways (seed %s)', (seed) => {
    checkBroken(seed, name, market, 300);
  });
});

test.skipIf(missingReal() !== undefined)('a real capture gives the same both ways', () => {
  const lines = readCapture(join(REAL, 'spot_btcusdt_20240808.gz')).slice(0, 4000);
  const fast = importLines(lines);
  const slow = importLines(lines.map(slowly));
  expect(fast.report).toEqual(slow.report);
  expect(fast.events).toEqual(slow.events);
});
