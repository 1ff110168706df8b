// The largest amounts there are: what would pass an i128 is refused, on the side where it would, and nothing changes.
import { expect, test } from 'vitest';
import { saveLedger } from '@truetape/ledger';
import type { LedgerInput } from '@truetape/ledger';
import { BTC, INSTRUMENTS, INVERSE, LINEAR, SPOT, USDT, cash, configOf, deskOf, fillOf } from './setups.ts';
import type { Desk } from './setups.ts';

const MAX = 2n ** 127n - 1n;
/** What a lot is worth at a price of 1: more than half of the largest amount. */
const ONE = 10n ** 38n;
const SCALES = { [USDT]: 38, [BTC]: 38 };

/** Ticks of 0.1, lots of 1, money with 38 digits. */
function desk(kind: 'linear' | 'inverse' | 'spot' = 'linear'): Desk {
  const index = { linear: LINEAR, inverse: INVERSE, spot: SPOT }[kind];
  const one = { ...INSTRUMENTS[index], priceStep: '0.1', qtyStep: '1', fineScale: 8, contractSize: '1' };
  return deskOf(configOf({ [index]: one }, {}, SCALES));
}

const buy = (ticks: number, at = LINEAR): LedgerInput => fillOf(at, 'buy', 1, ticks);
const sell = (ticks: number, at = LINEAR): LedgerInput => fillOf(at, 'sell', 1, ticks);
const funding = (markFine: number, at = LINEAR, rateE12 = 1_000_000_000_000): LedgerInput => ({
  event: 'funding',
  timeNs: 0,
  instrument: at,
  rateE12,
  markFine,
});
const settle = (priceFine: number, at = LINEAR): LedgerInput => ({
  event: 'settlement',
  timeNs: 0,
  instrument: at,
  priceFine,
});
const deposit = (amount: bigint, asset = USDT): LedgerInput => cash('deposit', asset, amount);
const withdraw = (amount: bigint): LedgerInput => cash('withdrawal', USDT, -amount);
const PRICE_ONE = 100_000_000;

/** All are taken but the last, which is told why not. */
function refused(one: Desk, told: readonly LedgerInput[], code: string): void {
  for (const input of told.slice(0, -1)) expect(one.tell(input)).toBeUndefined();
  const before = saveLedger(one.ledger);
  expect(one.tell(told.at(-1)!)).toMatchObject({ code });
  expect(saveLedger(one.ledger)).toEqual(before);
}

// Fails where a bound is looked at from the wrong side: a gain is taken for a loss.
test.each<readonly [string, readonly LedgerInput[]]>([
  ['a profit, of a balance', [deposit(MAX), buy(10), sell(11)]],
  ['profits together', [buy(1), sell(10), withdraw(ONE / 2n), buy(1), sell(10)]],
  ['values of fills together', [buy(10), sell(1), buy(10)]],
  ['a cost', [buy(10), buy(10)]],
  ['a funding, of a balance', [deposit(MAX), sell(10), funding(PRICE_ONE)]],
  ['fundings together', [sell(10), funding(PRICE_ONE), withdraw(ONE / 2n), funding(PRICE_ONE)]],
  ['a settlement, of a balance', [deposit(MAX), buy(10), settle(PRICE_ONE + 1)]],
  ['settlements together', [buy(1), settle(PRICE_ONE), withdraw(ONE / 2n), buy(1), settle(PRICE_ONE)]],
])('%s', (_, told) => {
  refused(desk(), told, 'tooLarge');
});

// The other way round they are taken.
test.each<readonly [string, readonly LedgerInput[]]>([
  ['a loss', [deposit(MAX), buy(10), sell(9)]],
  ['a profit and a loss', [buy(1), sell(10), withdraw(ONE / 2n), buy(10), sell(1)]],
  ['a funding that is paid', [deposit(MAX), buy(10), funding(PRICE_ONE)]],
  ['a settlement at a loss', [deposit(MAX), buy(10), settle(PRICE_ONE - 1)]],
])('%s is taken', (_, told) => {
  const one = desk();
  for (const input of told) expect(one.tell(input)).toBeUndefined();
});

test('spot: neither what is bought nor what it is sold for passes it', () => {
  const rich = desk('spot');
  refused(rich, [deposit(MAX, BTC), deposit(ONE), buy(10, SPOT)], 'tooLarge');
  expect(rich.tell(sell(1, SPOT))).toBeUndefined();
  const paid = desk('spot');
  refused(paid, [deposit(ONE, BTC), deposit(MAX), sell(10, SPOT)], 'tooLarge');
  expect(paid.tell(buy(1, SPOT))).toMatchObject({ code: 'tooLarge' });
  const poor = desk('spot');
  for (const input of [deposit(MAX), buy(10, SPOT)]) expect(poor.tell(input)).toBeUndefined();
});

test('the largest debt is as large as the largest balance', () => {
  const one = desk();
  for (const input of [cash('adjustment', USDT, -MAX), withdraw(0n)]) expect(one.tell(input)).toBeUndefined();
  expect(one.tell(cash('adjustment', USDT, -1n))).toMatchObject({ code: 'tooLarge' });
});

test('lots of a spot balance end where a double does', () => {
  const lots = BigInt(Number.MAX_SAFE_INTEGER);
  const small = { ...INSTRUMENTS[SPOT], priceStep: '1', qtyStep: '1', fineScale: 8, contractSize: '1' };
  const fine = deskOf(configOf({ [SPOT]: small }, {}, { [USDT]: 8, [BTC]: 0 }));
  refused(fine, [deposit(lots, BTC), deposit(1n, BTC)], 'tooLarge');
  expect(fine.ledger.positions[SPOT]?.positionLots).toBe(Number.MAX_SAFE_INTEGER);
});

// Fails where a price of 0 gets as far as a division.
test('an inverse contract has no price of 0', () => {
  refused(desk('inverse'), [buy(10, INVERSE), funding(0, INVERSE)], 'badPrice');
  refused(desk('inverse'), [buy(10, INVERSE), settle(0, INVERSE)], 'badPrice');
  const linear = desk();
  for (const input of [buy(10), funding(0), settle(0)]) expect(linear.tell(input)).toBeUndefined();
});

test('amounts of 0 are taken, whatever the reason', () => {
  const one = desk();
  for (const reason of ['deposit', 'withdrawal', 'fee', 'rebate'] as const)
    expect(one.tell(cash(reason, USDT, 0n))).toBeUndefined();
});
