// Numbers that venues publish, and what can be reckoned on paper.
import { expect, test } from 'vitest';
import { NONE } from '@truetape/contracts';
import {
  assetMarginOf,
  checkLedger,
  entryFineOf,
  equityOf,
  liquidationOf,
  marginOf,
  positionLots,
  unrealisedOf,
} from '@truetape/ledger';
import type { MarginConfig } from '@truetape/ledger';
import type { ReferenceInstrument } from './reference.ts';
import {
  BTC,
  INSTRUMENTS,
  INVERSE,
  LINEAR,
  SCALES,
  USDT,
  cash,
  configOf,
  deskOf,
  fillOf,
  instrumentOf,
  markOf,
  units,
} from './setups.ts';
import type { Desk } from './setups.ts';

const tier = (floor: string, rate: number, leverageMax: number) => ({
  floor: units(floor),
  maintenanceE12: rate * 1_000_000,
  leverageMax,
});

// Brackets of Binance in 2021, rates in 1e-6. Their amounts follow.
const BTC_TIERS: MarginConfig = {
  leverage: 20,
  tiers: [
    tier('0', 4000, 125),
    tier('50000', 5000, 100),
    tier('250000', 10_000, 50),
    tier('1000000', 25_000, 20),
    tier('5000000', 50_000, 10),
  ],
};
const ETH_TIERS: MarginConfig = {
  leverage: 25,
  tiers: [
    tier('0', 5000, 100),
    tier('10000', 6500, 75),
    tier('100000', 10_000, 50),
    tier('500000', 20_000, 25),
    tier('1000000', 50_000, 10),
    tier('2000000', 100_000, 5),
  ],
};

const ETHUSDT = 4;
const eth: ReferenceInstrument = { ...INSTRUMENTS[LINEAR], base: 0, priceStep: '0.01', qtyStep: '0.001' };
const btc: ReferenceInstrument = { ...INSTRUMENTS[LINEAR], priceStep: '0.01' };

function binanceExample(shown: readonly number[]): Desk {
  const all = [instrumentOf(LINEAR, btc, SCALES, BTC_TIERS), instrumentOf(ETHUSDT, eth, SCALES, ETH_TIERS)];
  const desk = deskOf(configOf({}, { instruments: all }));
  desk.tell(cash('deposit', USDT, units('1535443.01')));
  if (shown.includes(ETHUSDT)) {
    desk.tell(fillOf(ETHUSDT, 'buy', 3_683_979, 145_684));
    desk.tell(markOf(ETHUSDT, '1335.18'));
  }
  if (shown.includes(LINEAR)) {
    desk.tell(fillOf(LINEAR, 'buy', 109_488, 3_248_198));
    desk.tell(markOf(LINEAR, '31967.27'));
  }
  return desk;
}

const liquidationAt = ({ ledger }: Desk, instrument: number): string => {
  const liquidation = liquidationOf(ledger, instrument);
  if (liquidation.kind !== 'at') return liquidation.kind;
  return (Number(liquidation.priceFine) / 1e8).toFixed(2);
};

// Binance, "How to Calculate Liquidation Price of USDⓈ-M Futures Contracts", its example of two positions.
test('Binance USDⓈ-M: maintenance, unrealised profit and liquidation of two positions that share a wallet', () => {
  const desk = binanceExample([LINEAR, ETHUSDT]);
  const { ledger } = desk;
  // 4,918,775.081 × 10% − 135,365 and 3,500,032.458 × 2.5% − 16,300, to the unit; amounts 135,365 and 16,300
  // follow.
  expect(marginOf(ledger, ETHUSDT)).toEqual({
    value: units('4918775.08122'),
    leverage: 5,
    initial: units('983755.016244'),
    maintenance: units('356512.508122'),
  });
  expect(marginOf(ledger, LINEAR).maintenance).toBe(units('71200.811444'));
  expect(unrealisedOf(ledger, ETHUSDT)).toBe(units('-448192.88514'));
  expect(unrealisedOf(ledger, LINEAR)).toBe(units('-56354.56848'));
  expect(liquidationAt(desk, ETHUSDT)).toBe('1153.26');
  expect(liquidationAt(desk, LINEAR)).toBe('26316.89');
  const margin = assetMarginOf(ledger, USDT);
  expect(margin.equity).toBe(units('1030895.55638'));
  expect(margin.maintenance).toBe(units('427713.319566'));
  expect(margin.isLiquidated).toBe(false);
});

// The same positions, each alone with the wallet.
test.each([
  [ETHUSDT, '1114.78'],
  [LINEAR, '18778.73'],
])('Binance USDⓈ-M: instrument %s alone is liquidated at %s', (instrument, price) => {
  expect(liquidationAt(binanceExample([instrument]), instrument)).toBe(price);
});

test('a position is liquidated at its price, and not one fine unit before', () => {
  const desk = binanceExample([ETHUSDT]);
  const liquidation = liquidationOf(desk.ledger, ETHUSDT);
  if (liquidation.kind !== 'at') throw new Error(liquidation.kind);
  // 1,335.18 − 1,114.78…: 22,039 whole ticks of 0.01, 1,650 of 10,000 parts.
  expect([liquidation.bufferTicks, liquidation.bufferBps]).toEqual([22_039n, 1650n]);
  const at = Number(liquidation.priceFine);
  desk.tell({ event: 'mark', timeNs: 1, instrument: ETHUSDT, markFine: at + 1 });
  expect(assetMarginOf(desk.ledger, USDT).isLiquidated).toBe(false);
  desk.tell({ event: 'mark', timeNs: 1, instrument: ETHUSDT, markFine: at });
  expect(assetMarginOf(desk.ledger, USDT).isLiquidated).toBe(true);
});

// Binance COIN-M: the formula with a published example's numbers (101 BTC, 100,000 contracts of 100 USD from
// 45,000, rate 12.5%, amount 11.81): 10,000,000 × 1.125 ÷ (101 + 11.81 + 222.2222…) = 33,578.86.
test('Binance COIN-M: liquidation of a long', () => {
  const margin: MarginConfig = {
    leverage: 20,
    tiers: [
      { floor: 0n, maintenanceE12: 100_000_000_000, amount: 0n },
      { floor: units('200'), maintenanceE12: 125_000_000_000, amount: units('11.81') },
    ],
  };
  const desk = deskOf(
    configOf({}, { instruments: [instrumentOf(INVERSE, INSTRUMENTS[INVERSE], SCALES, margin)] }),
  );
  desk.tell(cash('deposit', BTC, units('101')));
  desk.tell(fillOf(INVERSE, 'buy', 100_000, 450_000));
  expect(liquidationAt(desk, INVERSE)).toBe('33578.86');
  expect(entryFineOf(desk.ledger, INVERSE)).toBe(units('45000.00000045'));
});

// BitMEX, "Inverse Perpetual Contracts Guide": contracts × multiplier × (1 ÷ entry − 1 ÷ exit).
test('BitMEX inverse: 100,000 contracts from 10,000 to 10,500', () => {
  const xbt: ReferenceInstrument = { ...INSTRUMENTS[INVERSE], contractSize: '1', priceStep: '0.5' };
  const desk = deskOf(configOf({ [INVERSE]: xbt }));
  desk.tell(fillOf(INVERSE, 'buy', 100_000, 20_000));
  desk.tell(fillOf(INVERSE, 'sell', 100_000, 21_000));
  // 10 − 9.52380952…
  expect(equityOf(desk.ledger, BTC)).toBe(units('0.47619048'));
  expect(positionLots(desk.ledger, INVERSE)).toBe(0);
});

// A wallet's history of 2017 that its owner could not explain: 885 contracts from 7,299 to 6,635.5 lost
// 1,211,565 satoshi, where one rounding a fill gives 1,212,403. The venue rounds the value of one contract:
// 13,701 and 15,070.
test.each([1, 5, 885])('BitMEX rounds per contract, in lots of %i', (contracts) => {
  const xbt: ReferenceInstrument = {
    ...INSTRUMENTS[INVERSE],
    contractSize: '1',
    priceStep: '0.5',
    qtyStep: String(contracts),
  };
  const results = (['contract', 'fill'] as const).map((roundPer) => {
    const desk = deskOf(configOf({ [INVERSE]: { ...xbt, roundPer } }));
    desk.tell(fillOf(INVERSE, 'buy', 885 / contracts, 14_598));
    desk.tell(fillOf(INVERSE, 'sell', 885 / contracts, 13_271));
    return desk.ledger.assets[BTC]?.balance;
  });
  expect(results).toEqual([-1_211_565n, -1_212_403n]);
});

test('linear: average entry, partial close, flip through zero', () => {
  const desk = deskOf();
  const { ledger, out } = desk;
  desk.tell(fillOf(LINEAR, 'buy', 1000, 600_000));
  desk.tell(fillOf(LINEAR, 'buy', 2000, 630_000));
  // (60,000 + 2 × 63,000) ÷ 3
  expect(entryFineOf(ledger, LINEAR)).toBe(units('62000'));
  desk.tell(fillOf(LINEAR, 'sell', 1000, 640_000));
  expect(out.flows[0]).toEqual({
    kind: 'realised',
    instrument: LINEAR,
    asset: USDT,
    amount: units('2000'),
    positionLots: 3000,
    priceFine: NONE,
  });
  expect(entryFineOf(ledger, LINEAR)).toBe(units('62000'));
  // Two close at a loss of 2,000, one opens short at 61,000.
  desk.tell(fillOf(LINEAR, 'sell', 3000, 610_000));
  expect([out.count, out.flows[0].amount]).toEqual([1, units('-2000')]);
  expect([positionLots(ledger, LINEAR), entryFineOf(ledger, LINEAR)]).toEqual([-1000, units('61000')]);
  desk.tell(fillOf(LINEAR, 'buy', 1000, 605_000));
  expect(out.flows[0].amount).toBe(units('500'));
  desk.tell(fillOf(LINEAR, 'buy', 1, 605_000));
  expect(out.count).toBe(0);
  desk.tell(fillOf(LINEAR, 'sell', 1, 605_000));
  expect(out.count).toBe(0);
  expect([ledger.positions[LINEAR]?.cost, equityOf(ledger, USDT)]).toEqual([0n, units('500')]);
  checkLedger(ledger);
});

test('inverse: a short gains as the price falls, and is never liquidated without leverage', () => {
  const desk = deskOf();
  desk.tell(cash('deposit', BTC, units('1')));
  // 50,000 USD short at 50,000: 1 BTC, hedged.
  desk.tell(fillOf(INVERSE, 'sell', 500, 500_000));
  desk.tell(markOf(INVERSE, '40000'));
  expect(unrealisedOf(desk.ledger, INVERSE)).toBe(units('0.25'));
  expect(liquidationOf(desk.ledger, INVERSE)).toEqual({ kind: 'never' });
  desk.tell(cash('withdrawal', BTC, units('-0.5')));
  // 50,000 ÷ P − 1 = … : 1 − 0.5 = 50,000 ÷ P.
  expect(liquidationAt(desk, INVERSE)).toBe('100000.00');
});

// Binance, "Introduction to Binance Futures Funding Rates": amount = value of the position at the mark ×
// rate.
test.each([
  ['buy', 100_000_000, '-6.18003'],
  ['sell', 100_000_000, '6.18003'],
  ['buy', -100_000_000, '6.18003'],
] as const)('linear: a %s of 1 BTC at a rate of %s E−12 gets %s', (side, rateE12, amount) => {
  const desk = deskOf();
  desk.tell(fillOf(LINEAR, side, 1000, 600_000));
  const markFine = Number(units('61800.3'));
  desk.tell({ event: 'funding', timeNs: 5, instrument: LINEAR, rateE12, markFine });
  expect(desk.out.flows[0]).toMatchObject({ kind: 'funding', asset: USDT, amount: units(amount) });
  expect(desk.ledger.assets[USDT]?.balance).toBe(units(amount));
});

test('inverse: funding is of the value in the settle asset', () => {
  const desk = deskOf();
  desk.tell(fillOf(INVERSE, 'buy', 500, 500_000));
  desk.tell(markOf(INVERSE, '50000'));
  desk.tell({ event: 'funding', timeNs: 5, instrument: INVERSE, rateE12: 100_000_000, markFine: NONE });
  expect(desk.ledger.assets[BTC]?.balance).toBe(units('-0.0001'));
});

test('settlement closes at a price, and its profit is a flow of its own', () => {
  const desk = deskOf();
  desk.tell(fillOf(LINEAR, 'sell', 2000, 600_000));
  desk.tell({
    event: 'settlement',
    timeNs: 9,
    instrument: LINEAR,
    priceFine: Number(units('59999.12345678')),
  });
  expect(desk.out.flows[0]).toMatchObject({
    kind: 'settlement',
    amount: units('1.75308644'),
    positionLots: -2000,
  });
  expect([positionLots(desk.ledger, LINEAR), desk.ledger.positions[LINEAR]?.cost]).toEqual([0, 0n]);
  checkLedger(desk.ledger);
});

test.each([
  ['buy', 'always'],
  ['sell', 'always'],
] as const)('a %s behind whom nothing is left is liquidated at every price', (side, kind) => {
  const desk = deskOf();
  desk.tell(cash('adjustment', BTC, units('-9')));
  desk.tell(cash('adjustment', USDT, units('-99999999')));
  const instrument = side === 'buy' ? INVERSE : LINEAR;
  desk.tell(fillOf(instrument, side, 10, 500_000));
  expect(liquidationOf(desk.ledger, instrument)).toEqual({ kind });
  expect(assetMarginOf(desk.ledger, side === 'buy' ? BTC : USDT).isLiquidated).toBe(true);
});
