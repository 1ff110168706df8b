// The reference book's own asserts; what it does with commands is the conformance suite.
import { describe, expect, test } from 'vitest';
import {
  BUY,
  SELL,
  commandCode,
  createCommands,
  createReferenceBook,
  createReports,
  type BookConfig,
  type RestingOrder,
} from '@truetape/book';
import { NONE } from '@truetape/contracts';
import { limit, play } from './play.ts';

const ORDER: RestingOrder = { orderId: 1, owner: 0, leavesLots: 5, totalLots: 5, stp: 0, postOnly: 0 };

describe('a command that no program may give', () => {
  test.each([
    ['no operation', commandCode({ op: 0 }), 1],
    ['an operation beyond the last', commandCode({ op: 6 }), 1],
    ['no id', commandCode({ op: 2 }), NONE],
    ['a fraction', commandCode({ op: 2 }), 0.5],
    ['no side', commandCode({ op: 1, type: 1 }), 1],
    ['no type', commandCode({ op: 1, side: BUY }), 1],
    ['a time in force of others', commandCode({ op: 1, side: BUY, type: 1, tif: 4 }), 1],
    ['no mode', commandCode({ op: 1, side: BUY, type: 1, stp: 5 }), 1],
    ['no post-only', commandCode({ op: 1, side: BUY, type: 1, postOnly: 3 }), 1],
  ])('BOOK-30: %s', (_, code, orderId) => {
    const commands = createCommands(1);
    commands.u32[0] = code;
    commands.f64[1] = orderId;
    expect(() => createReferenceBook().apply(commands, 0, createReports())).toThrow('BOOK-30');
  });

  test.each<BookConfig>([
    { instrument: -1 },
    { instrument: 65_536 },
    { instrument: 0.5 },
    { ordersMax: 0 },
    { ordersMax: 33_554_433 },
    { ordersMax: 1.5 },
  ])('BOOK-35: %o', (config) => expect(() => createReferenceBook(config)).toThrow('BOOK-35'));
});

describe('check', () => {
  // `place` trusts its caller, so it can build what no command can.
  test.each([
    ['BOOK-32', { side: BUY, priceTicks: 100 }, { side: SELL, priceTicks: 100 }, {}],

    ['BOOK-34', { side: BUY, priceTicks: 1 }, { side: SELL, priceTicks: 100 }, { leavesLots: 0 }],
    ['BOOK-34', { side: BUY, priceTicks: 1 }, { side: SELL, priceTicks: 100 }, { leavesLots: 6 }],
    ['BOOK-33', { side: BUY, priceTicks: 1 }, { side: BUY, priceTicks: 1 }, { ...huge() }],
  ])('%s', (id, first, second, change) => {
    const book = createReferenceBook();
    book.place(first.side, first.priceTicks, ORDER);
    book.check();
    book.place(second.side, second.priceTicks, { ...ORDER, orderId: 2, ...change });
    expect(() => book.check()).toThrow(id);
  });

  function huge(): Partial<RestingOrder> {
    return { leavesLots: Number.MAX_SAFE_INTEGER, totalLots: Number.MAX_SAFE_INTEGER };
  }

  test('BOOK-36: an id twice, an order too many, a count that is none', () => {
    const book = createReferenceBook({ ordersMax: 1 });
    book.place(BUY, 1, ORDER);
    expect(() => book.place(BUY, 1, ORDER)).toThrow('BOOK-36');
    expect(() => book.place(BUY, 1, { ...ORDER, orderId: 2 })).toThrow('BOOK-36');
    expect(() => book.setTradeCount(-1)).toThrow('BOOK-36');
  });

  test('BOOK-31: what is read is a copy, so that no reader breaks the book', () => {
    const book = createReferenceBook();
    play(book, limit(1, 'buy', 1, 1), limit(2, 'sell', 3, 1));
    for (const order of [...book.queue(BUY, 1), book.order(2)]) Object.assign(order ?? {}, { leavesLots: 9 });
    book.visit((_, __, order) => Object.assign(order, { leavesLots: 9 }));
    book.check();
    expect(book.levels(BUY)).toEqual([{ priceTicks: 1, orders: 1, qtyLots: 1 }]);
  });
});
