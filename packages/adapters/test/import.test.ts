import { describe, expect, test } from 'vitest';
import { Kind, type Clock, type Define, type Event } from '@truetape/contracts';
import { createBinanceImport, type ImportStart } from '@truetape/adapters';
import {
  aggregate,
  depth,
  hashEvents,
  importLines,
  line,
  quote,
  reportOf,
  snapshot,
  T0,
  trade,
} from './capture.ts';
import { checkTape } from './tape-check.ts';

const defines = (events: readonly Event[]): unknown[] =>
  events
    .filter((event): event is Define => event.kind === Kind.Define)
    .map(({ json }) => JSON.parse(json) as unknown);
const clocks = (events: readonly Event[]): Clock[] => events.filter((event) => event.kind === Kind.Clock);

describe('definitions', () => {
  test('come first: instruments with the smallest exact steps, then the sources in use', () => {
    const { events } = importLines([
      trade(0, { p: '100.250', q: '0.10' }),
      quote(1, 1, ['100.00', '1'], ['100.10', '1']),
    ]);
    expect(events.findIndex(({ kind }) => kind !== Kind.Define)).toBe(3);
    expect(defines(events)).toEqual([
      {
        id: 'BINANCE-USDM:BTCUSDT',
        venue: 'BINANCE-USDM',
        symbol: 'BTCUSDT',
        class: 'linear',
        base: 'BTC',
        quote: 'USDT',
        settle: 'USDT',
        priceStep: '0.01',
        qtyStep: '0.1',
        fineScale: 8,
        contractSize: '1',
        ids: 'numeric',
        rules: {},
      },
      { name: 'binance-usdm:trade', role: 'marketFeed', venue: 'BINANCE-USDM' },
      { name: 'binance-usdm:bookTicker', role: 'marketFeed', venue: 'BINANCE-USDM' },
      { name: 'binance-usdm:import', role: 'system', venue: 'BINANCE-USDM' },
    ]);
  });

  test('inverse contracts settle in their base and have a size', () => {
    const coin = (symbol: string): string => trade(0, { s: symbol }).replace('btcusdt', symbol.toLowerCase());
    const imported = importLines([coin('BTCUSD_PERP'), coin('ETHUSD_260327')]);
    expect(defines(imported.events)).toMatchObject([
      {
        id: 'BINANCE-COINM:BTCUSD_PERP',
        class: 'inverse',
        base: 'BTC',
        quote: 'USD',
        settle: 'BTC',
        contractSize: '100',
      },
      { id: 'BINANCE-COINM:ETHUSD_260327', settle: 'ETH', contractSize: '10', expiry: '2026-03-27' },
      {},
      {},
    ]);
    expect(reportOf(imported, 'BTCUSD_PERP').trades.notional).toBe('200');
    expect(reportOf(imported, 'ETHUSD_260327').trades.notional).toBe('20');
  });

  test('symbols beyond ASCII, or with an unknown quote, are taken as they are', () => {
    const imported = importLines([trade(0, { s: '币安人生USDT' }), trade(1, { s: 'ABCXYZ' })]);
    expect(defines(imported.events).slice(0, 2)).toMatchObject([
      { symbol: '币安人生USDT', base: '币安人生' },
      { symbol: 'ABCXYZ' },
    ]);
    expect(defines(imported.events)[1]).not.toHaveProperty('base');
  });
});

describe('market', () => {
  test('is guessed from the messages; a given one wins; several or none are an error', () => {
    const spotQuote = line(1, {
      stream: 'x@bookTicker',
      data: { u: 1, s: 'X', b: '1', B: '1', a: '2', A: '1' },
    });
    expect(importLines([trade(0, {})]).scan?.market).toBe('usdm');
    expect(importLines([aggregate(0, { M: true })]).scan?.market).toBe('spot');
    expect(importLines([trade(0, {}), spotQuote]).error).toEqual({
      code: 'ambiguousMarket',
      line: 0,
      candidates: ['spot', 'usdm'],
    });
    expect(importLines([line(0, { result: null, id: 1 })]).error).toMatchObject({
      code: 'ambiguousMarket',
      candidates: [],
    });
    expect(importLines([], { market: 'spot' }).report).toMatchObject({
      market: 'spot',
      lines: 0,
      instruments: {},
    });
    expect(importLines([trade(0, {})], { market: 'coinm' }).report).toMatchObject({
      instrument: 'BINANCE-COINM:BTCUSDT',
    });
  });

  test('begin tells what was settled on before the first event', () => {
    const started: ImportStart[] = [];
    importLines([trade(5, {})], { begin: (start) => void started.push(start) });
    expect(started).toEqual([{ market: 'usdm', marketGiven: false, epochNs: BigInt(T0 + 5) * 1_000_000n }]);
  });
});

describe('clock', () => {
  const lines = [
    trade(10, { E: T0 + 1260 }),
    trade(20, { t: 2, E: T0 + 1290 }),
    trade(30, { t: 3, E: T0 + 35 }),
  ];

  test('the offset is measured and recorded at the end, and changes no time', () => {
    const imported = importLines(lines);
    expect(reportOf(imported).clock).toEqual({
      offsetNs: 1.27e9,
      method: 'measure',
      applied: false,
      minLatencyNs: -1.27e9,
      backward: 0,
    });
    expect(imported.events.at(-1)).toMatchObject({
      kind: Kind.Clock,
      offsetNs: 1.27e9,
      method: 1,
      applied: 0,
      wallTime: 20e6,
      timeNs: 20e6,
    });
    expect(imported.events.find(({ kind }) => kind === Kind.Trade)?.timeNs).toBe(0);
  });

  test('a clock that is not behind has offset 0', () => {
    expect(reportOf(importLines([trade(10, { E: T0 + 8 })])).clock).toMatchObject({
      offsetNs: 0,
      minLatencyNs: 2e6,
    });
  });

  test('auto adds the measured offset, a number adds that; the record stands first and says so', () => {
    const auto = importLines(lines, { clockOffset: 'auto' });
    expect(clocks(auto.events)).toMatchObject([
      { offsetNs: 1.27e9, method: 1, applied: 1, timeNs: 1.27e9, wallTime: 0 },
    ]);
    expect(auto.events.find(({ kind }) => kind === Kind.Trade)?.timeNs).toBe(1.27e9);
    const given = importLines(lines, { clockOffset: -5 });
    expect(clocks(given.events)).toMatchObject([{ offsetNs: -5, method: 2, applied: 1 }]);
    expect(reportOf(given).clock).toMatchObject({
      offsetNs: -5,
      method: 'given',
      applied: true,
      minLatencyNs: -1.27e9,
    });
  });

  test('a time that runs backward is clamped, marked and counted', () => {
    const imported = importLines([
      trade(10, {}),
      trade(5, { t: 2 }),
      trade(7, { t: 3 }),
      trade(11, { t: 4 }),
    ]);
    checkTape(imported.events);
    const trades = imported.events.filter(({ kind }) => kind === Kind.Trade);
    expect(trades.map(({ timeNs, flags }) => [timeNs, flags & 8])).toEqual([
      [0, 0],
      [0, 8],
      [0, 8],
      [1e6, 0],
    ]);
    expect(reportOf(imported).clock.backward).toBe(2);
  });

  test('exchange times in µs are told by their size', () => {
    const micros = trade(10, { E: (T0 + 8) * 1000 + 250, T: (T0 + 8) * 1000 });
    expect(importLines([micros]).events.find(({ kind }) => kind === Kind.Trade)).toMatchObject({
      sendTime: -1_750_000,
      matchTime: -2e6,
    });
  });
});

test('another epoch moves all times in memory and no record', () => {
  const lines = [trade(5, {}), quote(7, 1, ['100.5', '1'], ['100.6', '1'])];
  const epochNs = BigInt(T0 + 1000) * 1_000_000n;
  const moved = importLines(lines, { epochNs });
  checkTape(moved.events, -995e6);
  expect(moved.events[0].timeNs).toBe(-995e6);
  expect(hashEvents(moved.events, epochNs)).toBe(
    hashEvents(importLines(lines).events, BigInt(T0 + 5) * 1_000_000n),
  );
  expect(importLines(lines, { epochNs: 0n }).error).toMatchObject({ code: 'badConfig', field: 'epochNs' });
});

describe('symbols', () => {
  test('only those asked for are imported; others are counted', () => {
    const lines = [trade(0, {}), trade(1, { s: 'ETHUSDT' }), trade(2, { t: 2 })];
    const imported = importLines(lines, { symbols: ['BTCUSDT'] });
    expect(imported.report).toMatchObject({ symbol: 'BTCUSDT', filtered: 1, trades: { count: 2 } });
    expect(defines(imported.events)).toHaveLength(3);
  });

  test('several stand under instruments', () => {
    const imported = importLines([trade(0, {}), trade(1, { s: 'ETHUSDT' })]);
    expect(Object.keys((imported.report as unknown as { instruments: object }).instruments)).toEqual([
      'BTCUSDT',
      'ETHUSDT',
    ]);
  });
});

describe('one pass', () => {
  const steps = { passes: 1, priceStep: '0.1', qtyStep: '1' } as const;
  const lines = [
    snapshot(0, 100, [['100.5', '1']], [['100.6', '1']]),
    depth(1, [100, 101, 99], [['100.5', '4']]),
    trade(2, {}),
    quote(3, 101, ['100.5', '4'], ['100.6', '1']),
  ];

  test('with explicit steps gives what two passes give', () => {
    expect(importLines(lines, steps)).toMatchObject({
      report: importLines(lines).report,
      events: importLines(lines).events,
    });
  });

  test('defines what comes behind its head when it comes', () => {
    const many = Array.from({ length: 1500 }, (_, at) => trade(10 + at, { t: at + 1 }));
    const imported = importLines(
      [...many, trade(2000, { s: 'ETHUSDT' }), quote(2001, 5, ['100.5', '4'], ['100.6', '1'])],
      steps,
    );
    checkTape(imported.events);
    expect(defines(imported.events)).toHaveLength(5);
    expect(reportOf(imported, 'ETHUSDT').trades.count).toBe(1);
  });

  test('errors of the head and of what follows name their lines', () => {
    expect(importLines([...lines, 'x'], steps).error).toMatchObject({ line: 5 });
    const many = Array.from({ length: 1500 }, (_, at) => trade(10 + at, { t: at + 1 }));
    expect(importLines([...lines, 'x', ...many], steps).error).toMatchObject({ line: 5 });
    expect(importLines([...many, 'x'], steps).error).toMatchObject({ line: 1501 });
    expect(
      reportOf(importLines([...lines, 'x', ...many], { ...steps, onBadLine: 'skip' })).skippedLines,
    ).toBe(1);
  });
});

test.each([
  [{ passes: 1 }, 'priceStep'],
  [{ passes: 1, priceStep: '0.1' }, 'qtyStep'],
  [{ priceStep: '0' }, 'priceStep'],
  [{ qtyStep: '-1' }, 'qtyStep'],
  [{ contractSize: 'x' }, 'contractSize'],
  [{ priceStep: '0.000000000000000000001' }, 'priceStep'],
  [{ clockOffset: 1.5 }, 'clockOffset'],
  [{ passes: 1, priceStep: '1', qtyStep: '1', clockOffset: 'auto' }, 'clockOffset'],
  [{ market: 'options' as 'spot' }, 'market'],
] as const)('configuration %j is refused for %s', (config, field) => {
  expect(importLines([trade(0, {})], config).error).toMatchObject({ code: 'badConfig', field });
});

test('a given step is written in its shortest form', () => {
  const imported = importLines([trade(0, {})], { priceStep: '00.10', qtyStep: '1.0' });
  expect(defines(imported.events)[0]).toMatchObject({ priceStep: '0.1', qtyStep: '1' });
  checkTape(imported.events);
});

// BINANCE-1: a step that no definition can hold never reaches one.
test('more fraction digits than a step can have are an error of the line', () => {
  const fine = `0.${'0'.repeat(30)}1`;
  for (const text of [
    trade(0, { p: fine }),
    depth(0, [1, 2, 0], [[fine, '1']]),
    depth(0, [1, 2, 0], [['1', fine]]),
  ]) {
    expect(importLines([text]).error).toMatchObject({ code: 'offGrid', line: 1, text: fine });
  }
});

test('importing twice gives the same', () => {
  const lines = [trade(0, {}), quote(1, 1, ['100.5', '1'], ['100.6', '1'])];
  expect(importLines(lines)).toEqual(importLines(lines));
});

test('the event objects are reused: a receiver that keeps them sees the last one', () => {
  const kept = new Set<Event>();
  const started = createBinanceImport({
    priceStep: '0.1',
    qtyStep: '1',
    emit: (event) => void kept.add(event),
  });
  if (!started.ok) throw new Error('not started');
  for (let at = 0; at < 50; at++) started.value.line(trade(at, { t: at + 1 }), at + 1);
  started.value.finish();
  expect(kept.size).toBe(3);
});
