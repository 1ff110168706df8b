// A market: which book a command reaches, what is refused before any, and its snapshot.
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { N_MAX, NONE } from '@truetape/contracts';
import type { Sha256Hasher } from '@truetape/kernel';
import { describe, expect, test } from 'vitest';
import {
  REPORT_CELLS,
  addBook,
  applyToMarket,
  bookOf,
  booksOf,
  checkMarket,
  createCommands,
  createMarket,
  createReferenceBook,
  createReports,
  decodeReport,
  encodeCommand,
  hashMarket,
  restoreMarket,
  saveMarket,
} from '../src/index.ts';
import type { Command, Market, Report, ReportBuffer } from '../src/index.ts';

const sha256 = (): Sha256Hasher => {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest(), copy: () => hash.copy() };
};
const commands = createCommands(1);

/** Reports of one command to a market. */
function ask(market: Market, command: Command): Report[] {
  const out = createReports(1);
  encodeCommand(commands, 0, command);
  applyToMarket(market, commands, 0, out);
  return Array.from({ length: out.count }, (_, k) => decodeReport(out, k));
}

function marketOf(...instruments: number[]): Market {
  const market = createMarket({ create: createReferenceBook });
  for (const instrument of instruments) addBook(market, instrument);
  return market;
}

const order = (instrument: number, orderId: number, more: Partial<Command> = {}): Command => ({
  op: 'new',
  instrument,
  orderId,
  side: 'buy',
  type: 'limit',
  priceTicks: 100,
  qtyLots: 5,
  owner: 7,
  ...more,
});

describe('a market', () => {
  test('has a book for each instrument, and ids that are each book’s own', () => {
    const market = marketOf(65_535, 3, 9);
    expect(market.instruments).toEqual([3, 9, 65_535]);
    for (const instrument of [9, 3])
      expect(ask(market, order(instrument, 1))).toMatchObject([{ kind: 'accepted', instrument, orderId: 1 }]);
    expect(booksOf(market).map((book) => book.orderCount())).toEqual([1, 1, 0]);
    expect(ask(market, { op: 'cancel', instrument: 9, orderId: 1, owner: 7 })).toMatchObject([
      { kind: 'canceled', instrument: 9 },
    ]);
    expect(bookOf(market, 3)?.orderCount()).toBe(1);
    checkMarket(market);
  });

  test('takes no instrument twice, and none that is none: BOOK-60, BOOK-61', () => {
    const market = marketOf(3);
    for (const instrument of [3, 0, -1, 65_536, 1.5])
      expect(() => addBook(market, instrument)).toThrow('BOOK-60');
    encodeCommand(commands, 0, order(65_536, 1));
    expect(() => applyToMarket(market, commands, 0, createReports())).toThrow('BOOK-61');
  });

  test('passes its bound of orders on to its books', () => {
    const market = createMarket({ create: createReferenceBook, ordersMax: 1 });
    addBook(market, 1);
    ask(market, order(1, 1));
    expect(ask(market, order(1, 2))).toMatchObject([{ kind: 'rejected', reason: 'capacity' }]);
  });
});

describe('an unknown instrument', () => {
  test.each<[string, Partial<Command>]>([
    ['badQty', { qtyLots: 0 }],
    ['badQty', { qtyLots: 1.5, priceTicks: 1e300 }],
    ['badQty', { minQtyLots: 6 }],
    ['badQty', { minQtyLots: -1 }],
    ['badPrice', { priceTicks: 2 ** 31 }],
    ['badPrice', { priceTicks: NONE }],
    ['badPrice', { type: 'market' }],
    ['unknownInstrument', {}],
    ['unknownInstrument', { type: 'market', priceTicks: NONE }],
    ['unknownInstrument', { priceTicks: -(2 ** 31), qtyLots: N_MAX, minQtyLots: N_MAX }],
  ])('%s: new %j', (reason, more) => {
    expect(ask(marketOf(1), order(2, 1, more))).toEqual([
      {
        kind: 'rejected',
        instrument: 2,
        orderId: 1,
        owner: 7,
        side: 'buy',
        reason,
        op: 'new',
        leavesLots: 0,
      },
    ]);
  });

  test.each<[string, Command]>([
    ['badQty', { op: 'amend', orderId: 1, qtyLots: 0, priceTicks: 0.5 }],
    ['badPrice', { op: 'amend', orderId: 1, priceTicks: 0.5 }],
    ['unknownInstrument', { op: 'amend', orderId: 1 }],
    ['badQty', { op: 'reduce', orderId: 1 }],
    ['unknownInstrument', { op: 'reduce', orderId: 1, qtyLots: 1 }],
    ['unknownInstrument', { op: 'cancel', orderId: 1 }],
    ['unknownInstrument', { op: 'cancelAll', instrument: 2 }],
  ])('%s: %j', (reason, command) => {
    expect(ask(marketOf(1), command)).toMatchObject([{ kind: 'rejected', reason, leavesLots: 0 }]);
  });

  // Fails when the two places that check quantity and price grow apart.
  test('is refused for quantity and price exactly where a book does (seed 60)', () => {
    const edge = fc.constantFrom(
      NONE,
      -N_MAX,
      -1,
      0,
      1,
      5,
      1.5,
      2 ** 31 - 1,
      2 ** 31,
      -(2 ** 31),
      N_MAX,
      2 ** 53,
      1e300,
    );
    const asked = fc.record({
      op: fc.constantFrom('new' as const, 'cancel' as const, 'amend' as const, 'reduce' as const),
      type: fc.constantFrom('limit' as const, 'market' as const),
      priceTicks: edge,
      qtyLots: edge,
      minQtyLots: edge,
    });
    fc.assert(
      fc.property(asked, (given) => {
        const command: Command = { ...given, side: 'buy', orderId: 1 };
        const [known] = ask(marketOf(1), { ...command, instrument: 1 });
        const [unknown] = ask(marketOf(1), { ...command, instrument: 2 });
        const isEarly = known.reason === 'badQty' || known.reason === 'badPrice';
        expect(unknown.reason).toBe(isEarly ? known.reason : 'unknownInstrument');
      }),
      { seed: 60, numRuns: 1000 },
    );
  });
});

describe('a cancelAll without an instrument', () => {
  test('goes over all books in their order and ends once', () => {
    const market = marketOf(5, 2, 4);
    for (const instrument of [2, 4, 5]) {
      ask(market, order(instrument, 1));
      ask(market, order(instrument, 2, { owner: 8, priceTicks: 101 }));
      ask(market, order(instrument, 3, { side: 'sell', priceTicks: 105 }));
    }
    expect(ask(market, { op: 'cancelAll', owner: 7, side: 'buy' })).toEqual([
      ...[2, 4, 5].map((instrument) => ({
        kind: 'canceled',
        instrument,
        orderId: 1,
        owner: 7,
        side: 'buy',
        priceTicks: 100,
        leavesLots: 0,
        reason: 'cancelAll',
        qtyLots: 5,
      })),
      { kind: 'cancelAllDone', instrument: 0, owner: 7, side: 'buy', leavesLots: 0, qtyLots: 3 },
    ]);
    expect(ask(market, { op: 'cancelAll', instrument: 4, everyone: true })).toMatchObject([
      { orderId: 2 },
      { orderId: 3 },
      { kind: 'cancelAllDone', instrument: 4, qtyLots: 2 },
    ]);
    expect(ask(market, { op: 'cancelAll', everyone: true })).toHaveLength(5);
    expect(ask(marketOf(), { op: 'cancelAll' })).toMatchObject([{ kind: 'cancelAllDone', qtyLots: 0 }]);
  });
});

// Fails when a reject of a market leaves something of the report that stood in its place, or has no place to grow.
test('a reject without a book writes all of its cells, wherever it stands', () => {
  const market = marketOf(1);
  const used = createReports(2);
  new Uint8Array(used.f64.buffer).fill(0xff);
  const fresh = createReports(0);
  encodeCommand(commands, 0, order(2, 5));
  // An id of −0 is the id 0, in bytes too.
  commands.f64[1] = -0;
  for (const out of [used, fresh]) {
    applyToMarket(market, commands, 0, out);
    applyToMarket(market, commands, 0, out);
  }
  expect([used.count, fresh.count]).toEqual([2, 2]);
  const bytesOf = (out: ReportBuffer): number[] => [
    ...new Uint8Array(out.f64.buffer, 0, 2 * REPORT_CELLS * 8),
  ];
  expect(bytesOf(fresh)).toEqual(bytesOf(used));
  expect(Object.is(fresh.f64[2], 0)).toBe(true);
});

test('its check is that of each book, and of their order: BOOK-60', () => {
  const market = marketOf(3, 9);
  market.instruments.reverse();
  expect(() => checkMarket(market)).toThrow('BOOK-60');
  market.instruments.reverse();
  const check = (): void => {
    throw new Error('a broken book');
  };
  market.byInstrument[9] = { ...bookOf(market, 9)!, check };
  expect(() => checkMarket(market)).toThrow('a broken book');
});

describe('a snapshot', () => {
  const filled = (): Market => {
    const market = marketOf(9, 3);
    ask(market, order(3, 1));
    ask(market, order(9, 2));
    ask(market, order(9, 3, { side: 'sell', qtyLots: 2 }));
    return market;
  };

  test('restores to the same bytes and the same answers', () => {
    const market = filled();
    const restored = restoreMarket(saveMarket(market), createReferenceBook);
    if (!restored.ok) throw new Error(restored.error.found);
    expect(saveMarket(restored.value)).toEqual(saveMarket(market));
    expect(hashMarket(restored.value, sha256)).toBe(hashMarket(market, sha256));
    const next = order(9, 4, { side: 'sell', qtyLots: 9 });
    expect(ask(restored.value, next)).toEqual(ask(market, next));
    expect(hashMarket(restored.value, sha256)).toBe(hashMarket(market, sha256));
    expect(hashMarket(marketOf(9, 3), sha256)).not.toBe(hashMarket(market, sha256));
  });

  test('that is cut anywhere, or damaged, is refused with its place', () => {
    const bytes = saveMarket(filled());
    for (let size = 0; size < bytes.length; size++)
      expect(restoreMarket(bytes.subarray(0, size), createReferenceBook)).toMatchObject({ ok: false });
    const refusal = (at: number, byte: number): unknown => {
      const damaged = bytes.slice();
      damaged[at] = byte;
      const restored = restoreMarket(damaged, createReferenceBook);
      return restored.ok ? 'none' : [restored.error.code, restored.error.offsetBytes];
    };
    expect(refusal(0, 0)).toEqual(['magic', 0]);
    expect(refusal(8, 2)).toEqual(['version', 8]);
    expect(refusal(12, 1)).toEqual(['length', 16 + 4 + 80]);
    expect(refusal(20, 0)).toEqual(['magic', 20]);
    // The first book's instrument becomes the second's.
    expect(refusal(32, 9)).toEqual(['content', 16 + 4 + 80 + 4 + 12]);
    expect(restoreMarket(Uint8Array.of(...bytes, 0), createReferenceBook)).toMatchObject({
      error: { code: 'length' },
    });
  });
});
