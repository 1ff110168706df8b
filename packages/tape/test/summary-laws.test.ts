import { BLANK, FLAG_LAST, Kind, NONE, defineFields, kindName, nameOfIndex } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import {
  createFilter,
  createSummaryFold,
  filterWants,
  foldBatch,
  summaryJson,
  updateFilter,
} from '@truetape/tape';
import type { FilterSpec, TapeSummary } from '@truetape/tape';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyItems } from './arbitrary.ts';
import { listEvents, openBytes } from './market.ts';
import { checkProperty, seeds } from './property.ts';
import { HEADER, writeTape } from './tape.ts';
import type { Item } from './tape.ts';

const DRAFT = { ...HEADER, draft: true };

interface How {
  readonly counting?: boolean;
  readonly spec?: FilterSpec;
  readonly skip?: boolean;
}

function summarize(bytes: Uint8Array, { counting = false, spec, skip = false }: How = {}): TapeSummary {
  const fold = createSummaryFold();
  const filter = spec === undefined ? undefined : createFilter(spec);
  const wanted = (frame: Parameters<typeof filterWants>[1]): boolean => {
    updateFilter(filter!, reader.decoder.tables);
    return filterWants(filter!, frame);
  };
  const reader = openBytes(bytes, {
    hash: !skip,
    ...(counting ? { census: fold.census } : {}),
    ...(skip ? { wanted } : {}),
  });
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    if (filter !== undefined) updateFilter(filter, reader.decoder.tables);
    foldBatch(fold, batch, filter);
  }
  expect(reader.error).toBeUndefined();
  return summaryJson(fold, reader.decoder.tables, reader.end!);
}

/** The same, counted over a list. */
function plainSummary(bytes: Uint8Array, keep: (event: Event) => boolean = () => true): object {
  const reader = openBytes(bytes);
  const events = listEvents(reader).flatMap(({ event }) => (keep(event) ? [event] : []));
  const { instrument, source } = reader.decoder.tables;
  const count = (key: (event: Event) => string): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const event of events) counts[key(event)] = (counts[key(event)] ?? 0) + 1;
    return counts;
  };
  const times = events.map(({ timeNs }) => String(BigInt(HEADER.epochNs) + BigInt(timeNs)));
  const of = (kind: number): number => events.filter((event) => event.kind === kind).length;
  return {
    events: events.length,
    byKind: count((event) => kindName(event.kind === Kind.Unknown ? event.code : event.kind)),
    byInstrument: count((event) => nameOfIndex(instrument, event.instrument)),
    bySource: count((event) => nameOfIndex(source, event.source)),
    firstTimeNs: times[0] ?? null,
    lastTimeNs: times.at(-1) ?? null,
    orders: of(Kind.NewOrder),
    cancels: of(Kind.Canceled),
    fills: of(Kind.Fill),
    traded: plainTraded(events, (index) => nameOfIndex(instrument, index)),
  };
}

interface Sums {
  count: number;
  lots: bigint;
  notional: bigint;
  offGrid: number;
}

function plainTraded(events: readonly Event[], name: (index: number) => string): object {
  const traded: Record<string, Record<string, Sums>> = {};
  for (const event of events) {
    if (event.kind !== Kind.Trade && event.kind !== Kind.Fill) continue;
    const part = event.kind === Kind.Trade ? 'trades' : 'fills';
    const sums = ((traded[name(event.instrument)] ??= {})[part] ??= {
      count: 0,
      lots: 0n,
      notional: 0n,
      offGrid: 0,
    });
    sums.count += 1;
    sums.lots += BigInt(event.qtyLots);
    if (event.priceTicks === NONE) sums.offGrid += 1;
    else sums.notional += BigInt(event.priceTicks) * BigInt(event.qtyLots);
  }
  const json = ({ count, lots, notional, offGrid }: Sums): object => ({
    count,
    qtyLots: String(lots),
    notionalTicksLots: String(notional),
    ...(offGrid > 0 ? { offGrid } : {}),
  });
  const parts = (entry: Record<string, Sums>): object =>
    Object.fromEntries(Object.entries(entry).map(([part, sums]) => [part, json(sums)]));
  return Object.fromEntries(Object.entries(traded).map(([key, entry]) => [key, parts(entry)]));
}

const anyTape = fc.record({ items: anyItems(40), frameBytes: fc.constantFrom(0, 300, 65536) });
const head = { flags: FLAG_LAST, instrument: 1 };
const listOf = (...events: Event[]): Item[] => events.map((event) => ({ event, gap: 0 }));
const steps = defineFields('instrument', 1, { id: 'X:A', priceStep: '0.05', qtyStep: '0.001' });

describe('the summary of a random tape', () => {
  // Fails when the decoder that counts while it checks counts another number than a plain list.
  test.each(seeds(95))('is a plain count (seed %s)', (seed) => {
    checkProperty(
      seed,
      fc.property(anyTape, ({ items, frameBytes }) => {
        const { bytes } = writeTape('binary', items, { header: DRAFT, frameBytes });
        const summary = summarize(bytes);
        expect(summary).toMatchObject(plainSummary(bytes));
        expect(summarize(bytes, { counting: true })).toEqual(summary);
        const text = writeTape('text', items, { header: DRAFT }).bytes;
        expect(summarize(text)).toEqual(summary);
        expect(summarize(text, { counting: true })).toEqual(summary);
      }),
      70,
    );
  });

  test.each(seeds(96))('counts only what a filter wants (seed %s)', (seed) => {
    checkProperty(
      seed,
      fc.property(anyTape, fc.nat(40), fc.nat(40), ({ items, frameBytes }, fromSeq, length) => {
        const { bytes } = writeTape('binary', items, { header: DRAFT, frameBytes });
        const spec = { fromSeq, toSeq: fromSeq + length };
        const isIn = ({ kind, seq }: Event): boolean =>
          kind === Kind.Define || (seq >= fromSeq && seq <= fromSeq + length);
        const summary = summarize(bytes, { spec });
        expect(summary).toMatchObject(plainSummary(bytes, isIn));
        expect(summarize(bytes, { spec, skip: true })).toEqual(summary);
      }),
      40,
    );
  });
});

describe('what was traded', () => {
  // Fails when a product leaves the integers that a double holds.
  test('is exact beyond every double', () => {
    const most = 2 ** 53 - 1;
    const trade = { ...BLANK.Trade, ...head, qtyLots: most, priceTicks: most };
    const { bytes } = writeTape(
      'binary',
      listOf({ ...BLANK.Define, ...steps }, trade, trade, { ...trade, priceTicks: 1 - most }),
    );
    const lots = 3n * BigInt(most);
    const product = BigInt(most) * BigInt(most) + BigInt(most);
    for (const counting of [false, true]) {
      const { traded } = summarize(bytes, { counting }) as unknown as { traded: Record<string, unknown> };
      expect(traded['X:A']).toEqual({
        trades: {
          count: 3,
          qtyLots: String(lots),
          notionalTicksLots: String(product),
          qty: `${lots / 1000n}.${lots % 1000n}`,
          notional:
            `${(product * 5n) / 100000n}.${String((product * 5n) % 100000n).padStart(5, '0')}`.replace(
              /0+$/,
              '',
            ),
        },
      });
    }
  });

  // Fails when two indexes of one name share an entry, or a price of one is counted in steps of the other.
  test('of a superseded instrument stands apart', () => {
    const again = { ...steps, ...defineFields('instrument', 2, { id: 'X:A', priceStep: '1', qtyStep: '1' }) };
    const trade = { ...BLANK.Trade, ...head, qtyLots: 2000, priceTicks: 20 };
    const { bytes } = writeTape(
      'binary',
      listOf({ ...BLANK.Define, ...steps }, trade, { ...BLANK.Define, ...again }, trade, {
        ...trade,
        instrument: 2,
      }),
    );
    expect(summarize(bytes)).toMatchObject({
      byInstrument: { '-': 2, '#1': 2, 'X:A': 1 },
      traded: {
        '#1': { trades: { qty: '4', notional: '4' } },
        'X:A': { trades: { qty: '2000', notional: '40000' } },
      },
    });
  });

  test('is in no decimals without steps', () => {
    const trade = { ...BLANK.Trade, ...head, qtyLots: 2, priceTicks: 3 };
    const { bytes } = writeTape('text', listOf(trade, { ...trade, priceTicks: NONE, priceFine: 4 }));
    expect(summarize(bytes)['traded']).toEqual({
      '#1': { trades: { count: 2, qtyLots: '4', notionalTicksLots: '6', offGrid: 1 } },
    });
  });
});

describe('rates', () => {
  test.each([
    [3, 0, '0.000000'],
    [3, 1, '0.333333'],
    [3, 2, '0.666667'],
    [1, 2, '2.000000'],
    [0, 2, null],
  ])('of %s orders and %s cancels', (orders, cancels, expected) => {
    const order = { ...BLANK.NewOrder, ...head, orderId: 1, qtyLots: 1 };
    const cancel = { ...BLANK.Canceled, ...head, orderId: 1 };
    const events: Event[] = [
      ...Array.from({ length: orders }, () => order),
      ...Array.from({ length: cancels }, () => cancel),
    ];
    const { bytes } = writeTape('binary', listOf(...events));
    expect(summarize(bytes, { counting: true })).toMatchObject({ orders, cancels, cancelRate: expected });
  });

  test('of events by tape time: none without time', () => {
    const timer = { ...BLANK.Timer, timerId: 1, dueTime: 0 };
    const rate = (...times: number[]): unknown =>
      summarize(writeTape('binary', listOf(...times.map((timeNs) => ({ ...timer, timeNs })))).bytes)[
        'eventsPerSecond'
      ];
    expect(rate(5)).toBeNull();
    expect(rate(5, 5)).toBeNull();
    expect(rate(0, 1, 2000000000)).toBe('1.500');
    expect(rate(7, 3000000007)).toBe('0.667');
  });

  // TAPE-14: fails when a filter is lost on events that the decoder has counted already.
  test('are never those of a filter over a decoder that counts', () => {
    const { bytes } = writeTape('binary', listOf({ ...BLANK.Timer, timerId: 1, dueTime: 0 }));
    expect(() => summarize(bytes, { counting: true, spec: { fromSeq: 1 } })).toThrow('TAPE-14');
  });
});
