// What everybody sees, message by message, adds up to the book behind it.
import { feedLevels } from '@truetape/book';
import { BLANK, FLAG_LAST, type Event } from '@truetape/contracts';
import { levelsOf } from '@truetape/marketdata';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  advance,
  checkVenue,
  END,
  FLAG_END,
  LEVEL,
  MARKET_CELLS,
  RESET,
  restoreVenue,
  saveVenue,
  STATUS,
  submit,
  takeRecord,
  type QueueModel,
  type Venue,
} from '@truetape/venue';
import { steps, tapeOf } from './flow.ts';
import { checkProperty, seeds } from './property.ts';
import {
  BUY,
  feedStatus,
  level,
  order,
  print,
  quote,
  reset,
  rests,
  SELL,
  shownLevel,
  tell,
  trading,
  update,
  venueOf,
} from './tapes.ts';

type Seen = Map<string, number>;

/** Folds the messages since the last time; true where one of them was the end of a venue's message. */
function look({ market }: Venue, seen: Seen): boolean {
  let ended = false;
  for (let at = 0; at < market.count * MARKET_CELLS; at += MARKET_CELLS) {
    const code = market.u32[at * 2];
    const key = `${(code >>> 8) & 0xff} ${market.f64[at + 1]}`;
    if ((code & 0xff) === RESET) seen.clear();
    if ((code & 0xff) === LEVEL) {
      if (market.f64[at + 2] === 0) seen.delete(key);
      else seen.set(key, market.f64[at + 2]);
    }
    ended = code >>> 16 === FLAG_END;
    if ((code & 0xff) === END) expect(ended).toBe(true);
  }
  market.count = 0;
  return ended;
}

interface Told {
  readonly priceTicks: number;
  readonly qtyLots: number;
}

function levels(venue: Venue): Seen {
  const [ins] = venue.instruments;
  const book = venue.exchange?.market.byInstrument[1];
  const all = (side: number): readonly Told[] =>
    book?.levels(side) ?? (ins.told === 2 ? levelsOf(ins.depth, side << 4) : feedLevels(ins.feed, side));
  const entries = [BUY, SELL].flatMap((side) =>
    all(side).map(({ priceTicks, qtyLots }): [string, number] => [`${side} ${priceTicks}`, qtyLots]),
  );
  return new Map(entries);
}

const sorted = (seen: Seen): [string, number][] => [...seen].sort(([a], [b]) => (a < b ? -1 : 1));

describe.each(['replay', 'exchange'] as const)('%s', (mode) => {
  test.each(seeds(20261125))('messages add up to the book (seed %i)', (seed) => {
    checkProperty(
      seed,
      fc.property(steps(40), fc.nat(9), (all, shift) => {
        const { out, starts } = tapeOf(all);
        const venue = venueOf({ mode });
        const seen: Seen = new Map();
        for (let message = 0; message < starts.length - 1; message++) {
          if ((message + shift) % 4 === 0)
            submit(venue, order(message, (message & 1) + 1, 96 + ((message * shift) % 9), 3), 0);
          for (let i = starts[message]; i < starts[message + 1]; i += (out.u32[i] & 0xffff) * 2)
            takeRecord(venue, out, i, message, message, 0);
          look(venue, seen);
          expect(sorted(seen)).toEqual(sorted(levels(venue)));
        }
      }),
      150,
    );
  });
});

const depthEvent: fc.Arbitrary<Event[]> = fc
  .record({
    op: fc.nat(6),
    of: fc.constantFrom(BUY, SELL),
    at: fc.integer({ min: 95, max: 105 }),
    lots: fc.nat(9),
    id: fc.nat(5),
  })
  .map(({ op, of, at, lots, id }): Event[] => {
    if (op === 0)
      return [reset(1, 1), shownLevel(BUY, 99, lots + 1), shownLevel(SELL, 101, lots + 1, FLAG_LAST)];
    if (op === 1) return [quote([at - 1, lots + 1], [at, lots + 1], id)];
    if (op < 4) return [print(of, at, lots)];
    if (op === 4) return [update(2, id), level(of, at, lots, 0), level(of, at + 1, 2)];
    return [level(of, at, lots)];
  });
const models = fc.constantFrom<QueueModel[]>(
  { kind: 'riskAverse' },
  { kind: 'probPower', n: 2 },
  { kind: 'probLog' },
);

test.each(seeds(20261126))('aggregated depth: messages add up, own orders live once (seed %i)', (seed) => {
  let fills = 0;
  checkProperty(
    seed,
    fc.property(fc.array(depthEvent, { maxLength: 40 }), models, (all, queue) => {
      const venue = venueOf({ queue }, { startsEmpty: false });
      const seen: Seen = new Map();
      tell(venue, reset(1, 1), shownLevel(BUY, 98, 5), shownLevel(SELL, 102, 5, FLAG_LAST));
      all.forEach((events, k) => {
        if (k % 2 === 0)
          submit(venue, order(k, (k % 4) / 2 + 1, 96 + ((k * 5) % 9), 4, { tif: k % 3 === 0 ? 2 : 1 }), 0);
        checkVenue(venue);
        tell(venue, ...events);
        checkVenue(venue);
        look(venue, seen);
        expect(sorted(seen)).toEqual(sorted(levels(venue)));
      });
      fills += venue.counts.fills;
    }),
    300,
  );
  expect(fills).toBeGreaterThan(300);
});

/** Statuses that were told since the last time. */
function drainStatuses({ market }: Venue): number[] {
  const told: number[] = [];
  for (let at = 0; at < market.count * MARKET_CELLS; at += MARKET_CELLS)
    if ((market.u32[at * 2] & 0xff) === STATUS) told.push(market.f64[at + 2]);
  market.count = 0;
  return told;
}

describe('a venue that takes no orders', () => {
  const [LIVE, UNCERTAIN, HALTED] = [1, 2, 3];
  const [GAP, RESYNCED] = [5, 7];
  const bid = (orderId: number): Event => ({
    ...BLANK.NewOrder,
    instrument: 1,
    source: 2,
    orderId,
    priceTicks: 100,
    qtyLots: 1,
    type: 1,
    tif: 1,
    account: 5,
    flags: 0x10 | FLAG_LAST,
  });

  // Fails where what the feed says in an outage makes a strategy think that the venue is up.
  test('is halted until its outage ends, whatever the feed says meanwhile', () => {
    const venue = venueOf({ outages: [{ fromNs: 10, toNs: 20 }] });
    const said = (...events: readonly Event[]): number[] => {
      tell(venue, ...events);
      return drainStatuses(venue);
    };
    expect(said(rests(1, SELL, 100, 2))).toEqual([LIVE]);
    advance(venue, 10);
    expect(said()).toEqual([HALTED]);
    expect(said(feedStatus(GAP), feedStatus(RESYNCED), trading(2), trading(1), feedStatus(GAP))).toEqual([]);
    advance(venue, 20);
    expect(said()).toEqual([UNCERTAIN]);
    expect(said(feedStatus(RESYNCED))).toEqual([LIVE]);
  });

  // Fails where a status that has not changed is told as a change: on the output tape it would have been another one before.
  test.each(['replay', 'exchange'] as const)('%s: is told once, also where orders are canceled', (mode) => {
    const outages = [
      { fromNs: 10, toNs: 20, cancelAll: true },
      { fromNs: 30, toNs: 40 },
    ];
    const venue = venueOf({ mode, outages });
    const seen = (): number[] => drainStatuses(venue);
    tell(venue, mode === 'replay' ? rests(1, BUY, 99, 2) : bid(1));
    submit(venue, order(1, BUY, 99, 1), 5);
    expect(seen()).toEqual([LIVE]);
    advance(venue, 10);
    expect([seen(), venue.orders.size]).toEqual([[HALTED], 0]);
    advance(venue, 20);
    expect(seen()).toEqual([LIVE]);
    // Halted by the venue's own word, an outage changes nothing.
    tell(venue, trading(2));
    expect(seen()).toEqual([HALTED]);
    advance(venue, 40);
    expect(seen()).toEqual([]);
    tell(venue, trading(1));
    expect(seen()).toEqual([LIVE]);
  });

  // Fails where the next command of the tape ends a halt, or an outage, of a matching engine.
  test.each([true, false])(
    'is halted in a matching engine too (its tape starts empty: %s)',
    (startsEmpty) => {
      const outages = [{ fromNs: 10, toNs: 20 }];
      const venue = venueOf({ mode: 'exchange', outages }, { startsEmpty });
      const said = (...events: readonly Event[]): number[] => {
        tell(venue, ...events);
        return drainStatuses(venue);
      };
      expect(said(bid(1))).toEqual([LIVE]);
      expect(said(trading(2), bid(2))).toEqual([HALTED]);
      expect(said(trading(1))).toEqual([LIVE]);
      advance(venue, 10);
      expect(said(bid(3))).toEqual([HALTED]);
      advance(venue, 20);
      expect(said(bid(4))).toEqual([LIVE]);
    },
  );
});

describe('a feed that is cut off', () => {
  const [CONNECTED, DISCONNECTED, SUBSCRIBED, STALE, RESYNCED] = [1, 2, 3, 4, 7];
  const [CERTAIN, UNCERTAIN] = [1, 2];
  const statuses = (venue: Venue, events: readonly Event[]): number[] => {
    venue.isListening = true;
    return events.flatMap((event) => {
      tell(venue, event);
      return drainStatuses(venue);
    });
  };
  const byOrder = [rests(1, BUY, 99, 5), rests(2, SELL, 101, 5)];
  const byLevel = [
    reset(1, 1),
    shownLevel(BUY, 99, 5),
    shownLevel(SELL, 101, 5, FLAG_LAST),
    level(BUY, 98, 3),
  ];

  // Fails where a strategy may take what it saw before a cut for the market.
  test.each([
    ['orders', byOrder],
    ['levels', byLevel],
  ])('is uncertain until it begins anew or says that nothing is missing: %s', (_, begin) => {
    const lost = [DISCONNECTED, CONNECTED, SUBSCRIBED].map(feedStatus);
    const resynced = statuses(venueOf(), [...begin, ...lost, feedStatus(RESYNCED)]);
    expect(resynced).toEqual([CERTAIN, UNCERTAIN, CERTAIN]);
    const anew = [...begin, ...lost, reset(0, 1), shownLevel(SELL, 101, 5, FLAG_LAST)];
    if (begin === byLevel) expect(statuses(venueOf(), anew)).toEqual([CERTAIN, UNCERTAIN, CERTAIN]);
    const stale = statuses(venueOf(), [...begin, feedStatus(STALE), feedStatus(CONNECTED)]);
    expect(stale).toEqual([CERTAIN, UNCERTAIN, CERTAIN]);
    // A lost connection is not mended by what mends a silence.
    const both = [STALE, DISCONNECTED, STALE, CONNECTED].map(feedStatus);
    expect(statuses(venueOf(), [...begin, ...both])).toEqual([CERTAIN, UNCERTAIN]);
  });

  test('is so in a saved venue', () => {
    const venue = venueOf();
    statuses(venue, [...byLevel, feedStatus(DISCONNECTED)]);
    const restored = restoreVenue(venue.config, saveVenue(venue));
    expect(restored.ok && restored.value.instruments[0].cutBy).toBe(DISCONNECTED);
  });
});
