import { describe, expect, test } from 'vitest';
import { NONE } from '@truetape/contracts';
import {
  applyLast,
  applyMark,
  equityOf,
  exchangedInto,
  tradedWorthIn,
  unrealisedOf,
  worthIn,
} from '@truetape/ledger';
import type { LedgerInput } from '@truetape/ledger';
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
  markOf,
  units,
} from './setups.ts';

describe('valuation', () => {
  const at = (equityOn: 'last' | 'mark', ...told: readonly LedgerInput[]): bigint => {
    const desk = deskOf(configOf(INSTRUMENTS, { equityOn }));
    for (const one of told) {
      desk.tell(one);
      // Kept until something changes: what does has to show.
      unrealisedOf(desk.ledger, LINEAR);
    }
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
    // Own fills stand in only while there is no other price.
    ['last', [mark, buy], '10.5'],
    ['last', [buy, mark], '10.5'],
    ['last', [mark, buy, { ...last, priceTicks: 500_000 }], '0'],
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

  // Fails when the price of what was paid in is a profit, or what is taken out a loss.
  test('worth of what was traded: without what was paid in of other assets', () => {
    const { ledger, tell } = deskOf();
    tell(cash('deposit', USDT, units('10000')));
    tell(cash('deposit', BTC, units('0.5')));
    tell(cash('opening', BTC, units('0.25')));
    expect([worthIn(ledger, USDT), tradedWorthIn(ledger, USDT)]).toEqual([undefined, units('10000')]);
    tell(markOf(SPOT, '50000'));
    expect([worthIn(ledger, USDT), tradedWorthIn(ledger, USDT)]).toEqual([units('47500'), units('10000')]);
    tell(fillOf(SPOT, 'buy', 10_000, 5_000_000));
    tell(markOf(SPOT, '60000'));
    expect(tradedWorthIn(ledger, USDT)).toBe(units('11000'));
    tell(cash('withdrawal', BTC, units('-0.2')));
    tell(cash('transfer', BTC, units('-0.1')));
    expect(tradedWorthIn(ledger, USDT)).toBe(units('11000'));
    tell(cash('fee', BTC, units('-0.01')));
    expect([worthIn(ledger, USDT), tradedWorthIn(ledger, USDT)]).toEqual([units('37400'), units('10400')]);
    expect(exchangedInto(ledger, BTC, units('0.5'), USDT)).toBe(units('30000'));
    expect(exchangedInto(ledger, USDT, 1n, BTC)).toBeUndefined();
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
