import { expect, test } from 'vitest';
import {
  COMMAND_CELLS,
  commandCode,
  createBook,
  createCommands,
  createReports,
  encodeCommand,
  type Command,
} from '@truetape/book';

const sell: Command = { op: 'new', orderId: 1, side: 'sell', type: 'limit', priceTicks: 10, qtyLots: 5 };

test.each([{ instrument: -1 }, { instrument: 65_536 }, { ordersMax: 0 }, { ordersMax: 2 ** 25 + 1 }])(
  'a book of %j cannot be: BOOK-11',
  (config) => {
    expect(() => createBook(config)).toThrow('BOOK-11');
  },
);

// Each of them would be carried out as something else, or miss the order that it names.
test.each([
  ['an operation that is none', 0, 6],
  ['no operation', 0, 0],
  ['a new order without a side', 0, commandCode({ op: 1, type: 1, tif: 1 })],
  ['a new order without a type', 0, commandCode({ op: 1, side: 1, tif: 1 })],
  ['an unknown time in force', 0, commandCode({ op: 1, side: 1, type: 1, tif: 4 })],
  ['an unknown post-only', 0, commandCode({ op: 1, side: 1, type: 1, tif: 1, postOnly: 3 })],
  ['an unknown self-trade mode', 0, commandCode({ op: 1, side: 1, type: 1, tif: 1, stp: 5 })],
  ['an id below 0', -1, commandCode({ op: 2 })],
  ['an id with a fraction', 1.5, commandCode({ op: 2 })],
  ['an id that is no number', Number.NaN, commandCode({ op: 2 })],
  ['an id beyond 2^53−1', 2 ** 53, commandCode({ op: 2 })],
])('%s is a mistake of the program: BOOK-10', (_what, orderId, code) => {
  const commands = createCommands(1);
  commands.u32[0] = code;
  commands.f64[1] = orderId;
  expect(() => {
    createBook().apply(commands, 0, createReports());
  }).toThrow('BOOK-10');
});

test('a crossed book fails its check: BOOK-12', () => {
  const book = createBook();
  const order = { owner: 0, leavesLots: 1, totalLots: 1, stp: 0, postOnly: 0 };
  book.place(1, 10, { ...order, orderId: 1 });
  book.place(2, 10, { ...order, orderId: 2 });
  expect(() => {
    book.check();
  }).toThrow('BOOK-12');
});

test('a restore places new ids within the room, and counts trades: BOOK-13', () => {
  const book = createBook({ ordersMax: 1 });
  const order = { orderId: 1, owner: 0, leavesLots: 1, totalLots: 1, stp: 0, postOnly: 0 };
  book.place(1, 10, order);
  for (const orderId of [1, 2]) {
    expect(() => {
      book.place(1, 10, { ...order, orderId });
    }).toThrow('BOOK-13');
  }
  expect(() => {
    book.setTradeCount(-1);
  }).toThrow('BOOK-13');
});

// Fails where a number goes through 32 bits, or a pool's growth loses what stood in it.
test('ids, quantities and trade ids up to 2^53−1, through growth of every pool', () => {
  const book = createBook();
  const commands = createCommands(1);
  const reports = createReports(1);
  const orders = 5000;
  book.setTradeCount(2 ** 40);
  for (let k = 0; k < orders; k++) {
    encodeCommand(commands, 0, {
      ...sell,
      orderId: Number.MAX_SAFE_INTEGER - k * 1_000_003,
      priceTicks: -2_147_483_648 + k * 858_993,
      qtyLots: Number.MAX_SAFE_INTEGER - k,
    });
    book.apply(commands, 0, reports);
  }
  book.check();
  expect([book.orderCount(), reports.count, book.levels(2).length]).toEqual([orders, orders, orders]);
  reports.count = 0;
  encodeCommand(commands, 0, { ...sell, orderId: 7, side: 'buy', priceTicks: -2_147_483_648, qtyLots: 2 });
  book.apply(commands, 0, reports);
  expect(Array.from(reports.f64.subarray(COMMAND_CELLS + 2, COMMAND_CELLS * 2))).toEqual([
    Number.MAX_SAFE_INTEGER,
    7,
    2 ** 40 + 1,
    2,
    Number.MAX_SAFE_INTEGER - 2,
    0,
  ]);
  book.check();
});
