// Own orders against a book that is recorded order by order: races, one by one.
import { FLAG_LAST, NONE } from '@truetape/contracts';
import { describe, expect, test } from 'vitest';
import { amend, cancel } from '@truetape/venue';
import {
  BUY,
  changed,
  drain,
  feedStatus,
  FOK,
  gone,
  hits,
  IOC,
  order,
  place,
  reset,
  rests,
  SELL,
  shown,
  tell,
  venueOf,
} from './tapes.ts';

const MARKET = { type: 2, priceTicks: NONE };

describe('the queue', () => {
  test('an order fills when one behind it is traded with, and not before', () => {
    const venue = venueOf();
    tell(venue, rests(1, BUY, 100, 5), rests(2, BUY, 100, 3));
    expect(place(venue, order(9, BUY, 100, 2))).toEqual(['9 accepted @100 ahead 8']);
    tell(venue, rests(3, BUY, 100, 4), hits(1, SELL, 100, 5), changed(2, 1), hits(2, SELL, 100, 1));
    expect(drain(venue)).toEqual([]);
    expect(venue.orders.get(9)?.aheadLots).toBe(0);
    tell(venue, hits(3, SELL, 100, 1));
    expect(drain(venue)).toEqual(['9 fill 1@100 maker queueExact leaves 1']);
    tell(venue, hits(3, SELL, 100, 3));
    expect(drain(venue)).toEqual(['9 fill 1@100 maker queueExact leaves 0']);
    tell(venue, hits(3, SELL, 100, 1));
    expect(drain(venue)).toEqual([]);
  });

  test('an order ahead that is moved to the back is behind', () => {
    const venue = venueOf();
    tell(venue, rests(1, BUY, 100, 5));
    place(venue, order(9, BUY, 100, 2));
    tell(venue, changed(1, 6, 0));
    expect(venue.orders.get(9)?.aheadLots).toBe(0);
    tell(venue, hits(1, SELL, 100, 1));
    expect(drain(venue)).toEqual(['9 fill 1@100 maker queueExact leaves 1']);
  });

  test('own orders share a level in their order', () => {
    const venue = venueOf();
    place(venue, order(8, BUY, 100, 2), order(9, BUY, 100, 2));
    tell(venue, rests(3, BUY, 100, 9), hits(3, SELL, 100, 3));
    expect(drain(venue)).toEqual([
      '8 fill 2@100 maker queueExact leaves 0',
      '9 fill 1@100 maker queueExact leaves 1',
    ]);
  });

  test('a trade at a worse price fills ours, the better one first', () => {
    const venue = venueOf();
    tell(venue, rests(1, SELL, 105, 5), rests(2, SELL, 103, 5));
    place(venue, order(8, SELL, 104, 2), order(9, SELL, 103, 2));
    tell(venue, hits(1, BUY, 105, 3));
    expect(drain(venue)).toEqual([
      '9 fill 2@103 maker tradeThrough leaves 0',
      '8 fill 1@104 maker tradeThrough leaves 1',
    ]);
  });

  test('an order of the other side that comes to rest at or through ours fills it, once', () => {
    const venue = venueOf();
    place(venue, order(9, BUY, 100, 5));
    tell(venue, rests(1, SELL, 99, 3));
    expect(drain(venue)).toEqual(['9 fill 3@100 maker tradeThrough leaves 2']);
    // What ours took of it is not there for another order of ours.
    expect(place(venue, order(8, BUY, 99, 1, { tif: IOC }))).toEqual([
      '8 accepted @99',
      '8 canceled 1 reason 2',
    ]);
    tell(venue, changed(1, 4));
    expect(drain(venue)).toEqual(['9 fill 1@100 maker tradeThrough leaves 1']);
  });

  test('what is left of a market order that found nothing more meets ours', () => {
    const venue = venueOf();
    tell(venue, rests(1, BUY, 100, 2));
    place(venue, order(9, BUY, 98, 5));
    tell(venue, rests(5, SELL, NONE, 6, 0), hits(1, SELL, 100, 2, { takerOrderId: 5, flags: 0 }), gone(5, 3));
    expect(drain(venue)).toEqual(['9 fill 4@98 maker tradeThrough leaves 1']);
  });

  test('a hidden execution at our price says nothing, one through it does', () => {
    const venue = venueOf();
    place(venue, order(9, BUY, 100, 5));
    tell(venue, hits(NONE, SELL, 100, 3, { condition: 2 }));
    expect(drain(venue)).toEqual([]);
    tell(venue, hits(NONE, SELL, 99, 3, { condition: 2 }));
    expect(drain(venue)).toEqual(['9 fill 3@100 maker tradeThrough leaves 2']);
  });
});

describe('taking', () => {
  test('walks the book, a fill a level, and what it took is gone', () => {
    const venue = venueOf();
    tell(venue, rests(1, SELL, 101, 2), rests(2, SELL, 101, 2), rests(3, SELL, 102, 5));
    expect(place(venue, order(9, BUY, 102, 6))).toEqual([
      '9 accepted @102',
      '9 fill 4@101 taker bookWalk leaves 2',
      '9 fill 2@102 taker bookWalk leaves 0',
    ]);
    expect(place(venue, order(8, BUY, 102, 9))).toEqual([
      '8 accepted @102 ahead 0',
      '8 fill 3@102 taker bookWalk leaves 6',
    ]);
    // The level is still recorded; a new order at it is new.
    tell(venue, rests(4, SELL, 103, 1), gone(2));
    expect(place(venue, order(7, BUY, 101, 1, { tif: IOC }))).toEqual([
      '7 accepted @101',
      '7 canceled 1 reason 2',
    ]);
    tell(venue, rests(5, SELL, 101, 3));
    expect(drain(venue)).toEqual(['8 fill 3@102 maker tradeThrough leaves 3']);
  });

  test('an order that ours took of twice has what is left', () => {
    const venue = venueOf();
    tell(venue, rests(1, SELL, 101, 5));
    for (const [orderId, qtyLots] of [
      [7, 2],
      [8, 2],
      [9, 2],
    ] as const)
      place(venue, order(orderId, BUY, 101, qtyLots, { tif: IOC }));
    expect(venue.counts.fills).toBe(3);
    expect(venue.instruments[0].taken.get(1)).toBe(5);
    expect(place(venue, order(10, BUY, 101, 1, { tif: FOK }))).toEqual(['10 rejected 8']);
  });

  test('FOK is all or nothing, IOC and market cancel what is left', () => {
    const venue = venueOf();
    expect(place(venue, order(1, BUY, 0, 1, MARKET))).toEqual(['1 rejected 15']);
    tell(venue, rests(1, SELL, 101, 2));
    expect(place(venue, order(2, BUY, 101, 3, { tif: FOK }))).toEqual(['2 rejected 8']);
    expect(place(venue, order(3, BUY, 0, 3, MARKET))).toEqual([
      '3 accepted',
      '3 fill 2@101 taker bookWalk leaves 1',
      '3 canceled 1 reason 3',
    ]);
  });

  test('post-only is rejected or slid', () => {
    const venue = venueOf();
    tell(venue, rests(1, SELL, 101, 2));
    expect(place(venue, order(2, BUY, 101, 1, { postOnly: 1 }))).toEqual(['2 rejected 7']);
    expect(place(venue, order(3, BUY, 105, 1, { postOnly: 2 }))).toEqual(['3 accepted @100 ahead 0']);
    expect(place(venue, order(4, SELL, 100, 1, { postOnly: 2 }))).toEqual(['4 accepted @101 ahead 2']);
  });

  test('an order that would meet an own one is canceled', () => {
    const venue = venueOf();
    tell(venue, rests(1, SELL, 101, 2));
    place(venue, order(8, SELL, 102, 1));
    tell(venue, rests(2, SELL, 103, 5));
    expect(place(venue, order(9, BUY, 103, 4))).toEqual([
      '9 accepted @103',
      '9 fill 2@101 taker bookWalk leaves 2',
      '9 canceled 2 reason 4',
    ]);
    // What stands ahead of ours at its price comes first.
    place(venue, order(7, SELL, 103, 1));
    cancel(venue, 8, 0);
    tell(venue, rests(3, SELL, 103, 5));
    drain(venue);
    expect(place(venue, order(10, BUY, 0, 9, MARKET), order(11, BUY, 0, 1, MARKET))).toEqual([
      '10 accepted',
      '10 fill 5@103 taker bookWalk leaves 4',
      '10 canceled 4 reason 4',
      '11 accepted',
      '11 canceled 1 reason 4',
    ]);
  });
});

describe('races', () => {
  test('a cancel behind the fill is refused', () => {
    const venue = venueOf();
    place(venue, order(9, BUY, 100, 2));
    tell(venue, rests(1, SELL, 100, 2));
    cancel(venue, 9, 5);
    expect(drain(venue)).toEqual(['9 fill 2@100 maker tradeThrough leaves 0', '9 rejected 5']);
  });

  test('an amendment keeps its place with less, and loses it with more or another price', () => {
    const venue = venueOf();
    tell(venue, rests(1, BUY, 100, 3));
    place(venue, order(9, BUY, 100, 5));
    tell(venue, rests(2, BUY, 100, 4));
    amend(venue, { orderId: 9, priceTicks: NONE, qtyLots: 4 }, 1);
    amend(venue, { orderId: 9, priceTicks: 100, qtyLots: 6 }, 1);
    amend(venue, { orderId: 9, priceTicks: 99, qtyLots: NONE }, 1);
    amend(venue, { orderId: 9, priceTicks: NONE, qtyLots: 0 }, 1);
    amend(venue, { orderId: 7, priceTicks: NONE, qtyLots: 1 }, 1);
    expect(drain(venue)).toEqual([
      '9 amended 4@100 kept ahead 3',
      '9 amended 6@100 ahead 7',
      '9 amended 6@99 ahead 0',
      '9 rejected 1',
      '7 rejected 5',
    ]);
  });

  test('an amendment through the book takes, and its whole quantity counts what was executed', () => {
    const venue = venueOf();
    tell(venue, rests(1, SELL, 101, 2));
    place(venue, order(9, BUY, 101, 5));
    tell(venue, rests(2, SELL, 103, 2));
    amend(venue, { orderId: 9, priceTicks: 103, qtyLots: 6 }, 1);
    expect(drain(venue)).toEqual(['9 amended 4@103 ahead 0', '9 fill 2@103 taker bookWalk leaves 2']);
  });

  test('a book that begins anew: no place until the snapshot is complete, then behind it', () => {
    const venue = venueOf();
    tell(venue, rests(1, BUY, 100, 3));
    place(venue, order(9, BUY, 100, 2));
    tell(venue, reset(2, 0), shown(1, BUY, 100, 3));
    expect(place(venue, order(8, BUY, 100, 2))).toEqual(['8 rejected 12']);
    tell(venue, shown(2, BUY, 100, 1, FLAG_LAST));
    expect([venue.orders.get(9)?.aheadLots, venue.counts.placesLost]).toEqual([4, 1]);
    tell(venue, hits(2, SELL, 100, 1));
    expect(drain(venue)).toEqual([]);
  });

  test('an uncertain book: new orders are refused, the queue says nothing, a trade through does', () => {
    const venue = venueOf();
    place(venue, order(9, BUY, 100, 2));
    tell(venue, rests(1, BUY, 100, 5), feedStatus(5));
    expect(place(venue, order(8, BUY, 100, 2))).toEqual(['8 rejected 12']);
    tell(venue, hits(1, SELL, 100, 1));
    expect(drain(venue)).toEqual([]);
    tell(venue, hits(77, SELL, 99, 1));
    expect(drain(venue)).toEqual(['9 fill 1@100 maker tradeThrough leaves 1']);
    cancel(venue, 9, 1);
    expect(drain(venue)).toEqual(['9 canceled 1 reason 1']);
  });
});
