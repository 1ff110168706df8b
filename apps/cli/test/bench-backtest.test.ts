import { expect, test } from 'vitest';
import { truetape } from './truetape.ts';

// Fails where a run gives another tape than the one before, where nobody trades in the one that should, or where a row
// is missing; how fast it is, is no matter here.
test('bench backtest measures everything on a few events', async () => {
  const args = ['--events', '4000', '--runs', '2', '--seed', '7', '--json'];
  const { code, stdout, stderr } = await truetape(['bench', 'backtest', ...args], { own: true });
  expect([code, stderr]).toEqual([
    0,
    'bench: a tape\nbench: warming up\nbench: run 1 of 2\nbench: run 2 of 2\n',
  ]);
  const { rows } = JSON.parse(stdout) as { rows: { what: string; target: string; measured: string }[] };
  expect(rows.map(({ target }) => target)).toEqual([
    'at least 12 M/s',
    'at least 4 M/s',
    'no figure',
    'no figure',
  ]);
  expect(rows[1].what).toMatch(/ [1-9][0-9]* fills/);
  expect(rows[3].what).toMatch(/ [1-9][0-9]* fills/);
  expect(rows.filter(({ measured }) => !/^[0-9]+\.[0-9] M\/s$/.test(measured))).toEqual([]);
});
