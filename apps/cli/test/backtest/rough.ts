/** What must hold of a strategy that does anything on a rough tape: no run dies, none sees ahead, each goes on from anywhere. */
import { Kind } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import { checkLedger, saveLedger } from '@truetape/ledger';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { checkProperty } from './property.ts';
import { roughTape } from './rough-tape.ts';
import { run, simTape } from './runs.ts';
import type { TestTape } from './runs.ts';
import { WILD } from './wild.ts';

const MS = 1_000_000;
const tapes = new Map<string, TestTape>();
function tapeOfSeed(seed: number, isRough: boolean): TestTape {
  const key = `${seed} ${isRough}`;
  const tape =
    tapes.get(key) ?? (isRough ? roughTape(String(seed), 700) : simTape('mixed', String(seed), 1500));
  tapes.set(key, tape);
  return tape;
}

const cases = fc.record({
  seed: fc.integer({ min: 1, max: 400 }),
  isRough: fc.constantFrom(true, true, false),
  ideal: fc.constantFrom(false, false, true),
  class: fc.constantFrom('spot', 'linear', 'inverse'),
  queue: fc.constantFrom<JsonObject[]>(
    { kind: 'riskAverse' },
    { kind: 'probPower', n: 2 },
    { kind: 'probLog' },
  ),
  usd: fc.constantFrom('40', '5000', '1000000'),
  latency: fc.constantFrom(0, 300_000, 9 * MS),
  slippage: fc.constantFrom<JsonObject[]>({ kind: 'book' }, { kind: 'volatility', permille: 3000, shift: 4 }),
  outage: fc.integer({ min: 0, max: 300 }),
  cancels: fc.boolean(),
  several: fc.boolean(),
  at: fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 4 }),
  fromMs: fc.integer({ min: 0, max: 200 }),
});

/** Whole, resumed behind some events, and cut. */
export function checkRough(seed: number, runs: number): void {
  let fills = 0;
  checkProperty(
    seed,
    fc.property(cases, (one) => {
      const tape = tapeOfSeed(one.seed, one.isRough);
      const delay = (sigma: number): JsonObject =>
        one.latency === 0
          ? { kind: 'fixed', ns: 0 }
          : { kind: 'logNormal', medianNs: one.latency, sigmaPermille: sigma };
      const config = {
        ...(one.ideal ? { mode: 'ideal' } : {}),
        deposits: { USD: one.usd, SIM: '90' },
        instrument: { class: one.class, leverage: 10, slippage: one.slippage },
        queue: one.queue,
        // Nothing takes no time: a strategy that answers itself would go on for ever.
        latency: {
          feed: { kind: 'fixed', ns: 1 },
          order: delay(500),
          cancel: delay(100),
          response: delay(300),
        },
        outages: [{ fromNs: one.outage * MS, toNs: (one.outage + 40) * MS, cancelAll: one.cancels }],
        script: [
          { atNs: (one.outage + 60) * MS, command: 'kill', level: 'flatten' },
          { atNs: (one.outage + 90) * MS, command: 'resume' },
        ],
      };
      const strategy = one.several ? [WILD, { ...WILD, name: 'other' }] : WILD;
      const options = { strategy, config, fromNs: tape.facts.firstNs + one.fromMs * MS };
      const whole = run(tape, options);
      for (const { ledger } of [whole.backtest.engine.account, whole.backtest.atVenue]) checkLedger(ledger);
      fills += whole.events.filter(({ kind }) => kind === Kind.Fill).length;
      const resumed = run(tape, { ...options, resumeAt: one.at });
      expect(resumed.hash).toBe(whole.hash);
      expect(saveLedger(resumed.backtest.atVenue.ledger)).toEqual(saveLedger(whole.backtest.atVenue.ledger));
      const cut = run(tape, { ...options, cutAt: one.at[0] });
      const before = cut.events.filter(({ timeNs }) => timeNs < cut.endNs);
      expect(whole.events.slice(0, before.length)).toEqual(before);
    }),
    runs,
  );
  expect(fills).toBeGreaterThan(runs);
}
