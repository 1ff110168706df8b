/** What the run says of money is what anybody makes of its output tape again. For a sample and for a sweep. */
import { Kind, NONE } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import * as fc from 'fast-check';
import { checkLedger, createLedgerFold, foldLedgerEvent, saveLedger } from '@truetape/ledger';
import { expect } from 'vitest';
import { checkProperty } from './property.ts';
import { run, simTape } from './runs.ts';
import type { RunResult, TestTape } from './runs.ts';

const tapes = new Map<number, TestTape>();

export function tapeOfSeed(seed: number): TestTape {
  const presets = ['calm', 'burst', 'mixed', 'flash-crash'] as const;
  const tape = tapes.get(seed) ?? simTape(presets[seed % 4], String(seed), 3000);
  tapes.set(seed, tape);
  return tape;
}

/** Money by asset from nothing but cash flows, funding and the exchanges of spot fills; BigInt fractions of nothing. */
function balancesOf(events: readonly Event[], isSpot: boolean): Map<string, bigint> {
  const balances = new Map<string, bigint>();
  const add = (asset: string, amount: bigint): void =>
    void balances.set(asset, (balances.get(asset) ?? 0n) + amount);
  for (const event of events) {
    if (event.kind === Kind.CashFlow || event.kind === Kind.FundingPaid)
      add(String(event.asset), event.amount);
    if (event.kind !== Kind.Fill || !isSpot) continue;
    const isBuyer = (event.makerOrderId === NONE) === ((event.flags & 0x30) === 0x10);
    // One lot is one unit of SIM with 8 digits, one tick a cent of USD with 8 digits.
    const value = BigInt(event.priceTicks) * BigInt(event.qtyLots) * 1_000_000n;
    const lots = BigInt(event.qtyLots) * 100_000_000n;
    add('1', isBuyer ? lots : -lots);
    add('2', isBuyer ? -value : value);
  }
  return balances;
}

/** The ledger that the output tape's own events make. */
function refold({ events, backtest }: RunResult): unknown {
  const { ledger } = backtest.engine.account;
  const [position] = ledger.positions.filter((one) => one !== undefined);
  const { roundPer, rounding } = position;
  const made = createLedgerFold({
    account: 1,
    equityOn: 'last',
    policy: { roundPer, rounding },
    tradesKept: 0,
  });
  if (!made.ok) throw new Error(made.error.code);
  for (const event of events) {
    const error = foldLedgerEvent(made.value, event);
    expect(error).toBeUndefined();
  }
  expect(made.value.pending).toEqual([]);
  checkLedger(made.value.ledger);
  return saveLedger(made.value.ledger);
}

/** Prices reach the engine's ledger from the market, which is not on the output tape. */
function withoutPrices(saved: unknown): unknown {
  return JSON.parse(
    JSON.stringify(saved, (key, value: unknown) =>
      ['lastTicks', 'lastFine', 'markFine', 'timeNs', 'isOwnLast'].includes(key) ? null : value,
    ),
  );
}

const cases = fc.record({
  seed: fc.integer({ min: 1, max: 30 }),
  mode: fc.constantFrom('exchange', 'replay', 'ideal'),
  strategy: fc.constantFrom('market-maker', 'momentum', 'twap'),
  class: fc.constantFrom('spot', 'linear', 'inverse'),
  makerBps: fc.constantFrom('-0.5', '0', '1.25'),
});

/** Fails when a flow of cash has no event, a fee another sign, a fill another side. */
export function checkBooks({ seed, runs }: { readonly seed: number; readonly runs: number }): void {
  checkProperty(
    seed,
    fc.property(cases, (one) => {
      const config = {
        mode: one.mode,
        instrument: {
          class: one.class,
          leverage: 10,
          fees: { tiers: [{ makerBps: one.makerBps, takerBps: '3' }], minimum: '0.001' },
        },
        ...(one.class === 'spot' ? {} : { funding: { everyNs: 200_000_000, rateE12: 100_000_000 } }),
        strategy:
          one.strategy === 'momentum'
            ? { barNs: 20_000_000, bars: 3, thresholdTicks: 1 }
            : one.strategy === 'twap'
              ? { startNs: 50_000_000, durationNs: 300_000_000, qtyLots: 30 }
              : {},
      };
      const result = run(tapeOfSeed(one.seed), { strategy: one.strategy, config });
      const { ledger } = result.backtest.engine.account;
      checkLedger(ledger);
      expect(withoutPrices(refold(result))).toEqual(withoutPrices(saveLedger(ledger)));
      if (one.class !== 'inverse') {
        const balances = balancesOf(result.events, one.class === 'spot');
        for (const asset of ledger.assets.filter((held) => held !== undefined))
          expect(balances.get(String(asset.index)) ?? 0n).toBe(asset.balance);
      }
    }),
    runs,
  );
}
