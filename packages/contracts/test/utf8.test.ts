import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8, utf8Length } from '@truetape/contracts';
import { checkProperty, seeds } from './property.ts';

// The platform's own, which pure packages do not have. It must not swallow a byte order mark.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function platformText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes at the borders of what UTF-8 allows: each class of first byte, each limit of a second one. */
const BORDERS = [
  0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xee, 0xef, 0xf0, 0xf4,
  0xf5, 0xff,
];

/** Bytes for the third and fourth place, where only "continuation or not" matters. */
const LATER = [0x00, 0x7f, 0x80, 0xbf, 0xc2, 0xff];

describe('decodeUtf8', () => {
  // Fails when an overlong form, a surrogate, a point past U+10FFFF or a cut sequence passes, or a valid one does not.
  test('CONTRACTS-8: agrees with the platform on every sequence of border bytes up to 4', () => {
    for (const a of BORDERS) {
      for (const b of BORDERS) {
        for (const c of LATER) {
          for (const d of LATER) {
            const bytes = new Uint8Array([a, b, c, d]);
            const mine = decodeUtf8(bytes);
            if (mine !== platformText(bytes))
              expect([a, b, c, d, mine]).toEqual([a, b, c, d, platformText(bytes)]);
          }
        }
      }
    }
  });

  test.each(seeds(5))('agrees with the platform on any bytes (seed %i)', (seed) => {
    const byte = fc.oneof(fc.constantFrom(...BORDERS), fc.nat(255));
    const bytes = fc.array(byte, { maxLength: 12 }).map((list) => new Uint8Array(list));
    checkProperty(
      seed,
      fc.property(bytes, (drawn) => decodeUtf8(drawn) === platformText(drawn)),
      3000,
    );
  });

  test('reads a part of the bytes alone', () => {
    const bytes = new Uint8Array([0xff, 0xe2, 0x82, 0xac, 0xff]);
    expect(decodeUtf8(bytes, 1, 4)).toBe('€');
    expect(decodeUtf8(bytes, 1, 3)).toBeUndefined();
    expect(decodeUtf8(bytes, 2, 2)).toBe('');
  });

  test('keeps a byte order mark and U+0000', () => {
    expect(decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0]))).toBe('\ufeff\0');
  });

  test('reads megabytes, whose pieces meet anywhere', () => {
    const text = 'a€🚀é'.repeat(60_000);
    expect(decodeUtf8(Buffer.from(text))).toBe(text);
  });
});

describe('utf8Length and encodeUtf8', () => {
  test.each(seeds(6))('agree with the platform on any text (seed %i)', (seed) => {
    checkProperty(
      seed,
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const platform = new TextEncoder().encode(text);
        return utf8Length(text) === platform.length && Buffer.from(encodeUtf8(text)!).equals(platform);
      }),
      2000,
    );
  });

  test.each([
    ['\ud800'],
    ['\udc00'],
    ['a\udbff'],
    ['\ud800\ud800\udc00'],
    ['\udc00\ud800'],
    ['\ud83d🚀'],
    ['🚀\ude80x'],
  ])('refuse the lone surrogate in %j', (text) => {
    expect(utf8Length(text)).toBe(-1);
    expect(encodeUtf8(text)).toBeUndefined();
  });

  test.each(seeds(8))('refuse a lone surrogate anywhere (seed %i)', (seed) => {
    const unit = fc.constantFrom('a', 'é', '€', '🚀', '\ud83d', '\ude80', '\ud800', '\udfff');
    const text = fc.array(unit, { maxLength: 8 }).map((units) => units.join(''));
    checkProperty(
      seed,
      fc.property(text, (drawn) => utf8Length(drawn) >= 0 === drawn.isWellFormed()),
      1000,
    );
  });
});
