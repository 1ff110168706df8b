// What holds at all times: after every message of random markets with own orders in them, and when it is broken.
import { NONE } from '@truetape/contracts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amend, cancel, checkVenue, submit, takeRecord, type OwnReport, type Venue } from '@truetape/venue';
import { leaveOwn, restOwn } from '../src/own.ts';
import { endOwn, fillOwn } from '../src/reports.ts';
import { steps, tapeOf } from './flow.ts';
import { checkProperty, seeds } from './property.ts';
import { BUY, order, place, rests, SELL, tell, venueOf } from './tapes.ts';

interface Act {
  readonly op: 'new' | 'market' | 'ioc' | 'post' | 'cancel' | 'amend';
  readonly isBuy: boolean;
  readonly priceTicks: number;
  readonly qtyLots: number;
  readonly pick: number;
}

const acts = fc.array(
  fc.record({
    op: fc.constantFrom<Act['op'][]>('new', 'new', 'market', 'ioc', 'post', 'cancel', 'amend'),
    isBuy: fc.boolean(),
    priceTicks: fc.integer({ min: 97, max: 103 }),
    qtyLots: fc.integer({ min: 1, max: 15 }),
    pick: fc.nat(9),
  }),
  { minLength: 1, maxLength: 25 },
);

function act(venue: Venue, id: number, { op, isBuy, priceTicks, qtyLots, pick }: Act): void {
  const side = isBuy ? BUY : SELL;
  const ids = [...venue.orders.keys()];
  const named = ids[pick % Math.max(1, ids.length)];
  if (op === 'cancel' || op === 'amend') {
    if (named === undefined) return;
    if (op === 'cancel') cancel(venue, named, id);
    else amend(venue, { orderId: named, priceTicks, qtyLots: pick < 5 ? NONE : qtyLots }, id);
  } else if (op === 'market') submit(venue, order(id, side, NONE, qtyLots, { type: 2 }), id);
  else
    submit(
      venue,
      order(id, side, priceTicks, qtyLots, { tif: op === 'ioc' ? 2 : 1, postOnly: op === 'post' ? 2 : 0 }),
      id,
    );
}

/** Every order is accepted once, adds up to its quantity, and ends once. */
function checkLives(reports: readonly OwnReport[], living: ReadonlySet<number>): void {
  const lives = new Map<number, { qty: number; cum: number; hasEnded: boolean }>();
  for (const report of reports) {
    const { kind, orderId, qtyLots, leavesLots, cumLots } = report;
    const life = lives.get(orderId);
    if (kind === 'accepted') {
      expect(life).toBeUndefined();
      lives.set(orderId, { qty: qtyLots, cum: 0, hasEnded: false });
      continue;
    }
    if (life === undefined) {
      expect(kind).toBe('rejected');
      continue;
    }
    if (kind === 'rejected') continue;
    expect(life.hasEnded).toBe(false);
    if (kind === 'amended') life.qty = leavesLots + cumLots;
    if (kind === 'fill') life.cum += qtyLots;
    expect(cumLots).toBe(life.cum);
    expect(cumLots + leavesLots + (kind === 'canceled' ? qtyLots : 0)).toBe(life.qty);
    life.hasEnded = kind === 'canceled' || leavesLots === 0;
  }
  for (const [orderId, { hasEnded }] of lives) expect(living.has(orderId)).toBe(!hasEnded);
}

describe.each(['replay', 'exchange', 'ideal'] as const)('%s', (mode) => {
  test.each(seeds(20261124))('own orders live once, and no lot is sold twice (seed %i)', (seed) => {
    let fills = 0;
    checkProperty(
      seed,
      fc.property(steps(50), acts, (all, own) => {
        const { out, starts } = tapeOf(all);
        const venue = venueOf({ mode });
        for (let message = 0; message < starts.length - 1; message++) {
          if (message % 2 === 0) act(venue, message, own[(message / 2) % own.length]);
          checkVenue(venue);
          for (let i = starts[message]; i < starts[message + 1]; i += (out.u32[i] & 0xffff) * 2)
            takeRecord(venue, out, i, message, message, 0);
          checkVenue(venue);
        }
        checkLives(venue.reports, new Set(venue.orders.keys()));
        fills += venue.counts.fills;
      }),
      mode === 'replay' ? 600 : 300,
    );
    expect(fills).toBeGreaterThan(100);
  });
});

describe('broken', () => {
  const venue = (): Venue => {
    const made = venueOf();
    place(made, order(1, BUY, 100, 5));
    return made;
  };
  const fill = { priceTicks: 100, liquidity: 1, basis: 3 };

  test('VENUE-1: an own order rests once, and where it says', () => {
    const { instruments, orders } = venue();
    const own = orders.get(1)!;
    expect(() => restOwn(instruments[0].own[0], own)).toThrow('VENUE-1');
    expect(() => leaveOwn([], own)).toThrow('VENUE-1');
  });

  test('VENUE-2, VENUE-3: no fill beyond the quantity', () => {
    const made = venue();
    const own = made.orders.get(1)!;
    const [ins] = made.instruments;
    expect(() => fillOwn(made, ins, own, { ...fill, lots: 6 }, 0)).toThrow('VENUE-2');
    expect(() => fillOwn(made, ins, own, { ...fill, lots: 0 }, 0)).toThrow('VENUE-2');
    own.qtyLots = 9;
    expect(() => fillOwn(made, ins, own, { ...fill, lots: 1 }, 0)).toThrow('VENUE-3');
    expect(() => checkVenue(made)).toThrow('VENUE-3');
  });

  test('VENUE-4: an own order ends once', () => {
    const made = venue();
    const own = made.orders.get(1)!;
    endOwn(made, made.instruments[0], own);
    expect(() => endOwn(made, made.instruments[0], own)).toThrow('VENUE-4');
  });

  test('VENUE-7: the engine has as much left of an own order', () => {
    const made = venueOf({ mode: 'exchange' });
    place(made, order(1, BUY, 100, 5));
    Object.assign(made.orders.get(1)!, { leavesLots: 4, qtyLots: 4 });
    expect(() => submit(made, order(2, SELL, 100, 1), 0)).not.toThrow();
    const { out, starts } = tapeOf([
      { op: 'new', isBuy: false, priceTicks: 100, qtyLots: 1, pick: 0, owner: 1 },
    ]);
    expect(starts.length).toBe(2);
    expect(() => takeRecord(made, out, 0, 0, 0, 0)).toThrow('VENUE-7');
  });

  test('VENUE-8, VENUE-9: own orders are where they say, and took no more than there is', () => {
    const made = venue();
    made.instruments[0].ownCount = 0;
    expect(() => checkVenue(made)).toThrow('VENUE-8');
    const other = venue();
    tell(other, rests(4, SELL, 101, 2));
    place(other, order(2, BUY, 101, 1));
    checkVenue(other);
    other.instruments[0].taken.set(4, 3);
    expect(() => checkVenue(other)).toThrow('VENUE-9');
  });
});
