import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '@truetape/kernel';
import { checkProperty, seeds } from './property.ts';

test('bytes and text, both ways', () => {
  expect(toHex(Uint8Array.of(0, 1, 9, 10, 15, 16, 127, 128, 255))).toBe('0001090a0f107f80ff');
  expect(fromHex('0001090a0f107f80ff')).toEqual(Uint8Array.of(0, 1, 9, 10, 15, 16, 127, 128, 255));
  expect(toHex(new Uint8Array(0))).toBe('');
  expect(fromHex('')).toEqual(new Uint8Array(0));
});

// Each is one character beside the accepted ranges, or of the wrong case or length.
test.each(['0', '000', 'AB', 'aB', '0g', '/0', '0:', '`0', '0G', '0x', ' 0', '٣0'])('refuses %j', (text) => {
  expect(fromHex(text)).toBeUndefined();
});

test.each(seeds(51))('agrees with Buffer, and reads back (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const text = toHex(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('hex'));
      expect(fromHex(text)).toEqual(bytes);
    }),
  );
});
