// EVAL.md without a simulation: the recorded markets' figures, and that what has to hold does. The proofs hold the rest.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PAGE, blockOf, realCells } from './eval-tables.ts';

const page = readFileSync(PAGE, 'utf8');
const cellsOf = (name: string): string[][] =>
  blockOf(page, name)
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

// Fails when a figure of a recorded market is not that of its facts, or a row is left out.
test('the recorded markets have their figures', () => {
  expect(cellsOf('facts').map((cells) => cells.slice(0, 3))).toEqual(realCells());
});

// Fails when a figure that is shown misses what stands beside it.
test('what is wanted is met on every seed', () => {
  const wanted = cellsOf('requirements').filter(([, bound]) => bound !== '');
  expect(wanted).toHaveLength(6);
  for (const [label, bound, ...figures] of wanted) {
    const [, sign, limit] = /^(≥|>) ([0-9.]+)$/.exec(bound)!;
    expect(figures).toHaveLength(5);
    for (const figure of figures) {
      const isMet = sign === '>' ? Number(figure) > Number(limit) : Number(figure) >= Number(limit);
      expect({ label, figure, isMet }).toEqual({ label, figure, isMet: true });
    }
  }
});
