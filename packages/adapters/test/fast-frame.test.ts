import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { depth, FIXTURES, importLines, missingReal, readCapture, REAL, snapshot } from './capture.ts';
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

describe.each([
  '1.',
  '.5',
  '.',
  '',
  '1..2',
  '1.2.3',
  '-1',
  '+1',
  ' 1',
  '1e2',
  '01.50',
  '9007199254740993',
  '9007199254740992.0',
  `0.${'0'.repeat(25)}`,
])('the decimal %j in a level', (text) => {
  // Fails when the fast way takes what is no decimal, or loses a digit.
  test.each([
    ['price', depth(0, [100, 101, 99], [[text, '1']])],
    ['quantity', depth(0, [100, 101, 99], [['1', text]])],
  ])('as %s means the same both ways', (_place, line) => {
    const lines = [snapshot(0, 100, [], []), line];
    expect(outcome(importLines(lines))).toEqual(outcome(importLines(lines.map(slowly))));
  });
});

test.skipIf(missingReal() !== undefined)('a real capture gives the same both ways', () => {
  const lines = readCapture(join(REAL, 'spot_btcusdt_20240808.gz')).slice(0, 4000);
  const fast = importLines(lines);
  const slow = importLines(lines.map(slowly));
  expect(fast.report).toEqual(slow.report);
  expect(fast.events).toEqual(slow.events);
});
