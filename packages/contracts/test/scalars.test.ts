import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import {
  FIRST_ASSIGNED_ID,
  MONEY_NONE,
  NONE,
  N_MAX,
  epochAt,
  fromUnixNs,
  isN,
  toUnixNs,
} from '@truetape/contracts';
import { checkProperty, seeds } from './property.ts';

test('the constants are what they are called', () => {
  expect(BigInt(NONE)).toBe(-(2n ** 53n));
  expect(BigInt(N_MAX)).toBe(2n ** 53n - 1n);
  expect(MONEY_NONE).toBe(-(2n ** 127n));
  expect(BigInt(FIRST_ASSIGNED_ID)).toBe(2n ** 52n);
});

test('the absent number is no number of an n', () => {
  expect([NONE, N_MAX, -N_MAX, N_MAX + 1, 0.5, Number.NaN].map(isN)).toEqual([
    false,
    true,
    true,
    false,
    false,
    false,
  ]);
});

describe('times in memory and on the wire', () => {
  test('an epoch is its two halves', () => {
    expect(epochAt(0n)).toEqual({ hi: 0, lo: 0 });
    expect(epochAt(2n ** 64n - 1n)).toEqual({ hi: 0xffffffff, lo: 0xffffffff });
    expect(epochAt(1764547200000000000n)).toEqual({ hi: 0x187cee54, lo: 0x55690000 });
  });

  test.each(seeds(21))('are inverse to each other within 104 days (seed %i)', (seed) => {
    const unix = fc.bigInt({ min: 0n, max: 2n ** 64n - 2n });
    checkProperty(
      seed,
      fc.property(unix, fc.maxSafeInteger(), (at, timeNs) => {
        const epoch = epochAt(at);
        const ns = toUnixNs(timeNs, epoch);
        expect(ns).toBe(at + BigInt(timeNs));
        expect(fromUnixNs(ns, epoch)).toBe(timeNs + 0);
      }),
      300,
    );
  });

  test('have no number beyond that', () => {
    const epoch = epochAt(2n ** 60n);
    expect(fromUnixNs(2n ** 60n + 2n ** 53n - 1n, epoch)).toBe(N_MAX);
    for (const far of [2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n), 2n ** 60n]) {
      expect(fromUnixNs(2n ** 60n + far, epoch)).toBeUndefined();
    }
  });
});
