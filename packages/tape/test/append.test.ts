import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLANK, canonicalText, defineFields } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import {
  createBinaryWriter,
  createDecoder,
  createReader,
  endTape,
  flushTape,
  openForAppend,
} from '@truetape/tape';
import type { TapeReader } from '@truetape/tape';
import { anyItems } from './arbitrary.ts';
import { checkProperty, seeds } from './property.ts';
import { readReference } from './reference.ts';
import { HEADER, PORTS, addItems, createSink, readTape, writeTape } from './tape.ts';
import type { Item } from './tape.ts';

const DRAFT = { ...HEADER, draft: true };

function readToEnd(bytes: Uint8Array, append = true): TapeReader {
  const pieces = [Uint8Array.from(bytes)];
  const decoder = createDecoder({ ports: PORTS, append });
  const reader = createReader(decoder, { read: () => pieces.pop() });
  while (reader.next() !== undefined);
  return reader;
}

/** The file after more items were appended to it, and sealed. */
function appended(bytes: Buffer, items: readonly Item[], frameBytes: number): Buffer {
  const sink = createSink();
  const opened = openForAppend(readToEnd(bytes), sink, { ports: PORTS, frameBytes });
  if (!opened.ok) throw new Error(opened.error.code);
  const { writer, offsetBytes } = opened.value;
  addItems(writer, items);
  endTape(writer);
  return Buffer.concat([bytes.subarray(0, offsetBytes), ...sink.parts]);
}

/** The items in two parts; the second is as late as the whole makes it. */
function cut(items: readonly Item[], at: number): readonly [Item[], Item[]] {
  return [items.slice(0, at), items.slice(at)];
}

/** Where a writer that flushes behind the item at `index` really writes: at the end of the message under way. */
function closes(items: readonly Item[], index: number): boolean {
  const sink = createSink();
  const writer = createBinaryWriter({ header: DRAFT, ports: PORTS }, sink);
  addItems(writer, items.slice(0, index + 1));
  flushTape(writer);
  return writer.recordCount === 0;
}

const anyCase = fc.record({
  items: anyItems(40),
  where: fc.double({ min: 0, max: 1, noNaN: true }),
  frameBytes: fc.constantFrom(0, 200, 4096, 65536),
});

describe('appending', () => {
  // Fails when anything that the first writer knew is lost: offset, prevCrc, page under way, index, tables, last time.
  test.each(seeds(74))('A, then B, is A+B byte for byte when a frame ends behind A (seed %i)', (seed) => {
    checkProperty(
      seed,
      fc.property(anyCase, ({ items, where, frameBytes }) => {
        let at = Math.floor(where * items.length);
        while (at > 0 && !closes(items, at - 1)) at -= 1;
        const [before, after] = cut(items, at);
        const first = writeTape('binary', before, { header: DRAFT, frameBytes, footer: false });
        const whole = writeTape('binary', items, { header: DRAFT, frameBytes, flushAt: new Set([at - 1]) });
        const tape = appended(first.bytes, after, frameBytes);
        expect(tape.equals(whole.bytes)).toBe(true);
        expect(appended(first.bytes, after, 300).length).toBeGreaterThan(0);
        expect(readTape(appended(first.bytes, after, 300)).end?.hash).toBe(whole.end?.hash);
      }),
      150,
    );
  });

  // Fails when bytes of the torn tail count, or when its frame is left in index or chain.
  test.each(seeds(75))('goes on before a torn tail, as if it had never been (seed %i)', (seed) => {
    checkProperty(
      seed,
      fc.property(anyItems(20), fc.nat(), (items, cutBytes) => {
        const { bytes } = writeTape('binary', items, { header: DRAFT, frameBytes: 100, footer: false });
        const { frames } = readReference(bytes);
        if (frames.length === 0) return;
        const last = frames[frames.length - 1];
        const torn = bytes.subarray(0, last.offset + 1 + (cutBytes % (bytes.length - last.offset - 1)));
        const reader = readToEnd(torn);
        expect(reader.end?.torn).toMatchObject({ offsetBytes: last.offset, firstSeq: Number(last.firstSeq) });
        const clean = bytes.subarray(0, last.offset);
        const more = [timer(2 ** 50)];
        expect(appended(torn, more, 100).equals(appended(clean, more, 100))).toBe(true);
      }),
      100,
    );
  });

  // The page under way has 4,000 records: the second hash must go on in its middle.
  test('in the middle of a page, at its end, and behind it', () => {
    for (const count of [1, 4000, 4095, 4096, 4097, 9000]) {
      const items = Array.from({ length: 9500 }, (_, k) => timer(k));
      const [before, after] = cut(items, count);
      const first = writeTape('binary', before, { footer: false });
      const whole = writeTape('binary', items, { flushAt: new Set([count - 1]) });
      expect(appended(first.bytes, after, 65536).equals(whole.bytes)).toBe(true);
    }
  });

  // Fails when the frame that follows names the index, which is cut off, as the one before it.
  test('before an index without its seal', () => {
    const items = [0, 1, 2].map(timer);
    const sealed = writeTape('binary', items).bytes;
    const { frames } = readReference(sealed);
    const unsealed = sealed.subarray(0, frames[2].offset);
    expect(frames.map(({ type }) => type)).toEqual([1, 2, 3]);
    expect(readToEnd(unsealed).end?.torn).toMatchObject({
      offsetBytes: frames[1].offset,
      firstSeq: 3,
      nextSeq: 3,
    });
    expect(appended(unsealed, [], 65536).equals(sealed)).toBe(true);
  });

  test('before zeros', () => {
    const { bytes } = writeTape('binary', [timer(5)], { footer: false });
    const padded = Buffer.concat([bytes, Buffer.alloc(500)]);
    expect(appended(padded, [timer(6)], 0).equals(appended(bytes, [timer(6)], 0))).toBe(true);
  });

  test('keeps order, Defines and drafts of what stands there', () => {
    const define = (index: number): Item => ({
      event: { ...BLANK.Define, timeNs: 7, ...defineFields('source', index, { name: `s${index}` }) },
      gap: 0,
    });
    const { bytes } = writeTape('binary', [define(1)], { footer: false });
    expect(() => appended(bytes, [define(1)], 0)).toThrow('badDefine');
    expect(() => appended(bytes, [timer(6)], 0)).toThrow('timeBackwards');
    expect(() => appended(bytes, [{ event: { ...BLANK.Sent, timeNs: 8 }, gap: 0 }], 0)).toThrow('draftKind');
    const read = readTape(appended(bytes, [define(2)], 0));
    expect(read.tables.source.byIndex.map((entry) => entry?.name)).toEqual([undefined, 's1', 's2']);
    expect(read.headerJson).toBe(canonicalText(HEADER as unknown as JsonObject));
  });

  test('is refused on a sealed tape, a text tape and a bad one', () => {
    const open = (bytes: Uint8Array): unknown =>
      openForAppend(readToEnd(bytes), createSink(), { ports: PORTS });
    const items = [timer(1)];
    const code = (name: string): object => ({ ok: false, error: { code: name } });
    expect(open(writeTape('binary', items).bytes)).toMatchObject(code('sealed'));
    expect(open(writeTape('text', items).bytes)).toMatchObject(code('sealed'));
    expect(open(writeTape('text', items, { footer: false }).bytes)).toMatchObject(code('notATape'));
    expect(open(Buffer.from('nonsense'))).toMatchObject(code('notATape'));
    expect(open(Buffer.alloc(0))).toMatchObject(code('notATape'));
  });

  // TAPE-8: what was not kept cannot go on.
  test('needs a reader at its end, with a decoder that kept what it takes', () => {
    const { bytes } = writeTape('binary', [timer(1)], { footer: false });
    const open = (reader: TapeReader): unknown => openForAppend(reader, createSink(), { ports: PORTS });
    expect(() => open(readToEnd(bytes, false))).toThrow('TAPE-8');
    const pieces = [Uint8Array.from(bytes)];
    expect(() =>
      open(createReader(createDecoder({ ports: PORTS, append: true }), { read: () => pieces.pop() })),
    ).toThrow('TAPE-8');
  });
});

function timer(timeNs: number): Item {
  return { event: { ...BLANK.Timer, timeNs, timerId: 1, dueTime: timeNs }, gap: 0 };
}
