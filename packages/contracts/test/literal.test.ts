// Records byte by byte, written by hand from the text of the contracts.
import { describe, expect, test } from 'vitest';
import {
  BLANK,
  checkRecord,
  createRecordOut,
  decodeEvent,
  encodeEvent,
  epochAt,
  viewRecords,
} from '@truetape/contracts';
import type { Event } from '@truetape/contracts';

/** 2025-12-01T00:00:00Z: 1 764 547 200 000 000 000 ns = 0x187c_ee54_5569_0000. */
const EPOCH = epochAt(1764547200000000000n);

type Case = readonly [name: string, event: Event, words: readonly string[]];

// A time is the epoch and a few ns: the last bytes of its word are 69 55 54 ee 7c 18.
const CASES: readonly Case[] = [
  [
    'a Trade without tail: buy, 5 lots at 100 ticks',
    {
      ...BLANK.Trade,
      timeNs: 1,
      flags: 0x11,
      instrument: 1,
      source: 2,
      priceTicks: 100,
      qtyLots: 5,
      tradeId: 7,
    },
    [
      '0500 30 11 0100 0200',
      '01006955 54ee7c18',
      '64000000 00000000',
      '05000000 00000000',
      '07000000 00000000',
    ],
  ],
  [
    'a Trade off the grid: an absent price, negative fine price, every word up to the last',
    {
      ...BLANK.Trade,
      timeNs: 0,
      qtyLots: 9007199254740991,
      priceFine: -2,
      condition: 5,
      tradeCount: 0x01020304,
    },
    [
      '0c00 30 00 0000 0000',
      '00006955 54ee7c18',
      // priceTicks absent: −2^53.
      '00000000 0000e0ff',
      'ffffffff ffff1f00',
      '00000000 0000e0ff',
      // Two absent times.
      'ffffffff ffffffff',
      'ffffffff ffffffff',
      // u8 condition, 24 bits of zeros, u32 tradeCount.
      '05 00 0000 04030201',
      '00000000 0000e0ff',
      '00000000 0000e0ff',
      '00000000 0000e0ff',
      'feffffff ffffffff',
    ],
  ],
  [
    'a Level of a snapshot: sell, deleted',
    {
      ...BLANK.Level,
      timeNs: 255,
      flags: 0x22,
      instrument: 0xffff,
      source: 0x0102,
      priceTicks: -3,
      qtyLots: 0,
    },
    ['0400 32 22 ffff 0201', 'ff006955 54ee7c18', 'fdffffff ffffffff', '00000000 00000000'],
  ],
  [
    'a Level with a count of orders',
    { ...BLANK.Level, timeNs: 0, flags: 0x10, priceTicks: 2 ** 32, qtyLots: 1, orderCount: 3 },
    [
      '0500 32 10 0000 0000',
      '00006955 54ee7c18',
      '00000000 01000000',
      '01000000 00000000',
      '03000000 00000000',
    ],
  ],
  [
    'an empty BookUpdate of futures: LAST, ids, both times, held for 1 µs',
    {
      ...BLANK.BookUpdate,
      timeNs: 0x1000,
      flags: 0x01,
      instrument: 1,
      source: 1,
      lastUpdateId: 0x0a0b0c0d0e,
      levels: 0,
      firstUpdateId: 0x0a0b0c0d0d,
      prevUpdateId: 0x0a0b0c0d0c,
      matchTime: -1,
      sendTime: 0x20,
      heldNs: 1000,
    },
    [
      '0900 33 01 0100 0100',
      '00106955 54ee7c18',
      '0e0d0c0b 0a000000',
      '00000000 00000000',
      '0d0d0c0b 0a000000',
      '0c0d0c0b 0a000000',
      'ffff6855 54ee7c18',
      '20006955 54ee7c18',
      'e8030000 00000000',
    ],
  ],
  [
    'a BookUpdate of spot with 2 levels, without prevUpdateId',
    { ...BLANK.BookUpdate, timeNs: 0, lastUpdateId: 9, levels: 2, firstUpdateId: 8 },
    [
      '0500 33 00 0000 0000',
      '00006955 54ee7c18',
      '09000000 00000000',
      '02000000 00000000',
      '08000000 00000000',
    ],
  ],
  [
    'a Define of an asset: 24 bytes of JSON, no padding',
    { ...BLANK.Define, timeNs: 0, table: 4, index: 0x0102, json: '{"code":"€","scale":8}' },
    [
      '0700 01 00 0000 0000',
      '00006955 54ee7c18',
      // u8 table, 24 bits of zeros, u32 index.
      '04 000000 02010000',
      '18000000 00000000',
      // {"code": "€"," scale":8} with the sign as e2 82 ac.
      '7b22636f 6465223a',
      '22e282ac 222c2273',
      '63616c65 223a387d',
    ],
  ],
  [
    'a Note of 3 bytes: a cause on the second parent, 5 bytes of padding',
    { ...BLANK.Note, timeNs: 0, cause: 0x12345, causeTape: 2, topic: 3, text: 'abc' },
    [
      '0500 02 00 0000 0000',
      '00006955 54ee7c18',
      // Low 53 bits seq, high 11 bits tape: 2 << 53 = 0x0040_0000_0000_0000.
      '45230100 00004000',
      '03000000 0300 0000',
      '616263 0000000000',
    ],
  ],
  [
    'a NewOrder of base words: sell, limit, IOC, post-only slide, decrement, account 258',
    {
      ...BLANK.NewOrder,
      timeNs: 2,
      flags: 0x21,
      instrument: 1,
      source: 3,
      cause: 9,
      orderId: 2 ** 52,
      priceTicks: 1000000,
      qtyLots: 25,
      type: 1,
      tif: 2,
      postOnly: 2,
      stp: 4,
      account: 258,
    },
    [
      '0700 10 21 0100 0300',
      '02006955 54ee7c18',
      '09000000 00000000',
      '00000000 00001000',
      '40420f00 00000000',
      '19000000 00000000',
      '01 02 02 04 02010000',
    ],
  ],
  [
    'a stop NewOrder without cause: hedged short, reduce only, expiring, hidden',
    {
      ...BLANK.NewOrder,
      timeNs: 0,
      orderId: 1,
      qtyLots: 2,
      type: 3,
      tif: 4,
      positionSide: 2,
      exec: 1,
      expireTime: 0x10,
      stopTicks: 77,
      displayLots: 0,
    },
    [
      '0f00 10 00 0000 0000',
      '00006955 54ee7c18',
      'ffffffff ffffffff',
      '01000000 00000000',
      '00000000 0000e0ff',
      '02000000 00000000',
      '03 04 00 00 00000000',
      // intentId, minQtyLots absent.
      '00000000 0000e0ff',
      '00000000 0000e0ff',
      '02 01 0000 00000000',
      '00000000 0000e0ff',
      // decidedTime absent, expireTime.
      'ffffffff ffffffff',
      '10006955 54ee7c18',
      '4d000000 00000000',
      '00000000 00000000',
    ],
  ],
  [
    'a CashFlow of −1: an amount of two words',
    { ...BLANK.CashFlow, timeNs: 0, cause: 1, amount: -1n, asset: 2, reason: 1, account: 3 },
    [
      '0600 60 00 0000 0000',
      '00006955 54ee7c18',
      '01000000 00000000',
      'ffffffff ffffffff',
      'ffffffff ffffffff',
      '0200 0100 03000000',
    ],
  ],
  [
    'an Unknown of two words',
    {
      kind: 0,
      code: 0x5f,
      seq: 0,
      timeNs: 0,
      flags: 0x41,
      instrument: 1,
      source: 0,
      body: '0102030405060708',
    },
    ['0300 5f 41 0100 0000', '00006955 54ee7c18', '01020304 05060708'],
  ],
];

describe('CONTRACTS-1: bytes by hand', () => {
  // Fails when a field moves, changes its width or sign, or when bytes change their order.
  test.each(CASES)('%s', (_name, event, words) => {
    const hex = words.join('').replaceAll(' ', '');
    const out = createRecordOut(EPOCH);
    expect(encodeEvent(out, event)).toBe(0);
    expect(Buffer.from(out.u8.subarray(0, out.words * 8)).toString('hex')).toBe(hex);
    const b = viewRecords(new Uint8Array(Buffer.from(hex, 'hex')));
    expect(checkRecord(b, 0, words.length, EPOCH)).toBe(0);
    expect(decodeEvent(b, 0, EPOCH, event.seq)).toEqual(event);
  });
});
