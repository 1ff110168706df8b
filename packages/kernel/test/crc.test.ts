import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCrc32, CRC_LARGE_BYTES, crc32Small } from '@truetape/kernel';
import { checkProperty, seeds } from './property.ts';

// Source of the check value: the catalogue of parametrised CRC algorithms, CRC-32/ISO-HDLC.
test('the check value of "123456789", unsigned', () => {
  expect(crc32Small(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(crc32Small(new Uint8Array(0))).toBe(0);
  // A result with the top bit set: a signed one would be negative.
  expect(crc32Small(new Uint8Array(4))).toBe(0x2144df1c);
  expect(crc32Small(Uint8Array.of(255, 255, 255, 255))).toBe(0xffffffff);
});

const bytes = fc.uint8Array({ maxLength: 700 });
const chained = fc.oneof(fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff), fc.nat());

// Fails when seeded chaining differs between the two implementations, or a sign slips through.
test.each(seeds(61))('equals zlib, with every seed (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(bytes, chained, (data, before) => {
      expect(crc32Small(data, before)).toBe(crc32(data, before));
    }),
  );
});

test.each(seeds(62))(
  'chains: crc(b, crc(a)) = crc(a ‖ b), across the size at which the implementation changes (seed %s)',
  (seed) => {
    checkProperty(
      seed,
      fc.property(bytes, bytes, (a, b) => {
        const crc = createCrc32({ large: crc32 });
        expect(crc(b, crc(a))).toBe(crc32(Buffer.concat([a, b])));
      }),
    );
  },
);

test('the large one is called from CRC_LARGE_BYTES on, with the seed', () => {
  const calls: [number, number | undefined][] = [];
  const crc = createCrc32({
    large: (data, seed) => {
      calls.push([data.length, seed]);
      return 42;
    },
  });
  const small = new Uint8Array(CRC_LARGE_BYTES - 1);
  expect(crc(small, 9)).toBe(crc32(small, 9));
  expect(crc(new Uint8Array(CRC_LARGE_BYTES), 7)).toBe(42);
  expect(crc(new Uint8Array(CRC_LARGE_BYTES))).toBe(42);
  expect(calls).toEqual([
    [CRC_LARGE_BYTES, 7],
    [CRC_LARGE_BYTES, 0],
  ]);
});
