import { BLANK, FLAG_LAST, Kind, defineFields } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import {
  createBinaryWriter,
  createFilter,
  endTape,
  extractBatch,
  filterWants,
  openIndexed,
  seekSeq,
  seekTime,
  updateFilter,
} from '@truetape/tape';
import type { DecoderOptions, IndexedTape, RandomAccess, TapeError, TapeReader } from '@truetape/tape';
import { describe, expect, test } from 'vitest';
import { define, record, sealed, timer } from './forge.ts';
import { listEvents, openBytes } from './market.ts';
import { HEADER, PORTS, createSink, writeTape } from './tape.ts';
import type { Item } from './tape.ts';

const EPOCH = BigInt(HEADER.epochNs);

/** Random access that keeps the places it was asked for. */
function accessTo(bytes: Uint8Array): RandomAccess & { readonly asked: { offset: number; size: number }[] } {
  const asked: { offset: number; size: number }[] = [];
  return {
    asked,
    sizeBytes: bytes.length,
    read: (offset, into) => {
      asked.push({ offset, size: into.length });
      const piece = bytes.subarray(offset, offset + into.length);
      into.set(piece);
      return piece.length;
    },
  };
}

function open(access: RandomAccess): IndexedTape {
  const tape = openIndexed(access, PORTS);
  if ('code' in tape) throw new Error(tape.code);
  return tape;
}

function codeOf(bytes: Uint8Array): unknown {
  const tape = openIndexed(accessTo(bytes), PORTS);
  return 'code' in tape ? tape.code : undefined;
}

function found(reader: TapeReader | TapeError): TapeReader {
  if ('code' in reader) throw new Error(reader.code);
  return reader;
}

/** Notes of 4 KiB: few events take many index entries. Names are defined all along, and seqs left out. */
function longItems(count: number): Item[] {
  const items: Item[] = [];
  for (let k = 0; k < count; k++) {
    const timeNs = Math.floor(k / 7) * 1000;
    if (k % 60 === 0) {
      const index = k / 60 + 1;
      const fields = defineFields('instrument', index, { id: `X:${index % 3}`, priceStep: String(index) });
      items.push({ event: { ...BLANK.Define, timeNs, ...fields }, gap: 0 });
    }
    const instrument = 1 + (k % (Math.floor(k / 60) + 1));
    const event = { ...BLANK.Note, timeNs, instrument, flags: FLAG_LAST, text: `${k}`.padStart(4000, '.') };
    items.push({ event, gap: k % 11 === 5 ? 1 + (k % 4) : 0 });
  }
  return items;
}

describe('a seek', () => {
  const items = longItems(240);
  const { bytes } = writeTape('binary', items, { frameBytes: 9000 });
  const all = listEvents(openBytes(bytes));
  const lines = all.map(({ line }) => line);
  const options: DecoderOptions = { ports: PORTS };
  const tape = open(accessTo(bytes));

  // Fails when a seq or a time is looked for in the wrong frame, or the names there are not those of a scan.
  test('reads on from every seq and every time as a scan does', () => {
    expect(tape.index.entries.length).toBeGreaterThan(8);
    const lastSeq = all.at(-1)!.event.seq;
    const starts = tape.index.entries.map((entry) =>
      all.findIndex(({ event }) => event.seq >= entry.firstSeq),
    );
    for (let seq = 0; seq <= lastSeq + 2; seq += 5) {
      const reader = found(seekSeq(tape, seq, options));
      const batch = reader.next()!;
      const entry = tape.index.entries.findLastIndex(({ firstSeq }) => firstSeq <= seq);
      expect(batch.firstSeq).toBe(tape.index.entries[Math.max(0, entry)].firstSeq);
    }
    for (const start of starts.filter((_, k) => k % 3 !== 1)) {
      const { seq, timeNs } = all[start].event;
      expect(listEvents(found(seekSeq(tape, seq, options))).map(({ line }) => line)).toEqual(
        lines.slice(start),
      );
      for (const ns of [timeNs - 1, timeNs, timeNs + 1]) {
        const read = listEvents(found(seekTime(tape, EPOCH + BigInt(ns), options)));
        expect(read.map(({ line }) => line)).toEqual(lines.slice(all.length - read.length));
        const first = all.findIndex(({ event }) => event.timeNs >= ns);
        expect(read.length).toBeGreaterThanOrEqual(first < 0 ? 0 : all.length - first);
        // An entry lies about 16 of these events behind another; 7 of them share a time.
        expect(read.length).toBeLessThanOrEqual(first < 0 ? 40 : all.length - first + 40);
      }
    }
  });

  // Fails when more is read than what is needed: what lies between is not looked at.
  test('touches the frames with Defines before it and one more', () => {
    const access = accessTo(bytes);
    const opened = open(access);
    expect(access.asked.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(8000);
    const entry = opened.index.entries.at(-2)!;
    access.asked.length = 0;
    const reader = found(seekSeq(opened, entry.firstSeq, options));
    expect(reader.next()).toBeDefined();
    const defines = opened.index.defineFrames.filter((offset) => offset < entry.offsetBytes);
    expect(defines.length).toBe(4);
    const offsets = defines.flatMap((offset) => [offset, offset + 120]);
    expect(access.asked.map(({ offset }) => offset)).toEqual([...offsets, entry.offsetBytes]);
  });

  test('ends as a scan does, with what the seal says', () => {
    const reader = found(seekSeq(tape, 200, { ...options, hash: true, verify: true }));
    listEvents(reader);
    const { hash } = tape.footer;
    expect(reader.end).toMatchObject({ sealed: true, hash, count: all.length, torn: undefined });
  });

  // Fails when a frame that is passed over behind a seek shifts the place of what follows.
  test('passes over what a filter does not want', () => {
    const spec = { instruments: ['#3'], fromSeq: 60 };
    const filter = createFilter(spec);
    const wanted: DecoderOptions['wanted'] = (frame) => {
      updateFilter(filter, reader.decoder.tables);
      return filterWants(filter, frame);
    };
    const reader: TapeReader = found(seekSeq(tape, 60, { ...options, wanted }));
    const sink = createSink();
    const writer = createBinaryWriter({ header: HEADER, ports: PORTS }, sink);
    const extraction = { filter, writer, taken: 0 };
    for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
      const { records } = batch;
      // Defines before the seek are not there, so that later ones are not dense.
      if (((records.u32[batch.from] >>> 16) & 0xff) === Kind.Define) continue;
      expect(extractBatch(extraction, reader, batch)).toBeUndefined();
    }
    expect(reader.error).toBeUndefined();
    const isWanted = ({ kind, instrument, seq }: Event): boolean =>
      kind === Kind.Note && instrument === 3 && seq >= 60;
    expect(extraction.taken).toBe(all.filter(({ event }) => isWanted(event)).length);
  });

  test('in an extract keeps to its seqs', () => {
    const sink = createSink();
    const writer = createBinaryWriter({ header: HEADER, ports: PORTS, frameBytes: 9000 }, sink);
    const reader = openBytes(bytes);
    const extraction = {
      filter: createFilter({ fromSeq: 100, instruments: ['#1', '#2'] }),
      writer,
      taken: 0,
    };
    for (let batch = reader.next(); batch !== undefined; batch = reader.next())
      extractBatch(extraction, reader, batch);
    endTape(writer, { of: tape.footer.hash });
    const part = open(accessTo(Buffer.concat(sink.parts)));
    const whole = listEvents(openBytes(Buffer.concat(sink.parts)));
    for (let seq = 0; seq < all.at(-1)!.event.seq; seq += 23) {
      const read = listEvents(found(seekSeq(part, seq, options)));
      expect(read.map(({ line }) => line)).toEqual(
        whole.slice(whole.length - read.length).map(({ line }) => line),
      );
      expect(read.length).toBeGreaterThanOrEqual(whole.filter(({ event }) => event.seq >= seq).length);
    }
  });
});

describe('what cannot be opened by its end', () => {
  const { bytes } = writeTape('binary', longItems(40), { frameBytes: 9000 });

  test('is told apart', () => {
    expect(codeOf(writeTape('binary', longItems(5), { footer: false }).bytes)).toBe('unsealed');
    expect(codeOf(writeTape('text', longItems(5)).bytes)).toBe('notATape');
    expect(codeOf(bytes.subarray(0, 30))).toBe('badHeader');
    // A seal that is not the end: reading it in order says so, too.
    const behind = Buffer.concat([bytes, Buffer.alloc(8), bytes.subarray(-32)]);
    expect(codeOf(behind)).toBe('badSeal');
    const empty = writeTape('binary', []).bytes;
    expect(listEvents(found(seekSeq(open(accessTo(empty)), 5, { ports: PORTS })))).toEqual([]);
  });

  // Fails when any byte of index or seal can change and the tape is opened as another one.
  test('is what has any changed byte behind its events', () => {
    const tape = open(accessTo(bytes));
    for (let at = tape.indexOffset; at < bytes.length; at += 3) {
      const bad = Buffer.from(bytes);
      bad[at] ^= 0x10;
      expect(['badIndex', 'badSeal', 'unsealed'], `byte ${at}`).toContain(codeOf(bad));
    }
  });

  test('a damaged frame with Defines is not passed over', () => {
    const tape = open(accessTo(bytes));
    const bad = Buffer.from(bytes);
    bad[tape.index.defineFrames[0] + 200] ^= 1;
    const reader = seekSeq(open(accessTo(bad)), 30, { ports: PORTS });
    expect(reader).toMatchObject({ code: 'corrupt', offsetBytes: tape.index.defineFrames[0] });
  });

  // Fails when Defines are taken in unchecked: checksums are right here, contents are not.
  test.each([
    ['badDefine', define(1, 2, '{"id":"X:A"}')],
    ['badDefine', define(1, 1, '{"id":7}')],
    ['badRecord', define(1, 1, '{"id":"a" }')],
    ['badRecord', record([1n | (1n << 32n)], { kind: 1, words: 3 })],
    ['badRecord', record([1n], { kind: 1, words: 900 })],
    ['badRecord', record([1n], { kind: 1, words: 0 })],
  ])('a frame with Defines that contradicts the format is a %s', (code, wrong) => {
    const filler = Array.from({ length: 3000 }, (_, k) => timer(BigInt(k)));
    const forged = sealed([{ records: [wrong] }, { records: filler }, { records: [timer(9000n)] }]);
    const tape = open(accessTo(forged));
    expect(tape.index.entries.length).toBeGreaterThan(1);
    const reader = seekSeq(tape, 3001, { ports: PORTS });
    expect(reader).toMatchObject({ code, offsetBytes: tape.index.defineFrames[0] });
  });
});
