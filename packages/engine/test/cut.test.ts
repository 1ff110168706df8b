// The venue ends or cuts an order by itself while something that was asked of it is still under way.
import { Kind, codeOfName } from '@truetape/contracts';
import { takeReport } from '@truetape/engine';
import type { Context } from '@truetape/engine';
import type { RiskConfig } from '@truetape/risk';
import { expect, test } from 'vitest';
import { createBench, report } from './bench.ts';
import type { Bench } from './bench.ts';

const DISCONNECT = codeOfName('cancelReason', 'disconnect')!;
const REDUCE_ONLY = codeOfName('amendReason', 'reduceOnly')!;
const [VENUE_DOWN, UNKNOWN_ORDER, REJECT_REDUCE_ONLY] = (
  ['venueDown', 'unknownOrder', 'reduceOnly'] as const
).map((name) => codeOfName('rejectCode', name)!);
const MAKER = 1;

const contextOf = ({ engine }: Bench): Context => engine.runs[0].context;

function answered({ engine }: Bench, fields: Parameters<typeof report>[0]): void {
  takeReport(engine, report(fields));
}

/** Lots that the gate would still let go on the side of a buy. */
function roomFor(bench: Bench, most: number): number {
  const { engine } = bench;
  for (let qtyLots = most; qtyLots > 0; qtyLots--) {
    const orderId = contextOf(bench).submit({ market: bench.market, side: 'buy', qtyLots, priceTicks: 99 });
    if (orderId === 0) continue;
    answered(bench, { kind: 'canceled', orderId, qtyLots, code: DISCONNECT });
    expect(engine.own.has(orderId)).toBe(false);
    return qtyLots;
  }
  return 0;
}

// Fails where an order that is gone still counts, or what was asked of it is never over, or counts twice.
test.each([
  [['amend'], UNKNOWN_ORDER],
  [['cancel'], UNKNOWN_ORDER],
  [['amend', 'cancel'], VENUE_DOWN],
] as const)('a cut while %j is under way', (asked, code) => {
  const told: string[] = [];
  const risk: RiskConfig = { limits: { maxPositionLots: 10 } };
  const onOrder = (_: unknown, one: { readonly orderId: number; readonly state: string }): void => {
    if (one.orderId === 1) told.push(one.state);
  };
  const bench = createBench({ risk, strategy: { onOrder } });
  const { engine, market } = bench;
  const context = contextOf(bench);
  const parentIntentId = context.openParent(market, 'buy', 10);
  const orderId = context.submit({ market, side: 'buy', qtyLots: 6, priceTicks: 99, parentIntentId });
  answered(bench, { kind: 'accepted', orderId, priceTicks: 99, leavesLots: 6 });
  const fill = { priceTicks: 99, liquidity: MAKER, basis: 1, qtyLots: 1, leavesLots: 5, tradeId: 1 };
  answered(bench, { kind: 'fill', orderId, ...fill });
  const order = engine.own.get(orderId)!;
  for (const one of asked)
    if (one === 'amend') context.amend(order, { qtyLots: 9 });
    else context.cancel(order);
  expect(engine.parents.get(parentIntentId)!.sentLots).toBe(6);
  answered(bench, { kind: 'canceled', orderId, qtyLots: 5, code: DISCONNECT });
  // Nothing is open any more, though the venue still owes an answer.
  expect([context.openOrders(market), engine.own.get(orderId)?.requests]).toEqual([[], asked.length]);
  expect(engine.parents.get(parentIntentId)!.sentLots).toBe(1);
  expect(roomFor(bench, 10)).toBe(9);
  for (const one of asked) {
    expect(engine.own.has(orderId)).toBe(true);
    const command = one === 'amend' ? Kind.AmendOrder : Kind.CancelOrder;
    answered(bench, { kind: 'rejected', orderId, command, code });
  }
  expect(engine.own.size).toBe(0);
  expect(engine.parents.get(parentIntentId)!.sentLots).toBe(1);
  expect(roomFor(bench, 10)).toBe(9);
  expect(told).toEqual(['open', 'open', 'ended', ...asked.map(() => 'ended')]);
});

// Fails where a cut is taken for the answer to an amend: the order would be counted for less than it may become.
test.each([
  ['refused', { kind: 'rejected', command: Kind.AmendOrder, code: REJECT_REDUCE_ONLY }, 4],
  ['carried out', { kind: 'amended', code: 1, leavesLots: 3 }, 3],
] as const)(
  'an order that only reduces is cut while an amend is under way, which is then %s',
  (_, answer, left) => {
    const bench = createBench({ risk: { limits: { maxPositionLots: 10 } } });
    const { engine, market } = bench;
    const context = contextOf(bench);
    const buy = context.submit({ market, side: 'buy', qtyLots: 10, priceTicks: 99 });
    const fill = { priceTicks: 99, liquidity: MAKER, basis: 1, qtyLots: 10, leavesLots: 0, tradeId: 1 };
    answered(bench, { kind: 'fill', orderId: buy, ...fill });
    const orderId = context.submit({ market, side: 'sell', qtyLots: 10, priceTicks: 105, reduceOnly: true });
    answered(bench, { kind: 'accepted', orderId, priceTicks: 105, leavesLots: 10 });
    const order = engine.own.get(orderId)!;
    context.amend(order, { qtyLots: 8 });
    answered(bench, { kind: 'amended', orderId, priceTicks: 105, leavesLots: 4, code: REDUCE_ONLY });
    expect(order).toMatchObject({ qtyLots: 4, leavesLots: 4, isAmending: true, requests: 1 });
    // Of ten held, eight may be on their way out: two are left to reduce.
    const more = { market, side: 'sell', qtyLots: 9, priceTicks: 106, reduceOnly: true } as const;
    const second = context.submit(more);
    expect(engine.own.get(second)!.qtyLots).toBe(2);
    answered(bench, { kind: 'canceled', orderId: second, qtyLots: 2, code: DISCONNECT });
    answered(bench, { orderId, priceTicks: 105, ...answer });
    expect(order).toMatchObject({ qtyLots: left, leavesLots: left, isAmending: false, requests: 0 });
    expect(engine.own.get(context.submit(more))!.qtyLots).toBe(10 - left);
  },
);
