import { describe, expect, test } from 'vitest';
import { BLANK, Kind } from '@truetape/contracts';
import { parts, sameHowever, survivesConversion, unsealedAlike } from './laws.ts';
import { seeds } from './property.ts';
import { readReference } from './reference.ts';
import { chunked, readPieces, readTape, writeTape } from './tape.ts';
import type { Item } from './tape.ts';

describe('the same events', () => {
  // Fails when writer and decoders disagree with each other or with the reference, which knows neither.
  test.each(seeds(71))(
    'TAPE-1: are the same records, seqs, hash and seal however they are written (seed %i)',
    (seed) => {
      sameHowever(seed, 50);
    },
  );

  // Fails when one encoding holds something that the other loses.
  test.each(seeds(72))('survive text → binary → text and binary → text → binary (seed %i)', (seed) => {
    survivesConversion(seed, 60);
  });

  // Fails when an unsealed tape is read otherwise than a sealed one, or claims to be one.
  test.each(seeds(73))('unsealed: same records, no seal (seed %i)', (seed) => {
    unsealedAlike(seed, 60);
  });
});

const timer = (timeNs: number): Item => ({
  event: { ...BLANK.Timer, timeNs, timerId: 1, dueTime: timeNs },
  gap: 0,
});

describe('the ends of the range', () => {
  test.each(['binary', 'text'] as const)('an empty %s tape', (encoding) => {
    const sealed = writeTape(encoding, []);
    const read = readTape(sealed.bytes);
    expect(read.end).toMatchObject({ sealed: true, count: 0, hash: sealed.end?.hash, nextSeq: 0 });
    // SHA-256 of "truetape/events/1", from sha256sum.
    expect(sealed.end?.hash).toBe('94386c5469f61051d61925e802a176ea08415392002e71fb35a7eda31b193e3c');
    const unsealed = readTape(writeTape(encoding, [], { footer: false }).bytes);
    expect(unsealed.end).toMatchObject({ sealed: false, count: 0, hash: sealed.end?.hash });
  });

  // 65,535 words are 524,280 bytes; four of them are the record's own.
  test.each([
    ['at the limit', 524248, true],
    ['beyond it', 524249, false],
  ])('a single record %s', (_, size, fits) => {
    const item: Item = { event: { ...BLANK.Note, text: '\u0001'.repeat(size) }, gap: 0 };
    if (!fits) {
      expect(() => writeTape('binary', [item])).toThrow('badRecord');
      return;
    }
    const binary = writeTape('binary', [item]);
    const text = writeTape('text', [item]);
    expect(text.end).toEqual(binary.end);
    expect(readTape(binary.bytes).records.readUInt16LE(0)).toBe(65535);
    expect(parts(readPieces(chunked(text.bytes, [65536])))).toEqual(parts(readTape(binary.bytes)));
  });

  // Fails when a page is closed a record too early or too late, or an empty one is added at the end.
  test.each([4095, 4096, 4097, 8192])('%i records: pages of 4,096', (count) => {
    const items = Array.from({ length: count }, (_, k) => timer(k));
    const { bytes, end } = writeTape('binary', items, { frameBytes: 10000 });
    const read = readTape(bytes);
    expect(read.end?.index?.pages.map(({ firstSeq }) => firstSeq)).toEqual(count > 4096 ? [0, 4096] : [0]);
    expect(readReference(bytes).hash).toBe(end?.hash);
    expect(writeTape('text', items).end).toEqual(end);
  });

  // A Skip is a record of its page: 2,048 pairs fill one.
  test('a page that begins with a Skip', () => {
    const items = Array.from({ length: 2050 }, (_, k) => ({ ...timer(k), gap: 1 }));
    const { bytes } = writeTape('binary', items);
    expect(readTape(bytes).end?.index?.pages.map(({ firstSeq }) => firstSeq)).toEqual([0, 4096]);
    expect(readReference(bytes).seqs.slice(0, 3)).toEqual([1, 3, 5]);
    expect(readTape(bytes).records.readUInt8(2)).toBe(Kind.Skip);
  });

  // Fails when an index entry is written for every frame, or for none but the first.
  test('an index entry about every 64 KiB', () => {
    const items = Array.from({ length: 8000 }, (_, k) => timer(k));
    const { bytes } = writeTape('binary', items, { frameBytes: 4096 });
    const offsets = readTape(bytes).end?.index?.entries.map(({ offsetBytes }) => offsetBytes) ?? [];
    const steps = offsets.slice(1).map((offset, k) => offset - offsets[k]);
    expect(steps.every((step) => step >= 65536 && step < 65536 + 8192)).toBe(true);
    expect(offsets.length).toBe(Math.floor(bytes.length / 70000) + 1);
  });
});
