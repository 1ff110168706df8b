/**
 * What a run comes to, counted while it runs from the events that it writes. All sums are integers.
 *
 * Markouts: of each fill, the middle of the market some time later against its price, positive where the
 * market went our way. A fill whose later time is beyond the end of the run is not counted.
 */
import { Kind, NONE, nameOfCode } from '@truetape/contracts';
import type { Event, Fill, RiskDecision } from '@truetape/contracts';
import { addProduct, createHistogram, createSum, fineOfTicks, recordValue, valueOf } from '@truetape/kernel';
import type { Histogram, Sum } from '@truetape/kernel';
import { profitIn } from '@truetape/engine';
import type { OwnReport } from '@truetape/venue';
import { addSample, createSeries } from './series.ts';
import type { Series } from './series.ts';
import type { Backtest } from './state.ts';

/** How long behind a fill the market is looked at again. */
export const MARKOUT_NS: readonly number[] = [10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000];

/** Fills that wait for their time, and what came of those that no longer do. */
export interface Markout {
  readonly delayNs: number;
  readonly waiting: WaitingFill[];
  head: number;
  /** Half ticks × lots, for us. */
  gain: Sum;
  lots: number;
  fills: number;
}

interface WaitingFill {
  readonly dueNs: number;
  readonly instrument: number;
  /** 1 bought, −1 sold. */
  readonly sign: number;
  readonly priceTicks: number;
  readonly qtyLots: number;
}

/** What is remembered of an order while it lives. */
interface LiveOrder {
  qtyLots: number;
  filledLots: number;
  /** The other side's best price when it was decided; NONE where there was none. */
  readonly touchTicks: number;
  readonly side: number;
  acceptedNs: number;
  isFilled: boolean;
}

/** Changed by the functions of this file alone. */
export interface Metrics {
  /** Events by kind. */
  readonly kinds: Float64Array;
  /** By name of a code. */
  readonly denials: Map<string, number>;
  readonly rejects: Map<string, number>;
  readonly noActions: Map<string, number>;
  readonly bases: Map<string, number>;
  throttled: number;
  reduced: number;
  makerFills: number;
  takerFills: number;
  makerLots: number;
  takerLots: number;
  orderedLots: number;
  filledOrders: number;
  readonly orders: Map<number, LiveOrder>;
  /** From acceptance to a resting order's first fill, ns. */
  readonly queueTimes: Histogram;
  /** Ticks × lots that takers paid beyond the touch they had seen. */
  readonly slippage: Sum;
  slippageLots: number;
  /** Value of fills, by settle asset. */
  readonly turnover: (bigint | undefined)[];
  /** Fills that realised a profit, or a loss. */
  wins: number;
  losses: number;
  /** Realised so far, by instrument. */
  readonly realised: (bigint | undefined)[];
  readonly markouts: readonly Markout[];
  readonly series: Series;
  readonly sampleNs: number;
  nextSampleNs: number;
  /** Highest net profit that a sample has seen, from 0 on, and the most that was lost since, with its time. */
  peakNet: bigint;
  maxDrawdown: bigint;
  drawdownNs: number;
}

export function createMetrics(sampleNs: number, instruments: number): Metrics {
  return {
    kinds: new Float64Array(256),
    denials: new Map(),
    rejects: new Map(),
    noActions: new Map(),
    bases: new Map(),
    throttled: 0,
    reduced: 0,
    makerFills: 0,
    takerFills: 0,
    makerLots: 0,
    takerLots: 0,
    orderedLots: 0,
    filledOrders: 0,
    orders: new Map(),
    queueTimes: createHistogram(5),
    slippage: createSum(),
    slippageLots: 0,
    turnover: [],
    wins: 0,
    losses: 0,
    realised: [],
    markouts: MARKOUT_NS.map((delayNs) => ({
      delayNs,
      waiting: [],
      head: 0,
      gain: createSum(),
      lots: 0,
      fills: 0,
    })),
    series: createSeries(instruments),
    sampleNs,
    nextSampleNs: Infinity,
    peakNet: 0n,
    maxDrawdown: 0n,
    drawdownNs: NONE,
  };
}

const bump = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

/** Takes an event that the run has written. */
export function noteEvent(backtest: Backtest, event: Event): void {
  const { metrics } = backtest;
  metrics.kinds[event.kind] += 1;
  switch (event.kind) {
    case Kind.RiskDecision:
      noteDecision(metrics, event);
      break;
    case Kind.NoAction:
      bump(metrics.noActions, nameOfCode('noActionCode', event.code));
      break;
    case Kind.NewOrder: {
      const market = backtest.engine.markets[event.instrument]!;
      const side = event.flags >>> 4;
      const touchTicks = side === 1 ? market.askTicks : market.bidTicks;
      metrics.orderedLots += event.qtyLots;
      const { qtyLots } = event;
      const live = { qtyLots, filledLots: 0, touchTicks, side, acceptedNs: NONE, isFilled: false };
      metrics.orders.set(event.orderId, live);
      break;
    }
    case Kind.Rejected:
      bump(metrics.rejects, nameOfCode('rejectCode', event.code));
      if (event.command === Kind.NewOrder) metrics.orders.delete(event.orderId);
      break;
    case Kind.Fill:
      noteFill(backtest, event);
      break;
    case Kind.Canceled:
    case Kind.Expired:
      metrics.orders.delete(event.orderId);
      break;
    default:
  }
}

const REDUCE = 3;
const THROTTLE = 4;
const ALLOW = 1;

function noteDecision(metrics: Metrics, { verdict, code }: RiskDecision): void {
  if (verdict === ALLOW) return;
  if (verdict === REDUCE) metrics.reduced += 1;
  else if (verdict === THROTTLE) metrics.throttled += 1;
  else bump(metrics.denials, nameOfCode('denialCode', code));
}

/** When the venue took an order: its report says so before its event is written. */
export function noteReport({ metrics }: Backtest, report: OwnReport): void {
  const { kind, orderId, timeNs, priorityKept, qtyLots, leavesLots } = report;
  const order = metrics.orders.get(orderId);
  if (order === undefined) return;
  // A change that loses its place begins to wait anew.
  if (kind === 'accepted' || (kind === 'amended' && priorityKept === 0)) order.acceptedNs = timeNs;
  if (kind === 'fill') order.filledLots += qtyLots;
  if (kind !== 'amended') return;
  metrics.orderedLots += order.filledLots + leavesLots - order.qtyLots;
  order.qtyLots = order.filledLots + leavesLots;
}

/** What a fill realised, behind its booking: a win, a loss, or neither. */
export function noteBooked({ metrics, engine }: Backtest, { kind, instrument }: OwnReport): void {
  if (kind !== 'fill') return;
  const { realised } = engine.account.ledger.positions[instrument]!;
  const before = metrics.realised[instrument] ?? 0n;
  if (realised > before) metrics.wins += 1;
  else if (realised < before) metrics.losses += 1;
  metrics.realised[instrument] = realised;
}

function noteFill(backtest: Backtest, event: Fill): void {
  const { metrics, engine } = backtest;
  const isMaker = event.makerOrderId !== NONE;
  const orderId = isMaker ? event.makerOrderId : event.takerOrderId;
  const order = metrics.orders.get(orderId)!;
  const { qtyLots, priceTicks, instrument } = event;
  const sign = order.side === 1 ? 1 : -1;
  bump(metrics.bases, nameOfCode('basis', event.basis));
  if (isMaker) {
    metrics.makerFills += 1;
    metrics.makerLots += qtyLots;
    if (!order.isFilled && order.acceptedNs !== NONE)
      recordValue(metrics.queueTimes, Math.max(0, event.matchTime - order.acceptedNs));
  } else {
    metrics.takerFills += 1;
    metrics.takerLots += qtyLots;
    if (order.touchTicks !== NONE) {
      addProduct(metrics.slippage, (priceTicks - order.touchTicks) * sign, qtyLots);
      metrics.slippageLots += qtyLots;
    }
  }
  if (!order.isFilled) metrics.filledOrders += 1;
  order.isFilled = true;
  if ((isMaker ? event.makerLeaves : event.takerLeaves) === 0) metrics.orders.delete(orderId);
  const { terms } = engine.markets[instrument]!;
  const { settle } = engine.account.ledger.positions[instrument]!;
  const value = valueOf(terms, fineOfTicks(terms, priceTicks), BigInt(qtyLots), 'down');
  metrics.turnover[settle.index] = (metrics.turnover[settle.index] ?? 0n) + value;
  for (const markout of metrics.markouts) {
    const dueNs = event.timeNs + markout.delayNs;
    markout.waiting.push({ dueNs, instrument, sign, priceTicks, qtyLots });
  }
}

/** The next time at which the market is looked at again. */
export function nextMarkoutNs({ markouts }: Metrics): number {
  let next = Infinity;
  for (const { waiting, head } of markouts)
    if (head < waiting.length && waiting[head].dueNs < next) next = waiting[head].dueNs;
  return next;
}

const COMPACT_AT = 4096;

/** Looks at the market for all fills whose time has come. */
export function takeMarkouts(backtest: Backtest, timeNs: number): void {
  for (const markout of backtest.metrics.markouts) {
    const { waiting } = markout;
    while (markout.head < waiting.length && waiting[markout.head].dueNs <= timeNs) {
      const { instrument, sign, priceTicks, qtyLots } = waiting[markout.head];
      markout.head += 1;
      const { bidTicks, askTicks } = backtest.engine.markets[instrument]!;
      if (bidTicks === NONE || askTicks === NONE) continue;
      addProduct(markout.gain, (bidTicks + askTicks - 2 * priceTicks) * sign, qtyLots);
      markout.lots += qtyLots;
      markout.fills += 1;
    }
    if (markout.head > COMPACT_AT) {
      waiting.splice(0, markout.head);
      markout.head = 0;
    }
  }
}

/** Takes a sample of profit, positions and prices. */
export function sampleEquity(backtest: Backtest, timeNs: number): void {
  const { metrics, engine } = backtest;
  metrics.nextSampleNs = timeNs + metrics.sampleNs;
  const { net } = profitIn(engine.account.ledger, engine.equityAsset);
  if (net > metrics.peakNet) metrics.peakNet = net;
  const drawdown = metrics.peakNet - net;
  if (drawdown > metrics.maxDrawdown) {
    metrics.maxDrawdown = drawdown;
    metrics.drawdownNs = timeNs;
  }
  addSample(metrics.series, timeNs, net, engine);
}

/** The first sample is one step behind the start. */
export function startMetrics({ metrics }: Backtest, timeNs: number): void {
  metrics.nextSampleNs = timeNs + metrics.sampleNs;
}
