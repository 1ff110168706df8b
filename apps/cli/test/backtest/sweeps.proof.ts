/** Sweeps of what the tests beside this file check by samples. TRUETAPE_SEED gives others. */
import { describe, test } from 'vitest';
import { checkAnythingResumed } from './any-strategy.ts';
import { checkBooks } from './books.ts';
import { seeds } from './property.ts';
import { MODES, checkNoLookAhead, checkResumed, checkResumedAnywhere } from './same-run.ts';

/** Runs a sweep, and says what it was. */
function sweep(name: string, seed: number | string, runs: number, work: () => void): void {
  const startMs = performance.now();
  work();
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`${name}: ${runs} runs, seed ${seed}, ${seconds} s`);
}

test.each(seeds(1601))('no look-ahead, wherever a tape is cut (seed %s)', (seed) => {
  const runs = 800;
  sweep('no look-ahead', seed, runs, () => checkNoLookAhead({ seed, runs }));
});

test.each(seeds(1602))('saved and resumed, a run gives the same events (seed %s)', (seed) => {
  const runs = 300;
  sweep('resumed', seed, runs, () => checkResumed({ seed, runs }));
});

test.each(seeds(1603))('so does one of strategies that ask for anything (seed %s)', (seed) => {
  const runs = 60;
  sweep('anything resumed', seed, runs, () => checkAnythingResumed({ seed, runs }));
});

describe('resumed behind each event of a tape', () => {
  test.each(MODES)('%s', (mode) => {
    const events = 500;
    sweep(`resumed behind each, ${mode}`, 7, events, () =>
      checkResumedAnywhere(mode, 'market-maker', events),
    );
  });
});

test.each(seeds(1611))('balances and positions follow from the output tape alone (seed %s)', (seed) => {
  const runs = 700;
  sweep('books', seed, runs, () => checkBooks({ seed, runs }));
});
