/** The same run gives the same events: twice, cut short, and resumed at any point. Sweeps of it are proofs. */
import { expect, test } from 'vitest';
import { checkAnythingResumed } from './any-strategy.ts';
import { seeds } from './property.ts';
import { run } from './runs.ts';
import { CONFIG, checkNoLookAhead, checkResumed, tapeOfSeed } from './same-run.ts';

test.each(seeds(601))(
  'no look-ahead: a tape that is cut gives the beginning of the whole run (seed %s)',
  (seed) => {
    checkNoLookAhead({ seed, runs: 30 });
  },
);

test.each(seeds(602))('a run that is saved and goes on gives the same events (seed %s)', (seed) => {
  checkResumed({ seed, runs: 16 });
});

test.each(seeds(603))('so does one of strategies that ask for anything (seed %s)', (seed) => {
  checkAnythingResumed({ seed, runs: 2 });
});

test('another seed is another run, where anything is drawn', () => {
  const tape = tapeOfSeed(4);
  const config = { ...CONFIG, mode: 'replay' };
  const first = run(tape, { strategy: 'market-maker', config });
  expect(run(tape, { strategy: 'market-maker', config }).hash).toBe(first.hash);
  expect(run(tape, { strategy: 'market-maker', config, seed: '2' }).hash).not.toBe(first.hash);
});
