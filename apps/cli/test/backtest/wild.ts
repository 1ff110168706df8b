/** A strategy that does anything, on accounts that have little: what must hold of each of its runs. */
import { Kind, nameOfCode } from '@truetape/contracts';
import type { Event, JsonObject } from '@truetape/contracts';
import type { Context, MarketUpdate, Strategy } from '@truetape/engine';
import { checkLedger } from '@truetape/ledger';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { checkProperty } from './property.ts';
import { ofKind, run, simTape } from './runs.ts';
import type { OwnStrategy, TestTape } from './runs.ts';

const tapes = new Map<number, TestTape>();
export function tapeOfSeed(seed: number): TestTape {
  const presets = ['calm', 'burst', 'mixed', 'flash-crash'] as const;
  const tape = tapes.get(seed) ?? simTape(presets[seed % 4], String(seed), 2500);
  tapes.set(seed, tape);
  return tape;
}

/** Does anything that a strategy may, with dice of its own; `reduceOnly` now and then. */
export const WILD: OwnStrategy = {
  name: 'wild',
  listens: { depth: 'top', trades: true },
  make: (): Strategy => ({
    state: {},
    onMarket: (context: Context, { market }: MarketUpdate) => {
      const dice = context.random('wild');
      const roll = dice.nextInt(12);
      const side = dice.nextInt(2) === 0 ? 'buy' : 'sell';
      const qtyLots = 1 + dice.nextInt(9);
      const reduceOnly = dice.nextInt(3) === 0;
      const touch = side === 'buy' ? market.bidTicks : market.askTicks;
      const [order] = context.openOrders(market);
      if (roll < 2) context.submit({ market, side, qtyLots, reduceOnly });
      else if (touch < 0) return;
      else if (roll < 7) {
        const priceTicks = touch + dice.nextInt(7) - 3;
        context.submit({ market, side, qtyLots, priceTicks, reduceOnly });
      } else if (order !== undefined && roll < 10)
        context.amend(order, { qtyLots: order.cumLots + qtyLots, priceTicks: touch + dice.nextInt(5) - 2 });
      else if (order !== undefined && roll === 10) context.cancel(order);
    },
  }),
};

const delay = fc.constantFrom(0, 50_000, 2_000_000, 80_000_000);
const cases = fc.record({
  seed: fc.integer({ min: 1, max: 12 }),
  mode: fc.constantFrom('exchange', 'replay', 'ideal'),
  class: fc.constantFrom('spot', 'spot', 'linear', 'inverse'),
  usd: fc.constantFrom('0.01', '9', '130', '1500', '20000'),
  sim: fc.constantFrom('0', '1', '7', '40'),
  makerBps: fc.constantFrom('-2', '0', '10', '900'),
  takerBps: fc.constantFrom('0', '30', '2500'),
  minimum: fc.constantFrom('0', '0.01', '3'),
  milliBps: fc.constantFrom(0, 5000, 400_000, 9_000_000),
  order: delay,
  response: delay,
  funding: fc.boolean(),
});

/** The position that fills have made, checked at each fill of an order that only reduces. */
function checkReduceOnly(events: readonly Event[]): number {
  const reducing = new Set<number>();
  let position = 0;
  let fills = 0;
  for (const event of events) {
    if (event.kind === Kind.NewOrder && (event.exec & 1) === 1) reducing.add(event.orderId);
    if (event.kind !== Kind.Fill) continue;
    const isMaker = event.makerOrderId >= 0;
    const isBuyer = isMaker !== ((event.flags & 0x30) === 0x10);
    const after = position + (isBuyer ? event.qtyLots : -event.qtyLots);
    if (reducing.has(isMaker ? event.makerOrderId : event.takerOrderId)) {
      expect(Math.abs(after)).toBeLessThan(Math.abs(position));
      expect(Math.sign(after) * Math.sign(position)).toBeGreaterThanOrEqual(0);
      fills += 1;
    }
    position = after;
  }
  return fills;
}

/** Runs it so many times. Every fill can be paid, and none of an order that only reduces adds to the position. */
export function checkAccounts(seed: number, runs: number): void {
  let reduced = 0;
  const told = new Set<string>();
  checkProperty(
    seed,
    fc.property(cases, (one) => {
      const config = {
        mode: one.mode,
        deposits: { USD: one.usd, SIM: one.sim },
        instrument: {
          class: one.class,
          leverage: 20,
          fees: { tiers: [{ makerBps: one.makerBps, takerBps: one.takerBps }], minimum: one.minimum },
          slippage: { kind: 'bps', milliBps: one.milliBps },
        },
        latency: {
          order: { kind: 'fixed', ns: one.order },
          cancel: { kind: 'fixed', ns: one.order },
          response: { kind: 'fixed', ns: one.response },
        },
        ...(one.funding && one.class !== 'spot'
          ? { funding: { everyNs: 50_000_000, rateE12: 900_000_000 } }
          : {}),
      } satisfies JsonObject;
      const { events, backtest } = run(tapeOfSeed(one.seed), { strategy: WILD, config });
      for (const { ledger } of [backtest.engine.account, backtest.atVenue]) {
        checkLedger(ledger);
        if (one.class !== 'spot') continue;
        for (const asset of ledger.assets) expect(asset?.balance ?? 0n).toBeGreaterThanOrEqual(0n);
      }
      reduced += checkReduceOnly(events);
      for (const { code } of ofKind(events, Kind.Rejected)) told.add(nameOfCode('rejectCode', code));
      for (const { reason } of ofKind(events, Kind.Canceled)) told.add(nameOfCode('cancelReason', reason));
      for (const { reason } of ofKind(events, Kind.Amended))
        told.add(`cut ${nameOfCode('amendReason', reason)}`);
    }),
    runs,
  );
  expect(reduced).toBeGreaterThan(runs / 3);
  expect([...told]).toEqual(expect.arrayContaining(['insufficientBalance', 'reduceOnly', 'cut reduceOnly']));
}
