// The auditor: what is sound passes, and each lie of a book or of its reports is named by its invariant.
import { describe, expect, test } from 'vitest';
import {
  auditBook,
  auditCommand,
  createAudit,
  createCommands,
  createReferenceBook,
  createReports,
  encodeCommand,
  REPORT_CELLS,
  restoreBook,
  saveBook,
  type AuditConfig,
  type Book,
  type Command,
  type ReportBuffer,
  type RestingOrder,
} from '@truetape/book';
import { InvariantError } from '@truetape/kernel';
import { limit, market, play } from './play.ts';

type Lie = (reports: ReportBuffer, book: Book) => Book | void;

/** Audits commands of an honest book; the last one with a lie told of it. */
function auditing(commands: readonly Command[], lie: Lie = () => {}, config: AuditConfig = {}): void {
  const book = createReferenceBook();
  const audit = createAudit({ checkEvery: 1, ...config });
  const buffer = createCommands(commands.length);
  const reports = createReports();
  commands.forEach((command, k) => {
    const from = reports.count;
    encodeCommand(buffer, k, command);
    book.apply(buffer, k, reports);
    const shown = k === commands.length - 1 ? lie(reports, book) : undefined;
    auditCommand(audit, shown ?? book, buffer, k, reports, from);
  });
}

/** Sets a 64-bit cell of a report, counted from the end: 1 is the last. */
function setCell(reports: ReportBuffer, fromEnd: number, cell: number, value: number): void {
  reports.f64[(reports.count - fromEnd) * REPORT_CELLS + cell] = value;
}

/** Sets a 32-bit half of a cell. */
function setHalf(reports: ReportBuffer, fromEnd: number, half: number, value: number): void {
  reports.u32[(reports.count - fromEnd) * REPORT_CELLS * 2 + half] = value;
}

function flip(reports: ReportBuffer, fromEnd: number, bits: number): void {
  const half = (reports.count - fromEnd) * REPORT_CELLS * 2;
  reports.u32[half] = reports.u32[half] ^ bits;
}

const ID = 2;
const CONTRA = 3;
const TRADE = 4;
const QTY = 5;
const LEAVES = 6;
const TAKER_LEAVES = 7;
const PRICE = 1;
const OWNER = 2;
const MORE = 3;
const SIDE_BITS = 3 << 4;
const KEPT_BIT = 1 << 7;
const REASON_BIT = 1 << 8;
const INSTRUMENT_BIT = 1 << 16;

const ASKS = [limit(1, 'sell', 100, 5, { owner: 1 }), limit(2, 'sell', 100, 5), limit(3, 'sell', 101, 5)];
const TAKE = [...ASKS, limit(4, 'buy', 101, 7, { owner: 2 })];
const OWN = limit(4, 'buy', 101, 3, { owner: 1, stp: 'newest' });
const BOTH = limit(4, 'buy', 101, 3, { owner: 1, stp: 'both' });
const SHRINK = limit(4, 'buy', 101, 3, { owner: 1, stp: 'decrement' });
const FOK = market(9, 'buy', 50, { tif: 'FOK' });
const MIN = limit(9, 'buy', 101, 50, { minQtyLots: 50 });
const FULL_LEVEL = [limit(1, 'buy', 100, Number.MAX_SAFE_INTEGER), limit(2, 'buy', 100, 1)];
const setCode = (reports: ReportBuffer, code: number): void => {
  const half = (reports.count - 1) * REPORT_CELLS * 2;
  reports.u32[half] = (reports.u32[half] & ~0xff00) | (code << 8);
};
const withOrder = (book: Book, change: Partial<RestingOrder & { side: number }>): Book => ({
  ...book,
  order: (id) => {
    const order = book.order(id);
    return order && { ...order, ...change };
  },
});

describe('a sound book passes', () => {
  test.each([
    ['trades', TAKE],
    ['prevention', [...ASKS, SHRINK, limit(5, 'buy', 101, 9, { owner: 1, stp: 'both' })]],
    ['rejects', [...TAKE, limit(3, 'sell', 101, 5), { op: 'cancel', orderId: 9 }]],
    ['changes', [...ASKS, { op: 'amend', orderId: 2, qtyLots: 9 }, { op: 'reduce', orderId: 3, qtyLots: 5 }]],
    ['ends', [...ASKS, { op: 'cancelAll', everyone: true }, market(9, 'buy', 5)]],
  ] as const)('%s', (_, commands) => auditing(commands));

  test('from a book that has orders already', () => {
    const book = createReferenceBook();
    play(book, ...TAKE);
    const audit = createAudit({ checkEvery: 1 }, book);
    auditBook(audit, book);
    const restored = restoreBook(saveBook(book), createReferenceBook);
    if (restored.ok) auditBook(audit, restored.value);
    expect(restored.ok).toBe(true);
  });
});

const LIES: readonly (readonly [id: string, what: string, commands: readonly Command[], lie: Lie])[] = [
  ['BOOK-40', 'no report', ASKS, (reports) => void reports.count--],
  ['BOOK-40', 'a report more', ASKS, (reports) => void reports.count++],
  ['BOOK-40', 'another kind', ASKS, (reports) => flip(reports, 1, 1 ^ 5)],
  ['BOOK-40', 'another instrument', ASKS, (reports) => flip(reports, 1, INSTRUMENT_BIT)],
  ['BOOK-40', 'no cancelAllDone', [...ASKS, { op: 'cancelAll' }], (reports) => void reports.count--],
  ['BOOK-41', 'a reject of another order', [...ASKS, ASKS[0]], (reports) => setCell(reports, 1, ID, 7)],
  ['BOOK-41', 'another owner', [...ASKS, ASKS[0]], (reports) => setHalf(reports, 1, 2 * 1, 7)],
  ['BOOK-41', 'another operation', [...ASKS, ASKS[0]], (reports) => setHalf(reports, 1, MORE, 2)],
  ['BOOK-41', 'another side', [...ASKS, ASKS[0]], (reports) => flip(reports, 1, SIDE_BITS)],
  ['BOOK-41', 'leaves of a stranger', [...ASKS, ASKS[0]], (reports) => setCell(reports, 1, LEAVES, 5)],
  ['BOOK-42', 'another code', [...ASKS, ASKS[0]], (reports) => flip(reports, 1, REASON_BIT)],
  ['BOOK-42', 'wouldCross of no post-only', [...ASKS, FOK], (reports) => setCode(reports, 7)],
  ['BOOK-42', 'capacity of a market order', [...ASKS, FOK], (reports) => setCode(reports, 9)],
  ['BOOK-42', 'wouldNotFill of no minimum', FULL_LEVEL, (reports) => setCode(reports, 8)],
  ['BOOK-42', 'wouldCross of a full level', FULL_LEVEL, (reports) => setCode(reports, 7)],
  ['BOOK-42', 'capacity with room', [...ASKS, MIN], (reports) => setCode(reports, 9)],
  ['BOOK-42', 'a code of others', [...ASKS, MIN], (reports) => setCode(reports, 12)],
  ['BOOK-42', 'accepted all the same', [...ASKS, ASKS[0]], (reports) => flip(reports, 1, 1 ^ 2)],
  ['BOOK-43', 'another quantity', ASKS, (reports) => setCell(reports, 1, LEAVES, 4)],
  ['BOOK-43', 'another price', ASKS, (reports) => setHalf(reports, 1, PRICE, 102)],
  ['BOOK-43', 'another order', ASKS, (reports) => setCell(reports, 1, ID, 9)],
  ['BOOK-43', 'another owner', ASKS, (reports) => setHalf(reports, 1, OWNER, 9)],
  ['BOOK-43', 'another type', ASKS, (reports) => setHalf(reports, 1, MORE, 1 | (2 << 8))],
  ['BOOK-43', 'another side', ASKS, (reports) => flip(reports, 1, SIDE_BITS)],
  ['BOOK-44', 'not the first', TAKE, (reports) => setCell(reports, 2, ID, 2)],
  ['BOOK-44', 'not the best price', TAKE, (reports) => setHalf(reports, 2, PRICE, 101)],
  ['BOOK-44', 'another owner', TAKE, (reports) => setHalf(reports, 2, OWNER, 8)],
  ['BOOK-44', 'another taker', TAKE, (reports) => setCell(reports, 2, CONTRA, 8)],
  ['BOOK-44', 'another taker’s owner', TAKE, (reports) => setHalf(reports, 2, MORE, 8)],
  ['BOOK-44', 'another aggressor', TAKE, (reports) => flip(reports, 2, SIDE_BITS)],
  ['BOOK-44', 'a match left out', TAKE, (reports) => void reports.count--],
  ['BOOK-44', 'prevention of strangers', TAKE, (reports) => flip(reports, 1, 3 ^ 4)],
  ['BOOK-45', 'another quantity', TAKE, (reports) => setCell(reports, 2, QTY, 4)],
  ['BOOK-45', 'more left than there is', TAKE, (reports) => setCell(reports, 2, LEAVES, 1)],
  ['BOOK-45', 'taker’s leaves', TAKE, (reports) => setCell(reports, 2, TAKER_LEAVES, -1)],
  ['BOOK-46', 'a trade id left out', TAKE, (reports) => setCell(reports, 1, TRADE, 3)],
  ['BOOK-46', 'a trade not counted', TAKE, (_, book) => ({ ...book, tradeCount: () => 1 })],
  ['BOOK-47', 'a trade with oneself', [...ASKS, OWN], (reports) => flip(reports, 1, 3 ^ 4)],
  [
    'BOOK-48',
    'an IOC that rests',
    [limit(1, 'buy', 100, 5, { tif: 'IOC' })],
    (reports) => void reports.count--,
  ],
  [
    'BOOK-49',
    'a post-only order that crosses',
    [...ASKS, limit(9, 'buy', 100, 5, { postOnly: 'reject' })],
    (reports) => {
      flip(reports, 1, 1 ^ 2);
    },
  ],
  ['BOOK-50', 'another quantity', [...ASKS, { op: 'cancel', orderId: 2 }], (r) => setCell(r, 1, QTY, 4)],
  ['BOOK-50', 'another reason', [...ASKS, { op: 'cancel', orderId: 2 }], (r) => flip(r, 1, REASON_BIT * 4)],
  ['BOOK-50', 'something left', [...ASKS, { op: 'cancel', orderId: 2 }], (r) => setCell(r, 1, LEAVES, 1)],
  ['BOOK-50', 'another order', [...ASKS, BOTH], (reports) => setCell(reports, 2, ID, 2)],
  ['BOOK-50', 'another contra order', [...ASKS, BOTH], (reports) => setCell(reports, 1, CONTRA, 2)],
  ['BOOK-51', 'priority lost', [...ASKS, SHRINK], (reports) => flip(reports, 2, KEPT_BIT)],
  [
    'BOOK-51',
    'more left',
    [...ASKS, { op: 'reduce', orderId: 2, qtyLots: 1 }],
    (r) => setCell(r, 1, LEAVES, 5),
  ],
  [
    'BOOK-51',
    'another reason',
    [...ASKS, { op: 'reduce', orderId: 2, qtyLots: 1 }],
    (r) => flip(r, 1, 3 << 8),
  ],
  [
    'BOOK-51',
    'a contra order of nobody',
    [...ASKS, { op: 'amend', orderId: 2 }],
    (r) => setCell(r, 1, CONTRA, 1),
  ],
  ['BOOK-52', 'another number', [...ASKS, { op: 'cancelAll' }], (reports) => setCell(reports, 1, QTY, 9)],
  ['BOOK-52', 'an order of another', [...ASKS, { op: 'cancelAll' }], (reports) => setCell(reports, 2, ID, 1)],
  ['BOOK-52', 'another owner', [...ASKS, { op: 'cancelAll' }], (reports) => setHalf(reports, 1, OWNER, 9)],
  ['BOOK-52', 'another side', [...ASKS, { op: 'cancelAll' }], (reports) => flip(reports, 1, SIDE_BITS)],
  [
    'BOOK-52',
    'an order left out',
    [...ASKS, { op: 'cancelAll' }],
    (reports) => {
      reports.f64.copyWithin((reports.count - 2) * 8, (reports.count - 1) * 8, reports.count * 8);
      reports.count--;
    },
  ],
  [
    'BOOK-52',
    'out of order',
    [...ASKS, { op: 'cancelAll' }],
    (reports) => {
      setCell(reports, 3, ID, 3);
      setCell(reports, 2, ID, 2);
      setHalf(reports, 3, PRICE, 101);
      setHalf(reports, 2, PRICE, 100);
    },
  ],
  ['BOOK-53', 'a whole quantity that is not', ASKS, (_, book) => withOrder(book, { totalLots: 6 })],
  ['BOOK-54', 'an order that is not there', ASKS, (_, book) => ({ ...book, order: () => undefined })],
  ['BOOK-54', 'another owner', ASKS, (_, book) => withOrder(book, { owner: 9 })],
  ['BOOK-54', 'another mode', ASKS, (_, book) => withOrder(book, { stp: 2 })],
  ['BOOK-54', 'another post-only', ASKS, (_, book) => withOrder(book, { postOnly: 2 })],
  ['BOOK-54', 'another side', ASKS, (_, book) => withOrder(book, { side: 1 })],
  ['BOOK-54', 'an order too many', ASKS, (_, book) => ({ ...book, orderCount: () => 4 })],
  [
    'BOOK-54',
    'orders out of order',
    ASKS,
    (_, book) => ({
      ...book,
      visit: (visitor) => {
        const all: Parameters<typeof visitor>[] = [];
        book.visit((...order) => all.push(order));
        [all[1], all[0], all[2]].forEach((order) => visitor(...order));
      },
    }),
  ],
  ['BOOK-34', 'leaves that are not', ASKS, (_, book) => withOrder(book, { leavesLots: 4 })],
  ['BOOK-34', 'an order of nothing', ASKS, (_, book) => withOrder(book, { leavesLots: 0 })],
  [
    'BOOK-33',
    'a top that is not',
    ASKS,
    (_, book) => ({ ...book, readTop: (into) => (book.readTop(into), void into.askLots++) }),
  ],
  [
    'BOOK-33',
    'a level that is not the sum of its orders',
    ASKS,
    (_, book) => ({
      ...book,
      levels: (side) => book.levels(side).map((l) => ({ ...l, qtyLots: l.qtyLots + 1 })),
    }),
  ],
  [
    'BOOK-33',
    'a level too few',
    ASKS,
    (_, book) => ({ ...book, levels: (side) => book.levels(side).slice(1) }),
  ],
  [
    'BOOK-32',
    'a crossed top',
    ASKS,
    (_, book) => ({ ...book, readTop: (into) => (book.readTop(into), void (into.bidTicks = 100)) }),
  ],
  ['BOOK-31', 'an order that no visit finds', ASKS, (_, book) => ({ ...book, visit: () => {} })],
];

describe('a lie is named', () => {
  test.each(LIES)('%s: %s', (id, _, commands, lie) => {
    expect(() => auditing(commands, lie)).toThrow(`${id}: command ${commands.length}, `);
  });

  test('BOOK-42: capacity of an order that never rests, wouldCross of a cancel', () => {
    const ioc = limit(9, 'buy', 100, 50, { tif: 'IOC', minQtyLots: 50 });
    const asCapacity: Lie = (reports) => setCode(reports, 9);
    expect(() => auditing([...ASKS, ioc], asCapacity, { ordersMax: 3 })).toThrow('BOOK-42: command 4');
    const posted = [...ASKS, limit(4, 'buy', 99, 5, { postOnly: 'reject' })];
    const asReject: Lie = (reports) => {
      setHalf(reports, 1, 0, 2 | (7 << 8));
      setHalf(reports, 1, MORE, 2);
      setCell(reports, 1, LEAVES, 5);
    };
    expect(() => auditing([...posted, { op: 'cancel', orderId: 4 }], asReject)).toThrow('BOOK-42: command 5');
  });

  test('what a book finds of itself', () => {
    const broken = (_: ReportBuffer, book: Book): Book => ({
      ...book,
      check: () => {
        throw new InvariantError('BOOK-33', 'found by itself');
      },
    });
    expect(() => auditing(ASKS, broken)).toThrow('BOOK-33: found by itself');
  });

  test('BOOK-35: more orders than there is room for', () => {
    expect(() => auditing(ASKS, undefined, { ordersMax: 2 })).toThrow('BOOK-35: command 3, new of order 3');
  });

  test('BOOK-48: a FOK or a minimum that was not met', () => {
    // The book is asked for less than the auditor is shown.
    const shown = createCommands(1);
    const asked = createCommands(1);
    encodeCommand(asked, 0, limit(9, 'buy', 100, 5));
    encodeCommand(shown, 0, limit(9, 'buy', 100, 5, { minQtyLots: 2 }));
    const reports = createReports();
    createReferenceBook().apply(asked, 0, reports);
    expect(() => auditCommand(createAudit(), createReferenceBook(), shown, 0, reports, 0)).toThrow('BOOK-48');
  });

  test('BOOK-31: an id that rests twice', () => {
    const book = createReferenceBook();
    play(book, ...ASKS);
    const twice: Book = { ...book, visit: (visitor) => (book.visit(visitor), book.visit(visitor)) };
    expect(() => createAudit({}, twice)).toThrow('BOOK-31');
  });

  test('BOOK-53: quantity that came from nowhere', () => {
    const book = createReferenceBook();
    play(book, ...ASKS);
    const audit = createAudit({}, book);
    audit.shadow.flows.entered.spilled += 1n;
    expect(() => auditBook(audit, book)).toThrow('BOOK-53: command 0, nothing yet: quantity traded');
  });
});
