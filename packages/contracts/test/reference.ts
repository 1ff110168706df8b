/**
 * The record once more, in the plainest way: each word a bigint, no speed, nothing shared with the codec but the declarations.
 * What the generated encoder writes has to be these bytes.
 */
import { LAYOUTS, MONEY_NONE, NONE, toUnixNs } from '@truetape/contracts';
import type { Epoch, Event, KindLayout } from '@truetape/contracts';
import type { Bag } from './bag.ts';

type Word = KindLayout['definition']['base'][number];

const U64 = 2n ** 64n;
const ALL_ONES = U64 - 1n;

function timeWord(value: unknown, epoch: Epoch): bigint {
  return value === NONE ? ALL_ONES : toUnixNs(Number(value), epoch);
}

/** The words that a declared word becomes. */
function wordsFor(word: Word, bag: Bag, epoch: Epoch, bytes: number): bigint[] {
  if (word.form === 'pack') {
    let packed = 0n;
    let shift = 0n;
    for (const { name, bits } of word.parts) {
      const value = name === '' ? 0 : (bag[name] ?? bytes);
      packed |= BigInt(value as number) << shift;
      shift += BigInt(bits);
    }
    return [packed];
  }
  const value = bag[word.name];
  switch (word.type) {
    case 'n':
    case 'q':
    case 'id':
      return [BigInt.asUintN(64, BigInt(value as number))];
    case 't':
      return [timeWord(value, epoch)];
    case 'm': {
      const unsigned = BigInt.asUintN(128, value as bigint);
      return [unsigned % U64, unsigned / U64];
    }
    case 'ref':
      return [
        value === NONE ? ALL_ONES : BigInt(value as number) | (BigInt(bag['causeTape'] as number) << 53n),
      ];
    case 'hash': {
      const hash = Buffer.from((value as string).padEnd(64, '0'), 'hex');
      return [0, 8, 16, 24].map((at) => hash.readBigUInt64LE(at));
    }
  }
}

/** The words that stand for "not set" in the place of a declared word. */
export function defaultWords(word: Word): bigint[] {
  if (word.form === 'pack') return [0n];
  if (word.type === 'm') return word.optional ? [0n, BigInt.asUintN(64, MONEY_NONE >> 64n)] : [0n, 0n];
  if (word.type === 'hash') return [0n, 0n, 0n, 0n];
  if (!word.optional) return [0n];
  return [word.type === 't' || word.type === 'ref' ? ALL_ONES : BigInt.asUintN(64, BigInt(NONE))];
}

function payloadOf(layout: KindLayout, bag: Bag): Buffer {
  if (layout.payload === undefined) return Buffer.alloc(0);
  const value = bag[layout.payload.name];
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value as Uint8Array);
}

/** Bytes of words, the first of which gets the record's size, kind and header fields. */
export function recordBytes(
  head: Bag,
  code: number,
  words: readonly bigint[],
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const size = words.length + 1 + Math.ceil(payload.length / 8);
  const bytes = Buffer.alloc(size * 8);
  bytes.writeUInt16LE(size, 0);
  bytes.writeUInt8(code, 2);
  bytes.writeUInt8(Number(head['flags']), 3);
  bytes.writeUInt16LE(Number(head['instrument']), 4);
  bytes.writeUInt16LE(Number(head['source']), 6);
  for (const [index, word] of words.entries()) bytes.writeBigUInt64LE(word, 8 + index * 8);
  payload.copy(bytes, 8 + words.length * 8);
  return bytes;
}

/** The words of an event from W1 on, each declared word apart, tail included. */
export function eventWords(event: Event, epoch: Epoch): { time: bigint; base: bigint[][]; tail: bigint[][] } {
  const bag = event as unknown as Bag;
  const layout = LAYOUTS.find(({ code }) => code === event.kind)!;
  const bytes = payloadOf(layout, bag).length;
  const spell = (word: Word): bigint[] => wordsFor(word, bag, epoch, bytes);
  const { base, tail } = layout.definition;
  return { time: timeWord(event.timeNs, epoch), base: base.map(spell), tail: tail.map(spell) };
}

/** The one encoding of an event of a known kind. */
export function referenceBytes(event: Event, epoch: Epoch): Buffer {
  const bag = event as unknown as Bag;
  const layout = LAYOUTS.find(({ code }) => code === event.kind)!;
  const { time, base, tail } = eventWords(event, epoch);
  const ext = Buffer.from(String(bag['ext'] ?? ''), 'hex');
  if (ext.length === 0) {
    const isDefault = (index: number): boolean =>
      String(tail[index]) === String(defaultWords(layout.definition.tail[index]));
    while (tail.length > 0 && isDefault(tail.length - 1)) tail.pop();
  }
  const words = [time, ...base.flat(), ...tail.flat()];
  for (let at = 0; at < ext.length; at += 8) words.push(ext.readBigUInt64LE(at));
  return recordBytes(bag, layout.code, words, payloadOf(layout, bag));
}
