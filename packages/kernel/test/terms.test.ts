import { expect, test } from 'vitest';
import fc from 'fast-check';
import {
  ROUNDINGS,
  createTerms,
  divideRounded,
  fineOfTicks,
  quickValue,
  valueOf,
  type TermsInput,
} from '@truetape/kernel';
import { checkProperty, seeds } from './property.ts';

const LINEAR: TermsInput = {
  class: 'linear',
  priceStep: '0.1',
  qtyStep: '0.001',
  fineScale: 8,
  contractSize: '1',
  moneyScale: 8,
};

const termsOf = (input: TermsInput = LINEAR) => {
  const terms = createTerms(input);
  if (!terms.ok) throw new Error(terms.error.field);
  return terms.value;
};

test.each([
  ['down', 2n, -2n, 2n, -2n],
  ['up', 3n, -3n, 3n, -3n],
  ['floor', 2n, -3n, 2n, -3n],
  ['ceiling', 3n, -2n, 3n, -2n],
  ['halfUp', 3n, -3n, 2n, -2n],
  ['halfEven', 2n, -2n, 2n, -2n],
] as const)('%s: 5/2, −5/2, 9/4, −9/4', (rounding, half, minusHalf, quarter, minusQuarter) => {
  expect(divideRounded(5n, 2n, rounding)).toBe(half);
  expect(divideRounded(-5n, 2n, rounding)).toBe(minusHalf);
  expect(divideRounded(9n, 4n, rounding)).toBe(quarter);
  expect(divideRounded(-9n, 4n, rounding)).toBe(minusQuarter);
  expect(divideRounded(8n, 4n, rounding)).toBe(2n);
});

test('halfEven goes to the even neighbour on either side', () => {
  expect(divideRounded(7n, 2n, 'halfEven')).toBe(4n);
  expect(divideRounded(-7n, 2n, 'halfEven')).toBe(-4n);
});

test('KERNEL-44: a denominator that is zero or below is a mistake of the program', () => {
  expect(() => divideRounded(1n, 0n, 'down')).toThrow('KERNEL-44');
  expect(() => divideRounded(1n, -1n, 'down')).toThrow('KERNEL-44');
});

test.each(seeds(61))(
  'a quotient is off by less than one, to the nearest by half at most (seed %s)',
  (seed) => {
    checkProperty(
      seed,
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        fc.constantFrom(...ROUNDINGS),
        (numerator, denominator, rounding) => {
          const off = divideRounded(numerator, denominator, rounding) * denominator - numerator;
          const size = off < 0n ? -off : off;
          expect(size < denominator).toBe(true);
          if (rounding.startsWith('half')) expect(size * 2n <= denominator).toBe(true);
          if (rounding === 'floor') expect(off <= 0n).toBe(true);
          if (rounding === 'ceiling') expect(off >= 0n).toBe(true);
          if (rounding === 'down') expect(numerator < 0n ? off >= 0n : off <= 0n).toBe(true);
          if (rounding === 'up') expect(numerator < 0n ? off <= 0n : off >= 0n).toBe(true);
        },
      ),
    );
  },
);

test('a linear contract: 0.025 BTC at 61,800.3', () => {
  const terms = termsOf();
  expect(terms.finePerTick).toBe(10_000_000);
  // 61,800.3 × 0.025 = 1,545.0075
  expect(valueOf(terms, fineOfTicks(terms, 618_003), 25n, 'down')).toBe(154_500_750_000n);
  expect(valueOf(terms, fineOfTicks(terms, 618_003), -25n, 'down')).toBe(-154_500_750_000n);
  expect(quickValue(terms, 618_003, 25)).toBe(154_500_750_000);
});

test('an inverse contract: 100 contracts of 100 USD at 50,000', () => {
  const inverse = { ...LINEAR, class: 'inverse', qtyStep: '1', contractSize: '100' };
  const terms = termsOf(inverse);
  // 10,000 USD ÷ 50,000 = 0.2 BTC
  expect(valueOf(terms, fineOfTicks(terms, 500_000), 100n, 'down')).toBe(20_000_000n);
  expect(valueOf(terms, 3_00000000n, 1n, 'down')).toBe(33_33333333n);
  expect(valueOf(terms, 3_00000000n, 1n, 'up')).toBe(33_33333334n);
  expect(quickValue(terms, 500_000, 100)).toBeNaN();
  expect(() => valueOf(terms, 0n, 1n, 'down')).toThrow('KERNEL-45');
});

test('a contract size that is no integer', () => {
  const terms = termsOf({ ...LINEAR, contractSize: '0.01', qtyStep: '1' });
  expect(valueOf(terms, fineOfTicks(terms, 10), 3n, 'down')).toBe(3_000_000n);
});

test('where the asset has too few digits, a value takes a rounding', () => {
  const terms = termsOf({ ...LINEAR, moneyScale: 2 });
  expect(terms.isExact).toBe(false);
  expect(quickValue(terms, 618_003, 25)).toBeNaN();
  expect(valueOf(terms, fineOfTicks(terms, 618_003), 25n, 'halfUp')).toBe(154_501n);
  expect(valueOf(terms, fineOfTicks(terms, 618_003), 25n, 'down')).toBe(154_500n);
});

test.each(seeds(62))('a quick value is the exact one, or no number (seed %s)', (seed) => {
  const terms = termsOf();
  checkProperty(
    seed,
    fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), fc.nat(20), fc.nat(40), (p, q, a, b) => {
      const priceTicks = Math.trunc(p / Number(1n << BigInt(a)));
      const qtyLots = Math.trunc(q / Number(1n << BigInt(b)));
      const exact = valueOf(terms, fineOfTicks(terms, priceTicks), BigInt(qtyLots), 'down');
      const quick = quickValue(terms, priceTicks, qtyLots);
      if (Number.isNaN(quick)) expect(Number.isSafeInteger(Number(exact))).toBe(false);
      else expect(BigInt(quick)).toBe(exact);
    }),
  );
});

test.each([
  ['class', 'option'],
  ['priceStep', '0'],
  ['qtyStep', '-1'],
  ['contractSize', '0'],
  ['contractSize', 'x'],
  ['fineScale', 0],
  ['fineScale', 16],
  ['moneyScale', -1],
  ['moneyScale', 39],
] as const)('terms with %s = %s are refused', (field, found) => {
  expect(createTerms({ ...LINEAR, [field]: found })).toEqual({
    ok: false,
    error: { kind: 'badTerms', field, found: String(found) },
  });
});
