// `truetape chaos wal`: what it says, and how it ends. What it breaks is tested in packages/wal.
import { expect, test } from 'vitest';
import type { SweepResult } from '@truetape/wal';
import { resultJson, resultText } from '../src/chaos/result-text.ts';
import { truetape } from './truetape.ts';

const FOUND: SweepResult = {
  sweep: 'crash',
  seed: '7',
  possible: 20,
  tried: 10,
  counts: { commands: 5, recoveries: 20 },
  failures: [{ place: '3/4', wrong: 'lost: seqs 1 to 2' }],
};
const AGAIN = 'truetape chaos wal --seed 7 --sweep crash --only 3/4';

test('a failure is told with the command that shows it again', () => {
  expect(resultText(FOUND)).toBe(
    'seed 7  crash    10 of 20 cases: commands 5, recoveries 20\n' +
      `  case 3/4: lost: seqs 1 to 2\n    ${AGAIN}\n`,
  );
  expect(resultText({ ...FOUND, failures: [] })).toContain('\n  nothing wrong\n');
  expect(resultJson(FOUND)).toMatchObject({ tried: 10, failures: [{ place: '3/4', command: AGAIN }] });
});

test('one case is tried by its name; one that is none, or of no sweep, is bad usage', async () => {
  const only = (...args: readonly string[]): ReturnType<typeof truetape> =>
    truetape(['chaos', 'wal', '--seed', '3', ...args, '--json']);
  const [one, none, all] = await Promise.all([
    only('--sweep', 'fail', '--only', 'write/1/SHORT'),
    only('--sweep', 'fail', '--only', 'write/0/SHORT'),
    only('--only', 'write/1/SHORT'),
  ]);
  expect([one.code, one.stderr]).toEqual([0, '']);
  expect(JSON.parse(one.stdout)).toMatchObject({ failures: 0, sweeps: [{ seed: '3', tried: 1 }] });
  expect([none.code, all.code]).toEqual([2, 2]);
  expect(none.stderr).toContain('--only: expected a case of seed 3 and sweep fail, found write/0/SHORT');
  expect(all.stderr).toContain('--only is a case of one seed and one sweep');
});
