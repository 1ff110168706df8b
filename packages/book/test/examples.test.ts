// An example for each function of the public surface; all of them are run here.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  BLANK,
  FLAG_LAST,
  Kind,
  NONE,
  SIDE_BUY,
  SIDE_SELL,
  UNIX_EPOCH,
  createRecordOut,
  encodeEvent,
  decodeEvent,
} from '@truetape/contracts';
import * as surface from '@truetape/book';
import {
  BUY,
  GTC,
  LIMIT,
  OP_NEW,
  POST_ONLY_SLIDE,
  QTY_TOTAL,
  RECORD_HALVES_MAX,
  SELL,
  STP_OLDEST,
  addBook,
  addIdName,
  addInstrument,
  adoptBook,
  applyFeedEvent,
  applyFeedRecord,
  CHANGE_CELLS,
  feedLevelLots,
  feedLevelLotsLess,
  readFeedPlace,
  restoreFeedBook,
  saveFeedBook,
  applyToMarket,
  auditBook,
  auditCommand,
  bookOf,
  booksOf,
  checkFeedBook,
  checkMarket,
  commandCode,
  commandEvent,
  commandOfEvent,
  createAudit,
  createBook,
  createCommands,
  createFeedBook,
  createMarket,
  createNames,
  createReferenceBook,
  createReports,
  decodeReport,
  encodeCommand,
  endId,
  endNames,
  feedLevels,
  feedOrder,
  feedOrderCount,
  feedQueue,
  hashBook,
  hashFeedBook,
  hashMarket,
  idJson,
  idText,
  isFactOf,
  isFeedCrossed,
  isForEveryone,
  isOrderId,
  keepId,
  nameId,
  opOf,
  postOnlyOf,
  putCommand,
  putFact,
  qtyModeOf,
  readFeedTop,
  reportEvent,
  restoreBook,
  restoreMarket,
  restoreNames,
  saveBook,
  saveMarket,
  saveNames,
  sideOf,
  stpOf,
  takeCommandRecord,
  tifOf,
  typeOf,
  unwrittenField,
  viewCommands,
  type Command,
  type RestorableBook,
} from '@truetape/book';
import type { Sha256 } from '@truetape/kernel';

const sha256: Sha256 = () => createHash('sha256');
const ASK: Command = { op: 'new', orderId: 1, side: 'sell', type: 'limit', priceTicks: 101, qtyLots: 5 };
const BID: Command = { op: 'new', orderId: 2, side: 'buy', type: 'limit', priceTicks: 101, qtyLots: 2 };

/** A book with an ask of 3 at 101. */
function someBook(): RestorableBook {
  const book = createBook({ instrument: 1 });
  const commands = createCommands(2);
  encodeCommand(commands, 0, ASK);
  encodeCommand(commands, 1, BID);
  for (const k of [0, 1]) book.apply(commands, k, createReports());
  return book;
}

test('createBook, createCommands, encodeCommand, createReports, decodeReport: a trade', () => {
  const book = createBook();
  const commands = createCommands(2);
  const reports = createReports();
  encodeCommand(commands, 0, ASK);
  encodeCommand(commands, 1, BID);
  book.apply(commands, 0, reports);
  book.apply(commands, 1, reports);
  expect(decodeReport(reports, 2)).toEqual({
    kind: 'fill',
    instrument: 0,
    side: 'buy',
    orderId: 1,
    owner: 0,
    contraId: 2,
    contraOwner: 0,
    tradeId: 1,
    priceTicks: 101,
    qtyLots: 2,
    leavesLots: 3,
    takerLeaves: 0,
  });
  expect(book.levels(SELL)).toEqual([{ priceTicks: 101, orders: 1, qtyLots: 3 }]);
});

test('createReferenceBook: the same rules, slowly', () => {
  const commands = createCommands(1);
  const reports = createReports();
  encodeCommand(commands, 0, ASK);
  createReferenceBook({ ordersMax: 10 }).apply(commands, 0, reports);
  expect(decodeReport(reports, 0)).toMatchObject({ kind: 'accepted', type: 'limit', tif: 'GTC' });
});

test('commandCode, viewCommands: commands of a producer in shared memory', () => {
  const memory = new SharedArrayBuffer(64 * 2);
  const commands = viewCommands(memory);
  const code = commandCode({ op: OP_NEW, side: BUY, type: LIMIT, tif: GTC });
  commands.u32[0] = code;
  commands.f64.set([7, 99, 5, 0], 1);
  const book = createBook();
  book.apply(viewCommands(memory, 0, 1), 0, createReports());
  expect(book.order(7)).toMatchObject({ side: BUY, priceTicks: 99, leavesLots: 5 });
});

test('opOf, sideOf, typeOf, tifOf, postOnlyOf, stpOf, qtyModeOf, isForEveryone, isOrderId: parts of a code', () => {
  const code = commandCode({
    op: OP_NEW,
    side: SELL,
    type: LIMIT,
    tif: GTC,
    postOnly: 2,
    stp: 2,
    qtyMode: 1,
  });
  expect([opOf(code), sideOf(code), typeOf(code), tifOf(code)]).toEqual([OP_NEW, SELL, LIMIT, GTC]);
  expect([postOnlyOf(code), stpOf(code), qtyModeOf(code)]).toEqual([POST_ONLY_SLIDE, STP_OLDEST, QTY_TOTAL]);
  expect([isForEveryone(code), isOrderId(2 ** 53 - 1), isOrderId(2 ** 53)]).toEqual([false, true, false]);
});

test('saveBook, restoreBook, hashBook: a book goes on from its bytes, in another implementation', () => {
  const book = someBook();
  const restored = restoreBook(saveBook(book), createReferenceBook);
  expect(restored.ok && hashBook(restored.value, sha256)).toBe(hashBook(book, sha256));
  expect(restoreBook(new Uint8Array(3), createBook)).toMatchObject({ ok: false, error: { code: 'magic' } });
});

test('createAudit, auditCommand, auditBook: a witness of every command', () => {
  const book = createBook();
  const audit = createAudit({ checkEvery: 100 });
  const commands = createCommands(1);
  const reports = createReports();
  encodeCommand(commands, 0, ASK);
  const from = reports.count;
  book.apply(commands, 0, reports);
  auditCommand(audit, book, commands, 0, reports, from);
  auditBook(audit, book);
  // What was not reported is found at once.
  expect(() => auditCommand(audit, book, commands, 0, reports, reports.count)).toThrow('BOOK-42');
});

test('createMarket, addBook, applyToMarket, bookOf, booksOf, checkMarket: many books', () => {
  const market = createMarket({ create: createBook });
  addBook(market, 2);
  const commands = createCommands(2);
  const reports = createReports();
  encodeCommand(commands, 0, { ...ASK, instrument: 2 });
  encodeCommand(commands, 1, { ...ASK, instrument: 3 });
  applyToMarket(market, commands, 0, reports);
  applyToMarket(market, commands, 1, reports);
  expect(decodeReport(reports, 1)).toMatchObject({ kind: 'rejected', reason: 'unknownInstrument' });
  expect([bookOf(market, 2)?.orderCount(), bookOf(market, 3), booksOf(market).length]).toEqual([
    1,
    undefined,
    1,
  ]);
  checkMarket(market);
});

test('adoptBook, saveMarket, restoreMarket, hashMarket: a market goes on from its bytes', () => {
  const market = createMarket({ create: createBook });
  adoptBook(market, someBook());
  const restored = restoreMarket(saveMarket(market), createReferenceBook);
  expect(restored.ok && hashMarket(restored.value, sha256)).toBe(hashMarket(market, sha256));
});

test('commandEvent, commandOfEvent, unwrittenField: a command to a tape and back', () => {
  const commands = createCommands(2);
  encodeCommand(commands, 0, { ...ASK, instrument: 4 });
  expect(unwrittenField(commands, 0)).toBe('');
  const event = commandEvent(commands, 0, { timeNs: 12, source: 1 });
  expect(event).toMatchObject({
    kind: Kind.NewOrder,
    instrument: 4,
    orderId: 1,
    priceTicks: 101,
    qtyLots: 5,
  });
  expect(commandOfEvent(event, commands, 1).ok).toBe(true);
  expect(commands.f64.slice(9, 13)).toEqual(commands.f64.slice(1, 5));
});

test('reportEvent: a report as the fact of a tape', () => {
  const commands = createCommands(1);
  const reports = createReports();
  encodeCommand(commands, 0, ASK);
  createBook().apply(commands, 0, reports);
  const place = { timeNs: 12, source: 1, cause: 0, last: true };
  expect(reportEvent(reports, 0, place)).toMatchObject({ kind: Kind.Accepted, orderId: 1, leavesLots: 5 });
});

test('putCommand, putFact, isFactOf, takeCommandRecord: records without any event on the way', () => {
  const commands = createCommands(2);
  const reports = createReports();
  encodeCommand(commands, 0, ASK);
  createBook().apply(commands, 0, reports);
  const { i32, u32, ...rest } = createRecordOut(UNIX_EPOCH);
  const to = putCommand(i32, 0, commands, 0, 12, NONE, 0, UNIX_EPOCH);
  // A fact has its command's time: two half words that its writer copies.
  u32.copyWithin(to + 2, 2, 4);
  const end = putFact(i32, to, reports, 0, 1, 0, FLAG_LAST);
  expect(end).toBeLessThanOrEqual(2 * RECORD_HALVES_MAX);
  const fact = decodeEvent({ ...rest, i32, u32 }, to, UNIX_EPOCH, 1);
  expect(isFactOf({ ...rest, i32, u32 }, to, reports, 0, 1, 0, FLAG_LAST)).toBe(true);
  expect(fact).toMatchObject({ kind: Kind.Accepted, timeNs: 12, orderId: 1, cause: 0 });
  expect(takeCommandRecord({ ...rest, i32, u32 }, 0, UNIX_EPOCH, commands, 1)).toBe(true);
  expect(commands.f64.slice(9, 13)).toEqual(commands.f64.slice(1, 5));
});

test('createNames, addInstrument, nameId, addIdName, keepId, endId, idJson, idText: ids that are no numbers', () => {
  const names = createNames();
  const instrument = addInstrument(names, 'BOOK');
  const id = nameId(names, instrument, 'mine', (name) => expect(name.key).toBe('mine'));
  expect([
    idJson(names, instrument, id),
    idText(names, instrument, id),
    idJson(names, instrument, 7),
  ]).toEqual(['"mine"', 'mine', '7']);
  addIdName(names, { instrument, id: id + 1, key: '12' });
  expect(idText(names, instrument, id + 1)).toBe('"12"');
  endId(names, instrument, id);
  expect([keepId(names, instrument, id), keepId(names, instrument, id + 2)]).toEqual([true, false]);
});

test('endNames, saveNames, restoreNames: names of orders that ended are kept for a while', () => {
  const market = createMarket({ create: createBook });
  addBook(market, 1);
  const names = createNames();
  const orderId = nameId(names, 1, 'late', () => undefined);
  const commands = createCommands(1);
  const reports = createReports();
  encodeCommand(commands, 0, { op: 'cancel', orderId, instrument: 1 });
  applyToMarket(market, commands, 0, reports);
  endNames(names, market, reports);
  expect(names.young.size).toBe(1);
  const restored = restoreNames(saveNames(names));
  expect(restored.ok && restored.value.young.size).toBe(1);
});

test('createFeedBook, applyFeedEvent, and what reads it: a feed folded into a book', () => {
  const book = createFeedBook();
  for (const [orderId, flags, priceTicks] of [
    [1, SIDE_BUY, 99],
    [2, SIDE_BUY, 99],
    [3, SIDE_SELL, 101],
  ] as const)
    applyFeedEvent(book, { ...BLANK.Accepted, orderId, flags: flags | FLAG_LAST, priceTicks, leavesLots: 4 });
  applyFeedEvent(book, { ...BLANK.Canceled, orderId: 2, flags: SIDE_BUY | FLAG_LAST });
  checkFeedBook(book);
  expect(feedLevels(book, BUY)).toEqual([{ priceTicks: 99, orders: 1, qtyLots: 4 }]);
  expect(feedQueue(book, BUY, 99).map(({ orderId }) => orderId)).toEqual([1]);
  expect([feedOrderCount(book), feedOrder(book, 3)?.priceTicks, isFeedCrossed(book)]).toEqual([
    2,
    101,
    false,
  ]);
  const top = { bidTicks: NONE, bidLots: 0, bidOrders: 0, askTicks: NONE, askLots: 0, askOrders: 0 };
  readFeedTop(book, top);
  expect([top.bidTicks, top.askTicks]).toEqual([99, 101]);
  expect(hashFeedBook(book, sha256)).toEqual(hashFeedBook(book, sha256));
});

test('applyFeedRecord, feedLevelLots, feedLevelLotsLess, readFeedPlace, saveFeedBook, restoreFeedBook: a feed straight from records', () => {
  const book = createFeedBook({ startsEmpty: true });
  const out = createRecordOut(UNIX_EPOCH);
  encodeEvent(out, {
    ...BLANK.Accepted,
    orderId: 7,
    flags: SIDE_BUY | FLAG_LAST,
    priceTicks: 99,
    leavesLots: 4,
  });
  expect(applyFeedRecord(book, out, 0)).toBe(true);
  expect(Array.from(book.changes.cells.subarray(0, CHANGE_CELLS))).toEqual([BUY, 99, 4, 1, 7, 4, 4, 1]);
  const place = { side: 0, priceTicks: 0, arrival: 0 };
  expect([feedLevelLots(book, BUY, 99), readFeedPlace(book, 7, place), place.arrival]).toEqual([4, true, 1]);
  expect(feedLevelLotsLess(book, BUY, 99, new Map([[7, 3]]))).toBe(1);
  const restored = restoreFeedBook(saveFeedBook(book));
  expect(restored.ok && hashFeedBook(restored.value, sha256)).toEqual(hashFeedBook(book, sha256));
});

test('no function is without an example', () => {
  const functions = Object.entries(surface).filter(([, value]) => typeof value === 'function');
  const source = readFileSync(new URL(import.meta.url), 'utf8');
  const called = (name: string): boolean => new RegExp(`[^.\\w]${name}\\(|${name}\\)`).test(source);
  expect(functions.map(([name]) => name).filter((name) => !called(name))).toEqual([]);
});

test('the page names every public function', () => {
  const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const listed = page.slice(page.indexOf('## API'), page.indexOf('## Rules'));
  const functions = Object.entries(surface).filter(([, value]) => typeof value === 'function');
  const silent = functions.map(([name]) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(listed));
  expect(silent).toEqual([]);
});
