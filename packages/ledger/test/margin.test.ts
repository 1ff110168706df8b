// Brackets at and beside their bounds.
import { expect, test } from 'vitest';
import { assetMarginOf, liquidationOf, marginOf } from '@truetape/ledger';
import type { MarginConfig } from '@truetape/ledger';
import {
  INSTRUMENTS,
  LINEAR,
  SCALES,
  USDT,
  cash,
  configOf,
  deskOf,
  fillOf,
  instrumentOf,
  units,
} from './setups.ts';
import type { Desk } from './setups.ts';

const PERCENT = 10_000_000_000;
const BRACKETS: MarginConfig = {
  leverage: 20,
  tiers: [
    { floor: 0n, maintenanceE12: PERCENT, leverageMax: 50 },
    { floor: units('1000'), maintenanceE12: 2 * PERCENT, leverageMax: 10 },
  ],
};

function held(margin: MarginConfig, qtyLots: number, ticks: number, wallet: string): Desk {
  const config = instrumentOf(LINEAR, INSTRUMENTS[LINEAR], SCALES, margin);
  const desk = deskOf(configOf({}, { instruments: [{ ...config, base: 0, quote: 0 }] }));
  desk.tell(cash('deposit', USDT, units(wallet)));
  desk.tell(fillOf(LINEAR, 'buy', qtyLots, ticks));
  return desk;
}

const of = (margin: MarginConfig, qtyLots: number, ticks: number) =>
  marginOf(held(margin, qtyLots, ticks, '1').ledger, LINEAR);

// Values of 999.9, 1,000 and 1,000.1: the floor itself is in the bracket below.
test.each([
  [9999, { leverage: 20, initial: units('49.995'), maintenance: units('9.999') }],
  [10_000, { leverage: 20, initial: units('50'), maintenance: units('10') }],
  [10_001, { leverage: 10, initial: units('100.01'), maintenance: units('10.002') }],
])('a lot of 1 at %s ticks', (ticks, expected) => {
  expect(of(BRACKETS, 1000, ticks)).toMatchObject(expected);
});

test('margins are rounded up, and are not below zero', () => {
  const thirds: MarginConfig = { leverage: 3, tiers: [{ floor: 0n, maintenanceE12: 333_333_333_333 }] };
  // 0.0001 USDT are 10,000 units.
  expect(of(thirds, 1, 1)).toMatchObject({ initial: 3334n, maintenance: 3334n });
  const generous: MarginConfig = {
    leverage: 3,
    tiers: [{ floor: 0n, maintenanceE12: PERCENT, amount: units('5') }],
  };
  expect(of(generous, 1000, 1000)).toMatchObject({ maintenance: 0n });
  expect(of({ leverage: 4, tiers: [] }, 1000, 1000)).toMatchObject({ initial: units('25'), maintenance: 0n });
});

test('equity that is just what has to be maintained is not enough', () => {
  // 1,000 at 1% is 10.
  const enough = held(BRACKETS, 1000, 10_000, '10.00000001');
  expect(assetMarginOf(enough.ledger, USDT)).toMatchObject({ maintenance: units('10'), isLiquidated: false });
  const short = held(BRACKETS, 1000, 10_000, '10');
  expect(assetMarginOf(short.ledger, USDT)).toMatchObject({ available: units('-40'), isLiquidated: true });
  expect(liquidationOf(short.ledger, LINEAR)).toEqual({
    kind: 'at',
    priceFine: units('1000'),
    bufferTicks: 0n,
    bufferBps: 0n,
  });
  // Without a position nothing is.
  short.tell(fillOf(LINEAR, 'sell', 1000, 9000));
  expect(assetMarginOf(short.ledger, USDT)).toMatchObject({ equity: units('-90'), isLiquidated: false });
});

test('a price that is passed has a buffer below zero', () => {
  const desk = held(BRACKETS, 1000, 10_000, '10');
  desk.tell({ event: 'last', timeNs: 0, instrument: LINEAR, priceTicks: 9990 });
  expect(liquidationOf(desk.ledger, LINEAR)).toMatchObject({ bufferTicks: -10n, bufferBps: -11n });
});

// Fails when the distance of a short is reckoned as a long's.
test('the buffer of a short is above its price, rounded down', () => {
  const desk = held(BRACKETS, 1000, 10_000, '110');
  desk.tell(fillOf(LINEAR, 'sell', 2000, 10_000));
  // (110 + 1,000 + 10) ÷ 1.02 in the second bracket: 98.03921568 above 1,000.
  const short = { kind: 'at', priceFine: 109_803_921_569n, bufferTicks: 980n, bufferBps: 980n };
  expect(liquidationOf(desk.ledger, LINEAR)).toEqual(short);
  desk.tell({ event: 'last', timeNs: 0, instrument: LINEAR, priceTicks: 10_990 });
  expect(liquidationOf(desk.ledger, LINEAR)).toMatchObject({ bufferTicks: -10n, bufferBps: -9n });
});

// Amounts that a venue gives need not be continuous: a liquidation value at a floor is of the bracket below.
test('the bracket of a liquidation price that is just at a floor', () => {
  const broken: MarginConfig = {
    leverage: 1,
    tiers: [
      { floor: 0n, maintenanceE12: 0 },
      { floor: units('1000'), maintenanceE12: PERCENT, amount: units('50') },
    ],
  };
  // 1 from 1,500 with 500: a value of 1,000 without a rate, (1,500 − 500 − 50) ÷ 0.99 in the bracket above.
  expect(liquidationOf(held(broken, 1000, 15_000, '500').ledger, LINEAR)).toMatchObject({
    priceFine: units('1000'),
  });
  expect(liquidationOf(held(broken, 1000, 15_000, '499.9').ledger, LINEAR)).toMatchObject({
    priceFine: units('959.69696969'),
  });
});
