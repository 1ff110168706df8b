// What readers and writers refuse, kind by kind and field by field: every case follows from a declaration.
import { describe, expect, test } from 'vitest';
import {
  LAYOUTS,
  MONEY_NONE,
  NONE,
  REF_TAPE_MAX,
  SIDE_BUY,
  SIDE_MASK,
  SIDE_SELL,
  VOCABULARIES,
  checkRecord,
  createRecordOut,
  encodeEvent,
  recordFault,
  viewRecords,
} from '@truetape/contracts';
import type { Event, Field, KindLayout } from '@truetape/contracts';
import { EPOCH, cutEvent, fullEvent, longestEvent } from './samples.ts';
import { defaultWords, eventWords, recordBytes } from './reference.ts';
import type { Bag } from './bag.ts';

const ALL_ONES = 2n ** 64n - 1n;
const NONE_WORD = 2n ** 64n - 2n ** 53n;
const MONEY_NONE_HIGH = 2n ** 63n;

interface Spelled {
  readonly layout: KindLayout;
  readonly event: Event;
  /** All words behind the header. */
  readonly words: readonly bigint[];
}

function spelled(layout: KindLayout, event = longestEvent(layout)): Spelled {
  const { time, base, tail } = eventWords(event, EPOCH);
  return { layout, event, words: [time, ...base.flat(), ...tail.flat()] };
}

/** Fault of a record with the given words behind its header, in full: a payload stays as it is. */
function faultOf({ layout, event }: Spelled, words: readonly bigint[]): string {
  const bag = event as unknown as Bag;
  const value = layout.payload === undefined ? '' : bag[layout.payload.name];
  const payload = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value as Uint8Array);
  return faultOfBytes(recordBytes(bag, layout.code, words, payload));
}

function faultOfBytes(bytes: Uint8Array): string {
  const b = viewRecords(new Uint8Array(bytes));
  const { code, word } = recordFault(b, 0, checkRecord(b, 0, bytes.length / 8, EPOCH));
  return code === 'none' ? code : `${code} ${word}`;
}

/** The words with one of them replaced; `word` counts from the start of the record. */
function replaced(words: readonly bigint[], word: number, ...values: bigint[]): bigint[] {
  const copy = [...words];
  copy.splice(word - 1, values.length, ...values);
  return copy;
}

/** What the writer says to an event: `written`, or the field that it refuses, or the fault it found. */
function written(event: Event): string {
  const out = createRecordOut(EPOCH, 64);
  const fault = encodeEvent(out, event);
  if (fault === 0) return 'written';
  // A refused record leaves nothing behind.
  expect(out.words).toBe(0);
  return out.fault ?? recordFault(out, 0, fault).code;
}

function withField(event: Event, name: string, value: unknown): Event {
  return { ...event, [name]: value };
}

const kinds = LAYOUTS.map((layout) => [layout.name, spelled(layout)] as const);

describe.each(kinds)('CONTRACTS-6: %s', (_name, record) => {
  const { layout, event, words } = record;
  const { fields } = layout;

  test('is accepted with every field set', () => {
    expect(faultOf(record, words)).toBe('none');
    expect(written(event)).toBe('written');
  });

  // Fails when a tail word may end a record with its default: then one event would have two encodings.
  test('ends with a tail word that differs from its default, and never inside a field', () => {
    if (layout.name === 'Skip') return;
    // On the grid of prices, so that each length of the tail is in order.
    const { words: full } = spelled(layout, fullEvent(layout));
    let at = layout.baseWords;
    for (const word of layout.definition.tail) {
      const blank = defaultWords(word);
      for (let part = 1; part < blank.length; part++) {
        expect(faultOf(record, full.slice(0, at - 1 + part))).toBe(`badLength ${at}`);
      }
      expect(faultOf(record, [...full.slice(0, at - 1), ...blank])).toBe(`nonCanonical ${at}`);
      at += blank.length;
      // The samples of Trade and Fill have priceTicks, and therefore no priceFine.
      if (full[at - 2] !== blank.at(-1)) expect(faultOf(record, full.slice(0, at - 1))).toBe('none');
    }
    expect(at).toBe(layout.fullWords);
  });

  test('has all of its base words', () => {
    if (layout.payload !== undefined) return;
    for (let size = 2; size < layout.baseWords; size++) {
      expect(faultOf(record, words.slice(0, size - 1))).toBe(`badLength ${layout.baseWords}`);
    }
  });

  test('has zeros in every reserved bit', () => {
    let at = 2;
    for (const word of [...layout.definition.base, ...layout.definition.tail]) {
      let shift = 0n;
      for (const part of word.form === 'pack' ? word.parts : []) {
        for (let bit = shift; part.name === '' && bit < shift + BigInt(part.bits); bit++) {
          expect(faultOf(record, replaced(words, at, words[at - 1] | (1n << bit)))).toBe(
            `reservedNotZero ${at}`,
          );
        }
        shift += BigInt(part.bits);
      }
      at += defaultWords(word).length;
    }
  });

  test('has no unknown value of a closed enumeration, and any of an open one', () => {
    for (const field of fields) {
      if (field.vocabulary === undefined) continue;
      const { closed, names } = VOCABULARIES[field.vocabulary];
      const shift = BigInt(field.shift);
      const clear = words[field.word - 1] & ~((2n ** BigInt(field.bits) - 1n) << shift);
      for (const value of [names.length + 1, 57, 200, 2 ** field.bits - 1]) {
        const fault = faultOf(record, replaced(words, field.word, clear | (BigInt(value) << shift)));
        expect(fault).toBe(closed ? `unknownEnum ${field.word}` : 'none');
        expect(written(withField(event, field.name, value))).toBe(closed ? 'unknownEnum' : 'written');
      }
    }
  });

  test('has all of its required fields', () => {
    for (const field of fields) {
      if (field.type === 'u') continue;
      const blank = blankOf(field);
      const fault = faultOf(record, replaced(words, field.word, ...blank));
      const isRule = /^(inconsistent|nonCanonical) /.test(fault) && field.optional;
      if (!isRule) expect(fault).toBe(field.optional ? 'none' : `missing ${field.word}`);
      const value = field.type === 'm' ? MONEY_NONE : field.type === 'hash' ? '' : NONE;
      const said = written(withField(withField(event, field.name, value), 'causeTape', 0));
      if (field.optional) expect(['written', 'inconsistent']).toContain(said);
      else expect(said).toBe(field.type === 'hash' ? 'missing' : field.name);
    }
  });

  test('has no value outside its range, read or written', () => {
    for (const field of fields) {
      for (const bad of badWords(field)) {
        expect(faultOf(record, replaced(words, field.word, bad))).toMatch(
          new RegExp(`^(outOfRange|timeBeyondEpoch) ${field.word}$`),
        );
      }
      for (const bad of badValues(field)) {
        const said = written(withField(event, field.name, bad));
        expect([field.name, bad, said]).toEqual([field.name, bad, refusal(field, bad)]);
      }
    }
  });

  test('writes −0 as 0', () => {
    for (const field of fields) {
      if (field.type === 'm' || field.type === 'hash') continue;
      if (layout.name === 'Skip' || (layout.name === 'Define' && field.name !== 'cause')) continue;
      if (field.name === 'totalBytes') continue;
      const start = field.name === 'priceFine' ? longestEvent(layout) : fullEvent(layout);
      const out = createRecordOut(EPOCH);
      expect(encodeEvent(out, withField(start, field.name, -0))).toBe(0);
      const plus = createRecordOut(EPOCH);
      encodeEvent(plus, withField(start, field.name, 0));
      expect(Buffer.from(out.u8).equals(Buffer.from(plus.u8))).toBe(true);
    }
  });
});

function blankOf(field: Field): bigint[] {
  switch (field.type) {
    case 'm':
      return [0n, MONEY_NONE_HIGH];
    case 'hash':
      return [0n, 0n, 0n, 0n];
    case 't':
    case 'ref':
      return [ALL_ONES];
    default:
      return [NONE_WORD];
  }
}

/** Words that no value of a field becomes. */
function badWords(field: Field): bigint[] {
  const wide = [2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, NONE_WORD - 1n];
  switch (field.type) {
    case 'n':
      return wide;
    case 'q':
    case 'id':
      return [...wide, ALL_ONES, NONE_WORD + 1n];
    case 't':
      // Beyond 104 days from the epoch, and what is only near to it when a difference wraps around.
      return [0n, 2n ** 63n, ALL_ONES - 1n, 0xffffffff00000000n, 1n << 32n];
    case 'ref':
      return [ALL_ONES - 1n, 2047n << 53n];
    default:
      return [];
  }
}

const BAD_NUMBERS = [2 ** 53, -(2 ** 53) - 2, 2 ** 63, Number.NaN, Number.POSITIVE_INFINITY, 0.5, 1e300];

/** Values that no field of the type may have. */
function badValues(field: Field): (number | bigint | string)[] {
  switch (field.type) {
    case 'n':
      return BAD_NUMBERS;
    case 'q':
    case 'id':
    case 'ref':
      return [...BAD_NUMBERS, -1, 1 - 2 ** 53];
    case 't':
      return [...BAD_NUMBERS, 2 ** 53 - 1, 1 - 2 ** 53];
    case 'm':
      return [MONEY_NONE - 1n, 2n ** 127n];
    case 'hash':
      return [
        '0',
        '0'.repeat(64),
        'A'.repeat(64),
        'g'.repeat(64),
        '1'.repeat(63),
        '1'.repeat(65),
        `${'1'.repeat(63)}-`,
      ];
    case 'u':
      return [2 ** field.bits, -1, 0.5, Number.NaN, 2 ** 32 + 1, 2 ** 53];
  }
}

/** How the writer names what is wrong with a field: by the field, or by the checker that it asks. */
function refusal(field: Field, bad: number | bigint | string): string {
  return field.type === 't' && Number.isSafeInteger(bad) ? 'timeBeyondEpoch' : field.name;
}

describe('CONTRACTS-6: the header of any record', () => {
  const trade = spelled(LAYOUTS.find(({ name }) => name === 'Trade')!);
  const bytes = recordBytes(trade.event as unknown as Bag, 0x30, trade.words);
  const at = (offset: number, value: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[offset] = value;
    return copy;
  };

  test('has a size of at least two words, and of no more than there are', () => {
    expect(faultOfBytes(at(0, 0))).toBe('badLength 0');
    expect(faultOfBytes(at(0, 1))).toBe('badLength 0');
    expect(faultOfBytes(at(0, bytes.length / 8 + 1))).toBe('badLength 0');
    expect(faultOfBytes(at(1, 0xff))).toBe('badLength 0');
    expect(faultOfBytes(Buffer.alloc(0))).toBe('badLength 0');
  });

  test('has a kind', () => {
    expect(faultOfBytes(at(2, 0))).toBe('badKind 0');
    expect(faultOfBytes(Buffer.alloc(64))).toBe('badLength 0');
  });

  test('has no flag that this build does not know, and no third side', () => {
    for (let flags = 0; flags < 256; flags++) {
      const wanted = flags >= 0x80 ? 'unknownFlag 0' : (flags & 0x30) === 0x30 ? 'badSide 0' : 'none';
      expect(faultOfBytes(at(3, flags))).toBe(wanted);
    }
  });

  test('has a time near the epoch', () => {
    expect(faultOf(trade, replaced(trade.words, 1, ALL_ONES))).toBe('missing 1');
    for (const far of [0n, 1n, ALL_ONES - 1n, 2n ** 63n, 0xffffffff00000000n]) {
      expect(faultOf(trade, replaced(trade.words, 1, far))).toBe('timeBeyondEpoch 1');
    }
  });

  test('is written from whole numbers that fit', () => {
    const { event } = trade;
    for (const name of ['flags', 'instrument', 'source']) {
      for (const bad of [-1, 0.5, Number.NaN, 2 ** 16, 2 ** 32, 2 ** 32 + 1, Number.POSITIVE_INFINITY]) {
        expect([name, bad, written(withField(event, name, bad))]).toEqual([name, bad, name]);
      }
    }
    expect(written(withField(event, 'flags', 0x80))).toBe('flags');
    expect(written(withField(event, 'flags', 0x30))).toBe('badSide');
    for (const bad of [NONE, 2 ** 53, 0.5, Number.NaN])
      expect(written(withField(event, 'timeNs', bad))).toBe('timeNs');
    expect(written(withField(event, 'timeNs', 2 ** 53 - 1))).toBe('timeBeyondEpoch');
  });

  test('is written from a time on the wire’s side of 1970 and of 2554', () => {
    const early = createRecordOut({ hi: 0, lo: 5 });
    expect(encodeEvent(early, withField(trade.event, 'timeNs', -6))).not.toBe(0);
    expect(early.fault).toBe('timeNs');
    const late = createRecordOut({ hi: 0xfffffffe, lo: 0xffffffff });
    expect(encodeEvent(late, withField(trade.event, 'timeNs', 1))).not.toBe(0);
    expect(late.fault).toBe('timeNs');
  });
});

// The same bound stands twice: once for the time of every record, once in the generated checks of its fields.
describe('CONTRACTS-6: times near an epoch', () => {
  const fault = (epochHi: number, timeHi: number, dueHi: number): string => {
    const words = [ALL_ONES, 1n, BigInt(dueHi) << 32n];
    const bytes = recordBytes({ flags: 0, instrument: 0, source: 0 }, 0x89, [
      BigInt(timeHi) << 32n,
      ...words,
    ]);
    const b = viewRecords(new Uint8Array(bytes));
    const { code, field } = recordFault(b, 0, checkRecord(b, 0, 5, { hi: epochHi, lo: 0 }));
    return code === 'none' ? code : `${code} ${field}`;
  };

  test.each([
    [3_000_000, 3_000_000 - 2097150, 'none'],
    [3_000_000, 3_000_000 - 2097151, 'timeBeyondEpoch'],
    [3_000_000, 3_000_000 + 2097150, 'none'],
    [3_000_000, 3_000_000 + 2097151, 'timeBeyondEpoch'],
    [0, 0, 'none'],
    [0, 2097150, 'none'],
    [0, 2097151, 'timeBeyondEpoch'],
    // Near only by a difference that wraps around.
    [0, 0xfffffffe, 'timeBeyondEpoch'],
    [0, 0xffe00002, 'timeBeyondEpoch'],
    [0xfffffffe, 0, 'timeBeyondEpoch'],
    [0xffffffff, 0xfffffffe, 'none'],
    // No time has the high half of the absent one.
    [0xfffffffe, 0xffffffff, 'timeBeyondEpoch'],
    [0xffffffff, 0xffffffff, 'timeBeyondEpoch'],
    // Across the sign of 32 bits.
    [0x7fffffff, 0x80000000, 'none'],
    [0x80000000, 0x7fffffff, 'none'],
    [0x7fffffff, 0x80000000 + 2097150, 'timeBeyondEpoch'],
  ])('epoch %i, time %i: %s', (epochHi, hi, code) => {
    const near = Math.min(epochHi, 0xfffffffe);
    expect(fault(epochHi, hi, near)).toBe(code === 'none' ? code : `${code} timeNs`);
    expect(fault(epochHi, near, hi)).toBe(code === 'none' ? code : `${code} dueTime`);
  });
});

describe('CONTRACTS-6: rules of single kinds', () => {
  const of = (name: string): Spelled => spelled(LAYOUTS.find((layout) => layout.name === name)!);

  test('a reference that is absent has no tape, and 2047 is none', () => {
    const { event } = of('NewOrder');
    expect(written({ ...event, cause: NONE, causeTape: 1 } as Event)).toBe('cause');
    for (const tape of [REF_TAPE_MAX + 1, -1, 0.5, 2 ** 32]) {
      expect(written({ ...event, cause: 1, causeTape: tape } as Event)).toBe('cause');
    }
    expect(written({ ...event, cause: 2 ** 53 - 1, causeTape: REF_TAPE_MAX } as Event)).toBe('written');
  });

  test.each(['Trade', 'Fill'])('a %s has exactly one of priceTicks and priceFine', (name) => {
    const { layout, event } = of(name);
    const withPrices = (priceTicks: number, priceFine: number): string =>
      written({ ...event, priceTicks, priceFine } as Event);
    expect(withPrices(5, NONE)).toBe('written');
    expect(withPrices(NONE, 5)).toBe('written');
    expect(withPrices(5, 5)).toBe('inconsistent');
    expect(withPrices(NONE, NONE)).toBe('inconsistent');
    // With the tail cut anywhere, and with words of a later version.
    for (const end of layout.ends) {
      const cut = cutEvent(layout, event, end);
      expect(written({ ...cut, priceTicks: NONE, priceFine: NONE } as Event)).toBe('inconsistent');
      expect(written({ ...cut, priceTicks: NONE, priceFine: 0 } as Event)).toBe('written');
      expect(written({ ...cut, priceTicks: 5, priceFine: 5 } as Event)).toBe('inconsistent');
      expect(written({ ...cut, priceTicks: 5, priceFine: NONE } as Event)).toBe('written');
    }
    const ext = '0'.repeat(16);
    expect(written({ ...event, priceTicks: NONE, priceFine: NONE, ext } as Event)).toBe('inconsistent');
    expect(written({ ...event, priceTicks: 5, priceFine: NONE, ext } as Event)).toBe('written');
  });

  test('a Level has a side', () => {
    const { event } = of('Level');
    for (let flags = 0; flags < 0x80; flags++) {
      const isSided = (flags & SIDE_MASK) === SIDE_BUY || (flags & SIDE_MASK) === SIDE_SELL;
      expect([flags, written({ ...event, flags })]).toEqual([flags, isSided ? 'written' : 'badSide']);
    }
  });

  test('a Quote without a price has no lots there', () => {
    const { event } = of('Quote');
    for (const [ticks, lots] of [
      ['bidTicks', 'bidLots'],
      ['askTicks', 'askLots'],
    ]) {
      const empty = withField(event, ticks, NONE);
      expect(written(withField(empty, lots, 0))).toBe('written');
      for (const some of [1, 2 ** 32, 2 ** 53 - 1])
        expect(written(withField(empty, lots, some))).toBe('inconsistent');
      // A price without lots is what some venues publish, and what a level may come to.
      expect(written(withField(event, lots, 0))).toBe('written');
    }
  });

  test('the bytes of a Raw lie within its message', () => {
    const { event } = of('Raw');
    const bytes = new Uint8Array(9);
    const part = (offset: number, totalBytes: number): string =>
      written({ ...event, bytes, offset, totalBytes } as Event);
    expect([part(0, 9), part(1, 10), part(2 ** 32 - 10, 2 ** 32 - 1)]).toEqual([
      'written',
      'written',
      'written',
    ]);
    // The last sum is past 32 bits.
    expect([part(0, 8), part(1, 9), part(0, 0), part(2 ** 32 - 1, 2 ** 32 - 1)]).toEqual(
      Array.from({ length: 4 }, () => 'inconsistent'),
    );
  });

  test('a Skip is a time and a count of at least 1', () => {
    const { event } = of('Skip');
    expect(written({ ...event, count: 0 } as Event)).toBe('inconsistent');
    for (const count of [-1, 1 - 2 ** 53]) expect(written({ ...event, count } as Event)).toBe('count');
    for (const part of [{ flags: 1 }, { instrument: 1 }, { source: 1 }]) {
      expect(written({ ...event, ...part })).toBe('inconsistent');
    }
    expect(written({ ...event, ext: '0000000000000001' } as Event)).toBe('badLength');
  });

  test('a Define has a table and an index', () => {
    const { event } = of('Define');
    expect(written({ ...event, table: 0 } as Event)).toBe('inconsistent');
    expect(written({ ...event, index: 0 } as Event)).toBe('inconsistent');
    expect(written({ ...event, table: 6 } as Event)).toBe('unknownEnum');
  });
});
