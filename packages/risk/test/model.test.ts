// Random limits, views and orders, small enough to stand at limits often: the gate says what the reference says.
import * as fc from 'fast-check';
import { NONE, nameOfCode } from '@truetape/contracts';
import { checkOrder, createVerdict } from '@truetape/risk';
import type { RiskConfig } from '@truetape/risk';
import { expect, test } from 'vitest';
import { checkByRules } from '../src/check.ts';
import { shareOf } from '../src/proportion.ts';
import { checkProperty, seeds } from './property.ts';
import { reference } from './reference.ts';
import { orderOf, viewOf, watched } from './setup.ts';

const small = (most: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: most });
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });
const orNone = (one: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  fc.oneof({ weight: 12, arbitrary: one }, { weight: 1, arbitrary: fc.constant(NONE) });
const price = fc.integer({ min: 90, max: 110 });

const config = fc.record({
  maxOrderLots: maybe(small(12)),
  maxNotional: maybe(small(1500).map(String)),
  priceCollar: maybe(fc.record({ bps: small(900), against: fc.constantFrom('touch', 'mid', 'last') })),
  maxPositionLots: maybe(small(25)),
});
const view = fc.record({
  bidTicks: orNone(price),
  askTicks: orNone(price),
  lastTicks: orNone(price),
  positionLots: orNone(fc.integer({ min: -20, max: 20 })),
  openBuyLots: orNone(small(12)),
  openSellLots: orNone(small(12)),
  equity: fc.bigInt({ min: -100n, max: 4000n }),
  otherExposure: fc.bigInt({ min: 0n, max: 2000n }),
});
const order = fc.record({
  side: fc.constantFrom(1, 2),
  qtyLots: orNone(small(14)),
  priceTicks: orNone(price),
  reduceOnly: fc.boolean(),
});

/** Without the members that are undefined. */
const defined = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;

test.each(seeds(71))('the gate says what the reference says (seed %i)', (seed) => {
  const told = new Map<string, number>();
  checkProperty(
    seed,
    fc.property(config, maybe(small(20_000)), view, order, (limits, maxLeverageBps, numbers, wanted) => {
      const all: RiskConfig = {
        limits: defined(limits) as RiskConfig['limits'] & object,
        account: maxLeverageBps === undefined ? {} : { maxLeverageBps },
      };
      const looked = viewOf(numbers);
      const proposal = orderOf(wanted);
      const verdict = createVerdict();
      const gate = watched(all, looked);
      const answer = checkOrder(gate, looked, proposal, verdict);
      const expected = reference(all, looked, proposal);
      const rule = verdict.rule === 0 ? 'none' : nameOfCode('rule', verdict.rule);
      told.set(rule, (told.get(rule) ?? 0) + 1);
      expect({ rule, verdict: nameOfCode('verdict', verdict.verdict), allowed: verdict.allowedLots }).toEqual(
        expected,
      );
      expect(checkByRules(gate, looked, proposal, createVerdict())).toBe(answer);
    }),
    3000,
  );
  // None of them was there for nothing.
  expect(told.size).toBe(9);
  expect(Math.min(...told.values())).toBeGreaterThan(20);
});

// Fails when the quotient of two doubles is taken for exact.
test.each(seeds(72))('a share is that of bigints (seed %i)', (seed) => {
  const values = fc.oneof(
    fc.maxSafeNat(),
    fc.integer({ min: 0, max: 10 }).map((k) => Number.MAX_SAFE_INTEGER - k),
    // One below a multiple: their quotient rounds up to a whole.
    fc.integer({ min: 1, max: 450_000_000_000 }).map((many) => many * 20_000 - 1),
  );
  const numerators = fc.integer({ min: 0, max: 10_000_000 });
  checkProperty(
    seed,
    fc.property(
      values,
      numerators,
      fc.constantFrom(10_000, 20_000),
      fc.boolean(),
      (value, numerator, by, isUp) => {
        const product = BigInt(value) * BigInt(numerator);
        const exact = product / BigInt(by) + (isUp && product % BigInt(by) !== 0n ? 1n : 0n);
        const share = shareOf(value, numerator, by, isUp);
        if (exact <= BigInt(Number.MAX_SAFE_INTEGER)) expect(share).toBe(Number(exact));
        else expect(Number.isSafeInteger(share)).toBe(false);
      },
    ),
    3000,
  );
});
