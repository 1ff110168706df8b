import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { MONEY_NONE, NONE, SIDE_BUY } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import { createTerms } from '@truetape/kernel';
import type { Sha256 } from '@truetape/kernel';
import {
  BALANCE_REASONS,
  LEDGER_ERRORS,
  addAsset,
  addInstrument,
  applyLast,
  applyMark,
  checkFill,
  checkLedger,
  createLedger,
  entryFineOf,
  equityOf,
  hashLedger,
  liquidationOf,
  marginOf,
  positionLots,
  restoreLedger,
  saveLedger,
  setMargin,
  unrealisedOf,
  worthIn,
} from '@truetape/ledger';
import type { LedgerInput, MarginConfig, PositionState } from '@truetape/ledger';
import { checkProperty, seeds } from './property.ts';
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
  instrumentOf,
  ledgerOf,
  markOf,
  units,
} from './setups.ts';

const sha256: Sha256 = () => {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest(), copy: sha256 };
};

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
});

describe('refused', () => {
  const fill = fillOf(LINEAR, 'buy', 1, 100);
  const cases: readonly [LedgerInput, string][] = [
    [{ ...fill, instrument: 9 }, 'unknownInstrument'],
    [{ ...fill, side: 0 }, 'badSide'],
    [{ ...fill, side: 48 }, 'badSide'],
    [{ ...fill, qtyLots: 0 }, 'badQty'],
    [{ ...fill, qtyLots: -1 }, 'badQty'],
    [{ ...fill, qtyLots: NONE }, 'badQty'],
    [{ ...fill, priceTicks: NONE }, 'badPrice'],
    [{ ...fill, priceFine: 5 }, 'badPrice'],
    [{ ...fill, instrument: INVERSE, priceTicks: 0 }, 'badPrice'],
    [{ ...fill, instrument: SPOT, priceTicks: -1 }, 'badPrice'],
    [{ ...fill, timeNs: -1 }, 'timeBack'],
    [{ ...fill, qtyLots: Number.MAX_SAFE_INTEGER }, 'tooLarge'],
    [{ ...fill, instrument: INVERSE, priceTicks: 1, qtyLots: Number.MAX_SAFE_INTEGER, side: 32 }, 'ok'],
    [cash('fee', 9, -1n), 'unknownAsset'],
    [{ ...cash('fee', USDT, -1n), instrument: 9 }, 'unknownInstrument'],
    [cash('realised' as 'fee', USDT, 1n), 'badReason'],
    [cash('funding' as 'fee', USDT, 1n), 'badReason'],
    [cash('exchange' as 'fee', USDT, 1n), 'badReason'],
    [cash('gift' as 'fee', USDT, 1n), 'badReason'],
    [cash('fee', USDT, 1n), 'badAmount'],
    [cash('withdrawal', USDT, 1n), 'badAmount'],
    [cash('liquidationFee', USDT, 1n), 'badAmount'],
    [cash('deposit', USDT, -1n), 'badAmount'],
    [cash('rebate', USDT, -1n), 'badAmount'],
    [cash('transfer', USDT, MONEY_NONE), 'badAmount'],
    [cash('deposit', USDT, 1n << 127n), 'badAmount'],
    [cash('deposit', USDT, (1n << 127n) - 1n), 'tooLarge'],
    [cash('deposit', BTC, 10n ** 20n), 'tooLarge'],
    [cash('deposit', USDT, 1n, -1), 'timeBack'],
    [markOf(9, '1'), 'unknownInstrument'],
    [markOf(INVERSE, '0'), 'badPrice'],
    [markOf(LINEAR, '1', -1), 'timeBack'],
    [{ event: 'last', timeNs: 0, instrument: 9, priceTicks: 1 }, 'unknownInstrument'],
    [{ event: 'last', timeNs: 0, instrument: SPOT, priceTicks: 0 }, 'badPrice'],
    [{ event: 'last', timeNs: -1, instrument: LINEAR, priceTicks: 0 }, 'timeBack'],
    [{ event: 'funding', timeNs: 0, instrument: SPOT, rateE12: 1, markFine: 1 }, 'badClass'],
    [{ event: 'funding', timeNs: 0, instrument: 9, rateE12: 1, markFine: 1 }, 'unknownInstrument'],
    [{ event: 'funding', timeNs: 0, instrument: LINEAR, rateE12: NONE, markFine: 1 }, 'badAmount'],
    [{ event: 'funding', timeNs: 0, instrument: LINEAR, rateE12: 1, markFine: NONE }, 'noPrice'],
    [{ event: 'funding', timeNs: -1, instrument: LINEAR, rateE12: 1, markFine: 1 }, 'timeBack'],
    [{ event: 'settlement', timeNs: 0, instrument: SPOT, priceFine: 1 }, 'badClass'],
    [{ event: 'settlement', timeNs: 0, instrument: LINEAR, priceFine: NONE }, 'badPrice'],
    [{ event: 'settlement', timeNs: 0, instrument: INVERSE, priceFine: 0 }, 'badPrice'],
    [{ event: 'settlement', timeNs: -1, instrument: LINEAR, priceFine: 1 }, 'timeBack'],
  ];
  test.each(cases.map(([input, code]) => [code, input] as const))('with %s (%#)', (code, input) => {
    const desk = deskOf();
    desk.tell(cash('deposit', USDT, 5n));
    desk.tell(fillOf(LINEAR, 'buy', 3, 100));
    desk.tell(fillOf(INVERSE, 'buy', 3, 100));
    desk.tell(fillOf(SPOT, 'buy', 0, 100));
    desk.tell({ event: 'last', timeNs: 0, instrument: SPOT, priceTicks: 3 });
    const before = saveLedger(desk.ledger);
    const error = desk.tell(input);
    expect(error?.code ?? 'ok').toBe(code);
    if (error !== undefined) {
      expect(Object.keys(LEDGER_ERRORS)).toContain(code);
      expect(saveLedger(desk.ledger)).toEqual(before);
    }
    checkLedger(desk.ledger);
  });

  test('an error says what it is about', () => {
    const desk = deskOf();
    desk.tell(cash('deposit', USDT, 5n, 7));
    desk.tell(markOf(LINEAR, '1', 9));
    expect(desk.tell(cash('deposit', USDT, 5n, 6))).toEqual({
      code: 'timeBack',
      instrument: 0,
      asset: USDT,
      timeNs: 6,
      lastNs: 7,
    });
    expect(desk.tell(fillOf(LINEAR, 'buy', 1, 1, { timeNs: 8 }))).toEqual({
      code: 'timeBack',
      instrument: LINEAR,
      asset: 0,
      timeNs: 8,
      lastNs: 9,
    });
    // Another instrument has its own time.
    expect(desk.tell(fillOf(INVERSE, 'buy', 1, 1, { timeNs: 8 }))).toBeUndefined();
  });

  test.each([
    ['account', { account: -1 }],
    ['tradesKept', { tradesKept: 0.5 }],
    ['index', { assets: [{ index: 0, code: 'A', scale: 1 }] }],
    ['index', { assets: [1, 1].map((index) => ({ index, code: 'A', scale: 1 })) }],
    ['scale', { assets: [{ index: 1, code: 'A', scale: 39 }] }],
    ['settle', { assets: [] }],
    [
      'moneyScale',
      {
        assets: [
          { index: 1, code: 'A', scale: 9 },
          { index: 2, code: 'B', scale: 8 },
        ],
      },
    ],
  ])('a configuration for its %s', (field, more) => {
    const { base, quote, ...rest } = instrumentOf(LINEAR, INSTRUMENTS[LINEAR]);
    const instruments =
      field === 'moneyScale' ? [{ base, quote, ...rest }] : [{ base: 0, quote: 0, ...rest }];
    const made = createLedger({ ...configOf({}), instruments, ...more });
    expect(made).toMatchObject({ ok: false, error: { code: 'badConfig', field } });
  });

  test.each([
    ['index', { index: SPOT }],
    ['index', { index: 70_000 }],
    ['rounding', { rounding: 'nearest' as 'up' }],
    ['base', { base: 9 }],
    ['quote', { quote: 0 }],
    ['settle', { settle: BTC }],
    ['roundPer', { roundPer: 'contract' as const }],
    ['leverage', { margin: { leverage: 0, tiers: [] } }],
  ])('an instrument for its %s', (field, more) => {
    const ledger = ledgerOf();
    const config = { ...instrumentOf(7, INSTRUMENTS[SPOT]), ...more };
    expect(addInstrument(ledger, config)).toMatchObject({ code: 'badConfig', field });
    expect(ledger.positions).toHaveLength(INVERSE + 1);
  });

  test('a lot that is no whole number of units of its base', () => {
    const fine = { ...INSTRUMENTS[SPOT], qtyStep: '0.000000001' };
    expect(addInstrument(ledgerOf(), instrumentOf(7, fine))).toMatchObject({ field: 'qtyStep' });
    // Nor one of which there are too many already.
    const rich = deskOf(configOf({}));
    rich.tell(cash('deposit', BTC, 10n ** 16n));
    const small = { ...INSTRUMENTS[SPOT], qtyStep: '0.00000001' };
    expect(addInstrument(rich.ledger, instrumentOf(7, small))).toEqual({ code: 'tooLarge', instrument: 7 });
  });

  const tier = { floor: 0n, maintenanceE12: 5, amount: 1n };
  test.each<[string, MarginConfig]>([
    ['leverage', { leverage: 1.5, tiers: [] }],
    ['floor', { leverage: 1, tiers: [{ ...tier, floor: 1n }] }],
    ['floor', { leverage: 1, tiers: [tier, tier] }],
    ['rate', { leverage: 1, tiers: [{ ...tier, maintenanceE12: -1 }] }],
    ['rate', { leverage: 1, tiers: [{ ...tier, maintenanceE12: 1e12 }] }],
    ['rate', { leverage: 1, tiers: [tier, { floor: 1n, maintenanceE12: 4 }] }],
    ['amount', { leverage: 1, tiers: [tier, { ...tier, floor: 1n, amount: 0n }] }],
    ['leverageMax', { leverage: 1, tiers: [{ ...tier, leverageMax: 0 }] }],
  ])('tiers for their %s', (field, margin) => {
    expect(setMargin(ledgerOf(), LINEAR, margin)).toMatchObject({ code: 'badConfig', field });
    expect(setMargin(ledgerOf(), SPOT, margin)).toMatchObject({ code: 'badClass' });
    expect(setMargin(ledgerOf(), 9, margin)).toMatchObject({ code: 'unknownInstrument' });
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

describe('valuation', () => {
  const at = (equityOn: 'last' | 'mark', ...told: readonly LedgerInput[]): bigint => {
    const desk = deskOf(configOf(INSTRUMENTS, { equityOn }));
    for (const one of told) desk.tell(one);
    return unrealisedOf(desk.ledger, LINEAR);
  };
  const buy = fillOf(LINEAR, 'buy', 1000, 500_000);
  const mark = markOf(LINEAR, '50010.5');
  const last: LedgerInput = { event: 'last', timeNs: 0, instrument: LINEAR, priceTicks: 500_200 };
  const fineFill = { ...buy, priceTicks: NONE, priceFine: Number(units('50000.05')) };
  test.each([
    ['last', [buy], '0'],
    ['mark', [buy], '0'],
    ['last', [buy, mark, last], '20'],
    ['mark', [buy, mark, last], '10.5'],
    ['mark', [buy, last], '20'],
    ['mark', [buy, last, mark], '10.5'],
    ['last', [mark, buy], '0'],
    // Own fills stand in only while there is no other price.
    ['last', [last, buy], '20'],
    ['last', [buy, fineFill], '0.05'],
    ['last', [fineFill, buy], '-0.05'],
  ] as const)('on %s', (equityOn, told, expected) => {
    expect(at(equityOn, ...told)).toBe(units(expected));
  });

  test('what changes nothing costs nothing, and what changes something shows', () => {
    const { ledger, tell } = deskOf();
    tell(buy);
    expect(equityOf(ledger, USDT)).toBe(0n);
    const { assets, positions } = ledger;
    const stale = (): unknown => [assets[USDT]?.isStale, positions[LINEAR]?.isStale];
    applyLast(ledger, LINEAR, 500_000, 5);
    expect(stale()).toEqual([false, false]);
    applyMark(ledger, LINEAR, Number(units('50001')), 5);
    expect(stale()).toEqual([true, true]);
    expect(equityOf(ledger, USDT)).toBe(units('1'));
    applyMark(ledger, LINEAR, Number(units('50001')), 6);
    // The last price is not what it is valued at.
    applyLast(ledger, LINEAR, 600_000, 7);
    expect(stale()).toEqual([false, false]);
    expect(positions[LINEAR]?.timeNs).toBe(7);
  });

  test('worth in one asset: what is held of others needs a price', () => {
    const desk = deskOf();
    const { ledger, tell } = desk;
    expect(worthIn(ledger, USDT)).toBe(0n);
    tell(cash('deposit', USDT, units('100')));
    tell(cash('deposit', BTC, units('0.12345678')));
    expect([worthIn(ledger, USDT), worthIn(ledger, BTC)]).toEqual([undefined, undefined]);
    tell(markOf(SPOT, '50000.5'));
    // 0.12345678 × 50,000.5 = 6,172.90072839
    expect(worthIn(ledger, USDT)).toBe(units('6272.90072839'));
    expect(worthIn(ledger, USDT)).toBe(units('6272.90072839'));
    tell(markOf(SPOT, '50000'));
    expect(worthIn(ledger, USDT)).toBe(units('6272.839'));
    tell(cash('deposit', BNB, 1n));
    expect(worthIn(ledger, USDT)).toBeUndefined();
  });

  // Fails when a debt is rounded in the account's favour, or a price of another quote is taken.
  test('worth of a debt is rounded down too, at the price of the pair', () => {
    const other = { ...INSTRUMENTS[SPOT], quote: BNB, settle: BNB };
    const desk = deskOf(
      configOf({ [SPOT]: other, [LINEAR]: INSTRUMENTS[LINEAR], [INVERSE]: INSTRUMENTS[INVERSE] }),
    );
    desk.tell(markOf(SPOT, '7'));
    desk.tell(cash('adjustment', BTC, -1n));
    expect(worthIn(desk.ledger, USDT)).toBeUndefined();
    desk.tell(markOf(LINEAR, '50000.5'));
    expect(worthIn(desk.ledger, USDT)).toBe(-50_001n);
    expect(worthIn(desk.ledger, BNB)).toBe(-7n);
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
  test.each(['down', 'up', 'halfEven'] as const)('100,000 fills do not drift, rounding %s', (rounding) => {
    const odd = { ...INSTRUMENTS[INVERSE], contractSize: '7', rounding };
    const desk = deskOf(configOf({ [INVERSE]: odd }));
    let [seed, received, told] = [1, 0n, 0n];
    const next = (bound: number): number => (seed = (seed * 48_271) % 2_147_483_647) % bound;
    for (let k = 0; k < 33_333; k++) {
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

describe('saved', () => {
  const desk = deskOf();
  desk.tell(cash('deposit', USDT, units('1000'), 3));
  desk.tell(fillOf(LINEAR, 'sell', 7, 612_345, { tradeId: 5, timeNs: 4 }));
  desk.tell(fillOf(SPOT, 'buy', 7, 612_345, { tradeId: 6 }));
  const saved = saveLedger(desk.ledger);
  const restore = (state: unknown) => restoreLedger(configOf(), state as JsonObject);

  test('goes on as it was; equal ledgers have equal hashes', () => {
    const restored = restore(JSON.parse(JSON.stringify(saved)));
    if (!restored.ok) throw new Error(restored.error.code);
    expect(saveLedger(restored.value)).toEqual(saved);
    expect(hashLedger(restored.value, sha256)).toEqual(hashLedger(desk.ledger, sha256));
    expect(hashLedger(ledgerOf(), sha256)).not.toEqual(hashLedger(desk.ledger, sha256));
    expect(equityOf(restored.value, USDT)).toBe(equityOf(desk.ledger, USDT));
  });

  test.each<[string, (state: Record<string, never>) => unknown]>([
    ['nothing', () => null],
    ['another version', (state) => ({ ...state, version: 2 })],
    ['another account', (state) => ({ ...state, account: 2 })],
    ['one field more', (state) => ({ ...state, more: 1 })],
    ['no assets', (state) => ({ ...state, assets: [] })],
    ['an amount that is no text', (state) => edited(state, '"balance":"0"', '"balance":0')],
    ['another balance', (state) => edited(state, '"100000000000"', '"100000000001"')],
    ['another position', (state) => edited(state, '"tradedLots":-7', '"tradedLots":-8')],
    ['another cost', (state) => edited(state, '"cost":"-', '"cost":"-1')],
    ['a leading zero', (state) => edited(state, '"soldLots":"7"', '"soldLots":"07"')],
    ['a fraction', (state) => edited(state, '"timeNs":4', '"timeNs":4.5')],
  ])('with %s it is refused', (_, change) => {
    const changed = change(structuredClone(saved) as Record<string, never>);
    expect(changed).not.toEqual(saved);
    expect(restore(changed)).toMatchObject({ ok: false, error: { code: 'badConfig' } });
  });

  // Fails when a state that does not agree with itself is taken, or throws.
  test.each(seeds(74))(
    'with any value changed it is refused, or is the one that it says (seed %s)',
    (seed) => {
      const text = JSON.stringify(saved);
      const values = [...text.matchAll(/(?<=[:[,])("-?[0-9]+"|-?[0-9]+|null|true|false)/g)];
      const others = fc.constantFrom(
        '0',
        '-1',
        '7',
        '"0"',
        '"-1"',
        '"7"',
        '"x"',
        'null',
        'true',
        '[]',
        '{}',
        '1e99',
      );
      checkProperty(
        seed,
        fc.property(fc.constantFrom(...values), others, (found, other) => {
          const changed = text.slice(0, found.index) + other + text.slice(found.index + found[0].length);
          const state = JSON.parse(changed) as JsonObject;
          const restored = restore(state);
          if (restored.ok) expect(saveLedger(restored.value)).toEqual(state);
        }),
        600,
      );
    },
  );

  test('under another configuration it is refused', () => {
    const other = restoreLedger(configOf({ [LINEAR]: INSTRUMENTS[LINEAR] }), saved);
    expect(other.ok).toBe(false);
    expect(restoreLedger({ ...configOf(), account: -1 }, saved).ok).toBe(false);
  });

  const edited = (state: unknown, from: string, to: string): unknown => {
    const text = JSON.stringify(state);
    expect(text).toContain(from);
    return JSON.parse(text.replace(from, to));
  };
});

describe('invariants', () => {
  const broken = (instrument: number, change: (position: PositionState) => void): (() => void) => {
    const desk = deskOf();
    desk.tell(cash('deposit', USDT, units('1000')));
    desk.tell(fillOf(SPOT, 'buy', 7, 5));
    desk.tell(fillOf(LINEAR, 'buy', 7, 5));
    desk.tell(fillOf(INVERSE, 'buy', 7, 5));
    checkLedger(desk.ledger);
    change(desk.ledger.positions[instrument]!);
    return () => checkLedger(desk.ledger);
  };
  test.each<[string, number, (position: PositionState) => void]>([
    ['LEDGER-2', INVERSE, (one) => ((one.cost = -1n), (one.netValue = -1n))],
    ['LEDGER-2', LINEAR, (one) => ((one.tradedLots = 0), (one.soldLots = 7n), (one.positionLots = 0))],
    ['LEDGER-3', LINEAR, (one) => (one.cost += 1n)],
    ['LEDGER-4', LINEAR, (one) => (one.boughtLots += 1n)],
    ['LEDGER-5', SPOT, (one) => (one.quote!.balance += 1n)],
    [
      'LEDGER-6',
      SPOT,
      (one) => (
        (one.quote!.isCashOnly = true),
        (one.quote!.balance -= units('2000')),
        (one.quote!.totals[0] -= units('2000'))
      ),
    ],
    ['LEDGER-7', SPOT, (one) => (one.positionLots += 1)],
    ['LEDGER-7', LINEAR, (one) => (one.positionLots += 1)],
    ['LEDGER-9', SPOT, (one) => ((one.quote!.balance += 1n), (one.quote!.totals[13] += 1n))],
    ['LEDGER-9', LINEAR, (one) => ((one.settle.balance += 1n), (one.settle.totals[10] += 1n))],
    ['LEDGER-9', INVERSE, (one) => (one.funding += 1n)],
    ['LEDGER-9', INVERSE, (one) => ((one.settle.balance += 1n), (one.settle.totals[12] += 1n))],
  ])('%s', (id, instrument, change) => {
    expect(broken(instrument, change)).toThrow(id);
  });

  test('LEDGER-1: numbers are safe integers', () => {
    const { ledger, tell } = deskOf();
    for (const bad of [0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1, Infinity]) {
      for (const key of ['timeNs', 'qtyLots', 'priceTicks', 'priceFine', 'tradeId', 'orderId'])
        expect(() => tell({ ...fillOf(LINEAR, 'buy', 1, 1), [key]: bad })).toThrow('LEDGER-1');
      expect(() => applyLast(ledger, LINEAR, bad, 0)).toThrow('LEDGER-1');
      expect(() => applyLast(ledger, LINEAR, 1, bad)).toThrow('LEDGER-1');
      expect(() => applyMark(ledger, LINEAR, bad, 0)).toThrow('LEDGER-1');
      expect(() => tell(cash('fee', USDT, -1n, bad))).toThrow('LEDGER-1');
      expect(() =>
        tell({ event: 'funding', timeNs: 0, instrument: LINEAR, rateE12: bad, markFine: 1 }),
      ).toThrow('LEDGER-1');
      expect(() => tell({ event: 'settlement', timeNs: 0, instrument: LINEAR, priceFine: bad })).toThrow(
        'LEDGER-1',
      );
    }
    checkLedger(ledger);
  });

  test('LEDGER-8: the time of an instrument goes on, LEDGER-10: questions are about what there is', () => {
    const { ledger, tell } = deskOf();
    const position = ledger.positions[LINEAR]!;
    let times = 0;
    // A time that is later when it is judged than when it is taken.
    const input = { ...fillOf(LINEAR, 'buy', 1, 1) };
    Object.defineProperty(input, 'timeNs', { get: () => (times++ < 1 ? 5 : -1) });
    position.timeNs = 0;
    expect(() => tell(input)).toThrow('LEDGER-8');
    for (const ask of [positionLots, unrealisedOf, marginOf, liquidationOf, entryFineOf])
      expect(() => ask(ledger, 9)).toThrow('LEDGER-10');
    for (const ask of [equityOf, worthIn]) expect(() => ask(ledger, 9)).toThrow('LEDGER-10');
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
