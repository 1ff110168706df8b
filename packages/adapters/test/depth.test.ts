import { describe, expect, test } from 'vitest';
import {
  FLAG_BAD_BOOK,
  Kind,
  type BookReset,
  type BookUpdate,
  type Event,
  type FeedStatus,
} from '@truetape/contracts';
import { depth, importLines, line, quote, reportOf, snapshot, T0 } from './capture.ts';
import { checkTape } from './tape-check.ts';

const BIDS = [
  ['100.5', '1'],
  ['100.4', '2'],
] as const;
const ASKS = [
  ['100.6', '3'],
  ['100.7', '4'],
] as const;

const updates = (events: readonly Event[]): BookUpdate[] =>
  events.filter((event) => event.kind === Kind.BookUpdate);
const statuses = (events: readonly Event[]): FeedStatus[] =>
  events.filter((event) => event.kind === Kind.FeedStatus);
const resets = (events: readonly Event[]): BookReset[] =>
  events.filter((event) => event.kind === Kind.BookReset);

/** Kinds in a word: what stands on the tape, in which order. */
function story(events: readonly Event[]): string[] {
  return events.flatMap((event) => {
    if (event.kind === Kind.BookReset) return [`reset ${event.lastUpdateId}`];
    if (event.kind === Kind.BookUpdate) {
      return [`${(event.flags & FLAG_BAD_BOOK) === 0 ? 'update' : 'doubt'} ${event.lastUpdateId}`];
    }
    return event.kind === Kind.FeedStatus ? [`status ${event.status}`] : [];
  });
}

test('messages wait for the snapshot, then follow it with the time that they were held', () => {
  const imported = importLines([
    depth(0, [90, 99, 80], [['100.5', '9']]),
    depth(10, [100, 110, 99], [['100.5', '5']]),
    snapshot(30, 105, BIDS, ASKS),
    depth(
      40,
      [111, 120, 110],
      [
        ['100.4', '0'],
        ['99.9', '0'],
      ],
    ),
  ]);
  checkTape(imported.events);
  expect(story(imported.events)).toEqual(['reset 105', 'update 110', 'update 120']);
  expect(updates(imported.events).map(({ heldNs }) => heldNs)).toEqual([20e6, 0]);
  expect(updates(imported.events)[0]).toMatchObject({
    firstUpdateId: 100,
    prevUpdateId: 99,
    timeNs: 30e6,
    matchTime: 10e6,
  });
  expect(resets(imported.events)[0]).toMatchObject({
    bids: 2,
    asks: 2,
    knownLowTicks: 1004,
    knownHighTicks: 1007,
    reason: 1,
  });
  expect(reportOf(imported)).toMatchObject({
    depthUpdates: 3,
    snapshots: 1,
    depth: { bridged: 1, dropped: 1, applied: 2, doubted: 0, gaps: 0, unknownDeletes: 1, lastUpdateId: 120 },
    book: {
      bid: { price: '100.5', qty: '5' },
      ask: { price: '100.6', qty: '3' },
      bidLevels: 1,
      askLevels: 2,
    },
  });
});

test('the message that ends at the snapshot’s id is kept, so that the next one continues it', () => {
  const imported = importLines([
    depth(0, [100, 105, 99], []),
    snapshot(5, 105, BIDS, ASKS),
    depth(10, [108, 110, 105], []),
    depth(20, [111, 112, 110], []),
  ]);
  expect(story(imported.events)).toEqual(['reset 105', 'update 105', 'update 110', 'update 112']);
});

test('an empty message is a record of its own', () => {
  const imported = importLines([snapshot(0, 100, BIDS, ASKS), depth(1, [100, 101, 99], [])]);
  expect(updates(imported.events)).toMatchObject([{ levels: 0, lastUpdateId: 101 }]);
});

test('a gap makes the book uncertain until a new snapshot; what is behind that snapshot comes again', () => {
  const imported = importLines([
    snapshot(0, 100, BIDS, ASKS),
    depth(1, [100, 105, 99], []),
    depth(2, [110, 120, 109], [['100.5', '7']]),
    depth(3, [121, 130, 120], [['100.5', '8']]),
    depth(4, [131, 140, 130], [['100.5', '9']]),
    snapshot(5, 125, BIDS, ASKS),
    depth(6, [141, 150, 140], []),
  ]);
  checkTape(imported.events);
  expect(story(imported.events)).toEqual([
    'reset 100',
    'update 105',
    'status 5',
    'doubt 120',
    'doubt 130',
    'doubt 140',
    'reset 125',
    'status 7',
    'update 130',
    'update 140',
    'update 150',
  ]);
  expect(statuses(imported.events)).toMatchObject([
    { status: 5, previous: 0, expectedId: 105, receivedId: 109, lastGoodTime: 1e6 },
    { status: 7, previous: 5 },
  ]);
  expect(resets(imported.events)[1].reason).toBe(2);
  expect(reportOf(imported).depth).toMatchObject({ bridged: 2, dropped: 1, applied: 4, doubted: 0, gaps: 1 });
  expect(reportOf(imported).book).toMatchObject({ status: 'live', bid: { qty: '9' } });
});

test('a gap without a new snapshot stays in doubt to the end', () => {
  const imported = importLines([
    snapshot(0, 100, BIDS, ASKS),
    depth(1, [110, 120, 109], []),
    depth(2, [121, 130, 120], []),
  ]);
  expect(story(imported.events)).toEqual(['reset 100', 'status 5', 'doubt 120', 'doubt 130']);
  expect(reportOf(imported)).toMatchObject({
    depth: { doubted: 2, applied: 0 },
    book: { status: 'uncertain' },
  });
});

test('without a snapshot the messages come at the end, in doubt', () => {
  const imported = importLines([depth(0, [1, 2, 0], BIDS), depth(5, [3, 4, 2], ASKS)]);
  checkTape(imported.events);
  expect(updates(imported.events)).toMatchObject([{ heldNs: 5e6, flags: FLAG_BAD_BOOK }, { heldNs: 0 }]);
  expect(reportOf(imported).depth).toMatchObject({ doubted: 2, bridged: 0, gaps: 0 });
});

test('waiting is bounded: with too many messages the book goes on in doubt, until a snapshot ends it', () => {
  const many = Array.from({ length: 9000 }, (_, at) =>
    depth(at, [at + 1, at + 1, at], [['100.5', `${at + 1}`]]),
  );
  const imported = importLines([
    ...many,
    snapshot(9000, 8500, BIDS, ASKS),
    depth(9001, [9001, 9002, 9000], []),
  ]);
  checkTape(imported.events);
  expect(story(imported.events).slice(0, 2)).toEqual(['doubt 1', 'doubt 2']);
  // The 808 oldest are no longer kept when the snapshot comes, so that it cannot say what they were.
  expect(reportOf(imported).depth).toMatchObject({ dropped: 7691, applied: 502, doubted: 808, bridged: 1 });
});

test('a snapshot of a live book renews its range; one that came too late is left out', () => {
  const lines = [
    snapshot(0, 100, BIDS, ASKS),
    depth(1, [100, 105, 99], []),
    depth(2, [106, 110, 105], [['100.5', '7']]),
    snapshot(
      3,
      105,
      [
        ['100.5', '2'],
        ['100.3', '1'],
      ],
      ASKS,
    ),
  ];
  const renewed = importLines([...lines, quote(4, 120, ['100.5', '7'], ['100.6', '3'])]);
  // Each message is held against the quotes once, though it stands on the tape twice.
  expect(reportOf(renewed).oracle).toMatchObject({ checked: 0, unmatched: 2 });
  expect(story(renewed.events)).toEqual([
    'reset 100',
    'update 105',
    'update 110',
    'reset 105',
    'update 105',
    'update 110',
  ]);
  expect(reportOf(renewed)).toMatchObject({
    depth: { applied: 2, dropped: 0, staleSnapshots: 0 },
    book: { knownLow: '100.3', bid: { qty: '7' }, bidLevels: 2 },
  });
  const busy = Array.from({ length: 600 }, (_, at) => depth(3 + at, [111 + at, 111 + at, 110 + at], []));
  const late = importLines([...lines.slice(0, 3), ...busy, snapshot(700, 105, BIDS, ASKS)]);
  expect(resets(late.events)).toHaveLength(1);
  expect(reportOf(late).depth).toMatchObject({ staleSnapshots: 1, applied: 602, gaps: 0 });
});

test('a crossed book is told once and marked until it is whole again', () => {
  const imported = importLines([
    snapshot(0, 100, BIDS, ASKS),
    depth(1, [100, 101, 99], [['100.6', '1']]),
    depth(2, [102, 103, 101], [['100.2', '1']]),
    depth(3, [104, 105, 103], [['100.6', '0']]),
  ]);
  checkTape(imported.events);
  expect(story(imported.events)).toEqual(['reset 100', 'doubt 101', 'status 9', 'doubt 103', 'update 105']);
  expect(reportOf(imported).depth.crossed).toBe(2);
});

test('partial depth and a second depth stream of a symbol are no part of the book', () => {
  const partial = depth(3, [200, 201, 199], []).replace('@depth@0ms', '@depth5@100ms');
  const rpi = depth(3, [200, 201, 199], []).replace('@depth@0ms', '@rpiDepth@500ms');
  const second = depth(3, [200, 201, 199], []).replace('@depth@0ms', '@depth@100ms');
  const imported = importLines([
    snapshot(0, 100, BIDS, ASKS),
    depth(1, [100, 101, 99], []),
    partial,
    rpi,
    second,
  ]);
  expect(reportOf(imported)).toMatchObject({
    depthUpdates: 1,
    unknown: { 'btcusdt@depth5@100ms': 1, 'btcusdt@rpiDepth@500ms': 1, 'btcusdt@depth@100ms': 1 },
  });
});

test('frames without envelope are known by themselves', () => {
  const bare = (text: string): string => text.replace(/\{"stream":"[^"]*","data":(.*)\}$/, '$1');
  const lines = [
    snapshot(0, 100, BIDS, ASKS),
    depth(1, [100, 101, 99], [['100.5', '4']]),
    quote(2, 101, ['100.5', '4'], ['100.6', '3']),
  ];
  const imported = importLines(lines.map(bare));
  expect(imported.events).toEqual(importLines(lines).events);
  expect(reportOf(imported).oracle).toMatchObject({ checked: 1, equal: 1 });
});

describe('spot', () => {
  const spot = (ms: number, U: number, u: number, b: readonly (readonly [string, string])[]): string =>
    line(ms, {
      stream: 'btcusdt@depth',
      data: { e: 'depthUpdate', E: T0 + ms, s: 'BTCUSDT', U, u, b, a: [] },
    });
  const body = line(3, { lastUpdateId: 100, bids: BIDS, asks: ASKS });

  test('U ≤ L+1 ≤ u bridges, then every id follows the last', () => {
    const imported = importLines([
      spot(0, 95, 100, []),
      spot(1, 98, 103, []),
      body,
      spot(4, 104, 104, []),
      spot(5, 106, 107, []),
    ]);
    expect(imported.scan?.market).toBe('spot');
    expect(story(imported.events)).toEqual([
      'reset 100',
      'update 103',
      'update 104',
      'status 5',
      'doubt 107',
    ]);
    expect(statuses(imported.events)[0]).toMatchObject({ expectedId: 105, receivedId: 106 });
    expect(updates(imported.events)[0].prevUpdateId).toBeLessThan(0);
  });
});
