/** The same run gives the same events: cut short, and resumed at any point. For samples and for sweeps. */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { checkProperty } from './property.ts';
import { run, simTape } from './runs.ts';
import type { TestTape } from './runs.ts';

export const MODES = ['exchange', 'replay', 'ideal'] as const;
export type Mode = (typeof MODES)[number];
const STRATEGIES = ['market-maker', 'momentum', 'mean-reversion', 'twap', 'vwap'] as const;
export type StrategyName = (typeof STRATEGIES)[number];
const tapes = new Map<string, TestTape>();

export function tapeOfSeed(seed: number): TestTape {
  const preset = (['calm', 'burst', 'cancel-storm', 'mixed'] as const)[seed % 4];
  const key = `${preset}/${seed}`;
  const tape = tapes.get(key) ?? simTape(preset, String(seed), 2500);
  tapes.set(key, tape);
  return tape;
}

/** Delays that differ from message to message, small bars, and some limits. */
export const CONFIG = {
  latency: {
    feed: { kind: 'logNormal', medianNs: 300_000, sigmaPermille: 500 },
    order: { kind: 'uniform', minNs: 100_000, maxNs: 3_000_000 },
    cancel: { kind: 'fixed', ns: 0 },
    response: { kind: 'empirical', valuesNs: [0, 50_000, 2_000_000] },
  },
  risk: { limits: { maxPositionLots: 8 }, account: { orderRate: { orders: 40, perNs: 1_000_000_000 } } },
  sampleNs: 10_000_000,
} as const;

const SMALL_BARS = { barNs: 20_000_000, bars: 3 };
const PARAMETERS = {
  'market-maker': {},
  momentum: { ...SMALL_BARS, thresholdTicks: 1 },
  'mean-reversion': { ...SMALL_BARS, entryPermille: 900, exitPermille: 100 },
  twap: { startNs: 100_000_000, durationNs: 500_000_000, qtyLots: 20 },
  vwap: { startNs: 100_000_000, durationNs: 500_000_000, qtyLots: 20 },
} as const;

const cases = fc.record({
  seed: fc.integer({ min: 1, max: 40 }),
  mode: fc.constantFrom(...MODES),
  strategy: fc.constantFrom(...STRATEGIES),
  share: fc.double({ min: 0.02, max: 0.98, noNaN: true }),
});

/** How far a check goes. */
export interface Extent {
  readonly seed: number;
  readonly runs: number;
}

/**
 * A tape that is cut gives the beginning of the whole run: fails when anything that a run decides by looks beyond what
 * has happened.
 */
export function checkNoLookAhead({ seed, runs }: Extent): void {
  checkProperty(
    seed,
    fc.property(cases, ({ seed: tapeSeed, mode, strategy, share }) => {
      const tape = tapeOfSeed(tapeSeed);
      const config = { ...CONFIG, mode, strategy: PARAMETERS[strategy] };
      const whole = run(tape, { strategy, config });
      const cut = run(tape, { strategy, config, cutAt: Math.max(60, Math.floor(tape.count * share)) });
      // At the time of the cut itself more of the tape may come.
      const before = cut.events.filter(({ timeNs }) => timeNs < cut.endNs);
      expect(before).toEqual(whole.events.slice(0, before.length));
    }),
    runs,
  );
}

/** A run that is saved and goes on gives the same events: fails when a member of the state is left out. */
export function checkResumed({ seed, runs }: Extent): void {
  checkProperty(
    seed,
    fc.property(cases, ({ seed: tapeSeed, mode, strategy, share }) => {
      const tape = tapeOfSeed(tapeSeed);
      const config = { ...CONFIG, mode, strategy: PARAMETERS[strategy] };
      const whole = run(tape, { strategy, config });
      const at = Math.max(1, Math.floor(tape.count * share));
      const resumed = run(tape, { strategy, config, resumeAt: [at, at + 1, at + 700] });
      expect(resumed.hash).toBe(whole.hash);
    }),
    runs,
  );
}

/** The same behind each single event of a tape. */
export function checkResumedAnywhere(mode: Mode, strategy: StrategyName, events: number): void {
  const tape = simTape('mixed', '7', events);
  const config = { ...CONFIG, mode, strategy: PARAMETERS[strategy] };
  const { hash } = run(tape, { strategy, config });
  for (let at = 1; at <= tape.count; at++)
    expect(run(tape, { strategy, config, resumeAt: [at] }).hash, `behind event ${at}`).toBe(hash);
}
