// Kinds with bytes behind their fixed part: Define, Note, Raw, Alias, OperatorCommand, InvariantViolated, Session.
import { describe, expect, test } from 'vitest';
import {
  LAYOUTS,
  checkRecord,
  createRecordOut,
  decodeEvent,
  encodeEvent,
  recordFault,
  viewRecords,
} from '@truetape/contracts';
import type { Event, KindLayout } from '@truetape/contracts';
import { EPOCH, blankEvent } from './samples.ts';

const kinds = LAYOUTS.filter(({ payload }) => payload !== undefined);
const of = (type: string): readonly (readonly [string, KindLayout])[] =>
  kinds.filter(({ payload }) => payload!.type === type).map((layout) => [layout.name, layout] as const);

function withPayload(layout: KindLayout, value: string | Uint8Array): Event {
  return { ...roomyEvent(layout), [layout.payload!.name]: value };
}

/** A blank event; a Raw is a part of a message of any size. */
function roomyEvent(layout: KindLayout): Event {
  return { ...blankEvent(layout), ...(layout.name === 'Raw' ? { totalBytes: 2 ** 32 - 1 } : {}) };
}

/** A record of the kind with any bytes behind its fixed part. */
function rawBytes(layout: KindLayout, payload: Uint8Array): Buffer {
  const out = createRecordOut(EPOCH);
  expect(encodeEvent(out, roomyEvent(layout))).toBe(0);
  const { lengthField } = layout.payload!;
  const bytes = Buffer.alloc((layout.baseWords + Math.ceil(payload.length / 8)) * 8);
  bytes.set(out.u8.subarray(0, layout.baseWords * 8));
  bytes.writeUInt16LE(bytes.length / 8, 0);
  bytes.writeUInt32LE(payload.length, lengthField.word * 8 + lengthField.shift / 8);
  bytes.set(payload, layout.baseWords * 8);
  return bytes;
}

function faultOf(bytes: Uint8Array): string {
  const b = viewRecords(new Uint8Array(bytes));
  return recordFault(b, 0, checkRecord(b, 0, bytes.length / 8, EPOCH)).code;
}

function written(event: Event): string {
  const out = createRecordOut(EPOCH);
  const fault = encodeEvent(out, event);
  return fault === 0 ? 'written' : (out.fault ?? recordFault(out, 0, fault).code);
}

describe.each(kinds.map((layout) => [layout.name, layout] as const))('CONTRACTS-10: %s', (_name, layout) => {
  const { type } = layout.payload!;
  const filled = (size: number): Buffer =>
    type === 'json' ? Buffer.from(`{"a":"${'x'.repeat(size)}"}`) : Buffer.alloc(size, 0x61);

  test('has exactly the words that its bytes need, and zeros behind them', () => {
    for (let size = 0; size < 20; size++) {
      const bytes = rawBytes(layout, filled(size));
      expect(faultOf(bytes)).toBe('none');
      const longer = Buffer.concat([bytes, Buffer.alloc(8)]);
      longer.writeUInt16LE(longer.length / 8, 0);
      expect(faultOf(longer)).toBe('badLength');
      const shorter = Buffer.from(bytes.subarray(0, -8));
      shorter.writeUInt16LE(shorter.length / 8, 0);
      expect(faultOf(shorter)).toBe('badLength');
      const used = layout.baseWords * 8 + filled(size).length;
      for (let at = used; at < bytes.length; at++) {
        const dirty = Buffer.from(bytes);
        dirty[at] = 1;
        expect(faultOf(dirty)).toBe('reservedNotZero');
      }
    }
  });

  test('has a length that cannot be past its record', () => {
    const { lengthField } = layout.payload!;
    const bytes = rawBytes(layout, filled(3));
    for (const length of [0xffffffff, 0x80000000, 0x7fffffff, 524281]) {
      bytes.writeUInt32LE(length, lengthField.word * 8 + lengthField.shift / 8);
      expect(faultOf(bytes)).toBe('badLength');
    }
  });

  test('holds as much as a record can, and not a byte more', () => {
    const room = (65535 - layout.baseWords) * 8;
    const value = (size: number): string | Uint8Array =>
      type === 'bytes'
        ? new Uint8Array(size)
        : type === 'text'
          ? 'x'.repeat(size)
          : `{"a":"${'x'.repeat(size - 8)}"}`;
    const out = createRecordOut(EPOCH, 1);
    expect(encodeEvent(out, withPayload(layout, value(room)))).toBe(0);
    expect(out.words).toBe(65535);
    expect(decodeEvent(out, 0, EPOCH, 0)).toMatchObject({ [layout.payload!.name]: value(room) });
    expect(written(withPayload(layout, value(room + 1)))).toBe(layout.payload!.name);
  });

  test('names its payload where that is at fault', () => {
    const b = viewRecords(new Uint8Array(rawBytes(layout, Buffer.alloc(3, 0xff))));
    const { field } = recordFault(b, 0, checkRecord(b, 0, b.u8.length / 8, EPOCH));
    expect(field).toBe(type === 'bytes' ? '' : layout.payload!.name);
  });
});

describe.each([...of('text'), ...of('json')])('CONTRACTS-8: %s', (_name, layout) => {
  test.each([
    ['a cut sequence', [0xe2, 0x82]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['past U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a lone continuation', [0x80]],
  ])('refuses %s', (_case, bytes) => {
    const json = layout.payload!.type === 'json';
    const payload = json
      ? Buffer.from([...Buffer.from('{"a":"'), ...bytes, ...Buffer.from('"}')])
      : Buffer.from(bytes);
    expect(faultOf(rawBytes(layout, payload))).toBe('badText');
  });

  test('refuses to write a lone surrogate', () => {
    const text = layout.payload!.type === 'json' ? '{"a":"\ud800"}' : 'a\ud800';
    expect(written(withPayload(layout, text))).toBe(layout.payload!.name);
  });
});

describe.each(of('json'))('CONTRACTS-9: %s', (_name, layout) => {
  test.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['no object', '[]'],
    ['a space', '{"a": 1}'],
    ['a key twice', '{"a":1,"a":1}'],
    ['keys in the order of numbers', '{"9":1,"10":1}'],
    ['a fraction', '{"a":0.1}'],
    ['−0', '{"a":-0}'],
    ['an escape that is not needed', '{"a":"\\u0041"}'],
    ['an escaped lone surrogate', '{"a":"\\ud800"}'],
    ['100,000 brackets', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['100,000 open brackets', '['.repeat(100_000)],
  ])('refuses %s, read and written', (_case, json) => {
    expect(faultOf(rawBytes(layout, Buffer.from(json)))).toBe('badJson');
    expect(written(withPayload(layout, json))).toBe('badJson');
  });
});
