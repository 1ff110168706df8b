/** Damaged tapes: what every cut and every flipped bit has to be told as, and a reader lean enough for all of them. */
import { expect } from 'vitest';
import { BLANK, FLAG_LAST, SIDE_BUY, defineFields } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { createDecoder } from '@truetape/tape';
import type { DecoderOptions, TapeHeader } from '@truetape/tape';
import { readReference } from './reference.ts';
import type { ReferenceFrame, ReferenceTape } from './reference.ts';
import { PORTS, writeTape } from './tape.ts';
import type { Item } from './tape.ts';

/** What a reader says of a tape: how it ends, and how much of the original was delivered before. */
export interface Told {
  /** An error's code, or how the tape ended. */
  readonly verdict: string;
  /** Place of the error or of the torn frame. */
  readonly offset: number;
  /** Seq of the error, the first one that is cut, or the next one. */
  readonly seq: number;
  /** Bytes of records that were delivered; −1 when they are not those of the original. */
  readonly delivered: number;
}

/** Input comes in small pieces, so that most of a tape is never looked at once its damage has been judged. */
const PIECE_BYTES = 8192;

/** Reads a damaged tape and holds its records against the original's. */
export function tell(bytes: Uint8Array, records: Buffer, options: Partial<DecoderOptions> = {}): Told {
  const decoder = createDecoder({ ports: PORTS, ...options });
  let at = 0;
  let delivered = 0;
  for (let steps = 0; ; steps++) {
    // Every step takes a piece or hands out a record: a decoder that goes round in circles is found here.
    if (steps > records.length + bytes.length + 8)
      return { verdict: 'endless', offset: 0, seq: 0, delivered };
    const step = decoder.next();
    if (step.type === 'batch') {
      const { from, to } = step.batch;
      const { u8 } = step.batch.records;
      const size = (to - from) * 4;
      const isSame =
        records.compare(u8, from * 4, to * 4, delivered, Math.min(delivered + size, records.length)) === 0;
      delivered = isSame && delivered >= 0 ? delivered + size : -1;
      if (delivered < 0) return { verdict: 'changed', offset: 0, seq: 0, delivered };
    } else if (step.type === 'error') {
      return { verdict: step.error.code, offset: step.error.offsetBytes, seq: step.error.seq, delivered };
    } else if (step.type === 'end') {
      const { sealed, torn, offsetBytes, nextSeq } = step.end;
      if (torn !== undefined)
        return { verdict: 'torn', offset: torn.offsetBytes, seq: torn.firstSeq, delivered };
      return { verdict: sealed ? 'sealed' : 'unsealed', offset: offsetBytes, seq: nextSeq, delivered };
    } else if (at > bytes.length) return { verdict: 'hungry', offset: 0, seq: 0, delivered };
    else {
      if (at === bytes.length) decoder.finish();
      else decoder.push(bytes.subarray(at, at + PIECE_BYTES));
      at = at === bytes.length ? at + 1 : Math.min(at + PIECE_BYTES, bytes.length);
    }
  }
}

/** An intact tape and what the reference knows of it. */
export interface Sample {
  readonly bytes: Buffer;
  readonly tape: ReferenceTape;
  readonly headerBytes: number;
  readonly isSealed: boolean;
  readonly isLog: boolean;
  /** Bytes of records before each frame. */
  readonly before: readonly number[];
}

export function sampleOf(bytes: Buffer): Sample {
  const tape = readReference(bytes);
  const before: number[] = [];
  let sum = 0;
  for (const frame of tape.frames) {
    before.push(sum);
    if (frame.type === 1) sum += bytes.readUInt32LE(frame.offset + 12);
  }
  const headerBytes = tape.frames[0]?.offset ?? bytes.length;
  const isLog = (JSON.parse(tape.headerJson) as TapeHeader).log !== undefined;
  return { bytes, tape, headerBytes, isSealed: tape.footerJson !== undefined, isLog, before };
}

function frameAt(sample: Sample, offset: number): number {
  const { frames } = sample.tape;
  let at = 0;
  while (at + 1 < frames.length && frames[at + 1].offset <= offset) at += 1;
  return at;
}

/** What damage to the frame at an index is told as, when that is `verdict`: place, seq, and what came before. */
function damaged(sample: Sample, index: number, verdict: string): Told {
  const { frames } = sample.tape;
  // An index without its seal, or the other way round, is cut from the index on; a chain from its first frame on.
  let place = frames[index].type === 3 ? frames.findIndex(({ type }) => type === 2) : index;
  while (place > 0 && frames[place - 1].more) place -= 1;
  const frame: ReferenceFrame = frames[place];
  return { verdict, offset: frame.offset, seq: Number(frame.firstSeq), delivered: sample.before[place] };
}

/** What the tape cut to `size` bytes has to be told as. */
export function expectCut(sample: Sample, size: number): Told {
  const { bytes, tape, headerBytes, before } = sample;
  if (size === 0) return { verdict: 'notATape', offset: 0, seq: 0, delivered: 0 };
  if (size < headerBytes) return { verdict: 'badHeader', offset: 0, seq: 0, delivered: 0 };
  if (size === bytes.length) {
    const verdict = sample.isSealed ? 'sealed' : 'unsealed';
    return {
      verdict,
      offset: size,
      seq: Number(tape.frames.at(-1)?.nextSeq ?? 0),
      delivered: tape.records.length,
    };
  }
  const index = tape.frames.findIndex(({ offset }) => offset === size);
  if (index < 0) return damaged(sample, frameAt(sample, size), 'torn');
  const isInner = tape.frames[index].type === 3 || (index > 0 && tape.frames[index - 1].more);
  if (isInner) return damaged(sample, index, 'torn');
  return {
    verdict: 'unsealed',
    offset: size,
    seq: Number(tape.frames[index].firstSeq),
    delivered: before[index],
  };
}

/** What a flip in the byte at `offset` has to be told as. */
export function expectFlip(sample: Sample, offset: number): Told | 'headerError' {
  if (offset < sample.headerBytes) return 'headerError';
  const index = frameAt(sample, offset);
  // Damage to the trailer leaves an index without its seal; damage to the last frame is what a torn write is.
  const isTorn = sample.isSealed
    ? offset >= sample.bytes.length - 32
    : index === sample.tape.frames.length - 1;
  return damaged(sample, index, isTorn ? 'torn' : 'corrupt');
}

const HEADER_ERRORS: readonly string[] = ['notATape', 'unsupportedVersion', 'headerTooLarge', 'badHeader'];

/** As `toEqual`, which is too slow for half a million. */
function isSame(a: Told, b: Told): boolean {
  return a.verdict === b.verdict && a.offset === b.offset && a.seq === b.seq && a.delivered === b.delivered;
}

/** Flips every bit of every byte that `pick` wants and holds the verdicts against the rules. Counts by verdict. */
export function flipAll(
  sample: Sample,
  options: Partial<DecoderOptions> = {},
  pick: (offset: number) => boolean = () => true,
): Map<string, number> {
  const counts = new Map<string, number>();
  const bytes = Uint8Array.from(sample.bytes);
  for (let offset = 0; offset < bytes.length; offset++) {
    if (!pick(offset)) continue;
    const expected = expectFlip(sample, offset);
    for (let bit = 0; bit < 8; bit++) {
      bytes[offset] ^= 1 << bit;
      const told = tell(bytes, sample.tape.records, options);
      bytes[offset] ^= 1 << bit;
      const isRight =
        expected === 'headerError'
          ? HEADER_ERRORS.includes(told.verdict) && told.delivered === 0
          : isSame(told, expected);
      if (!isRight)
        expect({ flipped: offset, bit, ...told }).toEqual({ flipped: offset, bit, ...(expected as Told) });
      counts.set(told.verdict, (counts.get(told.verdict) ?? 0) + 1);
    }
  }
  return counts;
}

/** Cuts the tape at every size that `pick` wants and holds the verdicts against the rules. Counts by verdict. */
export function cutAll(sample: Sample, pick: (size: number) => boolean = () => true): Map<string, number> {
  const counts = new Map<string, number>();
  for (let size = 0; size <= sample.bytes.length; size++) {
    if (!pick(size)) continue;
    const told = tell(sample.bytes.subarray(0, size), sample.tape.records);
    const expected = expectCut(sample, size);
    if (!isSame(told, expected)) expect({ size, ...told }).toEqual({ size, ...expected });
    counts.set(told.verdict, (counts.get(told.verdict) ?? 0) + 1);
  }
  return counts;
}

/** A plausible stream of `count` messages: trades, quotes, depth, notes. */
export function feed(count: number): Item[] {
  const at = (timeNs: number, event: Event): Item => ({
    event: { ...event, timeNs, source: 1 },
    gap: 0,
  });
  const items: Item[] = [
    at(0, { ...BLANK.Define, ...defineFields('source', 1, { name: 'feed', role: 'marketFeed' }) }),
    at(0, {
      ...BLANK.Define,
      ...defineFields('instrument', 1, { id: 'X:BTC', priceStep: '0.1', qtyStep: '0.001' }),
    }),
  ];
  for (let k = 0; k < count; k++) {
    const timeNs = k * 1000003;
    const price = 600000 + ((k * 7919) % 100);
    // Text is slow to check, so there is little of it.
    if (k % 16 === 15)
      items.push({ ...at(timeNs, { ...BLANK.Note, text: `note ${k}` }), gap: k % 32 === 15 ? 2 : 0 });
    else if (k % 3 === 0) {
      const trade = {
        ...BLANK.Trade,
        instrument: 1,
        flags: SIDE_BUY,
        priceTicks: price,
        qtyLots: k,
        tradeId: k,
      };
      items.push(at(timeNs, trade));
    } else if (k % 3 === 1) {
      const quote = {
        ...BLANK.Quote,
        instrument: 1,
        bidTicks: price,
        bidLots: 1,
        askTicks: price + 1,
        askLots: 2,
      };
      items.push(at(timeNs, quote));
    } else {
      items.push(at(timeNs, { ...BLANK.BookUpdate, instrument: 1, lastUpdateId: k, levels: 2 }));
      items.push(
        at(timeNs, { ...BLANK.Level, instrument: 1, flags: SIDE_BUY, priceTicks: price, qtyLots: 0 }),
      );
      const last = {
        ...BLANK.Level,
        instrument: 1,
        flags: FLAG_LAST | SIDE_BUY,
        priceTicks: price + 2,
        qtyLots: k,
      };
      items.push(at(timeNs, last));
    }
  }
  return items;
}

/** Bytes from a capture: few events, many bytes. */
function raw(timeNs: number, size: number): Item {
  const bytes = Uint8Array.from({ length: size }, (_, k) => k * 7);
  return {
    event: { ...BLANK.Raw, timeNs, source: 1, direction: 1, channel: 1, totalBytes: size, bytes },
    gap: 0,
  };
}

/**
 * A tape of exactly `size` bytes: a feed, then captured bytes. Half a million of these are read, so that most of a large
 * one is what is checked fast.
 */
export function tapeOfSize(size: number, isSealed: boolean, frameBytes: number): Buffer {
  const footer = isSealed ? { quality: { gaps: 0 } } : false;
  for (let count = Math.min(150, Math.floor(size / 58)); count > 0; count--) {
    const items = feed(count);
    const { timeNs } = items[items.length - 1].event;
    const write = (fill: number): Buffer =>
      writeTape('binary', [...items, raw(timeNs, fill)], { frameBytes, footer }).bytes;
    let bytes = write(8);
    while (bytes.length + 1500 < size) {
      items.push(raw(timeNs, 900));
      bytes = write(8);
    }
    // What is left may or may not take another frame.
    for (const fill of [size - bytes.length + 8, size - bytes.length - 112]) {
      if (fill >= 0) bytes = write(fill);
      if (bytes.length === size) return bytes;
    }
  }
  throw new Error(`no tape of ${size} bytes`);
}
