// Whether the presets look like markets, on five seeds; and whether EVAL.md says what they do. `npm run goldens --
// --project proofs packages/orderflow/test/realism.proof.ts` writes its tables.
import { readFileSync, writeFileSync } from 'node:fs';
import { PRESETS } from '@truetape/orderflow';
import { describe, expect, test } from 'vitest';
import { PAGE, blockOf, crashOf, evalBlocks, withBlock } from './eval-tables.ts';
import type { SeedRuns } from './eval-tables.ts';
import { rateOf, runMarket } from './realism.ts';

const { calm, burst, mixed } = PRESETS;
const SEEDS = [1, 2, 3, 4, 5];
const runs = new Map<number, SeedRuns>();

/** The runs of a seed, made once: ten rounds of the script, five minutes of quiet, a minute of the others. */
function runsOf(seed: number): SeedRuns {
  const known = runs.get(seed);
  if (known !== undefined) return known;
  const made = {
    seed,
    mixed: runMarket({ config: mixed, seed, seconds: 600 }),
    unscripted: runMarket({ config: { ...mixed, script: [] }, seed, seconds: 300 }),
    calm: runMarket({ config: calm, seed, seconds: 300 }),
    burst: runMarket({ config: burst, seed, seconds: 60 }),
    storm: runMarket({ config: PRESETS['cancel-storm'], seed, seconds: 60 }),
    crash: runMarket({ config: PRESETS['flash-crash'], seed, seconds: 60, intervalNs: 100_000_000 }),
  };
  runs.set(seed, made);
  return made;
}

describe.each(SEEDS)('seed %i', (seed) => {
  test('mixed: two sides, everybody trades, heavy tails, and volatility that lasts', () => {
    const market = runsOf(seed).mixed;
    expect(market.twoSidedShare).toBeGreaterThanOrEqual(0.99);
    for (const { type } of Object.values(mixed.agents))
      expect({ type, trades: (market.types.get(type)?.fills ?? 0) > 100 }).toEqual({ type, trades: true });
    expect(market.returns.count).toBe(598);
    expect(market.returns.excessKurtosis).toBeGreaterThan(1);
    expect(market.absoluteLags[0]).toBeGreaterThan(0.1);
  });

  // The tails of mixed are not those of its script: bursts give them too, and a market without them has none.
  test('the script alone makes neither tails nor clusters', () => {
    const { unscripted, calm: quiet } = runsOf(seed);
    expect(unscripted.returns.excessKurtosis).toBeGreaterThan(1);
    expect(unscripted.absoluteLags[0]).toBeGreaterThan(0.1);
    // 300 returns of a normal have 1 and 0.17 in one of a thousand cases.
    expect(Math.abs(quiet.returns.excessKurtosis)).toBeLessThan(1);
    expect(Math.abs(quiet.absoluteLags[0])).toBeLessThan(0.17);
  });

  test('burst has five times the orders of calm, cancel-storm three times its cancels', () => {
    const { calm: base, burst: fast, storm } = runsOf(seed);
    expect(rateOf(fast, 'orders') / rateOf(base, 'orders')).toBeGreaterThanOrEqual(5);
    expect(rateOf(storm, 'cancels') / rateOf(base, 'cancels')).toBeGreaterThanOrEqual(3);
  });

  test('quote stuffing: most orders are one agent’s, live for milliseconds and hardly ever trade', () => {
    const { types, facts, sim } = runsOf(seed).storm;
    const { orders, cancels, fills } = types.get('cancelBot')!;
    const all = sim.metrics.regimes.reduce((sum, counts) => sum + counts.orders, 0);
    expect(orders / all).toBeGreaterThan(0.5);
    expect(cancels / orders).toBeGreaterThan(0.95);
    expect(fills / orders).toBeLessThan(0.01);
    const half = facts.lives.stats[0] / 2;
    let short = 0;
    facts.lives.counts.forEach((count, bucket) => {
      // Buckets of 2^7 steps an octave: below 17 ms.
      if (bucket < 128 * 18) short += count;
    });
    expect(short).toBeGreaterThan(half);
  });

  test('flash-crash falls by more than a fiftieth within three seconds, and comes back', () => {
    const { facts, sim } = runsOf(seed).crash;
    const { fall, lowSecond, halfBackSecond } = crashOf(runsOf(seed).crash);
    expect(fall).toBeGreaterThan(0.02);
    expect(lowSecond).toBeGreaterThan(10);
    expect(lowSecond).toBeLessThan(13);
    expect(halfBackSecond).toBeLessThan(lowSecond + 10);
    const value = (sim.symbols[0].valueMilliticks * 2) / 1000;
    expect(Math.abs(facts.middles[590] / value - 1)).toBeLessThan(0.005);
    expect(sim.metrics.regimes[sim.regimes.indexOf('burst')].timeNs).toBeGreaterThan(0);
    expect(sim.regimes[sim.regime]).toBe('calm');
  });
});

test('EVAL.md has these figures', () => {
  let page = readFileSync(PAGE, 'utf8');
  const blocks = evalBlocks(SEEDS.map(runsOf));
  if (process.env['TRUETAPE_GOLDENS'] === 'update') {
    for (const [name, lines] of blocks) page = withBlock(page, name, lines);
    writeFileSync(PAGE, page);
  }
  for (const [name, lines] of blocks) expect({ name, lines: blockOf(page, name) }).toEqual({ name, lines });
});
