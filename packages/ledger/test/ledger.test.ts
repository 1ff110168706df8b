import { describe, expect, test } from 'vitest';
import { NONE, SIDE_BUY } from '@truetape/contracts';
import { createTerms } from '@truetape/kernel';
import {
  BALANCE_REASONS,
  addAsset,
  addInstrument,
  checkFill,
  checkLedger,
  entryFineOf,
  liquidationOf,
  marginOf,
  positionLots,
  saveLedger,
  unrealisedOf,
} from '@truetape/ledger';
import {
  BNB,
  BTC,
  INSTRUMENTS,
  INVERSE,
  LINEAR,
  SPOT,
  USDT,
  cash,
  configOf,
  deskOf,
  fillOf,
  ledgerOf,
  markOf,
  units,
} from './setups.ts';

describe('spot', () => {
  test('a fill exchanges base and quote; fees in either asset, or a third', () => {
    const desk = deskOf();
    const { ledger } = desk;
    desk.tell(cash('deposit', USDT, units('1000')));
    desk.tell(cash('deposit', BNB, units('1')));
    // 0.01 BTC at 50,000
    desk.tell(fillOf(SPOT, 'buy', 1000, 5_000_000));
    expect(desk.out.count).toBe(0);
    desk.tell(cash('fee', BTC, units('-0.00001')));
    desk.tell(cash('fee', BNB, units('-0.001')));
    expect([USDT, BTC, BNB].map((asset) => ledger.assets[asset]?.balance)).toEqual([
      units('500'),
      units('0.00999'),
      units('0.999'),
    ]);
    // Whole lots of the balance; the profit is reckoned on what was traded.
    expect([positionLots(ledger, SPOT), ledger.positions[SPOT]?.tradedLots]).toEqual([999, 1000]);
    desk.tell(markOf(SPOT, '51000'));
    expect(unrealisedOf(ledger, SPOT)).toBe(units('10'));
    desk.tell(fillOf(SPOT, 'sell', 400, 5_200_000));
    expect(ledger.positions[SPOT]?.realised).toBe(units('8'));
    expect(entryFineOf(ledger, SPOT)).toBe(units('50000'));
    expect(marginOf(ledger, SPOT)).toEqual({ value: 0n, leverage: 1, initial: 0n, maintenance: 0n });
    expect(liquidationOf(ledger, SPOT)).toEqual({ kind: 'none' });
    checkLedger(ledger);
  });

  test('neither asset goes below zero, and what is refused changes nothing', () => {
    const desk = deskOf();
    desk.tell(cash('deposit', USDT, units('500')));
    const before = saveLedger(desk.ledger);
    const tooMuch = fillOf(SPOT, 'buy', 1001, 5_000_000);
    const refused = {
      code: 'insufficientBalance',
      asset: USDT,
      needed: units('500.5'),
      available: units('500'),
    };
    expect(checkFill(desk.ledger, tooMuch)).toEqual(refused);
    expect(desk.tell(tooMuch)).toEqual(refused);
    expect(desk.tell(fillOf(SPOT, 'sell', 1, 1))).toMatchObject({ code: 'insufficientBalance', asset: BTC });
    expect(desk.tell(cash('withdrawal', USDT, units('-500.00000001')))).toMatchObject({
      code: 'insufficientBalance',
    });
    expect(desk.tell(cash('fee', BNB, -1n))).toMatchObject({ code: 'insufficientBalance', available: 0n });
    expect(saveLedger(desk.ledger)).toEqual(before);
    expect(desk.tell(fillOf(SPOT, 'buy', 1000, 5_000_000))).toBeUndefined();
    expect(desk.ledger.assets[USDT]?.balance).toBe(0n);
  });

  test('a fill and its fee can be asked for together', () => {
    const desk = deskOf(configOf({ [SPOT]: INSTRUMENTS[SPOT] }));
    desk.tell(cash('deposit', USDT, units('500')));
    const all = fillOf(SPOT, 'buy', 1000, 5_000_000);
    const ask = (asset: number, amount: bigint) => checkFill(desk.ledger, all, { asset, amount })?.code;
    expect([ask(USDT, 0n), ask(USDT, -1n), ask(BTC, units('-0.01')), ask(BTC, units('-0.01000001'))]).toEqual(
      [undefined, 'insufficientBalance', undefined, 'insufficientBalance'],
    );
    expect([ask(BNB, -1n), ask(9, -1n), ask(USDT, 1n)]).toEqual([
      'insufficientBalance',
      'unknownAsset',
      undefined,
    ]);
  });

  // Fails where a fee that no ledger takes is let by behind a fill that is taken: an asset that lends pays any.
  test('also a fee, or a rebate, that is more than an account holds', () => {
    const desk = deskOf();
    const fill = fillOf(LINEAR, 'buy', 1, 100);
    const most = (1n << 127n) - 1n;
    for (const [asset, amount, code] of [
      [USDT, -most - 1n, 'badAmount'],
      [USDT, most, undefined],
      [USDT, -most, undefined],
      [BTC, units('-90071992547.40991'), undefined],
      [BTC, units('-90071992547.40992'), 'tooLarge'],
      [BTC, units('90071992547.40992'), 'tooLarge'],
    ] as const) {
      expect(checkFill(desk.ledger, fill, { asset, amount })?.code).toBe(code);
      const { tell } = deskOf();
      expect(tell(fill)).toBeUndefined();
      expect(tell(cash(amount > 0n ? 'rebate' : 'fee', asset, amount))?.code).toBe(code);
    }
  });
});

describe('a trade id', () => {
  const fill = fillOf(LINEAR, 'buy', 5, 100, { tradeId: 7 });
  test('is taken once a side; other data under it is a conflict', () => {
    const desk = deskOf();
    expect(desk.tell(fill)).toBeUndefined();
    const after = saveLedger(desk.ledger);
    // The same price in fine units is the same fill.
    for (const same of [fill, { ...fill, priceTicks: NONE, priceFine: 1_000_000_000, timeNs: 3 }]) {
      expect(desk.tell(same)).toBeUndefined();
      expect([desk.out.outcome, desk.out.count]).toEqual(['duplicate', 0]);
      expect(checkFill(desk.ledger, same, { asset: BNB, amount: -1n })).toBeUndefined();
    }
    for (const other of [
      { ...fill, qtyLots: 6 },
      { ...fill, priceTicks: 99 },
    ])
      for (const answer of [checkFill(desk.ledger, other), desk.tell(other)])
        expect(answer).toEqual({ code: 'tradeConflict', instrument: LINEAR, tradeId: 7 });
    expect(saveLedger(desk.ledger)).toEqual(after);
    // The other side of a trade between two own orders, and the same id elsewhere.
    expect(desk.tell(fillOf(LINEAR, 'sell', 5, 100, { tradeId: 7 }))).toBeUndefined();
    expect([desk.out.outcome, positionLots(desk.ledger, LINEAR)]).toEqual(['applied', 0]);
    expect(desk.tell({ ...fill, instrument: INVERSE })).toBeUndefined();
    expect(desk.out.outcome).toBe('applied');
  });

  test('is forgotten behind so many others', () => {
    const desk = deskOf(configOf(INSTRUMENTS, { tradesKept: 2 }));
    for (const tradeId of [0, 1, 2, 0]) {
      expect(desk.tell({ ...fill, tradeId })).toBeUndefined();
      expect(desk.out.outcome).toBe('applied');
    }
    expect(desk.ledger.positions[LINEAR]?.taken.size).toBe(2);
    const none = deskOf(configOf(INSTRUMENTS, { tradesKept: 0 }));
    none.tell(fill);
    none.tell(fill);
    expect(positionLots(none.ledger, LINEAR)).toBe(10);
  });
});

describe('large, small and long', () => {
  test('beyond 2^53: amounts are exact to the unit', () => {
    const desk = deskOf();
    const lots = Number.MAX_SAFE_INTEGER - 2;
    desk.tell(fillOf(LINEAR, 'buy', lots, 900_000_001));
    desk.tell(fillOf(LINEAR, 'sell', lots, 900_000_002));
    // One tick of 0.1 × 0.001 a lot.
    expect(desk.ledger.assets[USDT]?.balance).toBe(BigInt(lots) * 10_000n);
    expect(desk.tell(fillOf(LINEAR, 'sell', Number.MAX_SAFE_INTEGER, 1))).toBeUndefined();
    expect(desk.tell(fillOf(LINEAR, 'sell', 1, 1))).toMatchObject({ code: 'tooLarge' });
    checkLedger(desk.ledger);
  });

  test('linear prices may be zero or below', () => {
    const desk = deskOf();
    desk.tell(fillOf(LINEAR, 'buy', 1000, 0));
    desk.tell(fillOf(LINEAR, 'buy', 1000, -100));
    expect(entryFineOf(desk.ledger, LINEAR)).toBe(units('-5'));
    desk.tell(fillOf(LINEAR, 'sell', 2000, -376));
    expect(desk.ledger.assets[USDT]?.balance).toBe(units('-65.2'));
    expect(desk.tell(fillOf(LINEAR, 'sell', 7, -3))).toBeUndefined();
    expect(marginOf(desk.ledger, LINEAR).value).toBe(units('0.0021'));
    checkLedger(desk.ledger);
  });

  test('dust: contracts that are worth less than a unit leave nothing behind', () => {
    const tiny = { ...INSTRUMENTS[INVERSE], contractSize: '0.000001', rounding: 'down' } as const;
    const desk = deskOf(configOf({ [INVERSE]: tiny }));
    for (let k = 0; k < 10; k++) desk.tell(fillOf(INVERSE, 'buy', 1, 999_999));
    expect([desk.ledger.positions[INVERSE]?.cost, entryFineOf(desk.ledger, INVERSE)]).toEqual([
      0n,
      undefined,
    ]);
    desk.tell(fillOf(INVERSE, 'sell', 10, 1));
    // 10 × 0.000001 ÷ 0.1 BTC
    expect(desk.ledger.assets[BTC]?.balance).toBe(-10_000n);
    checkLedger(desk.ledger);
  });

  // Fails when a rounding is lost: every profit together is what was received less what was paid.
  test.each(['down', 'halfEven'] as const)('100,000 fills do not drift, rounding %s', (rounding) => {
    const odd = { ...INSTRUMENTS[INVERSE], contractSize: '7', rounding };
    const desk = deskOf(configOf({ [INVERSE]: odd }));
    let [seed, received, told] = [1, 0n, 0n];
    const next = (bound: number): number => (seed = (seed * 48_271) % 2_147_483_647) % bound;
    for (let k = 0; k < 100_000; k++) {
      const side = next(2) === 0 ? 'buy' : 'sell';
      desk.tell(fillOf(INVERSE, side, 1 + next(50), 300_000 + next(300_000)));
      for (let f = 0; f < desk.out.count; f++) told += desk.out.flows[f].amount;
    }
    const position = desk.ledger.positions[INVERSE]!;
    desk.tell(
      fillOf(INVERSE, position.tradedLots > 0 ? 'sell' : 'buy', Math.abs(position.tradedLots), 400_000),
    );
    for (let f = 0; f < desk.out.count; f++) told += desk.out.flows[f].amount;
    received = -position.netValue;
    // Inverse: a buy is paid in contracts and received in coin.
    expect([position.tradedLots, position.cost]).toEqual([0, 0n]);
    expect([desk.ledger.assets[BTC]?.balance, told]).toEqual([-received, -received]);
    checkLedger(desk.ledger);
  });
});

test('assets and instruments may come later', () => {
  const ledger = ledgerOf(configOf({}));
  expect(addAsset(ledger, { index: 9, code: 'ETH', scale: 18 })).toBeUndefined();
  expect(ledger.assets).toHaveLength(10);
  const terms = createTerms({ ...INSTRUMENTS[SPOT], moneyScale: 8 });
  if (!terms.ok) throw new Error(terms.error.field);
  const rest = { roundPer: 'fill', rounding: 'up' } as const;
  const config = { index: 12, terms: terms.value, base: 9, quote: USDT, settle: USDT, ...rest };
  expect(addInstrument(ledger, config)).toBeUndefined();
  expect(ledger.positions[12]?.baseUnitsPerLot).toBe(10n ** 13n);
  expect(SIDE_BUY).toBe(16);
  expect(BALANCE_REASONS).toHaveLength(14);
});
