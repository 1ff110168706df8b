// LOBSTER rows, names and configurations that are refused, and those that just fit.
import * as fc from 'fast-check';
import { Kind } from '@truetape/contracts';
import { createLobsterImport, isLobsterHeader, parseLobsterName } from '@truetape/adapters';
import { describe, expect, test } from 'vitest';
import { countKinds } from './capture.ts';
import { importRows } from './lobster.ts';
import { checkProperty } from './property.ts';

describe('a row is refused', () => {
  const good = '34200.5,1,7,100,5853300,1';

  test.each([
    ['', 'badColumns', undefined],
    ['34200.5,1,7,100,5853300', 'badColumns', undefined],
    ['34200.5,1,7,100,5853300,1,x,y', 'badColumns', undefined],
    ['noon,1,7,100,5853300,1', 'badField', 'time'],
    ['34200.,1,7,100,5853300,1', 'badField', 'time'],
    ['.5,1,7,100,5853300,1', 'badField', 'time'],
    ['-1,1,7,100,5853300,1', 'badField', 'time'],
    ['3.42e4,1,7,100,5853300,1', 'badField', 'time'],
    ['34200.1234567890,1,7,100,5853300,1', 'badField', 'time'],
    ['86400,1,7,100,5853300,1', 'badField', 'time'],
    ['34200.5,0,7,100,5853300,1', 'badField', 'type'],
    ['34200.5,8,7,100,5853300,1', 'badField', 'type'],
    ['34200.5,1.0,7,100,5853300,1', 'badField', 'type'],
    ['34200.5,1,-7,100,5853300,1', 'badField', 'id'],
    ['34200.5,1,4503599627370496,100,5853300,1', 'badField', 'id'],
    ['34200.5,1,99999999999999999999,100,5853300,1', 'badField', 'id'],
    ['34200.5,1,7,0,5853300,1', 'badField', 'size'],
    ['34200.5,1,7,-1,5853300,1', 'badField', 'size'],
    ['34200.5,1,7,1e2,5853300,1', 'badField', 'size'],
    ['34200.5,1,7,9999999999999999,5853300,1', 'badField', 'size'],
    ['34200.5,1,7,100,0,1', 'badField', 'price'],
    ['34200.5,1,7,100,58.53,1', 'badField', 'price'],
    ['34200.5,7,0,0,2,-1', 'badField', 'price'],
    ['34200.5,1,7,100,5853300,0', 'badField', 'direction'],
    ['34200.5,1,7,100,5853300,', 'badField', 'direction'],
    ['34200.5,1,7,100,300000000000,1', 'badField', 'price'],
  ])('%j', (text, code, field) => {
    const { error } = importRows([good, text]);
    expect(error).toMatchObject({
      code,
      file: 'messages',
      line: 2,
      ...(field === undefined ? {} : { field }),
    });
  });

  test('no text makes the import throw', () => {
    checkProperty(
      7,
      fc.property(
        fc.stringMatching(/^[0-9,.\-+eE a]{0,40}$/),
        fc.stringMatching(/^[0-9,.\- a]{0,40}$/),
        (text, row) => {
          importRows([text], [row]);
        },
      ),
    );
  });

  test.each([
    ['1,2,3', { code: 'badColumns', file: 'orderbook', line: 1 }],
    ['', { code: 'badColumns', file: 'orderbook', line: 1 }],
    ['5853400,1,x,1', { code: 'badField', field: 'bid price 1', found: 'x' }],
    ['5853400,1,5853300,-1', { code: 'badField', field: 'bid size 1' }],
    ['-5,1,5853300,1', { code: 'badField', field: 'ask price 1' }],
    ['5853400,0,5853300,1', { code: 'badField', field: 'ask size 1', expected: 'a size above 0' }],
    [
      '9999999999,4,5853300,1',
      { code: 'badField', field: 'ask size 1', expected: 'size 0 at an empty level' },
    ],
    ['5853400,1,9999999999,4', { code: 'badField', field: 'bid size 1' }],
    ['5853400,1,0,4', { code: 'badField', field: 'bid size 1' }],
    ['5853400,1,5853300,1,5853400,1,5853200,1', { code: 'badOrder', field: 'ask price 2' }],
    ['5853400,1,5853300,1,5853500,1,5853400,1', { code: 'badOrder', field: 'bid price 2' }],
    ['5853400,1,-9999999999,0,5853500,1,5853400,1', { code: 'badOrder', field: 'bid price 2' }],
  ])('order book %j', (row, error) => {
    expect(importRows([good], [row]).error).toMatchObject(error);
  });

  test.each([9_999_999_999, -9_999_999_999, 0])('an empty level of price %i is read', (price) => {
    const { events, error } = importRows([good], [`${price},0,5853300,100,${price},0,${price},0`]);
    expect(error).toBeUndefined();
    expect(events.find(({ kind }) => kind === Kind.BookReset)).toMatchObject({ bids: 0, asks: 0 });
  });

  test('a second row of another depth, a row too few', () => {
    const two = [good, '34200.6,1,8,1,5853300,1'];
    const first = '5853400,1,5853300,100';
    expect(importRows(two, [first, '1,1']).error).toMatchObject({
      code: 'badColumns',
      file: 'orderbook',
      line: 2,
      expected: '4',
      found: 2,
    });
    expect(importRows(two, [first]).error).toEqual({ code: 'rowCount', file: 'messages', line: 2, rows: 1 });
  });

  test('a price off a given step', () => {
    expect(importRows([good, '34200.6,1,8,1,5853350,1'], undefined, '0.01').error).toMatchObject({
      code: 'offGrid',
      file: 'messages',
      line: 2,
      found: '5853350',
    });
    expect(importRows([good], ['5853450,1,5853300,100'], '0.01').error).toMatchObject({
      code: 'offGrid',
      file: 'orderbook',
      field: 'ask price 1',
    });
  });
});

test('a seventh column, and times without a fraction, are read', () => {
  expect(importRows(['34200,1,7,100,5853300,1,null']).report?.messages).toBe(1);
});

test('the step is a cent, or finer where a visible price needs it', () => {
  const step = (price: number, type = 1): string => importRows([`1,${type},1,1,${price},1`]).priceStep;
  expect([step(10_000), step(5_853_310), step(5_853_301), step(5_853_301, 5)]).toEqual([
    '0.01',
    '0.001',
    '0.0001',
    '0.01',
  ]);
});

test('file names tell symbol and day', () => {
  expect(parseLobsterName('AAPL_2012-06-21_34200000_57600000_message_5.csv')).toEqual({
    symbol: 'AAPL',
    date: '2012-06-21',
    kind: 'message',
    levels: 5,
  });
  expect(parseLobsterName('BRK.B_2012-02-29_34200000_57600000_orderbook_10.csv.gz')?.kind).toBe('orderbook');
  for (const name of ['AAPL.csv', 'AAPL_2013-02-29_1_2_message_5.csv', 'AAPL_2012-06-21_1_2_message_5.txt']) {
    expect(parseLobsterName(name)).toBeUndefined();
  }
});

test('a header is a row of names', () => {
  expect(isLobsterHeader('Time,Type,OrderID,Size,Price,Direction')).toBe(true);
  expect(isLobsterHeader('"Ask Price 1","Ask Size 1", bid_price_1,bid_size_1')).toBe(true);
  for (const text of ['34200.5,1,7,100,5853300,1', 'x34200,1,7,100,5853300,1', '']) {
    expect(isLobsterHeader(text)).toBe(false);
  }
});

describe('a configuration', () => {
  const base = {
    emit: () => undefined,
    symbol: 'AAPL',
    date: '2012-06-21',
    dateFrom: 'option',
    priceStep: '0.01',
    orderbook: false,
  } as const;

  test.each([
    ['date', { date: '2012-06-31' }],
    ['date', { date: '1969-12-31' }],
    ['symbol', { symbol: 'A B' }],
    ['priceStep', { priceStep: '0.00001' }],
    ['priceStep', { priceStep: 'x' }],
    ['utcOffset', { utcOffsetMinutes: 2000 }],
    ['utcOffset', { utcOffsetMinutes: 60, date: '1970-01-01' }],
  ])('is refused for its %s', (field, more) => {
    expect(createLobsterImport({ ...base, ...more })).toMatchObject({ error: { code: 'badConfig', field } });
  });

  test('days agree with the calendar', () => {
    for (const date of ['1970-01-01', '2000-02-29', '2012-06-21', '2100-03-01', '2261-12-31']) {
      const made = createLobsterImport({ ...base, date, utcOffsetMinutes: -240 });
      expect(made.ok && made.value.epochNs).toBe(BigInt(Date.parse(`${date}T04:00:00Z`)) * 1_000_000n);
    }
  });

  test('files without a row make a tape of two Defines', () => {
    const { events, report } = importRows([], []);
    expect(countKinds(events)).toEqual({ Define: 2 });
    expect(report).toMatchObject({ messages: 0, orderbook: { depth: 0, checked: 0 } });
  });
});
