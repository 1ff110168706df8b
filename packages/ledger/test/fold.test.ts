// A ledger from a tape's events: what the tape tells of money is held against what the terms give.
import { describe, expect, test } from 'vitest';
import { BLANK, Kind, NONE, SIDE_BUY, SIDE_SELL, codeOfName, defineFields } from '@truetape/contracts';
import type { CashFlow, Event, Fill, FundingPaid, JsonObject, Settlement } from '@truetape/contracts';
import {
  checkLedger,
  createLedgerFold,
  equityOf,
  foldLedgerEvent,
  positionLots,
  saveLedger,
} from '@truetape/ledger';
import type { LedgerError, LedgerFold, LedgerFoldConfig } from '@truetape/ledger';
import { createReference, foldReference } from './reference.ts';
import { BTC, INSTRUMENTS, LINEAR, SCALES, SPOT, USDT, units } from './setups.ts';

const CONFIG: LedgerFoldConfig = {
  account: 1,
  equityOn: 'mark',
  policy: { rounding: 'halfUp', roundPer: 'fill' },
};

const define = (table: 'asset' | 'instrument' | 'source', index: number, value: JsonObject): Event => ({
  ...BLANK.Define,
  ...defineFields(table, index, value),
});

const COMMON = { base: 'BTC', quote: 'USDT', fineScale: 8, contractSize: '1' } as const;
const DEFINES: readonly Event[] = [
  define('instrument', 1, { ...COMMON, id: 'X:SPOT', class: 'spot', priceStep: '0.01', qtyStep: '0.00001' }),
  define('instrument', 2, {
    ...COMMON,
    id: 'X:PERP',
    class: 'linear',
    priceStep: '0.1',
    qtyStep: '0.001',
    settle: 'USDT',
  }),
  define('asset', 1, { code: 'USDT', scale: 8 }),
  define('instrument', 3, {
    ...COMMON,
    id: 'X:INV',
    class: 'inverse',
    priceStep: '0.1',
    qtyStep: '1',
    contractSize: '100',
    rules: { rounding: 'down', roundPer: 'contract' },
  }),
  define('asset', 2, { code: 'BTC', scale: 8 }),
  define('instrument', 4, { ...COMMON, id: 'X:OPT', class: 'option', priceStep: '1', qtyStep: '1' }),
  define('instrument', 5, {
    ...COMMON,
    id: 'X:DOGE',
    class: 'linear',
    priceStep: '1',
    qtyStep: '1',
    quote: 'DOGE',
  }),
  define('source', 1, { name: 'feed', role: 'marketFeed' }),
  define('source', 2, { name: 'venue', role: 'venue' }),
];

const reason = (name: string): number => codeOfName('cashReason', name)!;
const cash = (name: string, asset: number, amount: bigint, more: Partial<CashFlow> = {}): CashFlow => ({
  ...BLANK.CashFlow,
  asset,
  amount,
  reason: reason(name),
  account: 1,
  source: 2,
  ...more,
});
/** An own fill as a taker. */
const fill = (
  instrument: number,
  flags: number,
  qtyLots: number,
  priceTicks: number,
  more: Partial<Fill> = {},
): Fill => ({
  ...BLANK.Fill,
  instrument,
  flags,
  qtyLots,
  priceTicks,
  takerOrderId: 5,
  liquidity: 2,
  takerAccount: 1,
  source: 2,
  ...more,
});
const maker = { makerOrderId: 6, takerOrderId: NONE, liquidity: 1, makerAccount: 1, takerAccount: 0 };

interface Folding {
  readonly fold: LedgerFold;
  readonly errors: readonly (LedgerError | undefined)[];
}

function folded(events: readonly Event[], config = CONFIG): Folding {
  const fold = createLedgerFold(config);
  if (!fold.ok) throw new Error(fold.error.code);
  const errors = [...DEFINES, ...events].map((event) => foldLedgerEvent(fold.value, event));
  checkLedger(fold.value.ledger);
  return { fold: fold.value, errors: errors.slice(DEFINES.length) };
}

const TRADE: readonly Event[] = [
  cash('deposit', USDT, units('1000')),
  fill(LINEAR, SIDE_BUY, 1000, 600_000, { tradeId: 1 }),
  cash('fee', USDT, units('-24'), { instrument: LINEAR }),
  { ...BLANK.Mark, instrument: LINEAR, markFine: Number(units('60100')) },
  {
    ...BLANK.FundingPaid,
    instrument: LINEAR,
    asset: USDT,
    account: 1,
    amount: units('-6.01'),
    positionLots: 1000,
    rateE12: 100_000_000,
    markFine: Number(units('60100')),
    fundingTime: 0,
  },
  // As maker of a buy: a sell, through zero.
  fill(LINEAR, SIDE_BUY, 1500, 601_000, { ...maker, tradeId: 2 }),
  cash('realised', USDT, units('100'), { instrument: LINEAR, orderId: 6, tradeId: 2 }),
  cash('rebate', USDT, units('1'), { instrument: LINEAR }),
  {
    ...BLANK.Settlement,
    instrument: LINEAR,
    asset: USDT,
    account: 1,
    amount: units('5'),
    positionLots: -500,
    priceFine: Number(units('60090')),
  },
];

test('a tape of own events gives balances and positions, and nothing is left to be told', () => {
  const { fold, errors } = folded(TRADE);
  expect(errors.every((error) => error === undefined)).toBe(true);
  expect(fold.pending).toEqual([]);
  // 1,000 − 24 − 6.01 + 100 + 1 + 5
  expect(equityOf(fold.ledger, USDT)).toBe(units('1075.99'));
  expect(positionLots(fold.ledger, LINEAR)).toBe(0);
  const reference = createReference(SCALES, INSTRUMENTS);
  const profits: bigint[] = [];
  for (const event of TRADE) foldReference(reference, event, profits);
  expect([reference.balances[USDT], profits]).toEqual([units('1075.99'), []]);
});

test('instruments wait for their assets; rules of a Define say how to round, other classes are passed over', () => {
  const { fold } = folded([]);
  const { positions } = fold.ledger;
  expect(positions.map((one) => one?.terms.class)).toEqual([undefined, 'spot', 'linear', 'inverse']);
  expect(positions[3]).toMatchObject({ rounding: 'down', roundPer: 'contract', contractsPerLot: 1n });
  expect(positions[2]).toMatchObject({ rounding: 'halfUp', roundPer: 'fill' });
  const own = folded([], { ...CONFIG, policies: { 'X:INV': { rounding: 'up' } } });
  expect(own.fold.ledger.positions[3]).toMatchObject({ rounding: 'up', roundPer: 'contract' });
  expect(createLedgerFold({ ...CONFIG, account: -1 }).ok).toBe(false);
});

describe('refused', () => {
  const buy = TRADE[1] as Fill;
  const sell = fill(LINEAR, SIDE_SELL, 1000, 601_000, { tradeId: 2 });
  const profit = cash('realised', USDT, units('100'), { instrument: LINEAR });
  const funding = TRADE[4] as FundingPaid;
  const settlement: Settlement = {
    ...(TRADE[8] as Settlement),
    positionLots: 1000,
    amount: units('90'),
  };
  test.each<[string, readonly Event[]]>([
    ['realisedMismatch', [buy, sell, { ...profit, amount: units('100') + 1n }]],
    ['realisedMismatch', [buy, sell, { ...profit, asset: BTC }]],
    ['realisedMismatch', [buy, sell, { ...profit, instrument: SPOT }]],
    ['realisedMismatch', [buy, sell, { ...profit, orderId: 4 }]],
    ['realisedMismatch', [buy, sell, { ...profit, tradeId: 3 }]],
    ['realisedUnexpected', [buy, profit]],
    ['realisedUnexpected', [buy, sell, profit, profit]],
    ['amountMismatch', [buy, { ...funding, amount: units('-6') }]],
    ['positionMismatch', [buy, { ...funding, positionLots: 999 }]],
    ['unknownAsset', [buy, { ...funding, asset: BTC }]],
    ['noPrice', [buy, { ...funding, markFine: NONE }]],
    ['amountMismatch', [buy, { ...settlement, amount: 0n }]],
    ['positionMismatch', [buy, { ...settlement, positionLots: -1000 }]],
    ['badPrice', [buy, { ...settlement, priceFine: NONE }]],
    ['badClass', [{ ...funding, instrument: SPOT }]],
    ['unknownInstrument', [{ ...settlement, instrument: 9 }]],
    ['unknownInstrument', [{ ...buy, instrument: 4 }]],
    ['unknownInstrument', [{ ...buy, instrument: 5 }]],
    ['badSide', [{ ...buy, flags: 0 }]],
    ['badPrice', [{ ...buy, priceTicks: NONE }]],
    ['badReason', [{ ...profit, reason: 99 }]],
    ['badAmount', [{ ...profit, reason: reason('fee') }]],
    ['unknownAsset', [{ ...profit, reason: reason('rebate'), asset: 7 }]],
    ['timeBack', [{ ...buy, timeNs: 5 }, buy]],
    ['tradeConflict', [buy, { ...buy, qtyLots: 1 }]],
    ['insufficientBalance', [fill(SPOT, SIDE_SELL, 1, 1)]],
    ['badConfig', [define('asset', 1, { code: 'A', scale: 8 })]],
    [
      'badConfig',
      [
        define('instrument', 6, {
          ...COMMON,
          id: 'Y',
          class: 'linear',
          priceStep: '1',
          qtyStep: '1',
          fineScale: 16,
        }),
      ],
    ],
  ])('with %s (%#), and the ledger is as before', (code, events) => {
    const { fold, errors } = folded(events);
    expect(errors.at(-1)?.code).toBe(code);
    expect(errors.slice(0, -1).every((error) => error === undefined)).toBe(true);
    expect(saveLedger(fold.ledger)).toEqual(saveLedger(folded(events.slice(0, -1)).fold.ledger));
  });

  test('right ones are taken', () => {
    for (const events of [
      [buy, sell, profit],
      [buy, settlement],
      [buy, funding],
    ])
      expect(folded(events).errors.every((error) => error === undefined)).toBe(true);
    // What was not told is seen at the end.
    expect(folded([buy, sell]).fold.pending).toMatchObject([
      { amount: units('100'), tradeId: 2, orderId: 5 },
    ]);
  });
});

describe('passed over', () => {
  const buy = fill(LINEAR, SIDE_BUY, 1, 100);
  const public_ = { liquidity: 0, makerOrderId: 4, takerOrderId: 5, takerAccount: 0 };
  test.each<[string, Event]>([
    ['a fill of others', { ...buy, ...public_ }],
    ['a fill that a public feed shows', { ...buy, source: 1 }],
    ['a fill of another account', { ...buy, takerAccount: 2 }],
    ['cash of another account', cash('deposit', USDT, 5n, { account: 2 })],
    ['funding of another account', { ...(TRADE[4] as FundingPaid), account: 2 }],
    ['a settlement of another account', { ...(TRADE[8] as Settlement), account: 2 }],
    ['a mark without a price', { ...BLANK.Mark, instrument: LINEAR }],
    ['a mark of what is not the ledger’s', { ...BLANK.Mark, instrument: 4, markFine: 1 }],
    ['a trade without ticks', { ...BLANK.Trade, instrument: LINEAR, qtyLots: 1 }],
    ['a trade of what is not the ledger’s', { ...BLANK.Trade, instrument: 4, qtyLots: 1, priceTicks: 1 }],
    ['another kind', { ...BLANK.Quote, instrument: LINEAR }],
  ])('%s', (_, event) => {
    const { fold, errors } = folded([event]);
    expect(errors).toEqual([undefined]);
    expect(saveLedger(fold.ledger)).toEqual(saveLedger(folded([]).fold.ledger));
  });

  test('an own side is told by liquidity, or by the order that stands alone; the same trade twice is one', () => {
    const lots = (...events: readonly Event[]): number => positionLots(folded(events).fold.ledger, LINEAR);
    const alone = { ...buy, liquidity: 0 };
    expect(lots(alone)).toBe(1);
    expect(lots({ ...alone, ...maker, liquidity: 0 })).toBe(-1);
    expect(lots({ ...buy, makerOrderId: 4 })).toBe(1);
    expect(lots({ ...buy, ...maker, takerOrderId: 5, flags: SIDE_SELL })).toBe(1);
    const trade = { ...buy, tradeId: 9 };
    expect(lots(trade, { ...trade, source: 0 })).toBe(1);
    expect(lots(buy, { ...BLANK.Trade, instrument: LINEAR, qtyLots: 1, priceTicks: 90 })).toBe(1);
  });
});

test('trades move what is held, where no mark is', () => {
  const last: Event = { ...BLANK.Trade, instrument: LINEAR, qtyLots: 1, priceTicks: 600_010 };
  const { fold } = folded([fill(LINEAR, SIDE_BUY, 1000, 600_000), last]);
  expect(equityOf(fold.ledger, USDT)).toBe(units('1'));
  expect(Kind.Trade).toBe(last.kind);
});
