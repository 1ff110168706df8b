import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ratioFixed } from '@truetape/kernel';
import { checkProperty, seeds } from './property.ts';

test.each([
  [1n, 3n, 6, '0.333333'],
  [2n, 3n, 6, '0.666667'],
  [1n, 2n, 0, '1'],
  [-1n, 2n, 0, '-1'],
  [5n, 2n, 0, '3'],
  [-5n, 2n, 0, '-3'],
  [1n, 8n, 2, '0.13'],
  [-1n, 8n, 2, '-0.13'],
  [1n, -8n, 2, '-0.13'],
  [-1n, -8n, 2, '0.13'],
  [0n, 7n, 3, '0.000'],
  [-1n, 1000n, 2, '0.00'],
  [123456789n, 1n, 2, '123456789.00'],
  [1n, 1n, 6, '1.000000'],
])('%s / %s to %s places', (numerator, denominator, places, text) => {
  expect(ratioFixed(numerator, denominator, places)).toBe(text);
});

test('KERNEL-3: a ratio has a denominator', () => {
  expect(() => ratioFixed(1n, 0n, 2)).toThrow('KERNEL-3');
});

test.each([-1, 0.5, NaN])('KERNEL-1: refuses %s places', (places) => {
  expect(() => ratioFixed(1n, 3n, places)).toThrow('KERNEL-1');
});

const integers = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });

// Fails when rounding is off by one unit in the last place, or ties go another way.
test.each(seeds(31))('is within half a unit of the last place, ties away from zero (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(
      fc.oneof(integers, fc.bigInt({ min: -50n, max: 50n })),
      fc.oneof(integers, fc.bigInt({ min: -50n, max: 50n })).filter((value) => value !== 0n),
      fc.integer({ min: 0, max: 9 }),
      (numerator, denominator, places) => {
        const text = ratioFixed(numerator, denominator, places);
        const units = BigInt(text.replace('.', ''));
        // |units × denominator − numerator × 10^places| × 2 ≤ |denominator|, and a tie grew in magnitude.
        const exact = numerator * 10n ** BigInt(places);
        const miss = units * denominator - exact;
        const distance = miss < 0n ? -miss : miss;
        const width = denominator < 0n ? -denominator : denominator;
        expect(distance * 2n <= width).toBe(true);
        const grew = units * units * denominator * denominator > exact * exact;
        expect(distance * 2n < width || grew).toBe(true);
      },
    ),
    2000,
  );
});
