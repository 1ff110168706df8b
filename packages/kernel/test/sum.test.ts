import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addProduct, addTo, createSum, sumValue } from '@truetape/kernel';
import { checkProperty, seeds } from './property.ts';

const SAFE_MAX = Number.MAX_SAFE_INTEGER;
const NONE = -9007199254740992;

const addends = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer(),
  fc.constantFrom(SAFE_MAX, -SAFE_MAX, SAFE_MAX - 1, 1, -1, 0, -0, 2 ** 52, -(2 ** 52), 2 ** 27, 2 ** 26 - 1),
);
const step = fc.oneof(fc.tuple(addends), fc.tuple(addends, addends));

// Fails when a lane overflows silently, a spill is lost or doubled, or a product is rounded.
test.each(seeds(41))(
  'a sum of numbers and products equals the bigint sum after every step (seed %s)',
  (seed) => {
    checkProperty(
      seed,
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const sum = createSum();
        let expected = 0n;
        for (const [a, b] of steps) {
          if (b === undefined) {
            addTo(sum, a);
            expected += BigInt(a);
          } else {
            addProduct(sum, a, b);
            expected += BigInt(a) * BigInt(b);
          }
          expect(sumValue(sum)).toBe(expected);
        }
      }),
      2000,
    );
  },
);

// Fails when the split of a product past 2^53 is off by a bit anywhere.
test.each(seeds(42))('a single product is exact (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
      const sum = createSum();
      addProduct(sum, a, b);
      expect(sumValue(sum)).toBe(BigInt(a) * BigInt(b));
    }),
    20_000,
  );
});

describe('at the edges of a lane', () => {
  test('the largest magnitudes, many times', () => {
    const sum = createSum(5n);
    for (let count = 0; count < 1000; count++) {
      addProduct(sum, SAFE_MAX, SAFE_MAX);
      addTo(sum, SAFE_MAX);
    }
    expect(sumValue(sum)).toBe(5n + 1000n * (BigInt(SAFE_MAX) ** 2n + BigInt(SAFE_MAX)));
  });

  test('a saved value is a start', () => {
    const sum = createSum(-(2n ** 80n));
    addTo(sum, 1);
    expect(sumValue(createSum(sumValue(sum)))).toBe(1n - 2n ** 80n);
  });
});

// KERNEL-4: an absent value must not be counted as −2^53, even where the total would stay in range.
test.each([NaN, NONE, 2 ** 53, Infinity, -Infinity])('KERNEL-4: refuses %s', (value) => {
  const sum = createSum();
  addTo(sum, 7);
  expect(() => addTo(sum, value)).toThrow('KERNEL-4');
  expect(() => addProduct(sum, value, 0)).toThrow('KERNEL-4');
  expect(() => addProduct(sum, 0, value)).toThrow('KERNEL-4');
  expect(sumValue(sum)).toBe(7n);
});

test('KERNEL-5: a fraction shows when the sum is read, or moved to the bigint', () => {
  const sum = createSum();
  addTo(sum, 0.5);
  expect(() => sumValue(sum)).toThrow('KERNEL-5');
  expect(() => addTo(sum, SAFE_MAX)).toThrow('KERNEL-5');
});
