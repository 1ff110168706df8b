import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createQuantum,
  formatDecimal,
  formatNotional,
  formatQuanta,
  notional,
  parseDecimal,
  parseQuanta,
  quantaToDecimal,
  toQuanta,
  type Quantum,
} from '@truetape/kernel';
import { checkProperty, seeds } from './property.ts';

const SAFE_MAX = Number.MAX_SAFE_INTEGER;

function quantumOf(step: string): Quantum {
  const created = createQuantum(step);
  if (!created.ok) throw new Error(`${step}: ${created.error.kind}`);
  return created.value;
}

describe('createQuantum', () => {
  test.each([
    ['0.1', '0.1', 1, 1],
    ['0.250', '0.25', 25, 2],
    ['5', '5', 5, 0],
    ['100', '100', 100, 0],
    ['1.00', '1', 1, 0],
    ['0.00000001', '0.00000001', 1, 8],
    ['9007199254740991', '9007199254740991', SAFE_MAX, 0],
    ['0.0000000000000000000001', '0.0000000000000000000001', 1, 22],
  ])('%s', (text, step, mantissa, scale) => {
    expect(createQuantum(text)).toEqual({ ok: true, value: { step, mantissa, scale } });
  });

  test.each([
    ['0', 'outOfRange'],
    ['0.000', 'outOfRange'],
    ['-0.1', 'outOfRange'],
    ['9007199254740992', 'outOfRange'],
    ['0.00000000000000000000001', 'outOfRange'],
    ['', 'malformed'],
    ['1e-8', 'malformed'],
  ])('refuses %j as %s', (text, kind) => {
    expect(createQuantum(text)).toMatchObject({ ok: false, error: { kind, text } });
  });
});

describe('toQuanta and parseQuanta', () => {
  test.each([
    ['0.01', '61837.63000000', 6183763],
    ['0.001', '0.014', 14],
    ['0.1', '61837', 618370],
    ['0.1', '-0.1', -1],
    ['0.25', '100.5', 402],
    ['0.25', '0.75', 3],
    ['5', '61835', 12367],
    ['0.00000001', '90071992.54740991', SAFE_MAX],
    ['0.00000001', '-90071992.54740991', -SAFE_MAX],
    ['1', '9007199254740991', SAFE_MAX],
    // The scaled value passes 2^53 while the count of steps does not: the slow way.
    ['5', '45035996273704955', SAFE_MAX],
    ['1000', '9007199254740991000', SAFE_MAX],
    ['0.0000000000000000000001', '0.0000000000000000000007', 7],
  ])('step %s, %s', (step, text, quanta) => {
    expect(toQuanta(quantumOf(step), text)).toBe(quanta);
    expect(parseQuanta(quantumOf(step), text)).toEqual({ ok: true, value: quanta });
  });

  test.each([
    ['0.01', '123456789.12345678', 'inexact'],
    ['0.01', '0.001', 'inexact'],
    ['0.01', '9007199254740993.001', 'inexact'],
    ['0.25', '0.3', 'inexact'],
    ['5', '7', 'inexact'],
    ['3', '9007199254740991', 'inexact'],
    ['5', '45035996273704956', 'inexact'],
    ['1', '9007199254740992', 'outOfRange'],
    ['1', '9007199254740993', 'outOfRange'],
    ['0.00000001', '-90071992.54740992', 'outOfRange'],
    ['5', '45035996273704960', 'outOfRange'],
    ['0.0000000000000000000001', '1', 'outOfRange'],
    ['1', '9'.repeat(64), 'outOfRange'],
    ['0.000025', '1000000000000', 'outOfRange'],
  ] as const)('step %s refuses %s as %s', (step, text, kind) => {
    expect(toQuanta(quantumOf(step), text)).toBeNaN();
    expect(parseQuanta(quantumOf(step), text)).toEqual({ ok: false, error: { kind, text, step } });
  });

  test.each(['', '-', '.5', '5.', '5.0x', '5.00 ', '1e3', '+1', '1 ', '٣', '9'.repeat(65), '0'.repeat(65)])(
    'refuses %j as malformed',
    (text) => {
      expect(toQuanta(quantumOf('0.1'), text)).toBeNaN();
      expect(parseQuanta(quantumOf('0.1'), text)).toMatchObject({ ok: false, error: { kind: 'malformed' } });
    },
  );

  test('never gives the double -0', () => {
    expect(Object.is(toQuanta(quantumOf('0.1'), '-0.0'), 0)).toBe(true);
    expect(Object.is(toQuanta(quantumOf('0.25'), '-0'), 0)).toBe(true);
  });
});

const steps = fc
  .tuple(
    fc.oneof(fc.constantFrom(1, 5, 25, 3, 125), fc.integer({ min: 1, max: 99999 })),
    fc.integer({ min: 0, max: 12 }),
  )
  .map(([mantissa, scale]) => quantumOf(formatDecimal(BigInt(mantissa), scale)));
const decimals = fc
  .tuple(
    fc.oneof(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: -5000n, max: 5000n })),
    fc.integer({ min: 0, max: 14 }),
    fc.integer({ min: 0, max: 3 }),
  )
  // With trailing zeros, as venues write them.
  .map(([mantissa, scale, zeros]) => {
    const text = formatDecimal(mantissa, scale);
    return text.includes('.') ? text + '0'.repeat(zeros) : text;
  });

/** The obvious answer: cross-multiplied bigints. */
function referenceQuanta(quantum: Quantum, text: string): number {
  const parsed = parseDecimal(text);
  if (!parsed.ok) return NaN;
  const top = parsed.value.mantissa * 10n ** BigInt(quantum.scale);
  const bottom = BigInt(quantum.mantissa) * 10n ** BigInt(parsed.value.scale);
  if (top % bottom !== 0n) return NaN;
  const quanta = top / bottom;
  return quanta > BigInt(SAFE_MAX) || quanta < -BigInt(SAFE_MAX) ? NaN : Number(quanta);
}

// Fails on any rounding, on a wrong range check, and when a fast path accepts what bigints refuse.
test.each(seeds(21))('toQuanta and parseQuanta equal the bigint reference (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(steps, decimals, (quantum, text) => {
      const expected = referenceQuanta(quantum, text);
      expect(toQuanta(quantum, text)).toBe(expected);
      const parsed = parseQuanta(quantum, text);
      expect(parsed.ok ? parsed.value : NaN).toBe(expected);
    }),
    5000,
  );
});

const NEAR_DECIMAL = ['0', '0', '1', '2', '3', '5', '9', '.', '-', '+', 'e', ' ', '/', ':'];
const nearDecimals = fc.string({ unit: fc.constantFrom(...NEAR_DECIMAL), maxLength: 12 });

// Fails when the hot reader accepts a text that is no decimal.
test.each(seeds(22))('toQuanta equals the reference on texts near the grammar (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(steps, nearDecimals, (quantum, text) => {
      expect(toQuanta(quantum, text)).toBe(referenceQuanta(quantum, text));
    }),
    5000,
  );
});

const safeIntegers = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -1000, max: 1000 }),
  fc.constantFrom(SAFE_MAX, -SAFE_MAX, 0),
);

// Fails when a text form loses a digit, or is not the one parseDecimal and quantaToDecimal give.
test.each(seeds(23))('every count of steps formats to a text that reads back (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(steps, safeIntegers, (quantum, value) => {
      const text = formatQuanta(quantum, value);
      expect(toQuanta(quantum, text)).toBe(value);
      expect(formatQuanta(quantum, BigInt(value))).toBe(text);
      expect(parseDecimal(text)).toEqual({ ok: true, value: quantaToDecimal(quantum, value) });
    }),
    2000,
  );
});

describe('formatQuanta', () => {
  test.each([
    ['0.01', 6183763, '61837.63'],
    ['0.01', 6183700, '61837'],
    ['0.1', -1, '-0.1'],
    ['0.1', -0, '0'],
    ['0.25', -3, '-0.75'],
    ['5', 12367, '61835'],
    ['0.00000001', 2n ** 70n, '11805916207174.11303424'],
  ])('step %s, %s', (step, value, text) => {
    expect(formatQuanta(quantumOf(step), value)).toBe(text);
  });

  // KERNEL-2: NONE is −2^53; printing it as a price would invent one.
  test.each([NaN, 0.5, -9007199254740992, Infinity])('KERNEL-2: refuses %s', (value) => {
    expect(() => formatQuanta(quantumOf('0.1'), value)).toThrow('KERNEL-2');
    expect(() => quantaToDecimal(quantumOf('0.1'), value)).toThrow('KERNEL-2');
    expect(() => notional(value, 1)).toThrow('KERNEL-2');
    expect(() => notional(1, value)).toThrow('KERNEL-2');
  });
});

// Fails when a product is rounded, on either side of 2^53.
test.each(seeds(24))('notional is the exact product, and formats as price × quantity (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(safeIntegers, safeIntegers, (priceTicks, qtyLots) => {
      expect(notional(priceTicks, qtyLots)).toBe(BigInt(priceTicks) * BigInt(qtyLots));
    }),
  );
});

test('formatNotional scales by both steps', () => {
  const price = quantumOf('0.25');
  const qty = quantumOf('0.001');
  expect(formatNotional(price, qty, notional(402, 14))).toBe('1.407');
  expect(formatNotional(price, qty, -notional(402, 14))).toBe('-1.407');
});
