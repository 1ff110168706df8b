// What every book does, whichever way it is built: one suite over all implementations.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { NONE } from '@truetape/contracts';
import {
  BUY,
  SELL,
  createCommands,
  createReports,
  encodeCommand,
  hashBook,
  type Book,
  type Command,
} from '@truetape/book';
import { codesOf } from './codes.ts';
import { codeOf, limit, market, play, playRaw, sha256, stateOf, told, type CreateBook } from './play.ts';
import { PAIRS } from './precedence.ts';
import { render } from './transcript.ts';

const N_MAX = Number.MAX_SAFE_INTEGER;
const TRANSCRIPTS = new URL('transcripts/', import.meta.url);

/** Runs the suite over one implementation. */
export function describeBook(name: string, create: CreateBook): void {
  describe.each([name])('%s', () => {
    describeTranscripts(create);
    describePrecedence(create);
    describeRejects(create);
    describeReads(create);
    describeNumbers(create);
  });
}

function describeTranscripts(create: CreateBook): void {
  // Fails on any report, order or level that is not as the text has it; `npm run goldens` rewrites the outputs.
  test.each(readdirSync(TRANSCRIPTS).sort())('transcript %s', async (file) => {
    const path = fileURLToPath(new URL(file, TRANSCRIPTS));
    await expect(render(readFileSync(path, 'utf8'), create)).toMatchFileSnapshot(path);
  });
}

function describePrecedence(create: CreateBook): void {
  test.each(PAIRS.map(({ codes, commands }) => [codes[0], codes[1], commands] as const))(
    '%s comes before %s',
    (first, second, commands) => {
      const book = create({ ordersMax: 3 });
      play(book, ...commands.slice(0, -1));
      const last = commands.at(-1)!;
      // Both hold, each looked at by itself, and none before them.
      expect(codesOf(book, last).slice(0, 2)).toEqual([first, second]);
      expect(codeOf(play(book, last))).toBe(first);
    },
  );
}

/** A command that each code rejects, behind an ask of 5 at 100 and a bid of owner 7; the book is full. */
const REJECTED: readonly (readonly [code: string, command: Command])[] = [
  ['badQty', limit(9, 'buy', 100, 0)],
  ['badPrice', limit(9, 'buy', 0.5, 1)],
  ['duplicateId', limit(1, 'buy', 100, 1)],
  ['unknownOrder', { op: 'cancel', orderId: 9 }],
  ['notOwner', { op: 'cancel', orderId: 2 }],
  ['wouldCross', { op: 'amend', orderId: 2, owner: 7, priceTicks: 100, postOnly: 'reject' }],
  ['wouldNotFill', market(9, 'buy', 6, { minQtyLots: 6 })],
  ['wouldNotFill', limit(9, 'buy', 100, 6, { tif: 'FOK', owner: 3, stp: 'oldest' })],
  ['capacity', limit(9, 'buy', 100, 9)],
  ['badQty', { op: 'amend', orderId: 2, owner: 7, qtyLots: 0, priceTicks: 100, postOnly: 'slide' }],
];

function describeRejects(create: CreateBook): void {
  test.each(REJECTED)('%s changes nothing: %o', (code, command) => {
    const book = create({ ordersMax: 2 });
    play(book, limit(1, 'sell', 100, 5, { owner: 3 }), limit(2, 'buy', 90, 5, { owner: 7 }));
    const before = stateOf(book);
    const hash = hashBook(book, sha256);
    const reports = play(book, command);
    expect(reports.map(({ kind, reason }) => [kind, reason])).toEqual([['rejected', code]]);
    expect(stateOf(book)).toEqual(before);
    expect(hashBook(book, sha256)).toBe(hash);
  });
}

function describeReads(create: CreateBook): void {
  const filled = (): Book => {
    const book = create({ instrument: 3, ordersMax: 9 });
    play(book, limit(1, 'buy', 10, 5, { owner: 7, stp: 'both', postOnly: 'slide' }), limit(2, 'buy', 9, 1));
    play(book, limit(3, 'sell', 12, 2), limit(4, 'sell', 12, 3), limit(5, 'sell', 11, 4));
    return book;
  };

  test('an empty book has no prices', () => {
    const book = create();
    expect([book.instrument, book.ordersMax]).toEqual([0, 1_048_576]);
    expect(stateOf(book)).toEqual({
      count: 0,
      trades: 0,
      top: { bidTicks: NONE, bidLots: 0, bidOrders: 0, askTicks: NONE, askLots: 0, askOrders: 0 },
      bids: [],
      asks: [],
      orders: [],
    });
    expect([book.queue(BUY, 1), book.order(1)]).toEqual([[], undefined]);
    book.check();
  });

  test('levels come best first, and no more than asked', () => {
    const book = filled();
    expect([book.instrument, book.ordersMax, book.orderCount()]).toEqual([3, 9, 5]);
    expect(book.levels(SELL, 1)).toEqual([{ priceTicks: 11, orders: 1, qtyLots: 4 }]);
    expect(book.levels(SELL, 0)).toEqual([]);
    expect(book.levels(SELL, 9).map(({ priceTicks }) => priceTicks)).toEqual([11, 12]);
    expect(book.levels(BUY).map(({ priceTicks }) => priceTicks)).toEqual([10, 9]);
  });

  test('the top, a queue, an order and a visit agree', () => {
    const book = filled();
    const best = { orderId: 1, owner: 7, leavesLots: 5, totalLots: 5, stp: 3, postOnly: 2 };
    expect(book.order(1)).toEqual({ ...best, side: BUY, priceTicks: 10 });
    expect(book.queue(BUY, 10)).toEqual([best]);
    expect(book.queue(SELL, 12).map(({ orderId }) => orderId)).toEqual([3, 4]);
    expect([book.queue(SELL, 10), book.queue(BUY, 8), book.queue(BUY, 0.5)]).toEqual([[], [], []]);
    const visited: unknown[] = [];
    book.visit((side, priceTicks, { orderId }) => visited.push([side, priceTicks, orderId]));
    const expected = [
      [BUY, 10, 1],
      [BUY, 9, 2],
      [SELL, 11, 5],
      [SELL, 12, 3],
      [SELL, 12, 4],
    ];
    expect(visited).toEqual(expected);
  });

  test('reports are appended behind those there, in a buffer that grows', () => {
    const book = create({ instrument: 9 });
    const makers = Array.from({ length: 40 }, (_, k) => limit(k, 'sell', 100 + (k % 3), 2));
    play(book, ...makers);
    const commands = createCommands(2);
    encodeCommand(commands, 0, limit(98, 'buy', 1, 1));
    encodeCommand(commands, 1, market(99, 'buy', 100));
    const reports = createReports(1);
    book.apply(commands, 0, reports);
    book.apply(commands, 1, reports);
    expect(reports.count).toBe(1 + 1 + 40 + 1);
    expect(reports.capacity).toBeGreaterThanOrEqual(43);
    const all = told(reports);
    expect(all.every(({ instrument }) => instrument === 9)).toBe(true);
    expect(all.slice(2, 42).map(({ tradeId }) => tradeId)).toEqual(
      Array.from({ length: 40 }, (_, k) => k + 1),
    );
    expect(all[42]).toMatchObject({ kind: 'canceled', reason: 'marketRemainder', qtyLots: 20 });
  });

  test('a command is read from its own place, and not written', () => {
    const commands = createCommands(3);
    encodeCommand(commands, 1, limit(5, 'buy', 1, 1, { tag: 7, timeNs: 8, source: 9, instrument: 65_535 }));
    const before = commands.f64.slice();
    const reports = createReports();
    create().apply(commands, 1, reports);
    expect(commands.f64).toEqual(before);
    expect(told(reports)[0]).toMatchObject({ kind: 'accepted', orderId: 5, instrument: 0 });
  });
}

function describeNumbers(create: CreateBook): void {
  test('−0 is 0: as an id, as a price', () => {
    const book = create();
    const reports = playRaw(book, [
      limit(-0, 'buy', -0, 1),
      limit(1, 'sell', -0, 1),
      { op: 'cancel', orderId: -0 },
    ]);
    expect(told(reports)[0]).toMatchObject({ orderId: 0, priceTicks: 0 });
    const negative = Array.from(reports.f64.subarray(0, reports.count * 8)).some((cell) =>
      Object.is(cell, -0),
    );
    expect(negative).toBe(false);
    expect(codeOf(told(reports).slice(-1))).toBe('unknownOrder');
    play(book, limit(-0, 'buy', -0, 1));
    expect(Object.is(book.order(0)?.orderId, 0) && Object.is(book.order(0)?.priceTicks, 0)).toBe(true);
  });

  test('a sum of levels beyond 2^53 is no one’s sum: FOK and minQty count to what they need', () => {
    const book = create();
    play(book, limit(1, 'sell', 1, N_MAX), limit(2, 'sell', 2, N_MAX), limit(3, 'sell', 3, N_MAX));
    const reports = play(
      book,
      market(9, 'buy', N_MAX, { tif: 'FOK' }),
      market(10, 'buy', N_MAX, { tif: 'FOK' }),
    );
    expect(reports.map(({ kind }) => kind)).toEqual(['accepted', 'fill', 'accepted', 'fill']);
    expect(book.levels(SELL)).toEqual([{ priceTicks: 3, orders: 1, qtyLots: N_MAX }]);
  });

  test('ids as far apart and as close together as they come', () => {
    const ids = [
      0,
      1,
      2,
      N_MAX,
      N_MAX - 1,
      2 ** 32,
      2 ** 32 + 1,
      2 ** 31,
      2 ** 52,
      2 ** 52 + 1,
      2 ** 33,
      65_536,
    ];
    const book = create();
    play(book, ...ids.map((id) => limit(id, 'buy', 5, 1)));
    book.check();
    expect(book.queue(BUY, 5).map(({ orderId }) => orderId)).toEqual(ids);
    for (const id of ids) expect(codeOf(play(book, { op: 'cancel', orderId: id }))).toBeUndefined();
    expect(book.orderCount()).toBe(0);
  });

  test('ordersMax of 1: an order that leaves makes room for another', () => {
    const book = create({ ordersMax: 1 });
    for (let id = 0; id < 100; id++) {
      expect(codeOf(play(book, limit(id, 'buy', id, 1)))).toBeUndefined();
      expect(codeOf(play(book, limit(500, 'buy', id, 1)))).toBe('capacity');
      expect(codeOf(play(book, { op: 'cancel', orderId: id }))).toBeUndefined();
      book.check();
    }
  });
}
