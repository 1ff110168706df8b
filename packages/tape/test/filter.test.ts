import { Kind, SIDE_BUY, SIDE_MASK, SIDE_SELL } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import {
  createBinaryWriter,
  createFilter,
  createTextWriter,
  endTape,
  extractBatch,
  filterWants,
  updateFilter,
} from '@truetape/tape';
import type { FilterSpec } from '@truetape/tape';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { INSTRUMENTS, SOURCES, listEvents, marketItems, openBytes } from './market.ts';
import { checkProperty, seeds } from './property.ts';
import { HEADER, PORTS, createSink, writeTape } from './tape.ts';

const EPOCH = BigInt(HEADER.epochNs);
const ORDER_KEYS = [
  'orderId',
  'newOrderId',
  'makerOrderId',
  'takerOrderId',
  'contraOrderId',
  'parentOrderId',
];

/** The filter in plain words. */
function wants(spec: FilterSpec, event: Event): boolean {
  if (event.kind === Kind.Define) return true;
  const named = (names: readonly string[], all: readonly string[], index: number): boolean =>
    names.some((name) => (name === '-' ? index === 0 : name === `#${index}` || name === all[index - 1]));
  const side = event.flags & SIDE_MASK;
  const time = EPOCH + BigInt(event.timeNs);
  const fields = event as unknown as Record<string, number>;
  return (
    (spec.kinds === undefined || spec.kinds.includes(event.kind)) &&
    (spec.instruments === undefined || named(spec.instruments, INSTRUMENTS, event.instrument)) &&
    (spec.sources === undefined || named(spec.sources, SOURCES, event.source)) &&
    (spec.side === undefined || side === (spec.side === 'buy' ? SIDE_BUY : SIDE_SELL)) &&
    (spec.orderId === undefined || ORDER_KEYS.some((key) => fields[key] === spec.orderId)) &&
    event.seq >= (spec.fromSeq ?? 0) &&
    event.seq <= (spec.toSeq ?? Infinity) &&
    time >= (spec.fromTime ?? 0n) &&
    (spec.toTime === undefined || time <= spec.toTime)
  );
}

const anySeq = fc.nat({ max: 900 });
const anyTime = fc.nat({ max: 400 }).map((ns) => EPOCH + BigInt(ns));
const anySpec: fc.Arbitrary<FilterSpec> = fc.record(
  {
    kinds: fc.subarray([Kind.Trade, Kind.Fill, Kind.NewOrder, Kind.Timer, Kind.Mark]),
    instruments: fc.subarray(['X:A', 'X:B', '#2', '-', 'nowhere']),
    sources: fc.subarray(['feed', 'venue', '#1', '-']),
    side: fc.constantFrom('buy', 'sell'),
    orderId: fc.nat({ max: 4 }),
    fromSeq: anySeq,
    toSeq: anySeq,
    fromTime: anyTime,
    toTime: anyTime,
  },
  { requiredKeys: [] },
);

function extract(
  bytes: Uint8Array,
  spec: FilterSpec,
  how: { skip: boolean; encoding: 'binary' | 'text' },
): Buffer {
  const filter = createFilter(spec);
  const reader = openBytes(bytes, how.skip ? { wanted: (frame) => filterWants(filter, frame) } : {});
  const sink = createSink();
  const create = how.encoding === 'binary' ? createBinaryWriter : createTextWriter;
  const writer = create({ header: HEADER, ports: PORTS, frameBytes: 512 }, sink);
  const extraction = { filter, writer, taken: 0 };
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    updateFilter(filter, reader.decoder.tables);
    expect(extractBatch(extraction, reader, batch)).toBeUndefined();
  }
  expect(reader.error).toBeUndefined();
  endTape(writer);
  return Buffer.concat(sink.parts);
}

describe('a filter', () => {
  const { bytes } = writeTape('binary', marketItems('filter', 400), { frameBytes: 600 });
  const all = listEvents(openBytes(bytes));

  // Fails when a condition is lost, a bound is off by one, or a frame is skipped that holds a wanted event.
  test.each(seeds(61))('takes what its words say, with and without skipping frames (seed %s)', (seed) => {
    checkProperty(
      seed,
      fc.property(anySpec, fc.constantFrom('binary', 'text'), (spec, encoding) => {
        const expected = all.filter(({ event }) => wants(spec, event)).map(({ line }) => line);
        for (const skip of [false, true]) {
          const taken = openBytes(extract(bytes, spec, { skip, encoding }), { hash: true, verify: true });
          expect(listEvents(taken).map(({ line }) => line)).toEqual(expected);
          expect(taken.end?.sealed).toBe(true);
        }
      }),
      60,
    );
  });

  // Fails when the bound of a frame is off by one: the first and the last event of each are asked for.
  test('takes each event alone, by its seq and by its time', () => {
    for (const { event, line } of all) {
      if (event.kind === Kind.Define) continue;
      const bySeq = extract(
        bytes,
        { fromSeq: event.seq, toSeq: event.seq },
        { skip: true, encoding: 'text' },
      );
      expect(listEvents(openBytes(bySeq)).filter((found) => found.event.kind !== Kind.Define)).toMatchObject([
        { line },
      ]);
      const time = EPOCH + BigInt(event.timeNs);
      const byTime = extract(bytes, { fromTime: time, toTime: time }, { skip: true, encoding: 'binary' });
      expect(listEvents(openBytes(byTime)).map((found) => found.line)).toContain(line);
    }
  });

  test('skips frames: most are never looked at', () => {
    const filter = createFilter({ fromSeq: all[200].event.seq, toSeq: all[201].event.seq });
    let wanted = 0;
    let frames = 0;
    const reader = openBytes(bytes, {
      wanted: (frame) => {
        frames += 1;
        const want = filterWants(filter, frame);
        if (want) wanted += 1;
        return want;
      },
    });
    listEvents(reader);
    expect(frames).toBeGreaterThan(20);
    expect(wanted).toBeLessThan(4);
  });
});
