// Commands and reports as events of a tape: there and back, and what a book refuses of a tape.
import * as fc from 'fast-check';
import {
  BLANK,
  FLAG_LAST,
  Kind,
  N_MAX,
  NONE,
  SIDE_BUY,
  SIDE_SELL,
  UNIX_EPOCH,
  createRecordOut,
  decodeEvent,
  encodeEvent,
} from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { describe, expect, test } from 'vitest';
import {
  COMMAND_CELLS,
  OPS,
  OP_AMEND,
  QTY_REMAINING,
  commandCode,
  commandEvent,
  commandOfEvent,
  createCommands,
  createReferenceBook,
  createReports,
  decodeReport,
  encodeCommand,
  reportEvent,
  unwrittenField,
} from '../src/index.ts';
import type { Command } from '../src/index.ts';

const PLACE = { timeNs: 12, source: 3, cause: 40 };

/** An event as it comes back from a tape: an event that cannot be encoded fails here. */
function throughTape<T extends Event>(event: T): T {
  const out = createRecordOut(UNIX_EPOCH);
  expect(encodeEvent(out, event)).toBe(0);
  return decodeEvent(out, 0, UNIX_EPOCH, NONE) as T;
}

function cellsOf(command: Command): {
  readonly u32: number[];
  readonly event: Event;
  readonly unwritten: string;
} {
  const commands = createCommands(1);
  encodeCommand(commands, 0, command);
  return {
    u32: [...commands.u32],
    event: throughTape(commandEvent(commands, 0, PLACE)),
    unwritten: unwrittenField(commands, 0),
  };
}

const ids = fc.constantFrom(0, 1, 2 ** 52, N_MAX);
const ticks = fc.constantFrom(NONE, -N_MAX, -(2 ** 31), -1, 0, 100, 2 ** 31, N_MAX);
const lots = fc.constantFrom(-N_MAX, -1, 0, 1, 5, N_MAX);
const owner = fc.constantFrom(0, 1, 0xffffffff);
const header = {
  orderId: ids,
  owner,
  instrument: fc.constantFrom(0, 1, 65_535),
  source: fc.constant(3),
  timeNs: fc.constant(12),
};
const side = fc.constantFrom('buy' as const, 'sell' as const);
const postOnly = fc.constantFrom(undefined, 'reject' as const, 'slide' as const);

const asked: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.record({
    ...header,
    op: fc.constant('new'),
    side,
    type: fc.constantFrom('limit', 'market'),
    tif: fc.constantFrom('GTC', 'IOC', 'FOK'),
    priceTicks: ticks,
    qtyLots: lots,
    minQtyLots: lots,
    postOnly,
    stp: fc.constantFrom(undefined, 'newest', 'oldest', 'both', 'decrement'),
  }),
  fc.record({ ...header, op: fc.constant('cancel') }),
  fc.record({
    ...header,
    op: fc.constant('amend'),
    priceTicks: ticks,
    qtyLots: fc.oneof(lots, fc.constant(NONE)),
    qtyMode: fc.constantFrom(undefined, 'total', 'remaining'),
    postOnly,
  }),
  fc.record({ ...header, op: fc.constant('reduce'), qtyLots: fc.oneof(lots, fc.constant(NONE)) }),
  fc.record({
    ...header,
    orderId: fc.constant(undefined),
    op: fc.constant('cancelAll'),
    everyone: fc.boolean(),
    side: fc.constantFrom(undefined, 'buy', 'sell'),
  }),
);

describe('a command', () => {
  test('comes back from its event cell by cell (seed 62)', () => {
    const seen = new Set<unknown>();
    fc.assert(
      fc.property(asked, (given) => {
        seen.add(given['op']);
        const { u32, event, unwritten } = cellsOf(given as unknown as Command);
        expect(unwritten).toBe('');
        const back = createCommands(1);
        expect(commandOfEvent(event, back, 0)).toEqual({ ok: true, value: undefined });
        expect([...back.u32]).toEqual(u32);
      }),
      { seed: 62, numRuns: 2000 },
    );
    expect(seen.size).toBe(OPS.length);
  });

  test('says on the tape what it asks', () => {
    const { event } = cellsOf({
      op: 'new',
      orderId: 7,
      instrument: 2,
      owner: 9,
      side: 'sell',
      type: 'limit',
      tif: 'IOC',
      priceTicks: -3,
      qtyLots: 5,
      minQtyLots: 2,
      postOnly: 'slide',
      stp: 'both',
    });
    expect(event).toEqual({
      ...BLANK.NewOrder,
      ...PLACE,
      flags: FLAG_LAST | SIDE_SELL,
      instrument: 2,
      account: 9,
      orderId: 7,
      priceTicks: -3,
      qtyLots: 5,
      minQtyLots: 2,
      type: 1,
      tif: 2,
      postOnly: 2,
      stp: 3,
    });
    expect(cellsOf({ op: 'reduce', orderId: 7, qtyLots: 2, priceTicks: 5 }).event).toMatchObject({
      kind: Kind.AmendOrder,
      qtyMode: 3,
      priceTicks: NONE,
      qtyLots: 2,
    });
    expect(cellsOf({ op: 'cancelAll', everyone: true, side: 'buy', instrument: 0 }).event).toMatchObject({
      kind: Kind.CancelAll,
      scope: 1,
      flags: FLAG_LAST | SIDE_BUY,
    });
  });

  // Fails when a stand-in is accepted, or refused for another reason than what it stands for.
  test.each<[string, Partial<Command>, string]>([
    ['qtyLots', { qtyLots: 1.5 }, 'badQty'],
    ['qtyLots', { qtyLots: 1e300 }, 'badQty'],
    ['qtyLots', { qtyLots: NONE }, 'badQty'],
    ['priceTicks', { priceTicks: 0.5 }, 'badPrice'],
    ['priceTicks', { priceTicks: -Infinity }, 'badPrice'],
    ['minQtyLots', { minQtyLots: 0.5 }, 'badQty'],
    ['minQtyLots', { minQtyLots: 2 ** 53 }, 'badQty'],
  ])('with a %s that no record holds (%j) is refused from the tape too: %s', (field, more, code) => {
    const command = {
      op: 'new',
      orderId: 1,
      side: 'buy',
      type: 'limit',
      priceTicks: 1,
      qtyLots: 5,
      ...more,
    } as const;
    const { event, unwritten } = cellsOf(command);
    expect(unwritten).toBe(field);
    const commands = createCommands(2);
    encodeCommand(commands, 0, command);
    commandOfEvent(event, commands, 1);
    const book = createReferenceBook();
    const out = createReports();
    book.apply(commands, 0, out);
    book.apply(commands, 1, out);
    expect([decodeReport(out, 0), decodeReport(out, 1)]).toMatchObject([{ reason: code }, { reason: code }]);
  });

  test.each<[string, Event]>([
    ['side', { ...BLANK.NewOrder, type: 1, tif: 1 }],
    ['type', { ...BLANK.NewOrder, flags: SIDE_BUY, tif: 1 }],
    ['type', { ...BLANK.NewOrder, flags: SIDE_BUY, type: 3, stopTicks: 5 }],
    ['tif', { ...BLANK.NewOrder, flags: SIDE_BUY, type: 1, tif: 4 }],
    ['tif', { ...BLANK.NewOrder, flags: SIDE_BUY, type: 1, tif: 5 }],
    ['postOnly', { ...BLANK.NewOrder, flags: SIDE_BUY, type: 1, postOnly: 3 }],
    ['positionSide', { ...BLANK.NewOrder, flags: SIDE_BUY, type: 1, positionSide: 1 }],
    ['exec', { ...BLANK.NewOrder, flags: SIDE_BUY, type: 1, exec: 1 }],
    ['expireTime', { ...BLANK.NewOrder, flags: SIDE_BUY, type: 1, expireTime: 0 }],
    ['stopTicks', { ...BLANK.NewOrder, flags: SIDE_BUY, type: 1, stopTicks: 0 }],
    ['displayLots', { ...BLANK.NewOrder, flags: SIDE_BUY, type: 1, displayLots: 1 }],
    ['ext', { ...BLANK.NewOrder, flags: SIDE_BUY, type: 1, ext: '00' }],
    ['ext', { ...BLANK.CancelOrder, ext: '00' }],
    ['qtyMode', { ...BLANK.AmendOrder, qtyLots: 5 }],
    ['qtyMode', { ...BLANK.AmendOrder, qtyLots: 5, qtyMode: 4 }],
    ['priceTicks', { ...BLANK.AmendOrder, qtyLots: 5, priceTicks: 5, qtyMode: 3 }],
    ['postOnly', { ...BLANK.AmendOrder, qtyLots: 5, postOnly: 1, qtyMode: 3 }],
    ['postOnly', { ...BLANK.AmendOrder, qtyLots: 5, postOnly: 3, qtyMode: 1 }],
    ['newOrderId', { ...BLANK.AmendOrder, qtyLots: 5, qtyMode: 1, newOrderId: 2 }],
    ['ext', { ...BLANK.AmendOrder, qtyLots: 5, qtyMode: 1, ext: '00' }],
    ['scope', { ...BLANK.CancelAll, scope: 2 }],
    ['ext', { ...BLANK.CancelAll, ext: '00' }],
    ['kind', { ...BLANK.Fill }],
  ])('with a %s that a book has no rule for is refused', (field, event) => {
    const commands = createCommands(1);
    expect(commandOfEvent(event, commands, 0)).toMatchObject({ ok: false, error: { field } });
    expect([...commands.u32]).toEqual(Array.from({ length: COMMAND_CELLS * 2 }, () => 0));
  });

  test('is the same wherever it came from, and without a time in force it is good till canceled', () => {
    const event: Event = {
      ...BLANK.NewOrder,
      flags: SIDE_BUY,
      type: 1,
      orderId: 1,
      qtyLots: 5,
      priceTicks: 9,
      timeNs: 4,
    };
    const [plain, origin] = [createCommands(1), createCommands(1)];
    commandOfEvent({ ...event, tif: 1 }, plain, 0);
    commandOfEvent(
      { ...event, intentId: 5, parentOrderId: 6, decidedTime: 1, requestId: 8, cause: 2 },
      origin,
      0,
    );
    expect(origin.u32).toEqual(plain.u32);
  });
});

describe('a report', () => {
  /** Facts of commands, one command after the other. */
  function facts(...given: Command[]): Event[] {
    const book = createReferenceBook({ instrument: 2 });
    const commands = createCommands(1);
    return given.flatMap((command, k) => {
      const out = createReports();
      encodeCommand(commands, 0, command);
      book.apply(commands, 0, out);
      return Array.from({ length: out.count }, (_, at) => {
        const last = at === out.count - 1;
        return throughTape(reportEvent(out, at, { timeNs: k, source: 4, cause: 10 + k, last }));
      });
    });
  }

  const order = (orderId: number, given: Partial<Command>): Command => ({
    op: 'new',
    orderId,
    side: 'buy',
    type: 'limit',
    priceTicks: 100,
    qtyLots: 5,
    owner: orderId,
    ...given,
  });
  const at = (k: number, flags: number): object => ({
    seq: NONE,
    timeNs: k,
    source: 4,
    cause: 10 + k,
    causeTape: 0,
    instrument: 2,
    flags,
  });

  test('of every kind becomes its fact: the last of a command has LAST, a fill the aggressor’s side', () => {
    const found = facts(
      order(1, {}),
      order(2, { side: 'sell', qtyLots: 7, tif: 'IOC' }),
      order(1, { qtyLots: 0 }),
      order(3, { stp: 'decrement' }),
      order(3 + 1, { side: 'sell', owner: 3, qtyLots: 2, stp: 'decrement' }),
      { op: 'amend', orderId: 3, owner: 3, qtyLots: 1 },
      { op: 'cancelAll', owner: 3 },
      { op: 'cancelAll', side: 'sell' },
    );
    const accepted = { ...BLANK.Accepted, type: 1, tif: 1, priceTicks: 100, leavesLots: 5 };
    expect(found).toEqual([
      { ...accepted, ...at(0, FLAG_LAST | SIDE_BUY), orderId: 1, account: 1 },
      { ...accepted, ...at(1, SIDE_SELL), orderId: 2, account: 2, tif: 2, leavesLots: 7 },
      {
        ...BLANK.Fill,
        ...at(1, SIDE_SELL),
        tradeId: 1,
        priceTicks: 100,
        qtyLots: 5,
        makerOrderId: 1,
        takerOrderId: 2,
        makerLeaves: 0,
        takerLeaves: 2,
        makerAccount: 1,
        takerAccount: 2,
        basis: 1,
      },
      {
        ...BLANK.Canceled,
        ...at(1, FLAG_LAST | SIDE_SELL),
        orderId: 2,
        canceledLots: 2,
        reason: 2,
        account: 2,
      },
      {
        ...BLANK.Rejected,
        ...at(2, FLAG_LAST | SIDE_BUY),
        orderId: 1,
        command: 0x10,
        by: 1,
        code: 1,
        account: 1,
      },
      { ...accepted, ...at(3, FLAG_LAST | SIDE_BUY), orderId: 3, account: 3 },
      { ...accepted, ...at(4, SIDE_SELL), orderId: 4, account: 3, leavesLots: 2 },
      {
        ...BLANK.Amended,
        ...at(4, SIDE_BUY),
        orderId: 3,
        priceTicks: 100,
        leavesLots: 3,
        reason: 3,
        priorityKept: 1,
        account: 3,
        contraOrderId: 4,
      },
      {
        ...BLANK.Canceled,
        ...at(4, FLAG_LAST | SIDE_SELL),
        orderId: 4,
        canceledLots: 2,
        reason: 4,
        account: 3,
        contraOrderId: 3,
      },
      {
        ...BLANK.Amended,
        ...at(5, FLAG_LAST | SIDE_BUY),
        orderId: 3,
        priceTicks: 100,
        leavesLots: 1,
        reason: 1,
        priorityKept: 1,
        account: 3,
      },
      { ...BLANK.Canceled, ...at(6, SIDE_BUY), orderId: 3, canceledLots: 1, reason: 5, account: 3 },
      { ...BLANK.CancelAllDone, ...at(6, FLAG_LAST), canceled: 1 },
      { ...BLANK.CancelAllDone, ...at(7, FLAG_LAST | SIDE_SELL) },
    ]);
  });

  test('of a reject names the kind of its command', () => {
    const kinds = facts(
      { op: 'cancel', orderId: 1 },
      { op: 'amend', orderId: 1 },
      { op: 'reduce', orderId: 1, qtyLots: 1 },
    ).map((event) => event.kind === Kind.Rejected && [event.command, event.code]);
    expect(kinds).toEqual([
      [Kind.CancelOrder, 5],
      [Kind.AmendOrder, 5],
      [Kind.AmendOrder, 5],
    ]);
  });

  test('of a market order has no price', () => {
    expect(facts(order(1, { type: 'market', priceTicks: NONE }))).toMatchObject([
      { kind: Kind.Accepted, priceTicks: NONE, type: 2 },
      { kind: Kind.Canceled, reason: 3, canceledLots: 5 },
    ]);
  });
});

// Fails when a command whose code was put together by hand writes an event that no book takes back.
test('an amend whose quantity is not said to be total or remaining is one of what remains', () => {
  const commands = createCommands(1);
  encodeCommand(commands, 0, { op: 'amend', orderId: 1, qtyLots: 4 });
  const asked = [...commands.u32];
  commands.u32[0] = commandCode({ op: OP_AMEND });
  const event = throughTape(commandEvent(commands, 0, PLACE));
  expect(event).toMatchObject({ qtyLots: 4, qtyMode: QTY_REMAINING });
  expect(commandOfEvent(event, commands, 0)).toMatchObject({ ok: true });
  expect(commands.u32[0]).toBe(asked[0]);
  expect(commandOfEvent({ ...BLANK.AmendOrder, orderId: 1, priceTicks: 5 }, commands, 0)).toMatchObject({
    ok: true,
  });
  expect(commands.u32[0]).toBe(asked[0]);
});

test('a reduce has no price, whatever stands in its cell', () => {
  const commands = createCommands(1);
  encodeCommand(commands, 0, { op: 'reduce', orderId: 1, qtyLots: 4, priceTicks: 1.5 });
  expect(unwrittenField(commands, 0)).toBe('');
  expect(commandEvent(commands, 0, PLACE)).toMatchObject({ priceTicks: NONE, qtyLots: 4 });
});
