/** What holds of every tape, however it is written and read. */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { anyItems } from './arbitrary.ts';
import { checkProperty } from './property.ts';
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
import type { Read, Writing } from './tape.ts';

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

/** What of a reading has to be equal. */
export function parts({ records, seqs, end, error }: Read): unknown {
  return {
    records: records.toString('hex'),
    seqs,
    hash: end?.hash,
    count: end?.count,
    seal: end?.footer?.seal,
    error,
  };
}

/** The same records, seqs, hash and seal, whatever the encoding, the frames, the flushes and the cuts of the input. */
export function sameHowever(seed: number, runs: number): void {
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
    runs,
  );
}

/** Either encoding holds what the other does. */
export function survivesConversion(seed: number, runs: number): void {
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
    runs,
  );
}

/** An unsealed tape is read like a sealed one, but never as one. */
export function unsealedAlike(seed: number, runs: number): void {
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
    runs,
  );
}

function only(end: { count: number; hash: string } | undefined): object {
  return { count: end?.count, hash: end?.hash };
}
