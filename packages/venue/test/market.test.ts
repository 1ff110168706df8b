// What everybody sees, message by message, adds up to the book behind it.
import { feedLevels } from '@truetape/book';
import { FLAG_LAST, type Event } from '@truetape/contracts';
import { levelsOf } from '@truetape/marketdata';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkVenue,
  END,
  FLAG_END,
  LEVEL,
  MARKET_CELLS,
  RESET,
  submit,
  takeRecord,
  type QueueModel,
  type Venue,
} from '@truetape/venue';
import { steps, tapeOf } from './flow.ts';
import { checkProperty, seeds } from './property.ts';
import { BUY, level, order, print, quote, reset, SELL, shownLevel, tell, update, venueOf } from './tapes.ts';

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
