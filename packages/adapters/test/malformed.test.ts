import { describe, expect, test } from 'vitest';
import type { ImportError } from '@truetape/adapters';
import { aggregate, depth, importLines, line, quote, reportOf, snapshot, T0, trade } from './capture.ts';

const GOOD = trade(0, { t: 1 });
const DEPTH = depth(0, [1, 2, 0], [['100.5', '1']]);
const mark = (fields: object): string =>
  line(1, {
    stream: 'btcusdt@markPrice@1s',
    data: {
      e: 'markPriceUpdate',
      E: T0,
      s: 'BTCUSDT',
      p: '1.5',
      i: '1',
      P: '1',
      r: '0.0001',
      T: T0,
      ...fields,
    },
  });

type Case = readonly [name: string, text: string, expected: Partial<ImportError>];

const MALFORMED: readonly Case[] = [
  ['no local time', '{"stream":"btcusdt@trade","data":{}}', { code: 'malformedLine', reason: 'noTime' }],
  ['blank first', ' 1 {}', { code: 'malformedLine', reason: 'noTime' }],
  ['signed time', '-5 {}', { code: 'malformedLine', reason: 'noTime' }],
  ['time with a letter', '17000000000000x {}', { code: 'malformedLine', reason: 'badTime' }],
  ['time of 20 digits', '17000000000000000000 {}', { code: 'malformedLine', reason: 'badTime' }],
  ['time alone', '1700000000000000000', { code: 'malformedLine', reason: 'badTime' }],
  ['nothing behind the time', '1700000000000000000 ', { code: 'malformedLine', reason: 'badJson' }],
  ['no JSON', line(1, 'hello'), { code: 'malformedLine', reason: 'badJson' }],
  ['cut in the middle', GOOD.slice(0, -3), { code: 'malformedLine', reason: 'badJson' }],
  ['something behind the JSON', `${GOOD}x`, { code: 'malformedLine', reason: 'badJson' }],
  ['two objects', `${GOOD}{}`, { code: 'malformedLine', reason: 'badJson' }],
  [
    'control character in a string',
    GOOD.replace('BTCUSDT', 'BTC\u0001'),
    { code: 'malformedLine', reason: 'badJson' },
  ],
  ['leading zero', GOOD.replace('"t":1', '"t":01'), { code: 'malformedLine', reason: 'badJson' }],
  ['a number', line(1, '5'), { code: 'malformedLine', reason: 'notAMessage' }],
  ['null', line(1, 'null'), { code: 'malformedLine', reason: 'notAMessage' }],
  ['an empty object', line(1, {}), { code: 'malformedLine', reason: 'notAMessage' }],
  ['an empty array', line(1, []), { code: 'malformedLine', reason: 'notAMessage' }],
  [
    'an array of numbers',
    line(1, { stream: '!markPrice@arr', data: [1] }),
    { code: 'malformedLine', reason: 'notAMessage' },
  ],
];

const FIELDS: readonly Case[] = [
  ['event of another stream', trade(1, { e: 'aggTrade' }), { code: 'badField', field: 'e' }],
  ['no symbol', trade(1, { s: undefined }), { code: 'badField', field: 's', found: 'nothing' }],
  ['price that is a number', trade(1, { p: 100.5 }), { code: 'badField', field: 'p' }],
  ['price with an exponent', trade(1, { p: '1e2' }), { code: 'badField', field: 'p' }],
  ['negative quantity', trade(1, { q: '-1' }), { code: 'badField', field: 'q' }],
  ['side that is no boolean', trade(1, { m: 1 }), { code: 'badField', field: 'm' }],
  ['trade id that is a fraction', trade(1, { t: 1.5 }), { code: 'badField', field: 't' }],
  ['negative trade id', trade(1, { t: -1 }), { code: 'badField', field: 't' }],
  [
    'trade id with an exponent',
    trade(1, { t: 0 }).replace('"t":0', '"t":1e300'),
    { code: 'badField', field: 't' },
  ],
  ['time that is text', trade(1, { E: '5' }), { code: 'badField', field: 'E' }],
  ['time of another year', trade(1, { T: T0 - 2e10 }), { code: 'timeOutOfRange', field: 'T' }],
  ['aggregate without quantity', aggregate(1, { q: null }), { code: 'badField', field: 'q', found: 'null' }],
  ['update id missing', depth(1, [3, 4, 2], []).replace('"u":4,', ''), { code: 'badField', field: 'u' }],
  ['previous id missing', depth(1, [3, 4, 2], []).replace('"pu":2,', ''), { code: 'badField', field: 'pu' }],
  ['ids that run backward', depth(1, [5, 4, 2], []), { code: 'badField', field: 'u' }],
  [
    'update id of our size',
    depth(1, [3, 2 ** 52, 2], []),
    { code: 'unsafeId', field: 'u', text: '4503599627370496' },
  ],
  [
    'levels that are none',
    depth(1, [3, 4, 2], []).replace('"b":[]', '"b":{}'),
    { code: 'badField', field: 'b' },
  ],
  [
    'level of one',
    depth(1, [3, 4, 2], []).replace('"b":[]', '"b":[["1"]]'),
    { code: 'badField', field: 'b' },
  ],
  [
    'level of numbers',
    depth(1, [3, 4, 2], []).replace('"b":[]', '"b":[[1,2]]'),
    { code: 'badField', field: 'b' },
  ],
  ['price of zero', depth(1, [3, 4, 2], [['0.0', '1']]), { code: 'badField', field: 'b' }],
  [
    'level that is text',
    depth(1, [3, 4, 2], []).replace('"a":[]', '"a":["1"]'),
    { code: 'badField', field: 'a' },
  ],
  [
    'snapshot without asks',
    line(1, { lastUpdateId: 1, bids: [], asks: 5 }),
    { code: 'badField', field: 'asks' },
  ],
  [
    'quote without quantity',
    quote(1, 5, ['1', '1'], ['2', '1']).replace('"A":"1",', ''),
    { code: 'badField', field: 'A' },
  ],
  ['mark price that is none', mark({ p: '' }), { code: 'badField', field: 'p' }],
  ['rate that is none', mark({ r: 'x' }), { code: 'badField', field: 'r' }],
  [
    'off the fine scale',
    mark({ i: '0.000000000001', r: '0.0000000000001' }),
    { code: 'offGrid', field: 'r' },
  ],
  ['local time of another year', `99${GOOD.slice(2)}`, { code: 'timeOutOfRange', field: 'local time' }],
];

describe.each([...MALFORMED, ...FIELDS])('%s', (_name, text, expected) => {
  const lines = [GOOD, DEPTH, text, trade(9, { t: 2 })];

  test('fails the import with its line', () => {
    expect(importLines(lines).error).toMatchObject({ line: 3, ...expected });
  });

  test('is skipped and counted on request, and leaves no trace', () => {
    const skipped = reportOf(importLines(lines, { onBadLine: 'skip' }));
    const without = reportOf(importLines(lines.toSpliced(2, 1)));
    expect(skipped).toEqual({ ...without, lines: 4, skippedLines: 1 });
  });
});

test('off the grid that was given: field, text and step', () => {
  const lines = [trade(0, { p: '100.55' })];
  expect(importLines(lines, { priceStep: '0.1' }).error).toEqual({
    code: 'offGrid',
    line: 1,
    field: 'p',
    text: '100.55',
    step: '0.1',
  });
  expect(importLines([depth(0, [1, 2, 0], [['100.5', '1.5']])], { qtyStep: '1' }).error).toMatchObject({
    code: 'offGrid',
    field: 'b',
    text: '1.5',
  });
});

test('empty lines say nothing and lose nothing', () => {
  expect(reportOf(importLines([GOOD, '', trade(5, { t: 2 })]))).toMatchObject({
    lines: 3,
    skippedLines: 0,
    trades: { count: 2 },
  });
});

test('a snapshot without symbol is ambiguous with two depth symbols, whatever was asked for', () => {
  const other = DEPTH.replaceAll('BTC', 'ETH').replaceAll('btc', 'eth');
  const lines = [DEPTH, other, snapshot(5, 1, [], [])];
  const ambiguous = { code: 'ambiguousSnapshot', line: 3, symbols: ['BTCUSDT', 'ETHUSDT'] };
  expect(importLines(lines).error).toEqual(ambiguous);
  expect(importLines(lines, { symbols: ['BTCUSDT'] }).error).toEqual(ambiguous);
  const named = line(5, { lastUpdateId: 1, symbol: 'ETHUSDT', bids: [], asks: [] });
  expect(importLines([DEPTH, other, named]).error).toBeUndefined();
});
