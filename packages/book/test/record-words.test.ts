// Records straight from cells and back: the same bytes and the same cells as by way of events.
import * as fc from 'fast-check';
import {
  BLANK,
  FLAG_BAD_TIME,
  FLAG_LAST,
  Kind,
  N_MAX,
  NONE,
  SIDE_BUY,
  createRecordOut,
  decodeEvent,
  encodeEvent,
  epochAt,
} from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { describe, expect, test } from 'vitest';
import {
  OPS,
  RECORD_HALVES_MAX,
  REPORT_KINDS,
  addBook,
  applyToMarket,
  commandEvent,
  commandOfEvent,
  createBook,
  createCommands,
  createMarket,
  createReports,
  encodeCommand,
  isFactOf,
  putCommand,
  putFact,
  reportEvent,
  takeCommandRecord,
} from '../src/index.ts';
import type { Command, CommandBuffer } from '../src/index.ts';
import { checkProperty, seeds } from './property.ts';
import { episodeOf } from './stream.ts';

const EPOCH = epochAt(1_700_000_000_123_456_789n);
const SOURCE = 2;

/** Numbers that a command may ask for, those that no record can hold included. */
const amounts = fc.oneof(
  fc.integer({ min: -9, max: 9 }),
  fc.constantFrom(2 ** 31, -(2 ** 31), 2 ** 31 - 1, 2 ** 32, 2 ** 52 + 1, N_MAX, -N_MAX, NONE, -0),
  fc.constantFrom(0.5, NaN, Infinity, -Infinity, N_MAX + 1, NONE - 2, 1e300),
);
const ids = fc.constantFrom(0, 7, 2 ** 31, 2 ** 32 + 3, 2 ** 52, N_MAX);
const common = {
  orderId: ids,
  owner: fc.constantFrom(0, 1, 0x8000_0000, 0xffff_ffff),
  instrument: fc.constantFrom(0, 1, 0x8000, 65_535),
  source: fc.constantFrom(0, 1, 0x8000, 65_535),
};
const postOnly = fc.constantFrom(undefined, 'reject', 'slide');
const side = fc.constantFrom('buy', 'sell');
const anyCommand: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.record({
    ...common,
    op: fc.constant('new'),
    side,
    type: fc.constantFrom('limit', 'market'),
    tif: fc.constantFrom('GTC', 'IOC', 'FOK'),
    priceTicks: amounts,
    qtyLots: amounts,
    minQtyLots: fc.oneof(fc.constant(0), amounts),
    postOnly,
    stp: fc.constantFrom(undefined, 'newest', 'oldest', 'both', 'decrement'),
  }),
  fc.record({ ...common, op: fc.constant('cancel') }),
  fc.record({
    ...common,
    op: fc.constant('amend'),
    priceTicks: amounts,
    qtyLots: amounts,
    qtyMode: fc.constantFrom('total', 'remaining'),
    postOnly,
  }),
  fc.record({ ...common, op: fc.constant('reduce'), qtyLots: amounts }),
  fc.record({
    ...common,
    op: fc.constant('cancelAll'),
    side: fc.constantFrom(undefined, 'buy', 'sell'),
    everyone: fc.boolean(),
  }),
);

const times = fc.constantFrom(0, 1, 4_171_510_506, 4_171_510_507, -5, 2 ** 40 + 3, 9_000_000_000_000_000);

function encode(event: Event): number[] {
  const out = createRecordOut(EPOCH);
  expect(encodeEvent(out, event)).toBe(0);
  return [...out.u32.subarray(0, out.words * 2)];
}

/** A buffer with what an earlier record has left in it. */
function used(): ReturnType<typeof createRecordOut> {
  const out = createRecordOut(EPOCH, 64);
  out.u8.fill(0xa5);
  return out;
}

/** All that is in the place of a command, bit for bit. */
const cellsOf = (commands: CommandBuffer, k: number): number[] => [
  ...commands.u32.subarray(k * 16, k * 16 + 16),
];

const AT = 6;

describe('records from cells', () => {
  // Fails when a word, a stand-in, a default that must not be written or a flag differs from the event's.
  test.each(seeds(81))('a command is what its event says (seed %s)', (seed) => {
    const seen = new Set<unknown>();
    const flagged = fc.constantFrom(0, FLAG_BAD_TIME);
    const decided = fc.oneof(fc.constant(NONE), times);
    checkProperty(
      seed,
      fc.property(anyCommand, times, decided, flagged, (given, timeNs, decidedNs, flags) => {
        seen.add(given['op']);
        const commands = createCommands(2);
        encodeCommand(commands, 1, given as unknown as Command);
        const event = commandEvent(commands, 1, { timeNs, source: given['source'] as number });
        const wanted = encode({ ...event, decidedTime: decidedNs, flags: event.flags | flags });
        const out = used();
        const to = putCommand(out.i32, AT, commands, 1, timeNs, decidedNs, flags, EPOCH);
        expect([...out.u32.subarray(AT, to)]).toEqual(wanted);
        expect(to - AT).toBeLessThanOrEqual(RECORD_HALVES_MAX);
        expect(out.u32[to]).toBe(0xa5a5a5a5);
      }),
      3000,
    );
    expect(seen.size).toBe(OPS.length);
  });

  // Fails when a fact of any kind differs from that of `reportEvent`, or a changed one passes for it.
  test.each(seeds(82))('a fact is what its event says (seed %s)', (seed) => {
    const kinds = new Set<number>();
    const commands = createCommands(1);
    for (let episode = 0; episode < 20; episode++) {
      const { profile, next } = episodeOf(seed, episode);
      const market = createMarket({ create: createBook, ordersMax: profile.config.ordersMax! });
      for (const instrument of [1, 2, 0x8000]) addBook(market, instrument);
      for (let k = 0; k < 120; k++) {
        const reports = createReports(1);
        encodeCommand(commands, 0, { ...next(), instrument: [1, 1, 2, 0x8000, 9, 0][k % 6] });
        applyToMarket(market, commands, 0, reports);
        const cause = 2 ** 33 + k;
        for (let one = 0; one < reports.count; one++) {
          const last = one === reports.count - 1;
          const event = reportEvent(reports, one, { timeNs: 77, source: SOURCE, cause, last });
          kinds.add(event.kind);
          const bad = k % 3 === 0 ? FLAG_BAD_TIME : 0;
          const wanted = encode({ ...event, flags: event.flags | bad });
          const out = used();
          out.u32[AT + 2] = wanted[2];
          out.u32[AT + 3] = wanted[3];
          const to = putFact(out.i32, AT, reports, one, SOURCE, cause, bad | (last ? FLAG_LAST : 0));
          expect([...out.u32.subarray(AT, to)]).toEqual(wanted);
          expect(to - AT).toBeLessThanOrEqual(RECORD_HALVES_MAX);
          const flags = bad | (last ? FLAG_LAST : 0);
          const isFact = (): boolean => isFactOf(out, AT, reports, one, SOURCE, cause, flags);
          expect(isFact()).toBe(true);
          // Any other word is another fact, but for the time, which is no part of it.
          for (let half = AT; half < to; half++) {
            const bit = 1 << ((half + k + one) % 32);
            out.i32[half] ^= bit;
            expect(isFact()).toBe(half === AT + 2 || half === AT + 3);
            out.i32[half] ^= bit;
          }
        }
      }
    }
    expect(kinds.size).toBe(REPORT_KINDS.length);
  });

  // Fails when an operation or a report that no book knows is written as another.
  test('BOOK-80: what is no command and no report is not written', () => {
    const { i32 } = createRecordOut(EPOCH, 64);
    const commands = createCommands(1);
    commands.u32[0] = 6;
    expect(() => putCommand(i32, 0, commands, 0, 1, NONE, 0, EPOCH)).toThrow('BOOK-80');
    const reports = createReports(1);
    reports.u32[0] = 7;
    expect(() => putFact(i32, 0, reports, 0, SOURCE, 1, 0)).toThrow('BOOK-80');
  });
});

const few = <Value>(usual: Value, ...others: Value[]): fc.Arbitrary<Value> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const whole = fc.constantFrom(NONE, -N_MAX, -(2 ** 31) - 1, -1, 0, 100, 2 ** 31, 2 ** 32 + 5, N_MAX);
const header = {
  timeNs: times,
  flags: fc.constantFrom(FLAG_LAST, FLAG_LAST | SIDE_BUY, FLAG_LAST | 0x20 | FLAG_BAD_TIME, 0),
  instrument: fc.constantFrom(0, 1, 65_535),
  source: fc.constantFrom(0, 1, 65_535),
  cause: few(NONE, 3),
  orderId: ids,
  account: fc.constantFrom(0, 1, 0xffff_ffff),
  decidedTime: few(NONE, 5),
  requestId: few(NONE, 4),
};
const eventOf = (
  name: 'NewOrder' | 'CancelOrder' | 'AmendOrder' | 'CancelAll' | 'Note' | 'Canceled',
  fields: { [key: string]: fc.Arbitrary<unknown> },
): fc.Arbitrary<Event> =>
  fc.record({ ...header, ...fields }).map((some) => {
    const known = Object.entries(some).filter(([key]) => key in BLANK[name]);
    return { ...BLANK[name], ...Object.fromEntries(known) };
  });
/** Commands as any tape may have them: what books have no rule for now and then. */
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  eventOf('NewOrder', {
    priceTicks: whole,
    qtyLots: whole.filter((lots) => lots !== NONE),
    type: few(1, 0, 2, 3, 4),
    tif: few(1, 0, 2, 3, 4, 5),
    postOnly: few(0, 1, 2, 3, 255),
    stp: fc.constantFrom(0, 1, 2, 3, 4),
    intentId: few(NONE, 1),
    minQtyLots: fc.oneof(fc.constant(NONE), whole),
    positionSide: few(0, 2),
    exec: few(0, 1),
    parentOrderId: few(NONE, 9),
    expireTime: few(NONE, 50),
    stopTicks: few(NONE, 1),
    displayLots: few(NONE, 1),
    ext: few('', '0100000000000000'),
  }),
  eventOf('CancelOrder', { reason: few(0, 1), ext: few('', '0100000000000000') }),
  eventOf('AmendOrder', {
    priceTicks: fc.oneof(fc.constant(NONE), whole),
    qtyLots: fc.oneof(fc.constant(NONE), whole),
    qtyMode: fc.constantFrom(0, 1, 2, 3, 4),
    postOnly: few(0, 1, 2, 3),
    newOrderId: few(NONE, 9),
    ext: few('', '0100000000000000'),
  }),
  eventOf('CancelAll', { scope: fc.constantFrom(0, 1), ext: few('', '0100000000000000') }),
  eventOf('Canceled', {}),
  eventOf('Note', { text: fc.constant('x') }),
);

describe('cells from records', () => {
  // Fails when a cell differs from `commandOfEvent`'s, or a command is taken that it refuses.
  test.each(seeds(83))('a record gives what its event gives (seed %s)', (seed) => {
    const taken = new Map<number, number>();
    checkProperty(
      seed,
      fc.property(anyEvent, (event) => {
        const out = createRecordOut(EPOCH);
        expect(encodeEvent(out, { ...BLANK.Note, timeNs: 0, text: 'before' })).toBe(0);
        const i = out.words * 2;
        expect(encodeEvent(out, event)).toBe(0);
        const wanted = createCommands(2);
        const found = createCommands(2);
        found.f64.fill(123.5);
        const asked = commandOfEvent(decodeEvent(out, i, EPOCH, 5), wanted, 1);
        const isTaken = takeCommandRecord(out, i, EPOCH, found, 1);
        if (isTaken) {
          expect(asked.ok).toBe(true);
          expect(cellsOf(found, 1)).toEqual(cellsOf(wanted, 1));
          taken.set(event.kind, (taken.get(event.kind) ?? 0) + 1);
        } else expect(isUsual(event)).toBe(false);
        expect(found.f64.subarray(0, 8)).toEqual(new Float64Array(8).fill(123.5));
      }),
      4000,
    );
    const kinds = [Kind.NewOrder, Kind.CancelOrder, Kind.AmendOrder, Kind.CancelAll];
    for (const kind of kinds) expect(taken.get(kind)).toBeGreaterThan(100);
    expect(taken.size).toBe(kinds.length);
  });

  /** True for commands that a book carries out: but for a new order with a request's id, all are to be taken. */
  function isUsual(event: Event): boolean {
    if (event.kind === Kind.NewOrder && event.requestId !== NONE) return false;
    return commandOfEvent(event, createCommands(1), 0).ok;
  }

  // Fails when a command that was written does not come back, stand-ins in their place.
  test.each(seeds(84))('what is written comes back (seed %s)', (seed) => {
    checkProperty(
      seed,
      fc.property(anyCommand, times, (given, timeNs) => {
        const commands = createCommands(1);
        encodeCommand(commands, 0, given as unknown as Command);
        const event = commandEvent(commands, 0, { timeNs, source: given['source'] as number });
        const wanted = createCommands(1);
        const through = createRecordOut(EPOCH);
        expect(encodeEvent(through, event)).toBe(0);
        expect(commandOfEvent(decodeEvent(through, 0, EPOCH, 0), wanted, 0).ok).toBe(true);
        const out = used();
        putCommand(out.i32, AT, commands, 0, timeNs, NONE, 0, EPOCH);
        expect(takeCommandRecord(out, AT, EPOCH, commands, 0)).toBe(true);
        expect(cellsOf(commands, 0)).toEqual(cellsOf(wanted, 0));
      }),
      1000,
    );
  });
});
