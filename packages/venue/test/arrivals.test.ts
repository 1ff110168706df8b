// What is said to commands as they arrive: amends that keep their place, reasons by their order, a time that is over.
import { BLANK, FLAG_LAST, NONE } from '@truetape/contracts';
import { describe, expect, test } from 'vitest';
import { advance, amend, createVenue, nextTimeNs, submit, type Venue } from '@truetape/venue';
import {
  BUY,
  drain,
  feedStatus,
  GTD,
  order,
  place,
  rests,
  SELL,
  tell,
  termsOf,
  trading,
  venueOf,
} from './tapes.ts';

const [TRADING, HALTED, GAP] = [1, 2, 5];
const MODES = ['replay', 'exchange', 'ideal'] as const;

/** What is said to an amend of order 1. */
function said(venue: Venue, change: { readonly priceTicks?: number; readonly qtyLots?: number }): string[] {
  amend(venue, { orderId: 1, priceTicks: NONE, qtyLots: NONE, ...change }, 1);
  return drain(venue).map((line) => line.replace(/ ahead \d+/u, ''));
}

// Fails where a matching engine moves orders while trading is halted.
test.each(MODES)('%s: while trading is halted an amend goes only where it keeps its place', (mode) => {
  const venue = venueOf({ mode });
  place(venue, order(1, BUY, 100, 5));
  tell(venue, trading(HALTED));
  expect(said(venue, { priceTicks: 101 })).toEqual(['1 rejected 13']);
  expect(said(venue, { qtyLots: 6 })).toEqual(['1 rejected 13']);
  expect(said(venue, { qtyLots: 4, priceTicks: 100 })).toEqual(['1 amended 4@100 kept']);
  tell(venue, trading(TRADING));
  expect(said(venue, { priceTicks: 101 })).toEqual(['1 amended 4@101']);
});

describe('an account that has become poor', () => {
  const poor = (mode: (typeof MODES)[number]): Venue => {
    const one = { index: 1, terms: termsOf(), feeAsset: 1, startsEmpty: true };
    let asked = 0;
    const venue = createVenue({ mode, instruments: [one] }, { canAfford: () => (asked += 1) === 1 });
    place(venue, order(1, BUY, 100, 5));
    return venue;
  };

  // Fails where who cannot pay for an order may not even make it smaller.
  test.each(MODES)('%s: may make an order smaller at its price, and nothing else', (mode) => {
    const venue = poor(mode);
    expect(said(venue, { qtyLots: 4, priceTicks: 99 })).toEqual(['1 rejected 14']);
    expect(said(venue, { qtyLots: 6 })).toEqual(['1 rejected 14']);
    expect(said(venue, { qtyLots: 4 })).toEqual(['1 amended 4@100 kept']);
    expect(said(venue, { qtyLots: 5 })).toEqual(['1 rejected 14']);
    expect(said(venue, { qtyLots: 4, priceTicks: 100 })).toEqual(['1 amended 4@100 kept']);
  });

  // Fails where it is judged by a book that nobody knows.
  test('hears first that the book is not known', () => {
    const venue = poor('replay');
    tell(venue, rests(1, SELL, 105, 1), feedStatus(GAP));
    expect(said(venue, { priceTicks: 101 })).toEqual(['1 rejected 12']);
    expect(said(venue, { priceTicks: 100.5 })).toEqual(['1 rejected 16']);
  });
});

test('an outage comes before an instrument that there is not', () => {
  const venue = venueOf({ outages: [{ fromNs: 5, toNs: 9 }] });
  expect(place(venue, order(1, BUY, 100, 1, { instrument: 2 }))).toEqual(['1 rejected 3']);
  advance(venue, 5);
  expect(place(venue, order(1, BUY, 100, 1, { instrument: 2 }))).toEqual(['1 rejected 13']);
});

// Fails where time goes back: an order that was accepted at 10 expired at 5, and had traded in between.
test.each(MODES)('%s: an order that comes when its time is over trades with nobody', (mode) => {
  const venue = venueOf({ mode });
  tell(venue, rests(1, SELL, 100, 9));
  for (const [orderId, expireNs] of [
    [1, 9],
    [2, 10],
    [3, 11],
  ])
    submit(venue, order(orderId, BUY, 99, 2, { tif: GTD, expireNs }), 10);
  submit(venue, order(4, BUY, 100, 2, { tif: GTD, expireNs: 10 }), 10);
  expect(nextTimeNs(venue)).toBe(11);
  expect(venue.reports.map(({ orderId, kind, timeNs }) => `${orderId} ${kind} ${timeNs}`)).toEqual([
    '1 accepted 10',
    '1 expired 10',
    '2 accepted 10',
    '2 expired 10',
    '3 accepted 10',
    '4 accepted 10',
    '4 expired 10',
  ]);
  expect([...venue.orders.keys()]).toEqual([3]);
});

/** Every form of an order, against nothing, an order of somebody else, one of ours, and both. */
const FORMS = [1, 2].flatMap((side) =>
  [NONE, 97, 100, 103].flatMap((priceTicks) =>
    [1, 2, 3].flatMap((tif) =>
      [0, 1, 2].flatMap((postOnly) =>
        [2, 5].flatMap((qtyLots) =>
          ['nothing', 'another', 'own', 'both'].map((against) => ({
            against,
            form: { side, type: priceTicks === NONE ? 2 : 1, priceTicks, tif, postOnly, qtyLots },
          })),
        ),
      ),
    ),
  ),
);

// Fails where a recorded book takes a form of an order otherwise than a matching engine does.
test('each form of an order is answered alike by a recorded book and by a matching engine', () => {
  const answer = (mode: (typeof MODES)[number], { against, form }: (typeof FORMS)[number]): string[] => {
    const venue = venueOf({ mode });
    const other = 3 - form.side;
    const resting = { ...BLANK.NewOrder, instrument: 1, source: 2, orderId: 1, priceTicks: 100, qtyLots: 3 };
    const asked = { ...resting, type: 1, tif: 1, account: 5, flags: (other << 4) | FLAG_LAST };
    if (against === 'another' || against === 'both')
      tell(venue, mode === 'exchange' ? asked : rests(1, other, 100, 3));
    if (against === 'own' || against === 'both') place(venue, order(1, other, 100, 1));
    return place(venue, { ...order(2, 1, 1, 1), ...form }).map((line) =>
      line.replace(/(matched|bookWalk)/u, ''),
    );
  };
  const different = FORMS.map((one) => [JSON.stringify(one), answer('replay', one), answer('exchange', one)])
    .filter(([, replayed, matched]) => String(replayed) !== String(matched))
    .map((one) => one.map(String).join(' | '));
  expect(different).toEqual([]);
  // What nobody stands against is refused alike by ideal execution, too.
  const alone = FORMS.filter(({ against }) => against === 'nothing');
  expect(alone.map((one) => answer('ideal', one))).toEqual(alone.map((one) => answer('replay', one)));
});

const CHANGES = [1, 2].flatMap((side) =>
  [NONE, -4, -3, 0, 3, 6].flatMap((to) =>
    [NONE, 1, 2, 4, 9].flatMap((qtyLots) =>
      [0, 1, 2].flatMap((postOnly) =>
        ['nothing', 'another', 'own', 'both'].map((against) => ({ against, side, to, qtyLots, postOnly })),
      ),
    ),
  ),
);

// Fails where a recorded book changes an order otherwise than a matching engine does.
test('each change of an order is answered alike by a recorded book and by a matching engine', () => {
  const answer = (
    mode: 'replay' | 'exchange',
    { against, side, to, qtyLots, postOnly }: (typeof CHANGES)[number],
  ): string[] => {
    const venue = venueOf({ mode });
    const other = 3 - side;
    const sign = side === BUY ? 1 : -1;
    const asked = { ...BLANK.NewOrder, instrument: 1, source: 2, type: 1, tif: 1, account: 5 };
    const come = (orderId: number, of: number, priceTicks: number, lots: number): void => {
      const flags = (of << 4) | FLAG_LAST;
      tell(
        venue,
        mode === 'exchange'
          ? { ...asked, orderId, priceTicks, qtyLots: lots, flags }
          : rests(orderId, of, priceTicks, lots),
      );
    };
    // Ours at 97 has one of four lots filled; 100 is beyond the spread.
    place(venue, order(1, side, 100 - 3 * sign, 4, { postOnly }));
    come(1, other, 100 - 3 * sign, 1);
    if (against === 'another' || against === 'both') come(2, other, 100, 2);
    if (against === 'own' || against === 'both') place(venue, order(2, other, 100, 1));
    drain(venue);
    amend(venue, { orderId: 1, priceTicks: to === NONE ? NONE : 100 + to * sign, qtyLots }, 9);
    return drain(venue).map((line) => line.replace(/(matched|bookWalk|tradeThrough)/u, ''));
  };
  const different = CHANGES.map((one) => [
    JSON.stringify(one),
    answer('replay', one),
    answer('exchange', one),
  ])
    .filter(([, replayed, matched]) => String(replayed) !== String(matched))
    .map((one) => one.map(String).join(' | '));
  expect(different).toEqual([]);
});
