// A venue saved at every point goes on as the one that was not.
import { createHash } from 'node:crypto';
import { canonicalText, type JsonObject } from '@truetape/contracts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  amend,
  cancel,
  hashVenue,
  restoreVenue,
  saveVenue,
  submit,
  takeRecord,
  type Venue,
} from '@truetape/venue';
import { steps, tapeOf, type Tape } from './flow.ts';
import { checkProperty, seeds } from './property.ts';
import { BUY, level, order, place, print, reset, rests, SELL, shownLevel, tell, venueOf } from './tapes.ts';

const sha256 = (): ReturnType<typeof createHash> => createHash('sha256');

interface Act {
  readonly op: 'new' | 'cancel' | 'amend';
  readonly isBuy: boolean;
  readonly priceTicks: number;
  readonly qtyLots: number;
}

const acts = fc.array(
  fc.record({
    op: fc.constantFrom<Act['op'][]>('new', 'new', 'new', 'cancel', 'amend'),
    isBuy: fc.boolean(),
    priceTicks: fc.integer({ min: 97, max: 103 }),
    qtyLots: fc.integer({ min: 1, max: 8 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** What one own command does, by the number of the message before which it arrives. */
function act(venue: Venue, message: number, all: readonly Act[]): void {
  if (message % 3 !== 0) return;
  const { op, isBuy, priceTicks, qtyLots } = all[message % all.length];
  const [oldest] = venue.orders.keys();
  if (op === 'new') submit(venue, order(1000 + message, isBuy ? BUY : SELL, priceTicks, qtyLots), message);
  else if (oldest === undefined) return;
  else if (op === 'cancel') cancel(venue, oldest, message);
  else amend(venue, { orderId: oldest, priceTicks, qtyLots }, message);
}

const told = (venue: Venue): unknown => [
  venue.reports.map((report) => ({ ...report })),
  Array.from(venue.market.u32.subarray(0, venue.market.count * 16)),
];

function go(venue: Venue, { out, starts }: Tape, message: number, all: readonly Act[]): unknown {
  venue.reports.length = 0;
  venue.market.count = 0;
  act(venue, message, all);
  for (let i = starts[message]; i < starts[message + 1]; i += (out.u32[i] & 0xffff) * 2)
    takeRecord(venue, out, i, message, message, 0);
  return told(venue);
}

function again(venue: Venue): Venue {
  const text = canonicalText(saveVenue(venue));
  const restored = restoreVenue(venue.config, JSON.parse(text));
  if (!restored.ok) throw new Error(restored.error.field);
  expect(canonicalText(saveVenue(restored.value))).toBe(text);
  expect(hashVenue(restored.value, sha256)).toBe(hashVenue(venue, sha256));
  return restored.value;
}

describe.each(['replay', 'exchange'] as const)('%s', (mode) => {
  test.each(seeds(20261123))('goes on the same from every message (seed %i)', (seed) => {
    checkProperty(
      seed,
      fc.property(steps(30), acts, (all, own) => {
        const tape = tapeOf(all);
        const whole = venueOf({ mode });
        let kept = venueOf({ mode });
        for (let message = 0; message < tape.starts.length - 1; message++) {
          const expected = go(whole, tape, message, own);
          expect(go(kept, tape, message, own)).toEqual(expected);
          kept = again(kept);
        }
      }),
      60,
    );
  });
});

const config = {
  outages: [{ fromNs: 5_000, toNs: 9_000 }],
  queue: { kind: 'probPower', n: 2 },
} as const;
const one = {
  startsEmpty: false,
  fees: {
    tiers: [{ fromTraded: 0n, makerE12: -1_000_000, takerE12: 5_000_000 }],
    minimum: 1n,
    rounding: 'ceiling',
  },
  slippage: { kind: 'volatility', permille: 500, shift: 4 },
} as const;

function depthVenue(): Venue {
  const venue = venueOf(config, one);
  tell(venue, reset(1, 2), shownLevel(BUY, 100, 9), shownLevel(SELL, 102, 4), shownLevel(SELL, 103, 4, 1));
  place(
    venue,
    order(1, BUY, 100, 5),
    order(2, BUY, 102, 2),
    order(3, SELL, 105, 2, { tif: 4, expireNs: 77 }),
  );
  tell(
    venue,
    level(BUY, 100, 15),
    level(BUY, 100, 14),
    print(SELL, 100, 3),
    print(BUY, 103, 1),
    level(BUY, 100, 9),
  );
  return venue;
}

test('aggregated depth: queues, what was taken, fees, slippage, timers', () => {
  const venue = depthVenue();
  const kept = again(venue);
  expect([kept.expireNs, kept.orders.get(1)?.aheadLots]).toEqual([77, 5]);
  expect(kept.orders.get(1)?.carry).toBe(venue.orders.get(1)?.carry);
  expect(kept.orders.get(1)?.carry).toBeGreaterThan(0);
  for (const each of [venue, kept]) {
    each.reports.length = each.market.count = 0;
    tell(each, print(SELL, 100, 9), level(SELL, 102, 6));
    place(each, order(5, BUY, 103, 9));
  }
  expect(canonicalText(saveVenue(kept))).toBe(canonicalText(saveVenue(venue)));
});

test('what is no state, or not of this configuration, is refused by its field', () => {
  const venue = depthVenue();
  const state = saveVenue(venue);
  const refused = (change: JsonObject): string => {
    const restored = restoreVenue(venue.config, { ...state, ...change });
    return restored.ok ? 'ok' : restored.error.field;
  };
  const [ins] = state['instruments'] as JsonObject[];
  const [own] = state['orders'] as JsonObject[][];
  expect(refused({})).toBe('ok');
  expect(refused({ version: 1 })).toBe('version');
  expect(refused({ trades: -1 })).toBe('trades');
  expect(refused({ outage: 3 })).toBe('outage');
  expect(refused({ instruments: [] })).toBe('instruments');
  expect(refused({ orders: [own.slice(1)] })).toBe('orders[0]');
  expect(refused({ orders: [[...own.slice(0, 8), 4, ...own.slice(9)]] })).toBe('orders[0]');
  expect(refused({ orders: [] })).toBe('instruments[0].own[0][0][2][0]');
  // An order that stands nowhere would never be filled, and never end.
  expect(refused({ instruments: [{ ...ins, own: [[], []] }] })).toBe('orders');
  for (const [field, value] of [
    ['index', 2],
    ['told', 3],
    ['feed', 'AAAA'],
    ['isHalted', 1],
    ['taken', [[1, 0]]],
    ['fees', { day: 0, traded: ['x'] }],
    ['fees', { day: 0, traded: Array(29).fill('0') }],
    ['fees', { day: 0, traded: [...Array(29).fill('0'), '-1'] }],
    ['quote', [1]],
    ['slippage', null],
  ] as const)
    expect(refused({ instruments: [{ ...ins, [field]: value }] })).toMatch(`instruments[0].${field}`);
  expect(restoreVenue(venue.config, null)).toEqual({
    ok: false,
    error: { kind: 'badVenueState', field: 'version' },
  });
  const exchange = venueOf({ mode: 'exchange' });
  tell(exchange, rests(1, BUY, 100, 1));
  const broken = { ...saveVenue(exchange), exchange: { market: 'AAAA', placed: 0, missedSeq: null } };
  expect(restoreVenue(exchange.config, broken)).toMatchObject({ error: { field: 'exchange.market' } });
  place(exchange, order(1, BUY, 99, 1), order(2, BUY, 98, 1));
  const lived = saveVenue(exchange);
  expect(restoreVenue(exchange.config, lived).ok).toBe(true);
  const early = { ...lived, exchange: { ...(lived['exchange'] as JsonObject), placed: 1 } };
  expect(restoreVenue(exchange.config, early)).toMatchObject({ error: { field: 'exchange.placed' } });
});
