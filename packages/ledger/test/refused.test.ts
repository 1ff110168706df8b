// What a ledger does not take, and that nothing has changed then.
import { describe, expect, test } from 'vitest';
import { MONEY_NONE, NONE } from '@truetape/contracts';
import {
  LEDGER_ERRORS,
  addInstrument,
  checkLedger,
  createLedger,
  saveLedger,
  setMargin,
} from '@truetape/ledger';
import type { LedgerInput, MarginConfig } from '@truetape/ledger';
import {
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
} from './setups.ts';

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
    // Of several the first of the list.
    [{ event: 'funding', timeNs: -1, instrument: INVERSE, rateE12: NONE, markFine: 0 }, 'badPrice'],
    [{ event: 'funding', timeNs: -1, instrument: LINEAR, rateE12: NONE, markFine: 1 }, 'badAmount'],
    [{ event: 'funding', timeNs: -1, instrument: LINEAR, rateE12: 1, markFine: NONE }, 'timeBack'],
    [{ event: 'settlement', timeNs: -1, instrument: INVERSE, priceFine: 0 }, 'badPrice'],
    [{ event: 'settlement', timeNs: -1, instrument: LINEAR, priceFine: NONE }, 'badPrice'],
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
