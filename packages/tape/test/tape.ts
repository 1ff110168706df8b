/** Writes and reads whole tapes in memory; what the tests of this folder have in common. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createRecordOut, encodeEvent, getN, kindName } from '@truetape/contracts';
import type { DefineTables, Event } from '@truetape/contracts';
import {
  createBinaryWriter,
  createDecoder,
  createReader,
  createTextWriter,
  endTape,
  epochOf,
  flushTape,
  writeEvent,
  writeRecord,
} from '@truetape/tape';
import type {
  ByteSource,
  DecoderOptions,
  EndOfTape,
  FooterExtra,
  TapeEnd,
  TapeError,
  TapeHeader,
  TapePorts,
  TapeWriter,
} from '@truetape/tape';
import { createCrc32 } from '@truetape/kernel';
import { expect } from 'vitest';

export const PORTS: TapePorts = {
  crc32: createCrc32({ large: (bytes, seed = 0) => crc32(bytes, seed) }),
  sha256: () => createHash('sha256'),
};

export const HEADER: TapeHeader = {
  observer: 'client',
  epochNs: '1764547200000000000',
  producer: { name: 'test' },
};

/** One event to write, and how many seqs to leave out before it. */
export interface Item {
  readonly event: Event;
  readonly gap: number;
}

export interface Writing {
  readonly header?: TapeHeader;
  readonly frameBytes?: number;
  /** Seal the tape, with these members in its footer; false leaves it unsealed. Default: sealed, nothing more. */
  readonly footer?: FooterExtra | false;
  /** Flush behind these items. */
  readonly flushAt?: ReadonlySet<number>;
}

export interface Written {
  readonly bytes: Buffer;
  readonly end: TapeEnd | undefined;
}

/** Adds items to a writer; every one of them must be taken. */
export function addItems(
  writer: TapeWriter,
  items: readonly Item[],
  flushAt: ReadonlySet<number> = new Set(),
): void {
  const scratch = createRecordOut(epochOf(writer.header), 64);
  for (const [index, { event, gap }] of items.entries()) {
    let error: TapeError | undefined;
    if (gap === 0) error = writeEvent(writer, event);
    else {
      scratch.words = 0;
      expect(encodeEvent(scratch, event)).toBe(0);
      error = writeRecord(writer, scratch, 0, writer.nextSeq + gap);
    }
    expect(error, `item ${index}: ${kindName(event.kind)}`).toBeUndefined();
    if (flushAt.has(index)) flushTape(writer);
  }
}

/** Collects what a writer hands to its sink. */
export function createSink(): { write(bytes: Uint8Array): void; readonly parts: Buffer[] } {
  const parts: Buffer[] = [];
  return { parts, write: (bytes) => void parts.push(Buffer.from(bytes)) };
}

export function writeTape(
  encoding: 'binary' | 'text',
  items: readonly Item[],
  { header = HEADER, frameBytes, footer = {}, flushAt }: Writing = {},
): Written {
  const sink = createSink();
  const config = { header, ports: PORTS, ...(frameBytes === undefined ? {} : { frameBytes }) };
  const writer = encoding === 'binary' ? createBinaryWriter(config, sink) : createTextWriter(config, sink);
  addItems(writer, items, flushAt);
  let end: TapeEnd | undefined;
  if (footer === false) flushTape(writer);
  else end = endTape(writer, footer);
  return { bytes: Buffer.concat(sink.parts), end };
}

/** What a reader made of a tape. */
export interface Read {
  /** All records in their order, Skips among them. */
  readonly records: Buffer;
  /** Seqs of the events. */
  readonly seqs: number[];
  readonly end: EndOfTape | undefined;
  readonly error: TapeError | undefined;
  readonly headerJson: string;
  readonly tables: DefineTables;
}

/** Cuts bytes into pieces of the given sizes, over and over; a size of 0 is an empty piece. */
export function chunked(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = sizes[k % sizes.length];
    // A copy of its own, filled with rubbish once it has been read: nobody may look at it later.
    pieces.push(Uint8Array.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return pieces;
}

/** A source that hands out pieces, each until the next call alone. */
function sourceOf(pieces: readonly Uint8Array[]): ByteSource {
  let piece = 0;
  return {
    read: () => {
      if (piece > 0) pieces[piece - 1].fill(0xa5);
      return pieces[piece++];
    },
  };
}

/** A source that reads pieces of the given sizes into memory of the reader. */
export function directSource(bytes: Uint8Array, sizes: readonly number[]): ByteSource {
  let at = 0;
  let k = 0;
  const next = (limit: number): Uint8Array => {
    const size = Math.min(Math.max(1, sizes[k++ % sizes.length]), limit);
    at += size;
    return Uint8Array.from(bytes.subarray(at - size, at));
  };
  return {
    read: () => (at < bytes.length ? next(bytes.length) : undefined),
    readInto: (target) => {
      const piece = at < bytes.length ? next(target.length) : new Uint8Array(0);
      target.set(piece);
      // What lies behind it is no input, whatever it holds.
      target.fill(0xa5, piece.length, piece.length + 64);
      return piece.length;
    },
  };
}

/** Reads a tape from pieces of input. */
export function readPieces(pieces: readonly Uint8Array[], options: Partial<DecoderOptions> = {}): Read {
  return readSource(sourceOf(pieces), options);
}

/** Reads a tape. Checks what every batch must hold. */
export function readSource(source: ByteSource, options: Partial<DecoderOptions> = {}): Read {
  const decoder = createDecoder({ ports: PORTS, hash: true, verify: true, ...options });
  const reader = createReader(decoder, source);
  const parts: Buffer[] = [];
  const seqs: number[] = [];
  let nextSeq: number | undefined;
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    const { records, from, to } = batch;
    if (nextSeq !== undefined && options.wanted === undefined) expect(batch.firstSeq).toBe(nextSeq);
    nextSeq = batch.firstSeq;
    let count = 0;
    for (let i = from; i < to; count++) {
      const kind = (records.u32[i] >>> 16) & 0xff;
      if (kind === 0x06) nextSeq += getN(records, i + 4);
      else {
        seqs.push(nextSeq);
        nextSeq += 1;
      }
      if (kind === 0x01)
        expect([i, to], 'a Define is a batch of its own').toEqual([from, from + words(records.u32[i])]);
      i += words(records.u32[i]);
    }
    expect([count, nextSeq]).toEqual([batch.recordCount, batch.nextSeq]);
    expect(count).toBeGreaterThan(0);
    parts.push(Buffer.from(records.u8.subarray(from * 4, to * 4)));
  }
  expect([reader.end === undefined, reader.error === undefined]).toContain(false);
  expect(reader.next()).toBeUndefined();
  const { end, error } = reader;
  return {
    records: Buffer.concat(parts),
    seqs,
    end,
    error,
    headerJson: decoder.headerJson,
    tables: decoder.tables,
  };
}

function words(head: number): number {
  return (head & 0xffff) * 2;
}

/** Reads a tape from one piece of input. */
export function readTape(bytes: Uint8Array, options: Partial<DecoderOptions> = {}): Read {
  return readPieces(bytes.length === 0 ? [] : [Uint8Array.from(bytes)], options);
}

/** Copies a tape into the other or the same encoding, record by record. */
export function convertTape(bytes: Uint8Array, encoding: 'binary' | 'text', frameBytes = 65536): Buffer {
  const sink = createSink();
  const decoder = createDecoder({ ports: PORTS, hash: true });
  let given = false;
  const reader = createReader(decoder, {
    read: () => {
      if (given) return undefined;
      given = true;
      return Uint8Array.from(bytes);
    },
  });
  let writer: TapeWriter | undefined;
  const open = (): TapeWriter => {
    const config = { header: decoder.header!, ports: PORTS, frameBytes };
    return encoding === 'binary' ? createBinaryWriter(config, sink) : createTextWriter(config, sink);
  };
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    writer ??= open();
    let seq = batch.firstSeq;
    for (let i = batch.from; i < batch.to; i += words(batch.records.u32[i])) {
      if (((batch.records.u32[i] >>> 16) & 0xff) === 0x06) seq += getN(batch.records, i + 4);
      else expect(writeRecord(writer, batch.records, i, seq++)).toBeUndefined();
    }
  }
  expect(reader.error).toBeUndefined();
  writer ??= open();
  const { footer } = reader.end!;
  if (footer === undefined) flushTape(writer);
  else {
    const { count: _count, hash: _hash, seal: _seal, ...extra } = footer;
    endTape(writer, extra);
  }
  return Buffer.concat(sink.parts);
}
