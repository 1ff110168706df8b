// Bytes that copies share: each copy is an array of its own, as far as anybody can see.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createBytes,
  readBytes,
  shareBytes,
  truncateBytes,
  writeBytes,
  type SimBytes,
} from '../src/sim-bytes.ts';
import { checkProperty, seeds } from './property.ts';

const sizeArb = fc.oneof(
  fc.nat({ max: 20 }),
  fc.nat({ max: 15_000 }),
  fc.constantFrom(4095, 4096, 4097, 8192),
);
const stepArb = fc.record({
  copy: fc.nat({ max: 5 }),
  kind: fc.constantFrom('share', 'write', 'write', 'append', 'append', 'truncate'),
  at: sizeArb,
  size: sizeArb,
});

test.each(seeds(411))('a copy is not changed by another (seed %i)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(stepArb, { maxLength: 30 }), (steps) => {
      const copies: { bytes: SimBytes; plain: number[] }[] = [{ bytes: createBytes(), plain: [] }];
      for (const [k, { copy, kind, at, size }] of steps.entries()) {
        const { bytes, plain } = copies[copy % copies.length];
        const from = new Uint8Array(size).fill(k + 1);
        if (kind === 'share') copies.push({ bytes: shareBytes(bytes), plain: plain.slice() });
        else if (kind === 'truncate') {
          truncateBytes(bytes, at);
          plain.length = Math.min(plain.length, at);
        } else {
          const offset = kind === 'append' ? plain.length : at;
          writeBytes(bytes, offset, from);
          if (size > 0) while (plain.length < offset) plain.push(0);
          for (let n = 0; n < size; n++) plain[offset + n] = k + 1;
        }
      }
      for (const { bytes, plain } of copies) {
        const into = new Uint8Array(plain.length + 1);
        expect(readBytes(bytes, 0, into)).toBe(plain.length);
        expect(Buffer.from(into.subarray(0, plain.length)).equals(Buffer.from(plain))).toBe(true);
        const part = new Uint8Array(50);
        const count = Math.min(50, Math.max(0, plain.length - 4080));
        expect(readBytes(bytes, 4080, part)).toBe(count);
        expect([...part.subarray(0, count)]).toEqual(plain.slice(4080, 4080 + count));
      }
    }),
    150,
  );
});
