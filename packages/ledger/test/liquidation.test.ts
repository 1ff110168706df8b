// A liquidation price against its meaning, in exact fractions: there equity is not above what has to be
// maintained, and one fine unit before it still is.
import { expect, test } from 'vitest';
import fc from 'fast-check';
import { liquidationOf, setMargin } from '@truetape/ledger';
import type { MarginTierConfig } from '@truetape/ledger';
import { checkProperty, seeds } from './property.ts';
import { fraction } from './reference.ts';
import type { Fraction } from './reference.ts';
import { BTC, INSTRUMENTS, INVERSE, LINEAR, USDT, cash, configOf, deskOf, fillOf, units } from './setups.ts';

const times = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * c, b * d];
const plus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * d + c * b, b * d];
const minus = (a: Fraction, [c, d]: Fraction): Fraction => plus(a, [-c, d]);
const isAbove = (a: Fraction, b: Fraction): boolean => minus(a, b)[0] > 0n;

interface Case {
  readonly instrument: number;
  readonly isLong: boolean;
  readonly lots: number;
  readonly ticks: number;
  readonly wallet: bigint;
  readonly rates: readonly number[];
}

/** Continuous brackets with rising rates, in units of the settle asset. */
function tiersOf({ rates }: Case, unit: bigint): readonly MarginTierConfig[] {
  let [floor, rate, amount] = [0n, 0n, 0n];
  return rates.map((step, at) => {
    const next = rate + BigInt(step) * 1_000_000_000n;
    // A floor that every rate divides: amounts are exact.
    const from = at === 0 ? 0n : floor === 0n ? unit : floor * 3n;
    amount += (from * (next - rate)) / 1_000_000_000_000n;
    [floor, rate] = [from, next];
    return { floor, maintenanceE12: Number(rate), amount };
  });
}

/** Equity less maintenance at a fine price, without any rounding. */
function surplus(one: Case, cost: bigint, tiers: readonly MarginTierConfig[], fine: bigint): Fraction {
  const { qtyStep, contractSize } = INSTRUMENTS[one.instrument];
  const size = times(times(fraction(qtyStep), fraction(contractSize)), [BigInt(one.lots) * 10n ** 8n, 1n]);
  const isInverse = one.instrument === INVERSE;
  const value: Fraction = isInverse ? times(size, [10n ** 8n, fine]) : times(size, [fine, 10n ** 8n]);
  const gain: Fraction = one.isLong !== isInverse ? minus(value, [cost, 1n]) : minus([cost, 1n], value);
  let tier = tiers[0];
  for (const each of tiers) if (isAbove(value, [each.floor, 1n])) tier = each;
  const share = times(value, [BigInt(tier.maintenanceE12), 10n ** 12n]);
  return minus(plus([one.wallet, 1n], gain), minus(share, [tier.amount ?? 0n, 1n]));
}

const cases: fc.Arbitrary<Case> = fc.record({
  instrument: fc.constantFrom(LINEAR, INVERSE),
  isLong: fc.boolean(),
  lots: fc.integer({ min: 1, max: 5000 }),
  ticks: fc.integer({ min: 1000, max: 900_000 }),
  wallet: fc.bigInt({ min: 0n, max: units('30000') }),
  rates: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
});

test.each(seeds(73))(
  'a position is liquidated at its price and not one fine unit before (seed %s)',
  (seed) => {
    const kinds = new Set<string>();
    checkProperty(
      seed,
      fc.property(cases, fc.nat(9), (found, scale) => {
        const isInverse = found.instrument === INVERSE;
        // Wallets from nothing to more than the position is worth, in either asset.
        const wallet = found.wallet / (isInverse ? 10_000n : 1n) / 2n ** BigInt(scale);
        const one = { ...found, wallet };
        const desk = deskOf(configOf());
        const tiers = tiersOf(one, units(isInverse ? '0.5' : '1000'));
        expect(setMargin(desk.ledger, one.instrument, { leverage: 5, tiers })).toBeUndefined();
        desk.tell(cash('deposit', isInverse ? BTC : USDT, wallet));
        desk.tell(fillOf(one.instrument, one.isLong ? 'buy' : 'sell', one.lots, one.ticks));
        const signed = desk.ledger.positions[one.instrument]!.cost;
        const cost = signed < 0n ? -signed : signed;
        const at = (fine: bigint): boolean => surplus(one, cost, tiers, fine)[0] > 0n;
        const liquidation = liquidationOf(desk.ledger, one.instrument);
        kinds.add(`${liquidation.kind}${one.isLong ? ' long' : ' short'}${isInverse ? ' inverse' : ''}`);
        if (liquidation.kind === 'never') {
          for (const fine of [1n, 10n ** 8n, 10n ** 14n, 10n ** 30n]) expect(at(fine)).toBe(true);
          return;
        }
        if (liquidation.kind !== 'at') throw new Error(liquidation.kind);
        const price = liquidation.priceFine;
        const step = one.isLong ? 1n : -1n;
        if (price > 0n) expect(at(price)).toBe(false);
        if (price + step > 0n) expect(at(price + step)).toBe(true);
      }),
      400,
    );
    expect([...kinds].sort()).toEqual([
      'at long',
      'at long inverse',
      'at short',
      'at short inverse',
      'never long',
      'never short inverse',
    ]);
  },
);
