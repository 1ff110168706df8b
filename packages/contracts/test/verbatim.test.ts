// What this build does not know it keeps: words behind a known tail, and records of unknown kinds.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BLANK,
  LAYOUTS,
  SIDE_SELL,
  checkRecord,
  createRecordOut,
  decodeEvent,
  encodeEvent,
  kindName,
  layoutOfCode,
  recordFault,
  viewRecords,
} from '@truetape/contracts';
import type { Event, UnknownEvent } from '@truetape/contracts';
import type { Bag } from './bag.ts';
import { checkProperty, seeds } from './property.ts';
import { referenceBytes } from './reference.ts';
import { EPOCH, blankEvent, fullEvent } from './samples.ts';

const unknownCodes = Array.from({ length: 255 }, (_, index) => index + 1).filter(
  (code) => layoutOfCode(code) === undefined,
);

function bytesOf(event: Event): Buffer {
  const out = createRecordOut(EPOCH, 1);
  expect(encodeEvent(out, event)).toBe(0);
  return Buffer.from(out.u8.subarray(0, out.words * 8));
}

function refusal(event: Event): string {
  const out = createRecordOut(EPOCH);
  const fault = encodeEvent(out, event);
  expect(out.words).toBe(0);
  return out.fault ?? recordFault(out, 0, fault).code;
}

const BLANK_UNKNOWN: UnknownEvent = {
  kind: 0,
  seq: 0,
  timeNs: 0,
  flags: 0,
  instrument: 0,
  source: 0,
  code: 0x5f,
  body: '',
};

const LEVEL = { ...BLANK.Level, flags: SIDE_SELL };

describe('CONTRACTS-11: tail words of a later version', () => {
  const kinds = LAYOUTS.filter(({ payload, name }) => payload === undefined && name !== 'Skip');

  test.each(kinds.map((layout) => [layout.name, layout] as const))(
    '%s keeps them, behind all that it knows',
    (_name, layout) => {
      for (const start of [fullEvent(layout), blankEvent(layout)]) {
        for (const ext of ['0123456789abcdef', '0000000000000000', `${'00'.repeat(8)}${'ff'.repeat(8)}`]) {
          const event = { ...start, ext } as unknown as Event;
          const bytes = bytesOf(event);
          expect(bytes.length).toBe(layout.fullWords * 8 + ext.length / 2);
          expect(bytes.toString('hex')).toBe(referenceBytes(event, EPOCH).toString('hex'));
          const b = viewRecords(new Uint8Array(bytes));
          expect(checkRecord(b, 0, bytes.length / 8, EPOCH)).toBe(0);
          const decoded = decodeEvent(b, 0, EPOCH, 0) as unknown as Bag;
          expect(decoded['ext']).toBe(ext);
        }
      }
    },
  );

  test('are whole words of lower-case hex that fit into a record', () => {
    for (const ext of [
      '0',
      '00',
      '0123456789abcde',
      '0123456789ABCDEF',
      '0123456789abcdeg',
      ' '.repeat(16),
      '0x23456789abcdef',
    ]) {
      expect([ext, refusal({ ...LEVEL, ext })]).toEqual([ext, 'ext']);
    }
    const room = 65535 - 5;
    expect(bytesOf({ ...LEVEL, ext: '0123456789abcdef'.repeat(room) }).length).toBe(65535 * 8);
    expect(refusal({ ...LEVEL, ext: '0123456789abcdef'.repeat(room + 1) })).toBe('ext');
  });
});

describe('CONTRACTS-11: records of unknown kinds', () => {
  test.each(seeds(12))('come back as they were (seed %i)', (seed) => {
    const event = fc.record({
      code: fc.constantFrom(...unknownCodes),
      flags: fc.nat(0x7f).filter((flags) => (flags & 0x30) !== 0x30),
      instrument: fc.nat(0xffff),
      source: fc.nat(0xffff),
      timeNs: fc.integer(),
      words: fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { maxLength: 9 }),
    });
    checkProperty(
      seed,
      fc.property(event, ({ words, ...head }) => {
        const body = words.map((word) => word.toString(16).padStart(16, '0')).join('');
        const unknown: UnknownEvent = { kind: 0, seq: 3, ...head, body };
        const bytes = bytesOf(unknown);
        expect(bytes.subarray(16).toString('hex')).toBe(body);
        const b = viewRecords(new Uint8Array(bytes));
        expect(checkRecord(b, 0, bytes.length / 8, EPOCH)).toBe(0);
        expect(decodeEvent(b, 0, EPOCH, 3)).toEqual(unknown);
      }),
      300,
    );
  });

  test('hold as much as a record can', () => {
    expect(bytesOf({ ...BLANK_UNKNOWN, body: '00'.repeat(65533 * 8) }).length).toBe(65535 * 8);
    expect(refusal({ ...BLANK_UNKNOWN, body: '00'.repeat(65534 * 8) })).toBe('ext');
    expect(refusal({ ...BLANK_UNKNOWN, body: '00' })).toBe('ext');
  });

  // Fails when an event could be spelled both as its kind and as an unknown one.
  test('have a code of one byte that this build has no name for', () => {
    for (const code of [0, -1, 256, 0.5, Number.NaN, 0x30, 2 ** 32 + 0x5f]) {
      expect([code, refusal({ ...BLANK_UNKNOWN, code })]).toEqual([code, 'code']);
    }
    expect(kindName(0x5f)).toBe('Kind0x5f');
    expect(kindName(0x0f)).toBe('Kind0x0f');
    expect(kindName(0x30)).toBe('Trade');
  });

  test('have a header like all others', () => {
    const bytes = bytesOf(BLANK_UNKNOWN);
    bytes[3] = 0x80;
    const b = viewRecords(new Uint8Array(bytes));
    expect(recordFault(b, 0, checkRecord(b, 0, 2, EPOCH))).toMatchObject({
      code: 'unknownFlag',
      kind: 0x5f,
      field: '',
    });
  });
});

describe('the buffer of records', () => {
  test('grows and keeps what was written', () => {
    const out = createRecordOut(EPOCH, 1);
    const parts: Buffer[] = [];
    for (let k = 0; k < 200; k++) {
      const event = { ...BLANK.Trade, timeNs: k, qtyLots: k, priceFine: k };
      expect(encodeEvent(out, event)).toBe(0);
      parts.push(bytesOf(event));
    }
    expect(Buffer.from(out.u8.subarray(0, out.words * 8)).equals(Buffer.concat(parts))).toBe(true);
  });

  test('takes a good event after a refused one, as if that had not been', () => {
    const out = createRecordOut(EPOCH, 1);
    expect(encodeEvent(out, { ...BLANK.Trade, qtyLots: 0.5, priceFine: 1 })).not.toBe(0);
    expect(out.fault).toBe('qtyLots');
    expect(encodeEvent(out, { ...BLANK.Note, text: '\ud800' })).not.toBe(0);
    expect(encodeEvent(out, LEVEL)).toBe(0);
    expect(out.fault).toBeUndefined();
    expect(Buffer.from(out.u8.subarray(0, out.words * 8)).equals(bytesOf(LEVEL))).toBe(true);
  });

  test('may begin at any half word of a larger one', () => {
    const bytes = bytesOf(BLANK.Quote);
    const large = new Uint8Array(bytes.length + 4);
    large.set(bytes, 4);
    const b = viewRecords(large.subarray(4));
    expect(checkRecord(b, 0, bytes.length / 8, EPOCH)).toBe(0);
    expect(decodeEvent(b, 0, EPOCH, BLANK.Quote.seq)).toEqual(BLANK.Quote);
  });
});
