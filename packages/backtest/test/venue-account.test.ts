/** The venue's own books; whole runs on accounts that have little are tests of the command line. */
import { NONE } from '@truetape/contracts';
import { createTerms } from '@truetape/kernel';
import { createLedger } from '@truetape/ledger';
import type { MarginConfig } from '@truetape/ledger';
import { cancel, createVenue, submit } from '@truetape/venue';
import type { OwnReport, VenueConfig, VenueOrder } from '@truetape/venue';
import { describe, expect, test } from 'vitest';
import {
  bookAtVenue,
  canPay,
  createVenueAccount,
  depositAtVenue,
  holdToBalance,
} from '../src/venue-account.ts';
import type { VenueAccount } from '../src/venue-account.ts';

const [BTC, USD] = [1, 2];
const FEES = {
  tiers: [{ fromTraded: 0n, makerE12: 0, takerE12: 10_000_000_000 }],
  rounding: 'ceiling',
} as const;

function venueConfig(kind: 'spot' | 'linear', minimum = 0n, count = 1): VenueConfig {
  const terms = createTerms({
    class: kind,
    priceStep: '1',
    qtyStep: '1',
    fineScale: 0,
    contractSize: '1',
    moneyScale: 2,
  });
  if (!terms.ok) throw new Error(terms.error.field);
  const common = { terms: terms.value, feeAsset: USD, fees: { ...FEES, minimum }, startsEmpty: true };
  const instruments = Array.from({ length: count }, (_, k) => ({ index: k + 1, ...common }));
  return { mode: 'replay', instruments };
}

function accountOf(
  config: VenueConfig,
  usd: bigint,
  btc = 0n,
  tiers: MarginConfig['tiers'] = [],
): VenueAccount {
  const ledger = createLedger({
    account: 1,
    equityOn: 'last',
    tradesKept: 0,
    assets: [
      { index: BTC, code: 'BTC', scale: 2 },
      { index: USD, code: 'USD', scale: 2 },
    ],
    instruments: config.instruments.map(({ index, terms }) => ({
      index,
      terms,
      base: BTC,
      quote: USD,
      settle: USD,
      roundPer: 'fill',
      rounding: 'halfUp',
      margin: { leverage: 10, tiers },
    })),
  });
  if (!ledger.ok) throw new Error(ledger.error.code);
  const account = createVenueAccount(config, ledger.value, USD);
  depositAtVenue(account, USD, usd, 0);
  depositAtVenue(account, BTC, btc, 0);
  return account;
}

const order = (orderId: number, side: number, priceTicks: number, qtyLots: number): VenueOrder => ({
  instrument: 1,
  orderId,
  side,
  type: priceTicks === NONE ? 2 : 1,
  tif: 1,
  priceTicks,
  qtyLots,
  postOnly: 0,
});

const fillOf = (side: number, priceTicks: number, qtyLots: number, fee: bigint): OwnReport =>
  ({
    instrument: 1,
    side,
    priceTicks,
    qtyLots,
    timeNs: 1,
    orderId: 1,
    tradeId: 1,
    fee: { asset: USD, amount: fee },
  }) as unknown as OwnReport;

describe('spot', () => {
  // Fails where an order's own fee, or what is open, is not counted.
  test('a buy needs its value, the highest fee, and what is open; an amend replaces what it amends', () => {
    const config = venueConfig('spot');
    const venue = createVenue(config);
    const account = accountOf(config, 30_500n);
    const pays = (...args: Parameters<typeof order>): boolean =>
      canPay(account, venue, order(...args), [], 1);
    // 300.00, and 1 % of it with a cent for each rounding: 303.06 of 305.00.
    expect(pays(1, 1, 100, 3)).toBe(true);
    expect(pays(1, 1, 101, 3)).toBe(false);
    submit(venue, order(1, 1, 100, 2), 1);
    expect([pays(2, 1, 100, 1), pays(2, 1, 103, 1), pays(1, 1, 100, 3)]).toEqual([true, false, true]);
  });

  test('a market order is paid at what it would trade at, slippage included', () => {
    const config = venueConfig('spot');
    const venue = createVenue(config);
    const account = accountOf(config, 10_200n);
    const market = order(1, 1, NONE, 2);
    const takes = (priceTicks: number): { priceTicks: number; lots: number; fills: number }[] => [
      { priceTicks: 50, lots: 1, fills: 1 },
      { priceTicks, lots: 1, fills: 1 },
    ];
    expect(canPay(account, venue, market, takes(50), 1)).toBe(true);
    expect(canPay(account, venue, market, takes(51), 1)).toBe(false);
  });

  test('a sell needs its lots, and what a minimum fee takes beyond what it brings', () => {
    const config = venueConfig('spot', 500n);
    const venue = createVenue(config);
    expect(canPay(accountOf(config, 0n, 300n), venue, order(1, 2, 100, 3), [], 1)).toBe(true);
    expect(canPay(accountOf(config, 0n, 300n), venue, order(1, 2, 100, 4), [], 1)).toBe(false);
    expect(canPay(accountOf(config, 0n, 300n), venue, order(1, 2, 4, 3), [], 1)).toBe(false);
    expect(canPay(accountOf(config, 500n, 300n), venue, order(1, 2, 4, 3), [], 1)).toBe(true);
  });

  test('BACKTEST-5: a fill that the account cannot pay; of a fee it takes what there is', () => {
    const account = accountOf(venueConfig('spot'), 10_000n);
    expect(() => bookAtVenue(account, fillOf(1, 101, 1, 0n))).toThrow('BACKTEST-5');
    expect(bookAtVenue(account, fillOf(1, 99, 1, 200n)).fee?.amount).toBe(100n);
    expect(account.ledger.assets[USD]?.balance).toBe(0n);
  });
});

describe('derivatives', () => {
  test('margin and fees of the worse side; what makes the position no larger is always let in', () => {
    const config = venueConfig('linear');
    const venue = createVenue(config);
    const account = accountOf(config, 10_000n);
    const pays = (...args: Parameters<typeof order>): boolean =>
      canPay(account, venue, order(...args), [], 2);
    // 1,000 of margin: 9 lots at 100 with 1 % in fees leave 91 × 10.
    expect([pays(1, 1, 100, 9), pays(1, 1, 100, 10)]).toEqual([true, false]);
    bookAtVenue(account, fillOf(1, 100, 9, 9500n));
    expect(account.ledger.assets[USD]?.balance).toBe(500n);
    expect([pays(2, 1, 100, 1), pays(2, 2, 100, 18), pays(2, 2, 100, 19)]).toEqual([false, true, false]);
  });

  // Fails where each market may take all of the money that they share.
  test('what else is held and open takes its margin from the same money', () => {
    const config = venueConfig('linear', 0n, 2);
    const venue = createVenue(config);
    const account = accountOf(config, 10_000n);
    const most = (): number => {
      let lots = 0;
      while (canPay(account, venue, order(1, 1, 100, lots + 1), [], 2)) lots += 1;
      return lots;
    };
    expect(most()).toBe(9);
    // 40 of 100: 5 lots have 50 of margin and 5.01 of fees.
    bookAtVenue(account, { ...fillOf(2, 100, 4, 0n), instrument: 2 });
    expect(most()).toBe(5);
    // Of the worse side, at its limit: a sell more, and a buy that only closes.
    submit(venue, { ...order(2, 2, 300, 1), instrument: 2 }, 2);
    submit(venue, { ...order(3, 1, 50, 4), instrument: 2 }, 2);
    expect(venue.orders.size).toBe(2);
    // Five at 300 are more than the 100 that there are.
    expect(most()).toBe(0);
    cancel(venue, 2, 2);
    submit(venue, { ...order(4, 2, 100, 1), instrument: 2 }, 2);
    expect(most()).toBe(4);
  });

  // Fails where a bracket's leverage is a setting that nothing asks for.
  test('a bracket may allow less leverage than the account has', () => {
    const config = venueConfig('linear');
    const tier = { maintenanceE12: 0, floor: 0n };
    const tiers = [
      { ...tier, leverageMax: 20 },
      { ...tier, floor: 30_000n, leverageMax: 4 },
    ];
    const account = accountOf(config, 10_000n, 0n, tiers);
    const pays = (lots: number): boolean =>
      canPay(account, createVenue(config), order(1, 1, 100, lots), [], 2);
    // 300 are in the first, 400 in the second: 100 of margin, and fees.
    expect([pays(3), pays(4)]).toEqual([true, false]);
    bookAtVenue(account, fillOf(1, 100, 2, 0n));
    expect([pays(1), pays(2)]).toEqual([true, false]);
  });
});

test('orders that the account cannot pay for any more are canceled, the newest first', () => {
  const config = venueConfig('spot');
  const account = accountOf(config, 30_000n);
  const venue = createVenue(config);
  venue.instruments[0].feed.status = 'live';
  submit(venue, order(1, 1, 100, 1), 1);
  submit(venue, order(2, 1, 100, 1), 1);
  venue.reports.length = 0;
  holdToBalance(account, venue, 1);
  expect(venue.orders.size).toBe(2);
  account.ledger.assets[USD]!.balance = 15_000n;
  holdToBalance(account, venue, 1);
  expect(venue.reports.map(({ kind, orderId, code }) => [kind, orderId, code])).toEqual([['canceled', 2, 8]]);
});
