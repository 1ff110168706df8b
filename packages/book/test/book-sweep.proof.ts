// The long sweep. Small books: all reports, the hash of the whole state and the reject code are compared
// after every command. Large books: all reports after every command, the hash after every hundredth.
import { describe, expect, test } from 'vitest';
import { createReferenceBook } from '@truetape/book';
import { coverageTable, uncovered } from './coverage.ts';
import { IMPLEMENTATIONS } from './implementations.ts';
import { PAIRS } from './precedence.ts';
import { seeds } from './property.ts';
import { largeProfile } from './stream.ts';
import { sweep, type SweepResult } from './sweep.ts';

const FILE = 'packages/book/test/book-sweep.proof.ts';

describe.each(IMPLEMENTATIONS.slice(1))('%s and the reference', (_, create) => {
  test.each(seeds(2_026))('2,000,000 commands to small books, a hash after each (seed %i)', (seed) => {
    const startMs = performance.now();
    const result = sweep(createReferenceBook, create, { seed, episodes: 4_000, commands: 500, file: FILE });
    report(result, startMs);
    expect(result.hashes).toBe(result.commands);
    expect(uncovered(result.coverage)).toEqual([]);
    const possible = new Set(PAIRS.map(({ codes }) => codes.join(' ')));
    expect([...result.pairs.keys()].sort()).toEqual([...possible].sort());
  });

  test.each(seeds(2_027))('200,000 commands to books of thousands of orders (seed %i)', (seed) => {
    const startMs = performance.now();
    const result = sweep(createReferenceBook, create, {
      seed,
      episodes: 10,
      commands: 20_000,
      file: FILE,
      profileOf: largeProfile,
      hashEvery: 100,
      auditEvery: 1_000,
      expectCodes: false,
    });
    report(result, startMs);
    expect(result.ordersMost).toBeGreaterThan(3_000);
  });
});

function report(result: SweepResult, startMs: number): void {
  const { commands, reports, hashes, ordersMost, pairs, coverage } = result;
  const seconds = (performance.now() - startMs) / 1000;
  console.log(
    [
      `${commands} commands, ${reports} reports, ${hashes} hashes, at most ${ordersMost} orders`,
      `${seconds.toFixed(1)} s, ${Math.round(commands / seconds)} commands/s`,
      coverageTable(coverage),
      'pairs of codes that held at once:',
      ...[...pairs].map(([pair, count]) => `${String(count).padStart(9)}  ${pair}`),
    ].join('\n'),
  );
}
