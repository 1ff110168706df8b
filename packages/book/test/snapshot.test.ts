// Snapshots: what is written is read, whoever wrote it; nothing else is.
import { describe, expect, test } from 'vitest';
import { createHash } from 'node:crypto';
import {
  BUY,
  createReferenceBook,
  hashBook,
  restoreBook,
  saveBook,
  type Book,
  type SnapshotErrorCode,
} from '@truetape/book';
import { IMPLEMENTATIONS } from './implementations.ts';
import { limit, market, play, sha256, stateOf } from './play.ts';
import { snapshotSamples } from './snapshot-samples.ts';

/** Two bids at 99 (ids 3 and 4), one at 98 (5), asks at 100 (1, in part) and 101 (2). */
function sample(): Book {
  const book = createReferenceBook({ instrument: 9, ordersMax: 5 });
  play(book, limit(1, 'sell', 100, 9), limit(2, 'sell', 101, 1), limit(3, 'buy', 99, 4));
  play(book, limit(4, 'buy', 99, 5, { owner: 8, stp: 'both', postOnly: 'slide' }), limit(5, 'buy', 98, 1));
  play(book, market(6, 'buy', 2));
  return book;
}

const BYTES = saveBook(sample());
// Offsets in it: levels at 40 (99: orders at 48, 80), 112 (98: 120), 152 (100: 160), 192 (101: 200).
const [BID, ORDER_3, ORDER_4, BID_98, ASK, ORDER_1, ASK_101, ORDER_2] = [40, 48, 80, 112, 152, 160, 192, 200];

const restore = (bytes: Uint8Array): ReturnType<typeof restoreBook> =>
  restoreBook(bytes, createReferenceBook);

describe.each(IMPLEMENTATIONS)('%s', (_, create) => {
  test.each(IMPLEMENTATIONS)('is restored into %s, and saved again to the same bytes', (__, other) => {
    for (const [, book] of snapshotSamples(create)) {
      const restored = restoreBook(saveBook(book), other);
      expect(restored.ok).toBe(true);
      if (!restored.ok) continue;
      restored.value.check();
      expect(stateOf(restored.value)).toEqual(stateOf(book));
      expect(saveBook(restored.value)).toEqual(saveBook(book));
      expect([restored.value.instrument, restored.value.ordersMax]).toEqual([
        book.instrument,
        book.ordersMax,
      ]);
    }
  });

  test('a snapshot is no window into the book', () => {
    const book = create();
    // Two orders at a price take less than two levels would.
    play(book, limit(1, 'buy', 1, 1), limit(2, 'buy', 1, 1));
    const bytes = saveBook(book);
    const copy = bytes.slice();
    play(book, limit(3, 'buy', 1, 1));
    expect(bytes).toEqual(copy);
    expect(bytes.buffer.byteLength).toBe(bytes.length);
  });
});

describe('the hash', () => {
  test('is SHA-256 of its name and the bytes', () => {
    const hash = createHash('sha256').update('truetape/book/1').update(BYTES).digest('hex');
    expect(hashBook(sample(), sha256)).toBe(hash);
  });

  // Each of these states differs from the sample in one thing that a later command could tell.
  test('differs wherever two books would behave differently', () => {
    const base = [limit(1, 'buy', 1, 5), limit(2, 'buy', 1, 5)];
    const days = [
      base,
      [base[1], base[0]],
      [limit(1, 'buy', 1, 5, { owner: 1 }), base[1]],
      [limit(1, 'buy', 1, 5, { stp: 'newest' }), base[1]],
      [limit(1, 'buy', 1, 5, { postOnly: 'reject' }), base[1]],
      [limit(1, 'buy', 2, 5), base[1]],
      [limit(1, 'sell', 1, 5)],
      [limit(1, 'buy', 1, 4), base[1]],
      [limit(3, 'buy', 1, 5), base[1]],
      [...base, limit(9, 'sell', 3, 1), market(8, 'buy', 1)],
      // The same leaves, of another whole quantity.
      [...base, market(8, 'sell', 1), { op: 'amend', orderId: 1, qtyLots: 5 } as const],
    ];
    const hashes = days.map((commands) => {
      const book = createReferenceBook();
      play(book, ...commands);
      return hashBook(book, sha256);
    });
    for (const config of [{ instrument: 1 }, { ordersMax: 2 }]) {
      const book = createReferenceBook(config);
      play(book, ...base);
      hashes.push(hashBook(book, sha256));
    }
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('malformed bytes', () => {
  test('cut anywhere: short', () => {
    for (let size = 0; size < BYTES.length; size++) {
      const cut = restore(BYTES.subarray(0, size));
      expect(cut.ok ? 'read' : [cut.error.code, cut.error.offsetBytes, cut.error.found]).toEqual([
        'short',
        size,
        String(size),
      ]);
    }
  });

  test('a byte behind the end: length', () => {
    const longer = new Uint8Array(BYTES.length + 1);
    longer.set(BYTES);
    expect(restore(longer)).toEqual({
      ok: false,
      error: {
        code: 'length',
        offsetBytes: BYTES.length,
        expected: `${BYTES.length} bytes`,
        found: `${BYTES.length + 1}`,
      },
    });
  });

  type Change = (view: DataView) => void;
  const u32 =
    (at: number, value: number): Change =>
    (view) =>
      view.setUint32(at, value, true);
  const u8 =
    (at: number, value: number): Change =>
    (view) =>
      view.setUint8(at, value);
  const i32 =
    (at: number, value: number): Change =>
    (view) =>
      view.setInt32(at, value, true);
  const all =
    (...changes: readonly Change[]): Change =>
    (view) =>
      changes.forEach((change) => change(view));
  const u64 =
    (at: number, value: bigint): Change =>
    (view) =>
      view.setBigUint64(at, value, true);

  test.each<readonly [string, SnapshotErrorCode, offset: number, Change]>([
    ['the first byte of the magic', 'magic', 0, u8(0, 0)],
    ['the last byte of the magic', 'magic', 7, u8(7, 0x0d)],
    ['version 0', 'version', 8, u32(8, 0)],
    ['version 2', 'version', 8, u32(8, 2)],
    ['an instrument of 2^16', 'content', 12, u32(12, 65_536)],
    ['no room', 'content', 16, u32(16, 0)],
    ['room beyond 2^25', 'content', 16, u32(16, 33_554_433)],
    ['more orders than room', 'content', 20, u32(16, 4)],
    ['a count of trades of 2^53', 'content', 24, u64(24, 2n ** 53n)],
    ['a count of trades of 2^64−1', 'content', 24, u64(24, 2n ** 64n - 1n)],
    ['an order more than the length has', 'content', 20, u32(20, 6)],
    ['an order less than the length has', 'length', BYTES.length - 32, u32(20, 4)],
    ['a bid level more', 'short', BYTES.length, u32(32, 3)],
    ['a level of bids that is one of asks', 'content', ASK, all(u32(32, 3), u32(36, 1))],
    ['a level of asks that is one of bids', 'content', BID_98, all(u32(32, 1), u32(36, 3))],
    ['levels in no order', 'content', BID_98, i32(BID_98, 100)],
    ['a level twice', 'content', BID_98, i32(BID_98, 99)],
    ['asks in no order', 'content', ASK_101, i32(ASK_101, 99)],
    ['an ask twice', 'content', ASK_101, i32(ASK_101, 100)],
    ['a locked book', 'content', ASK, i32(ASK, 99)],
    ['a crossed book', 'content', ASK, i32(ASK, 98)],
    ['a level of no orders', 'content', BID + 4, u32(BID + 4, 0)],
    ['a level of more orders than there are', 'length', BID + 4, u32(BID + 4, 6)],
    ['a level of too many orders', 'length', BID + 4, u32(BID + 4, 4_294_967_295)],
    ['an id of 2^53', 'content', ORDER_4, u64(ORDER_4, 2n ** 53n)],
    ['an id twice at a price', 'content', ORDER_4, u64(ORDER_4, 3n)],
    ['an id twice on two sides', 'content', ORDER_2, u64(ORDER_2, 3n)],
    ['nothing left', 'content', ORDER_3 + 8, u64(ORDER_3 + 8, 0n)],
    ['more left than there was', 'content', ORDER_1 + 8, u64(ORDER_1 + 8, 10n)],
    ['a whole quantity of 0', 'content', ORDER_3 + 16, u64(ORDER_3 + 16, 0n)],
    ['a whole quantity of 2^53', 'content', ORDER_3 + 16, u64(ORDER_3 + 16, 2n ** 53n)],
    [
      'a level beyond 2^53−1',
      'content',
      ORDER_4 + 8,
      all(u64(ORDER_4 + 8, 2n ** 53n - 4n), u64(ORDER_4 + 16, 2n ** 53n - 1n)),
    ],
    ['a mode that is none', 'content', ORDER_3 + 28, u8(ORDER_3 + 28, 5)],
    ['a post-only that is none', 'content', ORDER_3 + 29, u8(ORDER_3 + 29, 3)],
    ['a spare byte', 'content', ORDER_3 + 30, u8(ORDER_3 + 31, 1)],
  ])('%s: %s at %i', (_, code, offsetBytes, change) => {
    const bytes = BYTES.slice();
    change(new DataView(bytes.buffer));
    const read = restore(bytes);
    expect(read.ok ? 'read' : { ...read.error, expected: '', found: '' }).toEqual({
      code,
      offsetBytes,
      expected: '',
      found: '',
    });
  });

  test('a count of orders that levels contradict: length', () => {
    // One level's count is less by one: its last order is read as the next level.
    const bytes = BYTES.slice();
    new DataView(bytes.buffer).setUint32(ASK_101 + 4, 0, true);
    expect(restore(bytes).ok).toBe(false);
    const empty = saveBook(createReferenceBook());
    const orders = new Uint8Array(empty.length + 32);
    orders.set(empty);
    new DataView(orders.buffer).setUint32(20, 1, true);
    expect(restore(orders)).toMatchObject({ error: { code: 'length', offsetBytes: 20, found: '0' } });
  });

  // Any one bit: refused, or the snapshot of another book, which is then saved as it was read.
  test('no bit flipped makes it throw, or read what it would not write', () => {
    let refused = 0;
    for (let bit = 0; bit < BYTES.length * 8; bit++) {
      const bytes = BYTES.slice();
      bytes[bit >> 3] ^= 1 << (bit & 7);
      const read = restore(bytes);
      if (!read.ok) refused++;
      else {
        read.value.check();
        expect(saveBook(read.value)).toEqual(bytes);
      }
    }
    expect(refused).toBeGreaterThan(500);
  });

  test('nothing is made before all is read', () => {
    const bytes = BYTES.slice();
    bytes[ORDER_2 + 31] = 1;
    const create = (): never => {
      throw new Error('made');
    };
    expect(restoreBook(bytes, create).ok).toBe(false);
  });

  test('bytes may lie anywhere in a buffer', () => {
    const wide = new Uint8Array(BYTES.length + 11);
    wide.set(BYTES, 7);
    const read = restore(wide.subarray(7, 7 + BYTES.length));
    expect(read.ok && read.value.levels(BUY)).toEqual(sample().levels(BUY));
  });
});
