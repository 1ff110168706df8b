/** Several markets on one poor account, spot, linear and inverse beside each other: no run dies, and the books balance. */
import { Kind } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import { checkLedger, createLedgerFold, foldLedgerEvent, hashBooks } from '@truetape/ledger';
import { PRESETS } from '@truetape/orderflow';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkProperty, seeds } from './property.ts';
import { ofKind, run, simTapeOf } from './runs.ts';
import type { RunResult, TestTape } from './runs.ts';
import { WILD } from './wild.ts';

const tapes = new Map<number, TestTape>();
function tapeOfSeed(seed: number): TestTape {
  const preset = PRESETS[(['calm', 'burst', 'mixed', 'flash-crash'] as const)[seed % 4]];
  const [one] = Object.values(preset.symbols);
  const symbols = { A: one, B: { ...one, startTicks: 7000 }, C: { ...one, startTicks: 4000 } };
  const tape = tapes.get(seed) ?? simTapeOf({ ...preset, symbols }, String(seed), 3500);
  tapes.set(seed, tape);
  return tape;
}

const kind = fc.constantFrom('spot', 'linear', 'inverse');
const delay = fc.constantFrom(0, 50_000, 2_000_000, 80_000_000);
const cases = fc.record({
  seed: fc.integer({ min: 1, max: 12 }),
  mode: fc.constantFrom('exchange', 'replay', 'ideal'),
  kinds: fc.tuple(kind, kind, kind),
  usd: fc.constantFrom('9', '130', '1500', '20000'),
  base: fc.constantFrom('0', '1', '7', '40'),
  makerBps: fc.constantFrom('-2', '0', '10', '900'),
  takerBps: fc.constantFrom('0', '30', '2500'),
  minimum: fc.constantFrom('0', '0.01', '3'),
  milliBps: fc.constantFrom(0, 5000, 400_000),
  order: delay,
  response: delay,
  funding: fc.boolean(),
  leverage: fc.constantFrom(1, 20, 100),
  several: fc.boolean(),
  rounding: fc.constantFrom('floor', 'ceiling', 'halfUp', 'down', 'up', 'halfEven'),
  resumeAt: fc.integer({ min: 100, max: 3000 }),
});

function configOf(one: typeof cases extends fc.Arbitrary<infer Case> ? Case : never): JsonObject {
  const { usd, base, makerBps, takerBps, minimum, milliBps, order, response, leverage, rounding } = one;
  const [first, second, third] = one.kinds.map((is) => ({ class: is }));
  const late = { kind: 'fixed', ns: order };
  return {
    mode: one.mode,
    deposits: { USD: usd, A: base, B: base, C: base },
    instrument: {
      rounding,
      leverage,
      fees: { tiers: [{ makerBps, takerBps }], minimum },
      slippage: { kind: 'bps', milliBps },
    },
    instruments: { 'SIM:A': first, 'SIM:B': second, 'SIM:C': third },
    latency: { order: late, cancel: late, response: { kind: 'fixed', ns: response } },
    ...(one.funding ? { funding: { everyNs: 50_000_000, rateE12: 900_000_000 } } : {}),
  };
}

/** The ledger that the output tape makes is the run's. */
function checkBooks({ events, backtest }: RunResult): void {
  const policy = { rounding: 'halfUp', roundPer: 'fill' } as const;
  const made = createLedgerFold({ account: 1, equityOn: 'last', policy, tradesKept: 0 });
  if (!made.ok) throw new Error(made.error.code);
  for (const event of events) expect(foldLedgerEvent(made.value, event)).toBeUndefined();
  expect(made.value.pending).toEqual([]);
  const { ledger } = backtest.engine.account;
  expect(hashBooks(made.value.ledger, nodePorts.sha256)).toEqual(hashBooks(ledger, nodePorts.sha256));
  for (const one of [ledger, backtest.atVenue.ledger]) checkLedger(one);
}

// Fails where money of one market is lost to another, where a state forgets some, or where the venue lets in what
// cannot be paid for.
test.each(seeds(20_261_122))('three markets share an account (seed %s)', (seed) => {
  let fills = 0;
  const runs = 120;
  checkProperty(
    seed,
    fc.property(cases, (one) => {
      const strategy = one.several ? ['one', 'two'].map((name) => ({ ...WILD, name })) : WILD;
      const config = configOf(one);
      const tape = tapeOfSeed(one.seed);
      const whole = run(tape, { strategy, config });
      checkBooks(whole);
      const resumed = run(tape, { strategy, config, resumeAt: [one.resumeAt] });
      expect(resumed.hash).toBe(whole.hash);
      fills += ofKind(whole.events, Kind.Fill).length;
    }),
    runs,
  );
  expect(fills).toBeGreaterThan(runs * 20);
});
