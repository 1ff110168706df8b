// Orders that only reduce: cut as they arrive, and again as the position or what stands before them changes.
import { NONE } from '@truetape/contracts';
import { checkVenue, restoreVenue, saveVenue, amend, type Venue } from '@truetape/venue';
import { describe, expect, test } from 'vitest';
import { fillOwn } from '../src/reports.ts';
import { BUY, drain, FOK, hits, IOC, order, place, rests, SELL, tell, venueOf } from './tapes.ts';

const REDUCE = { reduceOnly: true };
const MARKET = { type: 2, priceTicks: NONE, tif: IOC };
const REFUSED = 'rejected 19';

/** Holds five lots, and the book has room on both sides. */
function long(): Venue {
  const venue = venueOf();
  tell(venue, rests(1, SELL, 105, 50), rests(2, BUY, 95, 50));
  place(venue, order(1, BUY, NONE, 5, MARKET));
  expect(venue.instruments[0].positionLots).toBe(5);
  return venue;
}

describe('as it arrives', () => {
  test('cut to the position: accepted with what it asked for, then amended, and the reports say so', () => {
    const venue = long();
    expect(place(venue, order(2, SELL, 110, 8, REDUCE))).toEqual([
      '2 accepted @110 ahead 0',
      '2 amended 5@110 kept ahead 0',
    ]);
    const sold = long();
    place(sold, order(2, SELL, NONE, 8, { ...MARKET, ...REDUCE }));
    expect(sold.instruments[0].positionLots).toBe(0);
    expect(sold.orders.size).toBe(0);
  });

  test('nothing to reduce, or a FOK that would have to be cut: refused', () => {
    const venue = long();
    expect(place(venue, order(2, BUY, 90, 1, REDUCE))).toEqual([`2 ${REFUSED}`]);
    expect(place(venue, order(3, SELL, 90, 8, { tif: FOK, ...REDUCE }))).toEqual([`3 ${REFUSED}`]);
    expect(place(venueOf(), order(4, SELL, 90, 1, REDUCE))).toEqual([`4 ${REFUSED}`]);
  });

  test('an amend beyond the position is refused, one within it is carried out', () => {
    const venue = long();
    place(venue, order(2, SELL, 110, 2, REDUCE));
    amend(venue, { orderId: 2, priceTicks: NONE, qtyLots: 6 }, 0);
    amend(venue, { orderId: 2, priceTicks: NONE, qtyLots: 5 }, 0);
    expect(drain(venue)).toEqual([`2 ${REFUSED}`, '2 amended 5@110 ahead 0']);
  });
});

describe('while it rests', () => {
  // Fails where it is judged when it is sent alone: the order would sell what is not there any more.
  test.each(['replay', 'exchange'] as const)(
    '%s: a position that has shrunk cuts it, one that is gone ends it',
    (mode) => {
      const venue = venueOf({ mode });
      // Own orders make the market of a matching engine: its account is another one than the tape's.
      venue.instruments[0].positionLots = 5;
      if (mode === 'replay') tell(venue, rests(2, BUY, 95, 50));
      place(venue, order(2, SELL, 110, 5, REDUCE));
      const lots = (): number | undefined => venue.orders.get(2)?.leavesLots;
      if (mode === 'replay') {
        expect(place(venue, order(3, SELL, NONE, 3, MARKET)).at(-1)).toBe('2 amended 2@110 kept ahead 0');
        expect(lots()).toBe(2);
        expect(place(venue, order(4, SELL, NONE, 2, MARKET)).at(-1)).toBe('2 canceled 2 reason 7');
      } else {
        // What stands before it in the book would close the position first.
        expect(place(venue, order(3, SELL, 108, 3)).at(-1)).toMatch(/^2 amended 2@110 kept/);
        expect(lots()).toBe(2);
        expect(place(venue, order(4, SELL, 110, 2)).at(-1)).toBe('2 canceled 2 reason 7');
      }
      expect(venue.orders.has(2)).toBe(false);
      checkVenue(venue);
    },
  );

  test('one trade through both: the plain one that stands before it fills, the other was cut before', () => {
    const venue = long();
    place(venue, order(2, SELL, 104, 4), order(3, SELL, 104, 5, REDUCE));
    tell(venue, hits(1, BUY, 105, 20));
    expect(drain(venue).slice(-3)).toEqual(
      ['2 fill 4@104 maker tradeThrough leaves 0', '3 fill 1@104 maker tradeThrough leaves 0'].slice(-3),
    );
    expect(venue.instruments[0].positionLots).toBe(0);
  });

  test('it is saved with what it is', () => {
    const venue = long();
    place(venue, order(2, SELL, 110, 5, REDUCE));
    const restored = restoreVenue(venue.config, JSON.parse(JSON.stringify(saveVenue(venue))));
    if (!restored.ok) throw new Error(restored.error.field);
    expect(place(restored.value, order(3, SELL, NONE, 5, MARKET)).at(-1)).toBe('2 canceled 5 reason 7');
  });

  test('VENUE-10: no fill of it adds to a position', () => {
    const venue = long();
    place(venue, order(2, SELL, 110, 5, REDUCE));
    venue.instruments[0].positionLots = 0;
    const [own] = venue.orders.values();
    const fill = { priceTicks: 110, lots: 1, liquidity: 1, basis: 2 };
    expect(() => fillOwn(venue, venue.instruments[0], own, fill, 0)).toThrow('VENUE-10');
  });
});
