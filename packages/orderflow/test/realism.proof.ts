// Whether the presets look like markets, on five seeds. EVAL.md has the figures.
import { PRESETS } from '@truetape/orderflow';
import { describe, expect, test } from 'vitest';
import { rateOf, runMarket } from './realism.ts';

const { calm, burst, mixed } = PRESETS;
const storm = PRESETS['cancel-storm'];
const crash = PRESETS['flash-crash'];
/** Long enough for ten rounds of the script. */
const SECONDS = 600;

describe.each([1, 2, 3, 4, 5])('seed %i', (seed) => {
  test('mixed: two sides, everybody trades, heavy tails, and volatility that lasts', () => {
    const market = runMarket({ config: mixed, seed, seconds: SECONDS });
    expect(market.twoSidedShare).toBeGreaterThanOrEqual(0.99);
    for (const { type } of Object.values(mixed.agents))
      expect({ type, fills: market.types.get(type)?.fills ?? 0 }).toMatchObject({
        fills: expect.toSatisfy((fills: number) => fills > 100) as number,
      });
    expect(market.returns.count).toBe(SECONDS - 2);
    expect(market.returns.excessKurtosis).toBeGreaterThan(1);
    expect(market.absoluteLags[0]).toBeGreaterThan(0.1);
  });

  // The tails of mixed are not those of its script: bursts give them too, and a market without them has none.
  test('the script alone makes neither tails nor clusters', () => {
    const bursts = runMarket({ config: { ...mixed, script: [] }, seed, seconds: SECONDS / 2 });
    expect(bursts.returns.excessKurtosis).toBeGreaterThan(1);
    expect(bursts.absoluteLags[0]).toBeGreaterThan(0.1);
    const quiet = runMarket({ config: calm, seed, seconds: SECONDS / 2 });
    // 300 returns of a normal have 1 and 0.17 in one of a thousand cases.
    expect(Math.abs(quiet.returns.excessKurtosis)).toBeLessThan(1);
    expect(Math.abs(quiet.absoluteLags[0])).toBeLessThan(0.17);
  });

  test('burst has five times the orders of calm, cancel-storm three times its cancels', () => {
    const [base, fast, stuffed] = [calm, burst, storm].map((config) =>
      runMarket({ config, seed, seconds: 60 }),
    );
    expect(rateOf(fast, 'orders') / rateOf(base, 'orders')).toBeGreaterThanOrEqual(5);
    expect(rateOf(stuffed, 'cancels') / rateOf(base, 'cancels')).toBeGreaterThanOrEqual(3);
  });

  test('quote stuffing: most orders are one agent’s, live for milliseconds and never trade', () => {
    const { types, facts, sim } = runMarket({ config: storm, seed, seconds: 60 });
    const { orders, cancels, fills } = types.get('cancelBot')!;
    const all = sim.metrics.regimes.reduce((sum, counts) => sum + counts.orders, 0);
    expect(orders / all).toBeGreaterThan(0.5);
    expect(cancels / orders).toBeGreaterThan(0.95);
    expect(fills / orders).toBeLessThan(0.01);
    const half = facts.lives.stats[0] / 2;
    let short = 0;
    facts.lives.counts.forEach((count, bucket) => {
      // Buckets of 2^7 steps an octave: below 20 ms.
      if (bucket < 128 * 18) short += count;
    });
    expect(short).toBeGreaterThan(half);
  });

  test('flash-crash falls by more than a fiftieth within two seconds, and comes back', () => {
    const { facts, sim } = runMarket({ config: crash, seed, seconds: 60, intervalNs: 100_000_000 });
    const at = (second: number): number => facts.middles[second * 10];
    const before = at(9.5);
    const low = Math.min(...facts.middles.slice(100, 130));
    expect(1 - low / before).toBeGreaterThan(0.02);
    const value = (sim.symbols[0].valueMilliticks * 2) / 1000;
    expect(Math.abs(at(59) / value - 1)).toBeLessThan(0.005);
    // Half of the way within ten seconds.
    expect((at(22) - low) / (before - low)).toBeGreaterThan(0.5);
    const { regimes } = sim.metrics;
    expect(regimes[sim.regimes.indexOf('burst')].timeNs).toBeGreaterThan(0);
    expect(sim.regimes[sim.regime]).toBe('calm');
  });
});
