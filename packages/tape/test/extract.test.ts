import { BLANK, FLAG_LAST, Kind, LAYOUTS, defineFields, kindName } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import {
  createBinaryWriter,
  createFilter,
  createTextWriter,
  endTape,
  extractBatch,
  filterWants,
  isEmptyFilter,
  updateFilter,
} from '@truetape/tape';
import type { EndOfTape, FilterSpec } from '@truetape/tape';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyItems } from './arbitrary.ts';
import { listEvents, openBytes } from './market.ts';
import type { Listed } from './market.ts';
import { checkProperty, seeds } from './property.ts';
import { HEADER, PORTS, createSink, writeTape } from './tape.ts';

const EPOCH = BigInt(HEADER.epochNs);
const DRAFT = { ...HEADER, draft: true };
const ORDER = /(?:^o|O)rderId$/;

interface Names {
  readonly instruments: readonly (string | undefined)[];
  readonly sources: readonly (string | undefined)[];
}

function isNamed(given: readonly string[] | undefined, index: number, names: Names['sources']): boolean {
  if (given === undefined) return true;
  const own = names[index];
  return given.some(
    (name) => (name === '-' && index === 0) || (index > 0 && name === `#${index}`) || name === own,
  );
}

/** The filter in plain words; `names` are those that were defined before the event. */
function wants(spec: FilterSpec, event: Event, names: Names): boolean {
  if (event.kind === Kind.Define) return true;
  const code = event.kind === Kind.Unknown ? event.code : event.kind;
  const side = (event.flags >> 4) & 3;
  const time = EPOCH + BigInt(event.timeNs);
  const orders = Object.entries(event).filter(([key]) => ORDER.test(key));
  return (
    (spec.kinds?.includes(code) ?? true) &&
    isNamed(spec.instruments, event.instrument, names.instruments) &&
    isNamed(spec.sources, event.source, names.sources) &&
    (spec.side === undefined || side === (spec.side === 'buy' ? 1 : 2)) &&
    (spec.orderId === undefined || orders.some(([, id]) => id === spec.orderId)) &&
    event.seq >= (spec.fromSeq ?? -Infinity) &&
    event.seq <= (spec.toSeq ?? Infinity) &&
    time >= (spec.fromTime ?? 0n) &&
    (spec.toTime === undefined || time <= spec.toTime)
  );
}

/** What is wanted of a list of events, names counting from their Define on. */
function plainFilter(spec: FilterSpec, all: readonly Listed[]): Listed[] {
  const names = { instruments: [undefined], sources: [undefined] } as {
    [key in keyof Names]: (string | undefined)[];
  };
  return all.filter(({ event }) => {
    const isWanted = wants(spec, event, names);
    if (event.kind === Kind.Define) {
      const value = JSON.parse(event.json) as { id?: string; name?: string };
      if (event.table === 1) names.instruments.push(value.id);
      if (event.table === 2) names.sources.push(value.name);
    }
    return isWanted;
  });
}

interface How {
  readonly skip?: boolean;
  readonly encoding?: 'binary' | 'text';
  readonly limit?: number;
  readonly of?: string;
}

function extract(bytes: Uint8Array, spec: FilterSpec, how: How = {}): { bytes: Buffer; taken: number } {
  const filter = createFilter(spec);
  const wanted = (frame: Parameters<typeof filterWants>[1]): boolean => {
    updateFilter(filter, reader.decoder.tables);
    return filterWants(filter, frame);
  };
  const reader = openBytes(bytes, how.skip === true ? { wanted } : {});
  const sink = createSink();
  const create = how.encoding === 'text' ? createTextWriter : createBinaryWriter;
  const writer = create({ header: DRAFT, ports: PORTS, frameBytes: 400 }, sink);
  const extraction = { filter, writer, taken: 0 };
  for (let batch = reader.next(); batch !== undefined; batch = reader.next())
    expect(extractBatch(extraction, reader, batch, how.limit)).toBeUndefined();
  expect(reader.error).toBeUndefined();
  endTape(writer, how.of === undefined ? {} : { of: how.of });
  return { bytes: Buffer.concat(sink.parts), taken: extraction.taken };
}

/** All events of a tape that is held against its hash, its seal and its index. */
function readWhole(bytes: Uint8Array): { readonly listed: Listed[]; readonly end: EndOfTape } {
  const reader = openBytes(bytes, { hash: true, verify: true });
  const listed = listEvents(reader);
  expect(reader.error).toBeUndefined();
  return { listed, end: reader.end! };
}

const lines = (listed: readonly Listed[]): string[] => listed.map(({ line }) => line);

const anySpec: fc.Arbitrary<FilterSpec> = fc.record(
  {
    kinds: fc.array(fc.constantFrom(...LAYOUTS.map(({ code }) => code), 0x5f, 0xff), { maxLength: 40 }),
    instruments: fc.subarray(['a', 'b', 'instrument1', '-', '#1', '#2', '#66', '#65536', '#0', 'c']),
    sources: fc.subarray(['a', 'b', 'source1', '-', '#1', '#2', '#66', '#65536', '#0', 'c']),
    side: fc.constantFrom('buy', 'sell'),
    orderId: fc.constantFrom(0, 1, 7, 2 ** 31, 2 ** 32, 2 ** 53 - 1),
    fromSeq: fc.nat(30),
    toSeq: fc.nat(60),
    fromTime: fc.constantFrom(0, 1, 1000, 1001, 2 ** 32).map((ns) => EPOCH + BigInt(ns)),
    toTime: fc.constantFrom(0, 1, 1000, 2 ** 32, 2 ** 41).map((ns) => EPOCH + BigInt(ns)),
  },
  { requiredKeys: [] },
);
/** Few conditions at once, so that something is left. */
const fewConditions = fc
  .tuple(
    anySpec,
    fc.shuffledSubarray(['kinds', 'instruments', 'sources', 'side', 'orderId', 'seqs', 'times'], {
      maxLength: 2,
    }),
  )
  .map(([spec, keep]): FilterSpec => {
    const keys = keep.flatMap((key) =>
      key === 'seqs' ? ['fromSeq', 'toSeq'] : key === 'times' ? ['fromTime', 'toTime'] : [key],
    );
    return Object.fromEntries(Object.entries(spec).filter(([key]) => keys.includes(key)));
  });

describe('an extract of a random tape', () => {
  // Fails when an event is lost or kept by any condition, a frame skipped that holds one, or a seq moved.
  test.each(seeds(91))('holds what is wanted, at its seqs (seed %s)', (seed) => {
    const anyFrames = fc.constantFrom(0, 200, 1000);
    checkProperty(
      seed,
      fc.property(anyItems(40), fewConditions, anyFrames, (items, spec, frameBytes) => {
        const { bytes } = writeTape('binary', items, { header: DRAFT, frameBytes });
        const all = listEvents(openBytes(bytes));
        const expected = plainFilter(spec, all);
        const found = readWhole(extract(bytes, spec).bytes);
        expect(lines(found.listed)).toEqual(lines(expected));
        expect(extract(bytes, spec, { skip: true }).bytes.equals(extract(bytes, spec).bytes)).toBe(true);
        const text = writeTape('text', items, { header: DRAFT }).bytes;
        expect(readWhole(extract(text, spec, { encoding: 'text' }).bytes).end.hash).toBe(found.end.hash);
      }),
      120,
    );
  });

  test.each(seeds(92))('of an extract is that of both filters, and names the whole (seed %s)', (seed) => {
    checkProperty(
      seed,
      fc.property(anyItems(30), fewConditions, fewConditions, (items, first, second) => {
        const { bytes } = writeTape('binary', items, { header: DRAFT, frameBytes: 300 });
        const of = readWhole(bytes).end.hash!;
        const once = extract(bytes, first, { of });
        expect(readWhole(once.bytes).end.footer?.of).toBe(of);
        const twice = extract(once.bytes, second, { skip: true, encoding: 'text' });
        const expected = plainFilter(second, plainFilter(first, listEvents(openBytes(bytes))));
        expect(lines(readWhole(twice.bytes).listed)).toEqual(lines(expected));
      }),
      40,
    );
  });

  test.each(seeds(93))('ends at its limit, Defines not counted (seed %s)', (seed) => {
    checkProperty(
      seed,
      fc.property(anyItems(20), fc.nat(12), (items, limit) => {
        const { bytes } = writeTape('binary', items, { header: DRAFT });
        let rest = limit;
        const expected = listEvents(openBytes(bytes)).filter(
          ({ event }) => event.kind === Kind.Define || rest-- > 0,
        );
        const found = extract(bytes, {}, { limit });
        expect(lines(readWhole(found.bytes).listed)).toEqual(lines(expected));
        const defines = expected.filter(({ event }) => event.kind === Kind.Define).length;
        expect(found.taken).toBe(expected.length - defines);
      }),
      40,
    );
  });
});

describe('a filter', () => {
  const trade = (instrument: number): Event => {
    return { ...BLANK.Trade, priceTicks: 1, qtyLots: 1, instrument, flags: FLAG_LAST };
  };
  const define = { ...BLANK.Define, ...defineFields('instrument', 1, { id: 'X:A' }) };
  /** A frame for each event. */
  const tape = (...events: Event[]): Buffer =>
    writeTape(
      'binary',
      events.map((event) => ({ event, gap: 0 })),
      { frameBytes: 0 },
    ).bytes;

  // Fails when a frame behind a Define at the end of another is judged by the names before it.
  test('knows a name in the very next frame', () => {
    const bytes = tape(trade(1), define, trade(1), trade(2));
    const found = readWhole(extract(bytes, { instruments: ['X:A'] }, { skip: true }).bytes);
    expect(found.listed.map(({ event }) => event.seq)).toEqual([1, 2]);
  });

  // Fails when frames are read that cannot hold what a number names: 64 indexes share a bit, others do not.
  test('of a number skips frames, too', () => {
    const bytes = tape(trade(0), trade(2), trade(66), trade(3), trade(65535));
    const filter = createFilter({ instruments: ['#2', '#65535', '#65536'] });
    const asked: boolean[] = [];
    const wanted = (frame: Parameters<typeof filterWants>[1]): boolean => {
      asked.push(filterWants(filter, frame));
      return true;
    };
    listEvents(openBytes(bytes, { wanted }));
    expect(asked).toEqual([false, true, true, false, true]);
  });

  // Fails when a kind gets a field for an order's id that the filter does not look into.
  test('looks into every field that holds an order id', () => {
    let fields = 0;
    for (const { code, name, fields: all } of LAYOUTS) {
      for (const field of all.filter((one) => ORDER.test(one.name))) {
        fields += 1;
        const event = { ...BLANK[name as 'Trade'], kind: code, flags: FLAG_LAST, [field.name]: 77 } as Event;
        const filled =
          event.kind === Kind.Fill || event.kind === Kind.Trade ? { ...event, priceTicks: 1 } : event;
        const { bytes } = writeTape('binary', [{ event: filled, gap: 0 }], { header: DRAFT });
        expect(extract(bytes, { orderId: 77 }).taken, `${kindName(code)}.${field.name}`).toBe(1);
        expect(extract(bytes, { orderId: 78 }).taken).toBe(0);
      }
    }
    expect(fields).toBeGreaterThan(20);
  });

  test('is empty when it says nothing', () => {
    expect(isEmptyFilter(createFilter({}))).toBe(true);
    for (const spec of [{ kinds: [] }, { orderId: 0 }, { fromTime: 0n }, { fromSeq: 0 }])
      expect(isEmptyFilter(createFilter(spec))).toBe(false);
  });
});
