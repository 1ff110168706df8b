// What a replay demands, passes over and refuses.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { REPORT_CELLS, hashBook, hashMarket } from '@truetape/book';
import { BLANK, FLAG_LAST, FLAG_SNAPSHOT, Kind, NONE, SIDE_BUY, SIDE_SELL } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import type { Sha256 } from '@truetape/kernel';
import { applyReplay, createReplay, createReplayBooks, endReplay, isReplayed } from '../src/index.ts';
import type { ReplayBooks } from '../src/index.ts';
import {
  AGENT,
  FEED,
  VENUE,
  defines,
  isCommand,
  isFact,
  numbered,
  randomTape,
  replayed,
  tapeOf,
} from './tapes.ts';

const sha256: Sha256 = () => {
  const hash = createHash('sha256');
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => new Uint8Array(hash.digest()),
    copy: () => hash.copy(),
  };
};

const order = (orderId: number, side: number, priceTicks: number, qtyLots: number): Event => ({
  ...BLANK.NewOrder,
  source: AGENT,
  account: 1,
  instrument: 1,
  flags: FLAG_LAST | side,
  orderId,
  priceTicks,
  qtyLots,
  type: 1,
  tif: 1,
});

/**
 * Seqs 5 … 10: an order, its Accepted, one that meets it, its Accepted, the Fill; a cancel that comes too
 * late.
 */
const SMALL = tapeOf([
  order(1, SIDE_SELL, 100, 5),
  order(2, SIDE_BUY, 100, 5),
  { ...BLANK.CancelOrder, source: AGENT, account: 1, instrument: 1, flags: FLAG_LAST, orderId: 1 },
]);
const FIRST = defines().length;

describe('a tape of a venue', () => {
  test('matches itself: every fact is compared, with the life of its orders (seed 5)', () => {
    const events = randomTape(createStream(5, 'replay'), 2000);
    const { replay, stop } = replayed(events, { orders: true });
    expect(stop).toBeUndefined();
    expect(replay).toMatchObject({
      commandCount: 2000,
      factCount: events.filter(isFact).length,
      gaps: false,
      stoppedCount: 0,
    });
    for (const kind of [
      Kind.Accepted,
      Kind.Rejected,
      Kind.Fill,
      Kind.Canceled,
      Kind.Amended,
      Kind.CancelAllDone,
    ])
      expect(events.some((event) => event.kind === kind)).toBe(true);
  });

  test('without commands matches: nothing was compared', () => {
    expect(replayed(numbered(defines())).replay.books.market.instruments).toEqual([1, 2]);
    expect(replayed(numbered(defines()))).toMatchObject({ stop: undefined, replay: { factCount: 0 } });
  });

  test('of which the end is missing differs there', () => {
    expect(replayed(SMALL.slice(0, FIRST + 4)).stop).toEqual({
      type: 'difference',
      code: 'missing',
      seq: FIRST + 4,
      kind: 0,
      field: 'kind',
      expected: 'Fill',
      found: 'the end of the tape',
      command: FIRST + 2,
      gaps: false,
    });
  });

  test('stays stopped at its first difference', () => {
    const replay = createReplay({ observer: 'venue' });
    if (!replay.ok) throw new Error(replay.error.code);
    const stops = [...SMALL.slice(0, FIRST), ...SMALL.slice(FIRST + 1)].map((event) =>
      applyReplay(replay.value, event),
    );
    const [first] = stops.filter((stop) => stop !== undefined);
    expect(first).toMatchObject({ code: 'surplus', seq: FIRST + 1, command: NONE });
    expect(stops.slice(FIRST).every((stop) => stop === first)).toBe(true);
    expect(endReplay(replay.value, SMALL.length)).toBe(first);
    expect(replay.value.commandCount).toBe(0);
  });

  test('needs commands, facts, Defines, Skips and Checkpoints; all else may be left out', () => {
    const needed = Object.entries(Kind).filter(([, kind]) => isReplayed(kind));
    expect(needed.map(([name]) => name).join(' ')).toBe(
      'Define Checkpoint Skip NewOrder CancelOrder AmendOrder CancelAll Accepted Rejected ' +
        'Fill Canceled Amended Expired CancelAllDone',
    );
  });
});

describe('what is no fact of a book', () => {
  /** The small tape with an event at a seq, all behind it one later. */
  const inserted = (seq: number, event: Event): Event[] =>
    numbered(SMALL.toSpliced(seq, 0, event)).map((one) =>
      isFact(one) && one.source === VENUE && one.cause >= seq ? { ...one, cause: one.cause + 1 } : one,
    );
  const rejected = { ...BLANK.Rejected, orderId: 9, command: Kind.NewOrder, code: 11, source: AGENT };
  const others: [string, Event][] = [
    ['Rejected by gateway', { ...rejected, by: 2 }],
    ['Rejected by engine', { ...rejected, by: 3 }],
    ['Rejected by queue', { ...rejected, by: 4, code: 10, cause: 1 }],
    ['Dropped', { ...BLANK.Dropped, orderId: 9, policy: 1 }],
    ['FaultInjected', { ...BLANK.FaultInjected, effect: 2, handling: 1 }],
    ['a fact of a feed', { ...BLANK.Accepted, orderId: 9, leavesLots: 3, instrument: 1, source: FEED }],
    ['a Note', { ...BLANK.Note, text: 'between' }],
  ];

  test.each(others)('%s stands anywhere', (_, event) => {
    for (let seq = FIRST; seq <= SMALL.length; seq++)
      expect(replayed(inserted(seq, event), { orders: true }).stop).toBeUndefined();
  });

  test('rejects before the matcher are counted, and facts of other sources', () => {
    const counts = others.map(([, event]) => {
      const { stoppedCount, othersCount } = replayed(inserted(FIRST + 2, event)).replay;
      return [stoppedCount, othersCount];
    });
    expect(counts.map(([stopped]) => stopped)).toEqual([1, 1, 1, 0, 0, 0, 0]);
    expect(counts.map(([, other]) => other)).toEqual([0, 0, 0, 0, 0, 1, 0]);
  });

  test('what names a command that was answered is no answer to it', () => {
    const late = inserted(FIRST + 2, { ...others[0][1], cause: FIRST } as Event);
    expect(replayed(late)).toMatchObject({ stop: undefined, replay: { stoppedCount: 1, factCount: 4 } });
  });

  test('a reject before the matcher may name what a parent of the tape holds', () => {
    const event = { ...others[0][1], cause: FIRST, causeTape: 1 } as Event;
    expect(replayed(inserted(FIRST + 1, event)).stop).toBeUndefined();
  });

  test.each(others.slice(0, 2))('%s answers no command that has reached the matcher', (_, event) => {
    const { stop } = replayed(inserted(FIRST + 1, { ...event, cause: FIRST } as Event));
    expect(stop).toMatchObject({
      code: 'fact',
      seq: FIRST + 1,
      field: 'by',
      expected: 'venue',
      command: FIRST,
    });
  });

  test('a fact of a feed answers none either', () => {
    const { stop } = replayed(inserted(FIRST + 1, { ...others[5][1], cause: FIRST } as Event));
    expect(stop).toMatchObject({ code: 'fact', seq: FIRST + 1, field: 'source', found: 'marketFeed' });
  });
});

describe('a checkpoint of books', () => {
  const market = replayed(SMALL.slice(0, FIRST + 2)).replay.books.market;
  const checkpoint = { ...BLANK.Checkpoint, coversSeq: FIRST + 2, scope: 1, hashVersion: 1 };
  const one: Event = { ...checkpoint, instrument: 1, stateHash: hashBook(market.byInstrument[1]!, sha256) };
  const all: Event = { ...checkpoint, stateHash: hashMarket(market, sha256) };
  const behind = (event: Event): Event[] => [...SMALL.slice(0, FIRST + 2), { ...event, seq: FIRST + 2 }];

  test('is compared: of one book, or of all', () => {
    for (const event of [one, all]) {
      const { stop, replay } = replayed(behind(event), { sha256 });
      expect({ stop, compared: replay.checkpointCount }).toEqual({ stop: undefined, compared: 1 });
    }
  });

  test.each<[string, Event, string]>([
    ['another hash', { ...all, stateHash: '00'.repeat(32) }, 'stateHash'],
    ['the hash of one for all', { ...one, instrument: 0 }, 'stateHash'],
    ['an instrument that is none', { ...one, instrument: 9 }, 'instrument'],
    ['a seq to come', { ...all, coversSeq: FIRST + 3 }, 'coversSeq'],
  ])('with %s differs', (_, event, field) => {
    expect(replayed(behind(event), { sha256 }).stop).toMatchObject({
      code: 'checkpoint',
      seq: FIRST + 2,
      kind: Kind.Checkpoint,
      field,
    });
  });

  test('of an earlier seq, another version, or without a hash is passed over and counted', () => {
    const wrong = { ...all, stateHash: '00'.repeat(32) };
    for (const [event, config] of [
      [{ ...wrong, coversSeq: FIRST }, { sha256 }],
      [{ ...wrong, hashVersion: 2 }, { sha256 }],
      [wrong, {}],
    ] as [Event, { sha256?: Sha256 }][]) {
      const { stop, replay } = replayed(behind(event), config);
      expect(stop).toBeUndefined();
      expect(replay).toMatchObject({ checkpointCount: 0, checkpointsPassed: 1 });
    }
  });

  test('of a client is its own', () => {
    const config = { sha256, observer: 'client', demand: 'given' } as const;
    const { stop, replay } = replayed(behind({ ...all, stateHash: '00'.repeat(32) }), config);
    expect(stop).toBeUndefined();
    expect(replay).toMatchObject({ checkpointCount: 0, checkpointsPassed: 0 });
  });

  test('of another scope is none of books', () => {
    const { stop, replay } = replayed(behind({ ...all, scope: 2, stateHash: '' }), { sha256 });
    expect(stop).toBeUndefined();
    expect(replay).toMatchObject({ checkpointCount: 0, checkpointsPassed: 0 });
  });
});

describe('refused is', () => {
  test('the tape of a client, and a part of a log', () => {
    expect(createReplay({ observer: 'client' })).toMatchObject({ ok: false, error: { code: 'observer' } });
    expect(createReplay({ observer: 'venue', firstSeq: 7 })).toMatchObject({
      ok: false,
      error: { code: 'extract', found: 7 },
    });
  });

  test('an extract, at the first event that is missing', () => {
    const skip: Event = { ...BLANK.Skip, seq: FIRST, count: 2 };
    expect(replayed([...SMALL.slice(0, FIRST), skip, ...SMALL.slice(FIRST + 2)]).stop).toMatchObject({
      type: 'refusal',
      code: 'extract',
      seq: FIRST,
      found: FIRST + 2,
    });
  });

  test('a merge, at the first answer to a command of a tape that it was made of', () => {
    const merged = SMALL.with(FIRST + 1, { ...SMALL[FIRST + 1], cause: 3, causeTape: 2 } as Event);
    expect(replayed(merged, { parentCount: 2 }).stop).toMatchObject({
      code: 'merge',
      seq: FIRST + 1,
      found: 2,
    });
    expect(replayed(merged, { parentCount: 1 }).stop).toMatchObject({ code: 'fact', seq: FIRST + 1 });
    expect(replayed(SMALL, { parentCount: 2 }).stop).toBeUndefined();
  });

  // A part of a tape that was merged has facts without their commands: nobody has changed them.
  test('a merge, also where no command waits for an answer', () => {
    const foreign = { ...SMALL[FIRST + 1], cause: 3, causeTape: 1 } as Event;
    for (const seq of [FIRST, SMALL.length]) {
      const merged = numbered(SMALL.toSpliced(seq, 0, foreign)).slice(0, seq + 1);
      expect(replayed(merged, { parentCount: 1 }).stop).toMatchObject({ code: 'merge', seq });
      expect(replayed(merged).stop).toMatchObject({ code: 'surplus', seq });
    }
  });

  test('a book that is not empty at first', () => {
    const [accepted] = SMALL.filter(isFact);
    const resting = { ...accepted, flags: accepted.flags | FLAG_SNAPSHOT, cause: NONE };
    for (const seq of [FIRST, FIRST + 1, FIRST + 2]) {
      const events = numbered(SMALL.toSpliced(seq, 0, resting));
      expect(replayed(events).stop).toMatchObject({ type: 'refusal', code: 'snapshot', seq });
    }
  });

  test('a Define that defines nothing', () => {
    const define: Event = { ...BLANK.Define, table: 1, index: 3, seq: FIRST };
    const { stop, replay } = replayed([...SMALL.slice(0, FIRST), define]);
    expect(stop).toMatchObject({ type: 'refusal', code: 'define', seq: FIRST, kind: Kind.Define });
    expect(stop?.found).toMatch(/^\w+: instrument 3/);
    expect(replay.books.market.instruments).toEqual([1, 2]);
  });

  test('what a book has no rule for, with the field', () => {
    const events = SMALL.map((event) => (isCommand(event) ? ({ ...event, type: 3 } as Event) : event));
    expect(replayed(events).stop).toEqual({
      type: 'refusal',
      code: 'unsupported',
      seq: FIRST,
      kind: Kind.NewOrder,
      field: 'type',
      expected: 'limit or market',
      found: 3,
    });
  });
});

describe('where as much as is given is compared', () => {
  const given = { demand: 'given' } as const;

  test('commands alone are run; a fact behind them differs', () => {
    const commands = numbered(SMALL.filter((event) => !isFact(event)));
    expect(replayed(commands, given)).toMatchObject({
      stop: undefined,
      replay: { factCount: 0, commandCount: 3 },
    });
    const late = numbered([...commands, SMALL[FIRST + 1]]);
    expect(replayed(late, given).stop).toMatchObject({ code: 'unanswered', seq: FIRST + 3, command: FIRST });
  });

  test('a whole tape lacks nothing', () => {
    expect(replayed(SMALL, given)).toMatchObject({ stop: undefined, replay: { gaps: false, factCount: 4 } });
  });

  test('a part of a log lacks what was before', () => {
    const commands = SMALL.slice(FIRST + 5).map((event) => ({ ...event, seq: event.seq + 90 }));
    const { stop } = replayed(commands.toSpliced(1), { ...given, firstSeq: 95 });
    expect(stop).toBeUndefined();
    expect(replayed(commands, { ...given, firstSeq: 95 }).stop).toMatchObject({ code: 'fact', gaps: true });
  });

  test('behind the first fact every command has to be answered', () => {
    const silent = numbered(SMALL.toSpliced(FIRST + 3, 2));
    const missing = { code: 'missing', expected: 'Accepted', seq: FIRST + 3, command: FIRST + 2 };
    expect(replayed(silent, given).stop).toMatchObject(missing);
  });

  test('a client’s facts are not, and a part of a tape says that events are missing', () => {
    const client = SMALL.map((event) => (event.kind === Kind.Fill ? { ...event, qtyLots: 1 } : event));
    expect(replayed(client, { ...given, observer: 'client' })).toMatchObject({
      stop: undefined,
      replay: { factCount: 0, commandCount: 3 },
    });
    const skip: Event = { ...BLANK.Skip, seq: FIRST, count: 2 };
    expect(replayed([...SMALL.slice(0, FIRST), skip, ...SMALL.slice(FIRST + 2)], given).stop).toMatchObject({
      gaps: true,
      seq: FIRST + 3,
    });
    expect(replayed(SMALL.slice(0, FIRST + 4), given).stop).toMatchObject({ gaps: true });
  });
});

/** Fast books whose reports are changed behind each command. */
function brokenBooks(change: (books: ReplayBooks) => void): ReplayBooks {
  const books = createReplayBooks();
  return {
    ...books,
    execute: () => {
      books.execute();
      change(books);
    },
  };
}

describe('books that are wrong themselves', () => {
  test('are told by the life of the orders', () => {
    // The taker's remainder of every fill is one lot too high, on the tape as in the books.
    const events = SMALL.map((event) => (event.kind === Kind.Fill ? { ...event, takerLeaves: 1 } : event));
    const books = (): ReplayBooks =>
      brokenBooks(({ reports }) => {
        for (let k = 0; k < reports.count; k++)
          if ((reports.u32[k * REPORT_CELLS * 2] & 15) === 3) reports.f64[k * REPORT_CELLS + 7] += 1;
      });
    expect(replayed(events, { books: books() }).stop).toBeUndefined();
    expect(replayed(events, { books: books(), orders: true }).stop).toMatchObject({
      code: 'orders',
      seq: FIRST + 4,
      kind: Kind.Fill,
      field: 'order 2',
    });
  });

  test('REPLAY-2: are not taken to agree when they say nothing', () => {
    const books = brokenBooks(({ reports }) => void (reports.count = 0));
    expect(() => replayed(SMALL, { books })).toThrow('REPLAY-2');
  });
});
