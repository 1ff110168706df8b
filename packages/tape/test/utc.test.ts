import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSpan, utcDate, utcTime } from '@truetape/tape';
import { checkProperty, seeds } from './property.ts';

describe('UTC', () => {
  test.each(seeds(3))('agrees with the platform at any time that a tape can hold (seed %i)', (seed) => {
    const property = fc.property(fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_fffen }), (unixNs) => {
      const iso = new Date(Number(unixNs / 1_000_000n)).toISOString();
      expect(utcDate(unixNs)).toBe(iso.slice(0, 10));
      expect(utcTime(unixNs)).toBe(`${iso.slice(11, -1)}${String(unixNs % 1_000_000n).padStart(6, '0')}`);
    });
    checkProperty(seed, property, 2000);
  });

  test.each([
    [0n, '1970-01-01', '00:00:00.000000000'],
    [951_782_400_000_000_000n, '2000-02-29', '00:00:00.000000000'],
    [1_735_689_599_999_999_999n, '2024-12-31', '23:59:59.999999999'],
  ])('%i', (unixNs, date, time) => {
    expect([utcDate(unixNs), utcTime(unixNs)]).toEqual([date, time]);
  });
});

test.each([
  [0n, '0ns'],
  [999n, '999ns'],
  [-1_250_000_000n, '-1.25s'],
  [12_500_000n, '12.5ms'],
  [1_000n, '1us'],
  [3_600_000_000_001n, '3600.000000001s'],
])('a span of %i ns is %s', (ns, text) => {
  expect(formatSpan(ns)).toBe(text);
});

test('a span is cut toward zero where it is asked for', () => {
  expect(formatSpan(1_248_999_999n, 3)).toBe('1.248s');
  expect(formatSpan(-1_000_400_000n, 3)).toBe('-1s');
});
