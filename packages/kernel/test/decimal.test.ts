import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DECIMAL_CHARS_MAX, formatDecimal, parseDecimal, scaleOf } from '@truetape/kernel';
import { checkProperty, seeds } from './property.ts';

const MALFORMED = [
  '',
  '-',
  '.',
  '.5',
  '5.',
  '-.5',
  '+5',
  ' 5',
  '5 ',
  '1e3',
  '1E-3',
  '1.2.3',
  '1,5',
  '0x10',
  '--1',
  '1-',
  '1_000',
  'NaN',
  'Infinity',
  '٣',
  '½',
  '5\n',
  '/5',
  ':5',
  '5/',
  '5:',
  '5.:',
  '5./',
  '1'.repeat(DECIMAL_CHARS_MAX + 1),
];

describe('parseDecimal', () => {
  // Fails when a zero is dropped on the wrong side of the point, or when a sign is lost.
  test.each([
    ['0', 0n, 0],
    ['-0', 0n, 0],
    ['0.000', 0n, 0],
    ['-0.00', 0n, 0],
    ['5', 5n, 0],
    ['500', 500n, 0],
    ['0.1', 1n, 1],
    ['-0.25', -25n, 2],
    ['61837.63000000', 6183763n, 2],
    ['007.50', 75n, 1],
    ['0.00000001', 1n, 8],
    ['123456789012345678901234567890.5', 1234567890123456789012345678905n, 1],
    ['1'.repeat(DECIMAL_CHARS_MAX), BigInt('1'.repeat(DECIMAL_CHARS_MAX)), 0],
  ])('%s', (text, mantissa, scale) => {
    expect(parseDecimal(text)).toEqual({ ok: true, value: { mantissa, scale } });
  });

  test.each(MALFORMED)('refuses %j', (text) => {
    const error = { kind: 'malformed', text: text.slice(0, DECIMAL_CHARS_MAX) };
    expect(parseDecimal(text)).toEqual({ ok: false, error });
  });
});

describe('formatDecimal', () => {
  test.each([
    [0n, 0, '0'],
    [0n, 8, '0'],
    [-5n, 0, '-5'],
    [-25n, 2, '-0.25'],
    [1n, 1, '0.1'],
    [1n, 8, '0.00000001'],
    [500n, 2, '5'],
    [500n, 0, '500'],
    [-510n, 2, '-5.1'],
    [12345678901234567890n, 10, '1234567890.123456789'],
  ])('%s × 10^-%s', (mantissa, scale, text) => {
    expect(formatDecimal(mantissa, scale)).toBe(text);
  });

  // KERNEL-1: a negative or broken scale would put the point anywhere.
  test.each([-1, 0.5, NaN, Infinity])('KERNEL-1: refuses scale %s', (scale) => {
    expect(() => formatDecimal(1n, scale)).toThrow('KERNEL-1');
  });
});

const mantissas = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });

// Fails when a form is not shortest, loses a digit, or does not read back.
test.each(seeds(11))('format and parse are inverse, and the text is shortest (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(mantissas, fc.integer({ min: 0, max: 30 }), (mantissa, scale) => {
      const text = formatDecimal(mantissa, scale);
      expect(text).toMatch(/^(0|-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?)$/);
      expect(text).not.toBe('-0');
      const parsed = parseDecimal(text);
      if (!parsed.ok) throw new Error(text);
      // The same value, in lowest form: cross-multiplied, since the scale shrank.
      expect(parsed.value.mantissa * 10n ** BigInt(scale - parsed.value.scale)).toBe(mantissa);
      expect(formatDecimal(parsed.value.mantissa, parsed.value.scale)).toBe(text);
    }),
  );
});

describe('scaleOf', () => {
  test.each([
    ['0', 0],
    ['-0.0', 0],
    ['5', 0],
    ['500', 0],
    ['0.1', 1],
    ['61837.63000000', 2],
    ['0.10200', 3],
    ['-1.00000001', 8],
  ])('%s', (text, scale) => {
    expect(scaleOf(text)).toBe(scale);
  });

  test.each(MALFORMED)('is -1 for %j', (text) => {
    expect(scaleOf(text)).toBe(-1);
  });
});

// Strings near the grammar: most are malformed by one character.
const NEAR_DECIMAL = ['0', '0', '1', '2', '3', '5', '9', '.', '-', '+', 'e', ' ', '/', ':'];
const nearDecimals = fc.string({ unit: fc.constantFrom(...NEAR_DECIMAL), maxLength: 12 });

// Fails when the hot reader and the plain one disagree on what a decimal is.
test.each(seeds(12))('scaleOf agrees with parseDecimal on every text (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(nearDecimals, (text) => {
      const parsed = parseDecimal(text);
      expect(scaleOf(text)).toBe(parsed.ok ? parsed.value.scale : -1);
    }),
    5000,
  );
});
