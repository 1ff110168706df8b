// What is held to be true, broken on purpose.
import { describe, expect, test } from 'vitest';
import {
  applyLast,
  applyMark,
  checkLedger,
  entryFineOf,
  equityOf,
  liquidationOf,
  marginOf,
  positionLots,
  unrealisedOf,
  worthIn,
} from '@truetape/ledger';
import type { PositionState } from '@truetape/ledger';
import { INVERSE, LINEAR, SPOT, USDT, cash, deskOf, fillOf, units } from './setups.ts';

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
