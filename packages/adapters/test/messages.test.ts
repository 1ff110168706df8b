import { describe, expect, test } from 'vitest';
import {
  Kind,
  NONE,
  type Alias,
  type Event,
  type FundingRate,
  type Mark,
  type Trade,
} from '@truetape/contracts';
import { aggregate, importLines, line, quote, reportOf, T0, trade } from './capture.ts';
import { checkTape } from './tape-check.ts';

const trades = (events: readonly Event[]): Trade[] => events.filter((event) => event.kind === Kind.Trade);
const aliases = (events: readonly Event[]): Alias[] => events.filter((event) => event.kind === Kind.Alias);

describe('trades', () => {
  test('condition, side, times and ids', () => {
    const { events } = importLines([
      trade(0, { t: 7, E: T0 + 5, T: T0 + 3 }),
      trade(10, { t: 8, X: 'INSURANCE_FUND', m: true }),
      trade(10, { t: 9, X: 'ADL' }),
      trade(10, { t: 10, X: 'SOMETHING' }),
    ]);
    expect(trades(events)).toMatchObject([
      {
        tradeId: 7,
        priceTicks: 1005,
        qtyLots: 2,
        condition: 1,
        flags: 0x11,
        matchTime: 3e6,
        sendTime: 5e6,
        tradeCount: 0,
      },
      { tradeId: 8, condition: 7, flags: 0x21 },
      { tradeId: 9, condition: 6 },
      { tradeId: 10, condition: 0 },
    ]);
  });

  test('an id used for no trade is counted, and no gap', () => {
    const imported = importLines([
      trade(0, { t: 1 }),
      trade(1, { t: 2, p: '0', q: '0', X: 'NA' }),
      trade(2, { t: 3 }),
      trade(3, { t: 9 }),
    ]);
    expect(trades(imported.events)).toHaveLength(3);
    expect(reportOf(imported).trades).toEqual({
      count: 3,
      qty: '6',
      qtyLots: '6',
      notional: '603',
      firstId: 1,
      lastId: 9,
      idGaps: 1,
      idsMissing: 5,
      notRising: 0,
      placeholders: 1,
      leftOut: 0,
    });
  });

  test('ids that are no small number get one of ours, with an alias before it, digit by digit', () => {
    const wide = (id: string): string => trade(1, { t: 0 }).replace('"t":0', `"t":${id}`);
    const imported = importLines([
      wide('4503599627370495'),
      wide('4503599627370496'),
      wide('9007199254740993'),
      wide('9007199254740992'),
      wide('9007199254740993'),
      wide('"a-17"'),
      wide('123456789012345678901234567890'),
    ]);
    checkTape(imported.events);
    const own = 2 ** 52;
    expect(trades(imported.events).map(({ tradeId }) => tradeId)).toEqual([
      own - 1,
      own,
      own + 1,
      own + 2,
      own + 1,
      own + 3,
      own + 4,
    ]);
    expect(aliases(imported.events).map(({ id, text, scope }) => [id - own, text, scope])).toEqual([
      [0, '4503599627370496', 3],
      [1, '9007199254740993', 3],
      [2, '9007199254740992', 3],
      [3, 'a-17', 3],
      [4, '123456789012345678901234567890', 3],
    ]);
    expect(reportOf(imported).trades).toMatchObject({
      firstId: 4503599627370495,
      lastId: '123456789012345678901234567890',
    });
  });

  test('off the market, a price may lie off the grid; it is then a fine price', () => {
    const imported = importLines([trade(0, {}), trade(1, { t: 2, p: '100.123', q: '2', X: 'ADL' })], {
      priceStep: '0.1',
    });
    expect(trades(imported.events)[1]).toMatchObject({ priceTicks: NONE, priceFine: 10_012_300_000 });
    expect(reportOf(imported).trades.notional).toBe('401.246');
  });

  test('sums pass 2^53 exactly', () => {
    const big = { p: '99999999.9', q: '9007199254740991' };
    const imported = importLines([trade(0, { t: 1, ...big }), trade(1, { t: 2, ...big })]);
    const tenths = 2n * 999_999_999n * 9_007_199_254_740_991n;
    expect(reportOf(imported).trades).toMatchObject({
      qty: '18014398509481982',
      qtyLots: '18014398509481982',
      notional: `${tenths / 10n}.${tenths % 10n}`,
    });
  });
});

describe('aggregates', () => {
  test('are trades where there are no single trades: first, last, count', () => {
    const imported = importLines([
      aggregate(0, { f: 5, l: 9 }),
      aggregate(1, { f: 10, l: 10 }),
      aggregate(2, { f: -1, l: -1 }),
    ]);
    expect(trades(imported.events)).toMatchObject([
      { firstTradeId: 5, tradeId: 9, tradeCount: 5 },
      { firstTradeId: 10, tradeId: 10, tradeCount: 1 },
      { firstTradeId: NONE, tradeId: NONE, tradeCount: 0 },
    ]);
    expect(reportOf(imported).trades).toMatchObject({
      count: 3,
      firstId: 5,
      lastId: 10,
      idGaps: 0,
      leftOut: 0,
    });
  });

  test('are left out where single trades are anywhere in the capture', () => {
    const imported = importLines([aggregate(0, { f: 1, l: 1 }), trade(1, { t: 1 })]);
    expect(trades(imported.events)).toMatchObject([{ tradeId: 1, tradeCount: 0 }]);
    expect(reportOf(imported).trades).toMatchObject({ count: 1, leftOut: 1 });
  });

  test('with ids that are no small numbers have aliases too', () => {
    const imported = importLines([aggregate(0, { f: 'x', l: 'y' })]);
    checkTape(imported.events);
    expect(aliases(imported.events).map(({ text }) => text)).toEqual(['x', 'y']);
    expect(importLines([aggregate(0, { f: 5, l: 4 })]).error).toMatchObject({
      code: 'badField',
      field: 'f',
      line: 1,
    });
    expect(importLines([aggregate(0, { f: 'x', l: null })]).error).toMatchObject({
      code: 'badField',
      field: 'l',
    });
  });

  test('in one pass, single trades that come later tell only what the aggregates have not', () => {
    const filler = Array.from({ length: 1100 }, (_, at) => aggregate(at, { f: at + 1, l: at + 1 }));
    const imported = importLines(
      [...filler, trade(2000, { t: 1100 }), trade(2001, { t: 1101 }), aggregate(2002, { f: 1101, l: 1101 })],
      { passes: 1, priceStep: '0.1', qtyStep: '1', market: 'usdm' },
    );
    expect(reportOf(imported).trades).toMatchObject({ count: 1101, leftOut: 2, idGaps: 0, notRising: 0 });
  });
});

describe('quotes', () => {
  test('an empty side is absent', () => {
    const { events } = importLines([quote(0, 5, ['0.0', '0'], ['100.6', '3'])]);
    expect(events.find(({ kind }) => kind === Kind.Quote)).toMatchObject({
      bidTicks: NONE,
      bidLots: 0,
      askTicks: 1006,
      askLots: 3,
      updateId: 5,
      flags: 1,
    });
  });

  test('spot’s have neither event type nor times', () => {
    const data = { u: 5, s: 'BTCUSDT', b: '1.10', B: '2', a: '1.20', A: '3' };
    const imported = importLines([line(0, { stream: 'btcusdt@bookTicker', data })]);
    expect(imported.scan?.market).toBe('spot');
    expect(imported.events.find(({ kind }) => kind === Kind.Quote)).toMatchObject({
      bidTicks: 11,
      matchTime: NONE,
      sendTime: NONE,
    });
  });
});

describe('mark prices', () => {
  const mark = (fields: object): object => ({
    e: 'markPriceUpdate',
    E: T0 + 1,
    s: 'BTCUSDT',
    p: '100.12345678',
    i: '100.1',
    P: '100.2',
    r: '-0.00012500',
    T: T0 + 3_600_000,
    ...fields,
  });

  test('are a Mark and a FundingRate of one message', () => {
    const { events } = importLines([line(0, { stream: 'btcusdt@markPrice@1s', data: mark({}) })]);
    const marks: Mark[] = events.filter((event) => event.kind === Kind.Mark);
    const rates: FundingRate[] = events.filter((event) => event.kind === Kind.FundingRate);
    expect(marks).toMatchObject([
      {
        markFine: 10_012_345_678,
        indexFine: 10_010_000_000,
        settleFine: 10_020_000_000,
        sendTime: 1e6,
        matchTime: NONE,
        flags: 0,
      },
    ]);
    expect(rates).toMatchObject([
      { rateE12: -125_000_000, nextFundingTime: 3.6e12, rateKind: 1, sendTime: 1e6, flags: 1 },
    ]);
  });

  test('a dated contract has no rate; arrays hold several symbols; finer prices widen the scale', () => {
    const imported = importLines([
      line(0, {
        stream: '!markPrice@arr@1s',
        data: [mark({ r: '', T: 0 }), mark({ s: 'ETHUSDT', p: '1.1234567891', i: undefined })],
      }),
    ]);
    const marks: Mark[] = imported.events.filter((event) => event.kind === Kind.Mark);
    expect(marks).toMatchObject([
      { instrument: 1, flags: 1 },
      { instrument: 2, markFine: 11_234_567_891, indexFine: NONE },
    ]);
    expect(imported.events.filter(({ kind }) => kind === Kind.FundingRate)).toHaveLength(1);
  });
});

test('streams that are not imported are counted by name', () => {
  const imported = importLines([
    trade(0, {}),
    line(1, { stream: 'btcusdt@kline_1m', data: { e: 'kline', s: 'BTCUSDT' } }),
    line(2, { stream: 'btcusdt@kline_1m', data: { e: 'kline', s: 'BTCUSDT' } }),
    line(3, { e: '24hrTicker', s: 'BTCUSDT' }),
    line(4, { result: null, id: 1 }),
    line(5, { code: -1121, msg: 'Invalid symbol.' }),
  ]);
  expect(reportOf(imported).unknown).toEqual({ 'btcusdt@kline_1m': 2, '24hrTicker': 1, reply: 2 });
});
