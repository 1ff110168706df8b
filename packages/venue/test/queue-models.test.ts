// Models of the queue on what a feed of levels would have told of a tape, against the exact place on that tape; and
// their formulas against those of their sources.
import { NONE, UNIX_EPOCH } from '@truetape/contracts';
import { levelsOf } from '@truetape/marketdata';
import { feedLevels } from '@truetape/book';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  advanceBy,
  aheadOf,
  behindOf,
  createDepthFeed,
  forgetTaken,
  ordersTop,
  submit,
  takeForDepth,
  takeRecord,
  tellDue,
  type DepthFeed,
  type QueueModel,
  type Venue,
} from '@truetape/venue';
import { createRecordOut, encodeEvent, type Event } from '@truetape/contracts';
import { steps, tapeOf, type Tape } from './flow.ts';
import { checkProperty, seeds } from './property.ts';
import {
  BUY,
  changed,
  drain,
  feedStatus,
  gone,
  hits,
  order,
  place,
  reset,
  rests,
  SELL,
  shown,
  tell,
  venueOf,
} from './tapes.ts';

const SIDES = [BUY, SELL] as const;

const depthFeedOf = (everyNs = 0): DepthFeed =>
  createDepthFeed({ instrument: 1, epoch: UNIX_EPOCH, startsEmpty: true, everyNs });

/** What was told since the last time goes to a venue. */
function passOn({ out }: DepthFeed, venue: Venue, timeNs: number): void {
  for (let at = 0; at < out.words * 2; at += (out.u32[at] & 0xffff) * 2)
    takeRecord(venue, out, at, timeNs, timeNs + 1, 0);
  out.words = 0;
}

const levelsKnown = (venue: Venue): unknown =>
  SIDES.map((side) => levelsOf(venue.byInstrument[1]!.depth, side << 4, 1000));
const levelsTrue = ({ feed }: DepthFeed): unknown =>
  SIDES.map((side) => feedLevels(feed, side).map(({ priceTicks, qtyLots }) => ({ priceTicks, qtyLots })));

/** Hand-made events of an order-by-order feed. */
function tellDepth(depth: DepthFeed, venue: Venue, ...events: readonly Event[]): void {
  for (const event of events) {
    const out = createRecordOut(UNIX_EPOCH);
    encodeEvent(out, event);
    takeForDepth(depth, out, 0, event.timeNs);
    if (!depth.feed.inMessage) passOn(depth, venue, event.timeNs);
  }
}

describe('what a feed of levels would have told', () => {
  test.each(seeds(20261123))('its book is that of the orders behind each message (seed %i)', (seed) => {
    checkProperty(
      seed,
      fc.property(steps(40), fc.constantFrom(0, 3), (all, everyNs) => {
        const { out, starts } = tapeOf(all);
        const depth = depthFeedOf(everyNs);
        const venue = venueOf();
        for (let m = 0; m + 1 < starts.length; m++) {
          for (let i = starts[m]; i < starts[m + 1]; i += (out.u32[i] & 0xffff) * 2)
            takeForDepth(depth, out, i, m);
          if (everyNs > 0 && depth.dueNs <= m + 1) tellDue(depth);
          passOn(depth, venue, m);
          if (depth.dueNs === Infinity && depth.told === 'live')
            expect(levelsKnown(venue)).toEqual(levelsTrue(depth));
        }
      }),
      300,
    );
  });

  test('a gap, and the snapshot behind it', () => {
    const depth = depthFeedOf();
    const venue = venueOf();
    tellDepth(depth, venue, rests(1, BUY, 100, 5), rests(2, SELL, 102, 5));
    place(venue, order(9, BUY, 100, 1));
    tellDepth(depth, venue, feedStatus(5), rests(3, BUY, 100, 7));
    expect(place(venue, order(10, BUY, 100, 1))).toEqual(['10 rejected 12']);
    // Half a snapshot is none.
    tellDepth(depth, venue, reset(1, 1), shown(4, BUY, 99, 8, 1));
    expect(place(venue, order(10, BUY, 100, 1))).toEqual(['10 rejected 12']);
    tellDepth(depth, venue, shown(5, SELL, 101, 2, 1));
    expect(levelsKnown(venue)).toEqual([[{ priceTicks: 99, qtyLots: 8 }], [{ priceTicks: 101, qtyLots: 2 }]]);
    expect(ordersTop(depth)).toMatchObject({ bidTicks: 99, askTicks: 101 });
    // Another one, without a gap.
    tellDepth(depth, venue, reset(1, 0), shown(6, BUY, 98, 4, 1));
    expect(levelsKnown(venue)).toEqual([[{ priceTicks: 98, qtyLots: 4 }], []]);
  });

  test('hidden executions say nothing of a queue', () => {
    const depth = depthFeedOf();
    const venue = venueOf();
    tellDepth(depth, venue, rests(1, BUY, 100, 5), rests(2, SELL, 102, 5));
    place(venue, order(9, BUY, 100, 1));
    tellDepth(depth, venue, hits(NONE, SELL, 100, 50, { condition: 2 }));
    expect(drain(venue)).toEqual([]);
    tellDepth(depth, venue, hits(1, SELL, 100, 5), rests(3, BUY, 100, 1), hits(3, SELL, 100, 1));
    expect(drain(venue)).toEqual(['9 fill 1@100 maker queueRiskAverse leaves 0']);
  });

  test('VENUE-11: what cannot be told is no silence', () => {
    const depth = depthFeedOf();
    expect(() => {
      tellDepth({ ...depth, config: { ...depth.config, instrument: -1 } }, venueOf(), rests(1, BUY, 100, 5));
    }).toThrow('VENUE-11');
  });
});

interface Own {
  readonly at: number;
  readonly isBuy: boolean;
  readonly priceTicks: number;
  readonly qtyLots: number;
}

interface Watched {
  /** The message of the first fill; Infinity: none came. */
  readonly first: number;
  readonly ahead: readonly number[];
}

/** One passive order in the exact venue, and in one that knows levels alone. */
function probe(
  tape: Tape,
  own: Own,
  model: QueueModel,
): { readonly exact: Watched; readonly guess: Watched } | undefined {
  const { out, starts } = tape;
  const [exact, guess] = [venueOf(), venueOf({ queue: model })];
  const depth = depthFeedOf();
  const watched = [exact, guess].map(() => ({ first: Infinity, ahead: [] as number[] }));
  const at = own.at % starts.length;
  for (let m = 0; m + 1 < starts.length; m++) {
    if (m === at) {
      const asked = order(9, own.isBuy ? BUY : SELL, own.priceTicks, own.qtyLots, { postOnly: 1 });
      for (const venue of [exact, guess]) submit(venue, asked, m);
      if (!exact.orders.has(9)) return undefined;
      expect(guess.orders.has(9)).toBe(true);
    }
    for (let i = starts[m]; i < starts[m + 1]; i += (out.u32[i] & 0xffff) * 2) {
      takeRecord(exact, out, i, m, m + 1, 0);
      takeForDepth(depth, out, i, m);
    }
    passOn(depth, guess, m);
    [exact, guess].forEach((venue, k) => {
      if (watched[k].first === Infinity && venue.reports.some(({ kind }) => kind === 'fill'))
        watched[k].first = m;
      watched[k].ahead.push(aheadOf(venue, 9));
    });
  }
  return { exact: watched[0], guess: watched[1] };
}

const RISK_AVERSE: QueueModel = { kind: 'riskAverse' };
const one = fc.record({
  at: fc.nat(40),
  isBuy: fc.boolean(),
  priceTicks: fc.integer({ min: 96, max: 104 }),
  qtyLots: fc.integer({ min: 1, max: 20 }),
});

describe('against the exact place', () => {
  test.each(seeds(20261124))(
    'the careful model is never ahead of it, nor filled before it (seed %i)',
    (seed) => {
      let [filled, later] = [0, 0];
      checkProperty(
        seed,
        fc.property(steps(60), one, (all, own) => {
          const both = probe(tapeOf(all), own, RISK_AVERSE);
          if (both === undefined) return;
          const { exact, guess } = both;
          expect(guess.first).toBeGreaterThanOrEqual(exact.first);
          guess.ahead.forEach((lots, m) => {
            if (lots !== NONE && exact.ahead[m] !== NONE) expect(lots).toBeGreaterThanOrEqual(exact.ahead[m]);
          });
          if (guess.first < Infinity) filled += 1;
          if (guess.first > exact.first) later += 1;
        }),
        1500,
      );
      // It has something to say, and it is not the exact one.
      expect(filled).toBeGreaterThan(100);
      expect(later).toBeGreaterThan(20);
    },
  );

  // Fails where the comparison cannot tell a model that is too hopeful from one that is careful.
  test('a model that expects cancellations ahead of it is filled too early', () => {
    const depth = depthFeedOf();
    const venues = [venueOf({ queue: { kind: 'probPower', n: 1 } }), venueOf({ mode: 'ideal' }), venueOf()];
    const [hopeful, ideal, careful] = venues;
    const exact = venueOf();
    const happens = (...events: readonly Event[]): string[][] => {
      for (const event of events) {
        tell(exact, event);
        const out = createRecordOut(UNIX_EPOCH);
        encodeEvent(out, event);
        takeForDepth(depth, out, 0, event.timeNs);
        for (const venue of venues) {
          const { words } = depth.out;
          passOn(depth, venue, event.timeNs);
          depth.out.words = words;
        }
        depth.out.words = 0;
      }
      return [exact, ...venues].map(drain);
    };
    happens(rests(1, BUY, 100, 10), rests(2, SELL, 103, 5));
    for (const venue of [exact, ...venues]) place(venue, order(9, BUY, 100, 1));
    // Ten ahead, ten behind; five of those behind go, then six of those ahead trade.
    happens(rests(3, BUY, 100, 10), changed(3, 5));
    expect([exact, hopeful, careful].map((venue) => aheadOf(venue, 9))).toEqual([10, 8, 10]);
    const [first, byHope, byIdeal, byCare] = happens(hits(1, SELL, 100, 9));
    expect([first, byHope.length, byIdeal.length, byCare]).toEqual([[], 1, 1, []]);
    expect(ideal.orders.size).toBe(0);
  });

  test('levels that are told late are the end of care', () => {
    const depth = depthFeedOf(1000);
    const venue = venueOf();
    const exact = venueOf();
    const both = (...events: readonly Event[]): void => {
      tell(exact, ...events);
      tellDepth(depth, venue, ...events);
    };
    both(rests(1, BUY, 100, 2), rests(2, SELL, 103, 5));
    // It has come, and nobody has been told.
    both(rests(3, BUY, 100, 8));
    for (const at of [exact, venue]) place(at, order(9, BUY, 100, 1));
    expect([exact, venue].map((at) => aheadOf(at, 9))).toEqual([10, 2]);
    both(hits(1, SELL, 100, 2), hits(3, SELL, 100, 1));
    expect([exact, venue].map((at) => drain(at).length)).toEqual([0, 1]);
  });

  test('what ours took is there again for the next one', () => {
    const venue = venueOf();
    tell(venue, rests(1, BUY, 100, 5), rests(2, SELL, 102, 3));
    place(venue, order(9, BUY, 102, 3));
    expect(place(venue, order(10, BUY, 102, 3))).toEqual(['10 accepted @102 ahead 0']);
    forgetTaken(venue);
    expect(place(venue, order(11, BUY, 102, 3))).toEqual([
      '11 accepted @102',
      '11 fill 3@102 taker bookWalk leaves 0',
    ]);
    tell(venue, gone(2));
  });
});

// hftbacktest's PowerProbQueueFunc and LogProbQueueFunc: f(back) ÷ (f(back) + f(front)) behind, with xⁿ and ln(1 + x);
// the front falls by the rest, and by what is more than there is behind; no front is more than the level.
describe('the formulas are those of the sources', () => {
  const MODELS: readonly (readonly [QueueModel, (lots: number) => number])[] = [
    [{ kind: 'probPower', n: 1 }, (lots) => lots],
    [{ kind: 'probPower', n: 2 }, (lots) => lots * lots],
    [{ kind: 'probPower', n: 3 }, (lots) => lots * lots * lots],
    [{ kind: 'probLog' }, (lots) => Math.log(1 + lots)],
  ];

  test.each(seeds(20261125))('probabilities, and the place behind a cancellation (seed %i)', (seed) => {
    const lots = fc.integer({ min: 1, max: 500 });
    checkProperty(
      seed,
      fc.property(fc.constantFrom(...MODELS), lots, lots, fc.nat(1000), ([model, f], front, back, part) => {
        const behind = f(back) / (f(back) + f(front));
        expect(behindOf(model, front, back) / 65_536).toBeCloseTo(behind, 2);
        const chg = Math.floor(((front + back) * part) / 1000);
        const left = front + back - chg;
        const expected = Math.min(front - (1 - behind) * chg + Math.min(0, back - behind * chg), left);
        const at = { aheadLots: front, carry: 0 };
        advanceBy(model, at, chg, front + back, left);
        expect(Math.abs(at.aheadLots - Math.max(0, expected))).toBeLessThan(1 + chg / 500);
      }),
      1000,
    );
  });

  test('the careful one moves with trades, and with a level that has less than stood ahead', () => {
    const at = { aheadLots: 1000, carry: 0 };
    advanceBy(RISK_AVERSE, at, 500, 2000, 1500);
    expect(at.aheadLots).toBe(1000);
    advanceBy(RISK_AVERSE, at, 900, 1500, 600);
    expect(at.aheadLots).toBe(600);
  });
});
