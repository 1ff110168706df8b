// Rejects, outages, expiry, ideal and exchange mode, and what everybody may see.
import { BLANK, FLAG_LAST, NONE, type Event } from '@truetape/contracts';
import { InvariantError } from '@truetape/kernel';
import { describe, expect, test } from 'vitest';
import {
  advance,
  amend,
  aheadOf,
  cancel,
  cancelAll,
  createVenue,
  FLAG_END,
  MARKET_CELLS,
  nextTimeNs,
  venueLimits,
  type Venue,
} from '@truetape/venue';
import {
  BUY,
  changed,
  drain,
  feedStatus,
  FOK,
  gone,
  GTD,
  hits,
  IOC,
  level,
  order,
  place,
  quote,
  reset,
  rests,
  SELL,
  shown,
  shownLevel,
  tell,
  termsOf,
  venueOf,
} from './tapes.ts';

const MARKET = { type: 2, priceTicks: NONE };

describe('rejects', () => {
  test('each code, the first that holds', () => {
    const venue = venueOf(
      { outages: [{ fromNs: 50, toNs: 60 }] },
      {
        priceMultipleTicks: 5,
        qtyMultipleLots: 2,
        minQtyLots: 4,
        maxQtyLots: 100,
        minPriceTicks: 5,
        maxPriceTicks: 500,
      },
    );
    const code = (...args: Parameters<typeof order>): string[] => place(venue, order(...args));
    expect(code(1, BUY, 100, 1.5)).toEqual(['1 rejected 17']);
    expect(code(1, BUY, 100, 2)).toEqual(['1 rejected 1']);
    expect(code(1, BUY, 100, 102)).toEqual(['1 rejected 1']);
    expect(code(1, BUY, 100, 5)).toEqual(['1 rejected 17']);
    expect(code(1, BUY, 100.5, 4)).toEqual(['1 rejected 16']);
    expect(code(1, BUY, 101, 4)).toEqual(['1 rejected 16']);
    expect(code(1, BUY, 0, 4)).toEqual(['1 rejected 2']);
    expect(code(1, BUY, 505, 4)).toEqual(['1 rejected 2']);
    expect(code(1, BUY, NONE, 4)).toEqual(['1 rejected 2']);
    expect(code(1, BUY, 100, 4, { type: 2 })).toEqual(['1 rejected 2']);
    expect(code(1, BUY, 100, 4, { instrument: 2 })).toEqual(['1 rejected 3']);
    expect(code(1, BUY, 100, 4)).toEqual(['1 accepted @100 ahead 0']);
    expect(code(1, BUY, 100, 4)).toEqual(['1 rejected 4']);
    amend(venue, { orderId: 1, priceTicks: 101, qtyLots: NONE }, 1);
    amend(venue, { orderId: 1, priceTicks: NONE, qtyLots: 5 }, 1);
    expect(drain(venue)).toEqual(['1 rejected 16', '1 rejected 17']);
    expect(venue.counts.rejects).toBe(14);
  });

  test('a port may refuse what cannot be paid', () => {
    const one = { index: 1, terms: termsOf(), feeAsset: 1, startsEmpty: true };
    const venue = createVenue(
      { mode: 'replay', instruments: [one] },
      { canAfford: ({ qtyLots }) => qtyLots < 3 },
    );
    expect(place(venue, order(1, BUY, 100, 3), order(2, BUY, 100, 2))).toEqual([
      '1 rejected 14',
      '2 accepted @100 ahead 0',
    ]);
    // What it would become counts: its price, and what is left of it.
    amend(venue, { orderId: 2, priceTicks: NONE, qtyLots: 3 }, 1);
    amend(venue, { orderId: 2, priceTicks: 99, qtyLots: NONE }, 1);
    expect(drain(venue)).toEqual(['2 rejected 14', '2 amended 2@99 ahead 0']);
  });

  test('a configuration without sense: VENUE-5', () => {
    const one = { index: 1, terms: termsOf(), feeAsset: 1 };
    expect(() => createVenue({ mode: 'replay', instruments: [one, one] })).toThrow(InvariantError);
    const outages = [
      { fromNs: 5, toNs: 9 },
      { fromNs: 8, toNs: 10 },
    ];
    expect(() => venueOf({ outages })).toThrow('VENUE-5');
  });
});

describe('time', () => {
  test('an outage: nothing is taken, what rests trades, or is canceled as it begins', () => {
    const outages = [
      { fromNs: 10, toNs: 20 },
      { fromNs: 30, toNs: 40, cancelAll: true },
    ];
    const venue = venueOf({ outages });
    place(venue, order(1, BUY, 100, 2), order(2, BUY, 99, 2));
    expect(nextTimeNs(venue)).toBe(10);
    advance(venue, 10);
    expect(place(venue, order(3, BUY, 100, 2))).toEqual(['3 rejected 13']);
    cancel(venue, 1, 11);
    amend(venue, { orderId: 1, priceTicks: NONE, qtyLots: 1 }, 11);
    cancelAll(venue, { instrument: 0, side: 0 }, 11);
    tell(venue, rests(1, SELL, 100, 2));
    expect(drain(venue)).toEqual([
      '1 rejected 13',
      '1 rejected 13',
      `${NONE} rejected 13`,
      '1 fill 2@100 maker tradeThrough leaves 0',
    ]);
    advance(venue, 25);
    expect(place(venue, order(4, BUY, 98, 2))).toEqual(['4 accepted @98 ahead 0']);
    advance(venue, 1000);
    expect(drain(venue)).toEqual(['2 canceled 2 reason 6', '4 canceled 2 reason 6']);
    expect(nextTimeNs(venue)).toBe(Infinity);
  });

  test.each(['replay', 'exchange'] as const)('GTD expires at its time (%s)', (mode) => {
    const venue = venueOf({ mode });
    const gtd = { tif: GTD, expireNs: 50 };
    place(
      venue,
      order(1, BUY, 100, 2, gtd),
      order(2, BUY, 99, 2, { ...gtd, expireNs: 40 }),
      order(3, BUY, 98, 1),
    );
    expect(nextTimeNs(venue)).toBe(40);
    advance(venue, 45);
    expect(drain(venue)).toEqual(['2 expired 2 reason 1']);
    advance(venue, 50);
    expect(drain(venue)).toEqual(['1 expired 2 reason 1']);
    expect([...venue.orders.keys()]).toEqual([3]);
  });

  test('trading that is halted takes no new orders', () => {
    const venue = venueOf();
    place(venue, order(1, BUY, 100, 2));
    const status = (code: number): Event => ({
      ...BLANK.TradingStatus,
      instrument: 1,
      source: 1,
      status: code,
      flags: FLAG_LAST,
    });
    tell(venue, status(2));
    cancel(venue, 1, 1);
    expect(place(venue, order(2, BUY, 100, 2))).toEqual(['1 canceled 2 reason 1', '2 rejected 13']);
    tell(venue, status(1));
    expect(place(venue, order(2, BUY, 100, 2))).toEqual(['2 accepted @100 ahead 0']);
  });
});

test('cancelAll cancels by instrument and side', () => {
  const venue = venueOf();
  place(venue, order(1, BUY, 100, 2), order(2, SELL, 105, 2), order(3, BUY, 99, 1));
  cancelAll(venue, { instrument: 2, side: 0 }, 1);
  cancelAll(venue, { instrument: 1, side: SELL }, 1);
  cancelAll(venue, { instrument: 0, side: 0 }, 1);
  expect(drain(venue)).toEqual(['2 canceled 2 reason 5', '1 canceled 2 reason 5', '3 canceled 1 reason 5']);
});

describe('ideal', () => {
  test('whole, at the touch, at once; what rests when the touch or a trade comes to it', () => {
    const venue = venueOf(
      { mode: 'ideal' },
      { fees: { tiers: [{ fromTraded: 0n, makerE12: 9, takerE12: 9 }], minimum: 5n, rounding: 'up' } },
    );
    expect(place(venue, order(1, BUY, 0, 50, MARKET))).toEqual(['1 rejected 15']);
    tell(venue, rests(1, SELL, 102, 1), rests(2, BUY, 100, 1));
    expect(place(venue, order(2, BUY, 0, 50, MARKET), order(3, BUY, 105, 7))).toEqual([
      '2 accepted',
      '2 fill 50@102 taker ideal leaves 0',
      '3 accepted @105',
      '3 fill 7@102 taker ideal leaves 0',
    ]);
    expect(place(venue, order(4, BUY, 101, 5, { tif: FOK }), order(5, BUY, 101, 5, { tif: IOC }))).toEqual([
      '4 rejected 8',
      '5 accepted @101',
      '5 canceled 5 reason 2',
    ]);
    place(venue, order(6, BUY, 101, 9), order(7, SELL, 104, 9), order(8, BUY, 100, 3));
    tell(venue, rests(3, SELL, 101, 1));
    expect(drain(venue)).toEqual(['6 fill 9@101 maker ideal leaves 0']);
    tell(venue, hits(2, SELL, 100, 1));
    expect(drain(venue)).toEqual(['8 fill 3@100 maker ideal leaves 0']);
    expect(venue.reports.every(({ fee }) => fee === undefined)).toBe(true);
  });
});

const asked = (orderId: number, of: number, priceTicks: number, qtyLots: number): Event => ({
  ...BLANK.NewOrder,
  instrument: 1,
  source: 2,
  orderId,
  priceTicks,
  qtyLots,
  type: 1,
  tif: 1,
  flags: FLAG_LAST | (of === BUY ? 0x10 : 0x20),
});
const withdrawn = (orderId: number): Event => ({
  ...BLANK.CancelOrder,
  instrument: 1,
  source: 2,
  orderId,
  flags: FLAG_LAST,
});

describe('exchange', () => {
  test('own orders are matched with those of the tape, first come, first served', () => {
    const venue = venueOf({ mode: 'exchange' });
    tell(venue, asked(1, BUY, 100, 3));
    expect(place(venue, order(9, BUY, 100, 2))).toEqual(['9 accepted @100 ahead 3']);
    expect(aheadOf(venue, 9)).toBe(3);
    tell(venue, asked(2, SELL, 100, 4));
    expect(drain(venue)).toEqual(['9 fill 1@100 maker matched leaves 1']);
    expect(place(venue, order(8, SELL, 0, 5, MARKET))).toEqual(['8 accepted', '8 canceled 5 reason 4']);
    tell(venue, asked(3, SELL, 104, 9));
    amend(venue, { orderId: 9, priceTicks: 104, qtyLots: 4 }, 1);
    expect(drain(venue)).toEqual(['9 amended 3@104', '9 fill 3@104 taker matched leaves 0']);
    expect(place(venue, order(7, SELL, 0, 5, MARKET))).toEqual(['7 rejected 15']);
    place(venue, order(6, BUY, 103, 1, { postOnly: 1 }), order(5, BUY, 104, 1, { postOnly: 1 }));
    amend(venue, { orderId: 6, priceTicks: 104, qtyLots: NONE }, 1);
    cancel(venue, 6, 1);
    cancel(venue, 6, 1);
    expect(drain(venue)).toEqual(['6 rejected 7', '6 canceled 1 reason 1', '6 rejected 5']);
  });

  test('a command of the tape on an order that ours consumed is a no-op that is counted', () => {
    const venue = venueOf({ mode: 'exchange' });
    tell(venue, asked(1, SELL, 100, 3));
    place(venue, order(9, BUY, 100, 3));
    const seq = (): number => venue.causeSeq;
    tell(venue, withdrawn(1));
    tell(venue, { ...gone(1), cause: seq() } as Event);
    expect(venue.counts.noops).toBe(1);
    // A cancellation that was refused there too is none.
    tell(venue, withdrawn(1));
    tell(venue, {
      ...BLANK.Rejected,
      instrument: 1,
      source: 1,
      orderId: 1,
      command: 0x11,
      cause: seq(),
      flags: FLAG_LAST,
    });
    expect(venue.counts.noops).toBe(1);
    tell(venue, { ...asked(7, BUY, 90, 1), stopTicks: 91 } as Event);
    expect(venue.counts.unsupported).toBe(1);
  });
});

/** Messages since the last time, a line each. */
function seen(venue: Venue): string[] {
  const types = ['', 'level', 'trade', 'quote', 'reset', 'end', 'status', 'mark', 'funding'];
  const { f64, u32, count } = venue.market;
  const lines = Array.from({ length: count }, (_, k) => {
    const at = k * MARKET_CELLS;
    const code = u32[at * 2];
    const side = ['', ' buy', ' sell'][(code >>> 8) & 0xff];
    const price = f64[at + 1] === NONE ? '' : ` @${f64[at + 1]}`;
    const end = code >>> 16 === FLAG_END ? ' .' : '';
    const rest = [f64[at + 6], f64[at + 7]].some((cell) => cell !== 0)
      ? ` (${f64[at + 6]}, ${f64[at + 7]})`
      : '';
    return `${types[code & 0xff]}${side} ${f64[at + 2]}${price} of ${u32[at * 2 + 9]}${rest}${end}`;
  });
  venue.market.count = 0;
  return lines;
}

describe('the market', () => {
  test('order by order: levels as they are now, trades, the end of a message', () => {
    const venue = venueOf();
    tell(venue, rests(1, BUY, 100, 5), rests(2, BUY, 100, 2));
    expect(seen(venue)).toEqual(['level buy 5 @100 of 1', 'status 1 of 0 .', 'level buy 7 @100 of 2 .']);
    tell(venue, rests(3, SELL, 99, 9, 0));
    expect(seen(venue)).toEqual([]);
    tell(venue, hits(1, SELL, 100, 5, { takerOrderId: 3, flags: 0 }));
    expect(seen(venue)).toEqual(['trade sell 5 @100 of 0', 'level buy 2 @100 of 1']);
    tell(venue, hits(2, SELL, 100, 2, { takerOrderId: 3 }));
    expect(seen(venue)).toEqual([
      'trade sell 2 @100 of 0',
      'level buy 0 @100 of 0',
      'level sell 2 @99 of 1 .',
    ]);
    tell(venue, changed(3, 2, 0, 98), feedStatus(5), reset(0, 1), shown(4, SELL, 99, 1, FLAG_LAST));
    expect(seen(venue)).toEqual([
      'level sell 0 @99 of 0',
      'level sell 2 @98 of 1 .',
      'status 2 of 0 .',
      'reset 0 of 0',
      'status 1 of 0',
      'level sell 1 @99 of 1 .',
    ]);
  });

  test('a message whose last record says nothing ends with END', () => {
    const venue = venueOf();
    tell(
      venue,
      rests(1, BUY, 100, 5),
      rests(2, SELL, 100, 5, 0),
      hits(1, SELL, 100, 5, { takerOrderId: 2, flags: 0 }),
    );
    seen(venue);
    tell(venue, gone(2));
    expect(seen(venue)).toEqual(['end 0 of 0 .']);
  });

  test('aggregated: levels, quotes, statuses, marks and rates', () => {
    const venue = venueOf({}, { startsEmpty: false });
    tell(
      venue,
      reset(1, 1),
      shownLevel(BUY, 100, 9),
      shownLevel(SELL, 101, 9, FLAG_LAST),
      level(BUY, 100, 0),
    );
    expect(seen(venue)).toEqual([
      'reset 0 of 0',
      'status 1 of 0',
      'level buy 9 @100 of 0',
      'level sell 9 @101 of 0 .',
      'level buy 0 @100 of 0 .',
    ]);
    tell(venue, quote([99, 1], [101, 2]));
    expect(seen(venue)).toEqual(['quote 1 @99 of 0 (101, 2) .']);
    const at = { instrument: 1, source: 1, flags: FLAG_LAST, timeNs: 100 };
    tell(venue, { ...BLANK.Mark, ...at, markFine: 5, indexFine: 6 });
    tell(venue, { ...BLANK.FundingRate, ...at, rateE12: 7, nextFundingTime: 4_000_000_100 });
    expect(seen(venue)).toEqual(['mark 0 @5 of 0 (6, 0) .', 'funding 0 @7 of 0 (4000000100, 0) .']);
  });

  test('exchange: trades, then the levels that changed, own ones among them', () => {
    const venue = venueOf({ mode: 'exchange' });
    tell(venue, asked(1, BUY, 100, 3), asked(2, BUY, 99, 3));
    place(venue, order(9, BUY, 100, 2));
    seen(venue);
    tell(venue, asked(3, SELL, 98, 9));
    expect(seen(venue)).toEqual([
      'trade sell 3 @100 of 0',
      'trade sell 2 @100 of 0',
      'trade sell 3 @99 of 0',
      'level sell 1 @98 of 1',
      'level buy 0 @100 of 0',
      'level buy 0 @99 of 0 .',
    ]);
  });

  test('nobody listens: nothing is written; other sources do not count', () => {
    const venue = venueOf({ sources: [3] });
    tell(venue, rests(1, BUY, 100, 5));
    expect([venue.counts.records, seen(venue)]).toEqual([0, []]);
    const quiet = venueOf();
    quiet.isListening = false;
    tell(quiet, rests(1, BUY, 100, 5));
    expect([quiet.counts.records, seen(quiet)]).toEqual([1, []]);
  });
});

test('what is approximate is said', () => {
  const instruments = [
    { index: 1, terms: termsOf(), feeAsset: 1, slippage: { kind: 'bps', milliBps: 1 } as const },
  ];
  const text = venueLimits({ mode: 'replay', instruments, outages: [{ fromNs: 1, toNs: 2 }] }).join('\n');
  expect(text).toMatch(/no market impact[^]*riskAverse[^]*outage[^]*slippage/u);
  expect(venueLimits({ mode: 'replay', instruments, queue: { kind: 'probPower', n: 3 } }).join()).toMatch(
    'n = 3',
  );
  expect(venueLimits({ mode: 'exchange', instruments: [] }).join()).toMatch('counted');
  // No model of slippage has a part in it, whatever is configured.
  expect(venueLimits({ mode: 'ideal', instruments })).toEqual([
    expect.stringMatching('no strategy gets this'),
  ]);
});
