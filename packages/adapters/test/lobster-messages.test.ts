// LOBSTER message by message: what each becomes, and what the order book file adds.
import {
  FIRST_ASSIGNED_ID,
  FLAG_BAD_TIME,
  FLAG_INFERRED,
  Kind,
  NONE,
  SIDE_MASK,
  type Event,
} from '@truetape/contracts';
import { describe, expect, test } from 'vitest';
import { checkAgainstRows, importRows } from './lobster.ts';

/** Events of one message, without defines, in short. */
function told(events: readonly Event[]): object[] {
  const kinds = new Map<number, string>(Object.entries(Kind).map(([name, code]) => [code, name]));
  return events
    .filter(({ kind }) => kind !== Kind.Define)
    .map((event) => ({
      kind: kinds.get(event.kind),
      side: ['', 'buy', 'sell'][(event.flags & SIDE_MASK) >> 4],
      ...(event.flags & FLAG_INFERRED ? { inferred: true } : {}),
      ...Object.fromEntries(
        Object.entries(event).filter(
          ([key, value]) =>
            !['kind', 'flags', 'timeNs', 'instrument', 'source', 'causeTape', 'ext', 'matchTime'].includes(
              key,
            ) &&
            value !== NONE &&
            value !== 0,
        ),
      ),
    }));
}

describe('a message becomes', () => {
  const resting = '34200.000000001,1,7,100,5853300,1';
  const after = (text: string): object[] => told(importRows([resting, text]).events).slice(1);

  test('a new order: Accepted', () => {
    expect(told(importRows([resting]).events)).toEqual([
      { kind: 'Accepted', side: 'buy', orderId: 7, priceTicks: 58_533, leavesLots: 100, type: 1 },
    ]);
    expect(importRows([resting]).events.at(-1)).toMatchObject({
      timeNs: 34_200_000_000_001,
      matchTime: 34_200_000_000_001,
    });
  });

  test('a partial cancellation: Amended, in its place', () => {
    expect(after('34200.1,2,7,40,5853300,1')).toEqual([
      { kind: 'Amended', side: 'buy', orderId: 7, leavesLots: 60, reason: 2, priorityKept: 1 },
    ]);
  });

  test('a deletion: Canceled', () => {
    expect(after('34200.1,3,7,100,5853300,1')).toEqual([
      { kind: 'Canceled', side: 'buy', orderId: 7, canceledLots: 100 },
    ]);
  });

  test('an execution: Fill, whose aggressor is the other side', () => {
    expect(after('34200.1,4,7,30,5853300,1')).toEqual([
      {
        kind: 'Fill',
        side: 'sell',
        priceTicks: 58_533,
        qtyLots: 30,
        makerOrderId: 7,
        makerLeaves: 70,
        condition: 1,
      },
    ]);
    // All of it, and more than there is: nothing remains.
    for (const size of [100, 101]) {
      const { events } = importRows([resting, `34200.1,4,7,${size},5853300,1`]);
      expect(events.at(-1)).toMatchObject({ makerOrderId: 7, qtyLots: size, makerLeaves: 0 });
    }
  });

  test('a hidden execution: Fill without a maker, off the grid where it is', () => {
    expect(after('34200.1,5,0,30,5853350,-1')).toEqual([
      { kind: 'Fill', side: 'buy', priceFine: 5_853_350, qtyLots: 30, condition: 2 },
    ]);
    expect(after('34200.1,5,0,30,5853400,1')).toEqual([
      { kind: 'Fill', side: 'sell', priceTicks: 58_534, qtyLots: 30, condition: 2 },
    ]);
  });

  test('a cross: Trade without an aggressor; one that found nobody: nothing', () => {
    expect(after('34200.1,6,-1,5000,5853000,-1')).toEqual([
      { kind: 'Trade', side: '', priceTicks: 58_530, qtyLots: 5000, condition: 3 },
    ]);
    expect(after('34200.1,6,-1,0,0,-1')).toEqual([]);
  });

  test('a halt: TradingStatus, with what was before', () => {
    const { events } = importRows([
      resting,
      '34200.1,7,0,0,-1,-1',
      '34200.2,7,0,0,0,-1',
      '34200.3,7,0,0,1,-1',
    ]);
    expect(told(events).slice(1)).toEqual([
      { kind: 'TradingStatus', side: '', status: 2 },
      { kind: 'TradingStatus', side: '', status: 3, previous: 2 },
      { kind: 'TradingStatus', side: '', status: 1, previous: 3 },
    ]);
  });

  test('of an unknown order: the same, as far as it can be told', () => {
    const { events, report } = importRows(['1,2,9,10,100,1', '2,3,9,5,100,1', '3,4,9,5,100,-1']);
    expect(told(events)).toEqual([
      { kind: 'Note', side: '', text: '1,2,9,10,100,1: the order is unknown, so is what remains of it' },
      { kind: 'Canceled', side: 'buy', orderId: 9, canceledLots: 5 },
      { kind: 'Fill', side: 'buy', priceTicks: 1, qtyLots: 5, makerOrderId: 9, condition: 1 },
    ]);
    expect(report).toMatchObject({ unknownIds: 3, misfits: 0, orderbook: null, book: { status: 'empty' } });
  });

  test('what does not fit its order is counted', () => {
    const misfits = (...rows: readonly string[]): number | undefined =>
      importRows([resting, ...rows]).report?.misfits;
    expect(misfits('34200.1,2,7,100,5853300,1')).toBe(1);
    expect(misfits('34200.1,3,7,99,5853300,1')).toBe(1);
    expect(misfits('34200.1,4,7,101,5853300,1')).toBe(1);
    expect(misfits('34200.1,4,7,1,5853400,1')).toBe(1);
    expect(misfits('34200.1,4,7,1,5853300,-1')).toBe(1);
    expect(misfits('34200.1,1,7,1,5853300,1')).toBe(1);
    expect(misfits('34200.1,2,7,99,5853300,1', '34200.1,4,7,1,5853300,1')).toBe(0);
  });

  test('a time that goes back is clamped, flagged and counted', () => {
    const { events, report } = importRows(['5.5,1,1,1,100,1', '5.25,1,2,1,100,1', '5.5,1,3,1,100,1']);
    const facts = events.filter(({ kind }) => kind === Kind.Accepted);
    expect(facts.map(({ timeNs, flags }) => [timeNs, (flags & FLAG_BAD_TIME) !== 0])).toEqual([
      [5_500_000_000, false],
      [5_500_000_000, true],
      [5_500_000_000, false],
    ]);
    expect(facts[1]).toMatchObject({ matchTime: 5_250_000_000 });
    expect(report?.backward).toBe(1);
  });
});

describe('with the order book file', () => {
  // ask, ask size, bid, bid size of two levels.
  const row = (...cells: readonly number[]): string => cells.join(',');
  const none = [9_999_999_999, 0] as const;

  test('the book before message 1 is row 1 with the message undone; what has no name is a seed', () => {
    const rows = [row(300, 5, 200, 7, ...none, 100, 4)];
    const { events, report } = importRows(['1,4,9,3,300,-1'], rows);
    expect(told(events)).toEqual([
      { kind: 'Alias', side: '', inferred: true, id: FIRST_ASSIGNED_ID, scope: 2, text: 'seed:bid:0.02' },
      { kind: 'Alias', side: '', inferred: true, id: FIRST_ASSIGNED_ID + 1, scope: 2, text: 'seed:bid:0.01' },
      { kind: 'Alias', side: '', inferred: true, id: FIRST_ASSIGNED_ID + 2, scope: 2, text: 'seed:ask:0.03' },
      {
        kind: 'BookReset',
        side: '',
        inferred: true,
        bids: 2,
        asks: 1,
        knownLowTicks: 1,
        knownHighTicks: 3,
        depthLimit: 2,
        reason: 1,
      },
      {
        kind: 'Accepted',
        side: 'buy',
        inferred: true,
        orderId: FIRST_ASSIGNED_ID,
        priceTicks: 2,
        leavesLots: 7,
        type: 1,
      },
      {
        kind: 'Accepted',
        side: 'buy',
        inferred: true,
        orderId: FIRST_ASSIGNED_ID + 1,
        priceTicks: 1,
        leavesLots: 4,
        type: 1,
      },
      {
        kind: 'Accepted',
        side: 'sell',
        inferred: true,
        orderId: FIRST_ASSIGNED_ID + 2,
        priceTicks: 3,
        leavesLots: 8,
        type: 1,
      },
      { kind: 'Fill', side: 'buy', priceTicks: 3, qtyLots: 3, makerOrderId: 9, condition: 1 },
      {
        kind: 'Amended',
        side: 'sell',
        inferred: true,
        cause: 9,
        orderId: FIRST_ASSIGNED_ID + 2,
        leavesLots: 5,
        reason: 2,
        priorityKept: 1,
      },
    ]);
    expect(report?.orderbook).toMatchObject({ depth: 2, checked: 0, different: 0, inferred: 1 });
  });

  test('a first message that cannot have led to row 1 is a difference', () => {
    const { report } = importRows(['1,1,9,6,300,-1'], [row(300, 5, 200, 7)]);
    expect(report?.orderbook).toMatchObject({
      checked: 1,
      different: 1,
      differences: [
        { line: 1, orderbookLine: 1, side: 'ask', level: 1, expected: '11 @ 0.03', found: '5 @ 0.03' },
      ],
    });
  });

  test('a level that message 1 emptied stood before it, beyond the levels of the file', () => {
    const { events } = importRows(['1,4,9,3,250,-1'], [row(300, 5, 200, 7)]);
    const [reset] = events.filter(({ kind }) => kind === Kind.BookReset);
    expect(reset).toMatchObject({ bids: 1, asks: 2, depthLimit: 1 });
  });

  test.each([
    ['another size', '2,3,9,5,100,1', row(300, 5, 200, 8), { expected: '7 @ 0.02', found: '8 @ 0.02' }],
    ['another price', '2,7,0,0,-1,-1', row(400, 5, 200, 7), { expected: '5 @ 0.03', found: '5 @ 0.04' }],
    ['a level gone', '2,5,0,1,100,1', row(...none, 200, 7), { expected: '5 @ 0.03', found: 'none' }],
    [
      'better than what emptied',
      '2,3,9,5,300,-1',
      row(250, 1, 200, 7),
      { expected: 'none', found: '1 @ 0.025' },
    ],
    [
      'something taken where nothing is',
      '2,3,9,5,250,-1',
      row(300, 5, 200, 7),
      { expected: 'before it at least 5 @ 0.025', found: 'none' },
    ],
    [
      'more taken than there is',
      '2,3,9,9,300,-1',
      row(300, 5, 200, 7),
      { expected: 'before it at least 9 @ 0.03', found: '5 @ 0.03' },
    ],
  ])('a difference: %s', (_, message, next, words) => {
    const first = ['1,1,9,5,300,-1', message];
    const { report, events } = importRows(first, [row(300, 5, 200, 7), next]);
    expect(report?.orderbook).toMatchObject({ checked: 1, equal: 0, revealed: 0, different: 1 });
    expect(report?.orderbook?.differences[0]).toMatchObject({ line: 2, level: 1, ...words });
    const marks = events.flatMap((event) => (event.kind === Kind.FeedStatus ? [event.status] : []));
    expect(marks).toEqual([8, 7]);
    checkAgainstRows(importRows(first, [row(300, 5, 200, 7), next]), [row(300, 5, 200, 7), next]);
  });

  test.each([
    ['a level that a side with room did not have', '2,5,0,1,100,1', [300, 5, 200, 7, 400, 1, 100, 4]],
    [
      'a level too few behind one that emptied',
      '2,3,9,4,100,1',
      [300, 5, -9_999_999_999, 0, ...none, -9_999_999_999, 0],
    ],
    [
      'a level that a side with room did not have, behind one that emptied',
      '2,3,9,5,300,-1',
      [400, 5, 200, 7, ...none, 100, 4],
    ],
  ])('a difference of two levels: %s', (_, message, next) => {
    const rows = [row(300, 5, 200, 7, ...none, 100, 4), row(...next)];
    const imported = importRows(['1,7,0,0,-1,-1', message], rows);
    expect(imported.report?.orderbook).toMatchObject({ checked: 1, equal: 0, revealed: 0, different: 1 });
    checkAgainstRows(imported, rows);
  });

  test('a report names 20 differences, and counts all', () => {
    const messages = Array.from({ length: 25 }, (_, k) => `${k},7,0,0,-1,-1`);
    const { report } = importRows(
      messages,
      messages.map((_, k) => row(300, 5 + k, 200, 7)),
    );
    expect(report?.orderbook).toMatchObject({ checked: 24, different: 24 });
    expect(report?.orderbook?.differences.map(({ line }) => line)).toEqual(
      Array.from({ length: 20 }, (_, k) => k + 2),
    );
  });

  test('what no event says has no cause', () => {
    const rows = [row(300, 5, 200, 7), row(300, 6, 200, 7)];
    const { events } = importRows(['1,7,0,0,-1,-1', '2,6,-1,0,0,-1'], rows);
    expect(told(events).slice(-3)).toMatchObject([
      { kind: 'FeedStatus', status: 8 },
      { kind: 'Amended', inferred: true, leavesLots: 6 },
      { kind: 'FeedStatus', status: 7 },
    ]);
    expect(told(events).at(-2)).not.toHaveProperty('cause');
  });

  test('a level that comes to light with less than was known of it becomes a seed', () => {
    const messages = ['1,1,1,5,300,-1', '2,1,2,5,200,-1', '3,3,2,5,200,-1'];
    const rows = [
      row(300, 5, -9_999_999_999, 0),
      row(200, 5, -9_999_999_999, 0),
      row(300, 2, -9_999_999_999, 0),
    ];
    const imported = importRows(messages, rows);
    expect(told(imported.events).slice(-3)).toEqual([
      { kind: 'Canceled', side: 'sell', inferred: true, cause: 5, orderId: 1, canceledLots: 5 },
      { kind: 'Alias', side: '', inferred: true, id: FIRST_ASSIGNED_ID, scope: 2, text: 'seed:ask:0.03' },
      {
        kind: 'Accepted',
        side: 'sell',
        inferred: true,
        cause: 5,
        orderId: FIRST_ASSIGNED_ID,
        priceTicks: 3,
        leavesLots: 2,
        type: 1,
      },
    ]);
    expect(imported.report?.orderbook).toMatchObject({ equal: 1, revealed: 1, different: 0 });
    checkAgainstRows(imported, rows);
  });
});
