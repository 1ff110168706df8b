import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLANK, Kind } from '@truetape/contracts';
import { anyItems } from './arbitrary.ts';
import { checkProperty, seeds } from './property.ts';
import { readReference } from './reference.ts';
import {
  HEADER,
  chunked,
  convertTape,
  directSource,
  readPieces,
  readSource,
  readTape,
  writeTape,
} from './tape.ts';
import type { Item, Read, Writing } from './tape.ts';

const DRAFT = { ...HEADER, draft: true };

const anyWriting = fc
  .record({
    frameBytes: fc.constantFrom(0, 8, 100, 700, 4096, 65536, 1 << 20, 1 << 24),
    flushAt: fc.array(fc.nat(60), { maxLength: 6 }).map((list) => new Set(list)),
  })
  .map((options): Writing => ({ ...options, header: DRAFT }));

const anySizes = fc.oneof(
  fc.constantFrom([1], [7], [8], [120], [1 << 20]),
  fc.array(fc.nat(300), { minLength: 1, maxLength: 5 }).filter((sizes) => sizes.some((size) => size > 0)),
);

function parts({ records, seqs, end, error }: Read): unknown {
  return {
    records: records.toString('hex'),
    seqs,
    hash: end?.hash,
    count: end?.count,
    seal: end?.footer?.seal,
    error,
  };
}

describe('the same events', () => {
  // Fails when writer and decoders disagree with each other or with the reference, which knows neither.
  test.each(seeds(71))(
    'are the same records, seqs, hash and seal however they are written (seed %i)',
    (seed) => {
      checkProperty(
        seed,
        fc.property(anyItems(40), anyWriting, anySizes, (items, writing, sizes) => {
          const binary = writeTape('binary', items, writing);
          const text = writeTape('text', items, writing);
          const reference = readReference(binary.bytes);
          const read = readTape(binary.bytes);
          expect(read.error).toBeUndefined();
          expect(read.end).toMatchObject({ sealed: true, torn: undefined, ...only(binary.end) });
          expect(read.records.equals(reference.records)).toBe(true);
          expect(read.seqs).toEqual(reference.seqs);
          expect(read.end?.hash).toBe(reference.hash);
          expect(text.end).toEqual(binary.end);
          for (const tape of [binary, text]) {
            expect(parts(readPieces(chunked(tape.bytes, sizes)))).toEqual(parts(read));
            expect(parts(readSource(directSource(tape.bytes, sizes)))).toEqual(parts(read));
          }
          const plain = writeTape('binary', items, { header: DRAFT });
          expect(plain.end).toEqual(binary.end);
          expect(writeTape('text', items, { header: DRAFT }).bytes.equals(text.bytes)).toBe(true);
        }),
        150,
      );
    },
  );

  // Fails when one encoding holds something that the other loses.
  test.each(seeds(72))('survive text → binary → text and binary → text → binary (seed %i)', (seed) => {
    checkProperty(
      seed,
      fc.property(anyItems(30), fc.boolean(), (items, isSealed) => {
        const footer = isSealed ? { note: { of: 'x', n: 1 } } : false;
        const text = writeTape('text', items, { header: DRAFT, footer });
        const binary = convertTape(text.bytes, 'binary');
        expect(convertTape(binary, 'text').toString()).toBe(text.bytes.toString());
        const written = writeTape('binary', items, { header: DRAFT, footer });
        expect(binary.equals(written.bytes)).toBe(true);
        expect(convertTape(convertTape(written.bytes, 'text'), 'binary').equals(written.bytes)).toBe(true);
      }),
      100,
    );
  });

  // Fails when an unsealed tape is read otherwise than a sealed one, or claims to be one.
  test.each(seeds(73))('unsealed: same records, no seal (seed %i)', (seed) => {
    checkProperty(
      seed,
      fc.property(anyItems(30), anyWriting, anySizes, (items, writing, sizes) => {
        for (const encoding of ['binary', 'text'] as const) {
          const { bytes } = writeTape(encoding, items, { ...writing, footer: false });
          const read = readPieces(chunked(bytes, sizes));
          const sealed = readTape(writeTape(encoding, items, { header: DRAFT }).bytes);
          expect(read.error).toBeUndefined();
          expect(read.end).toMatchObject({
            sealed: false,
            torn: undefined,
            footer: undefined,
            offsetBytes: bytes.length,
          });
          expect(read.records.equals(sealed.records)).toBe(true);
          expect(read.end?.hash).toBe(sealed.end?.hash);
          expect(read.end?.nextSeq).toBe(sealed.end?.nextSeq);
        }
      }),
      100,
    );
  });
});

function only(end: { count: number; hash: string } | undefined): object {
  return { count: end?.count, hash: end?.hash };
}

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
