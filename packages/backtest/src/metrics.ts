/** What a run comes to, counted while it runs from the events that it writes. All sums are integers. */
import { Kind, NONE, nameOfCode } from '@truetape/contracts';
import type { Event, Fill, RiskDecision } from '@truetape/contracts';
import { addProduct, createHistogram, createSum, fineOfTicks, recordValue, valueOf } from '@truetape/kernel';
import type { Histogram, Sum } from '@truetape/kernel';
import { profitIn } from '@truetape/engine';
import type { Engine } from '@truetape/engine';
import type { OwnReport } from '@truetape/venue';
import { createParts, notePart, noteResized, noteValue, sampleParts } from './by-strategy.ts';
import type { Parts } from './by-strategy.ts';
import { createCosts, decisionOn, noteCost } from './costs.ts';
import type { Costs, Decision } from './costs.ts';
import { addToCurves, createCurves, markFill } from './curves.ts';
import type { Curves } from './curves.ts';
import { createExposure, holdFrom } from './exposure.ts';
import type { Exposure } from './exposure.ts';
import { awaitMarkouts, createMarkouts } from './markouts.ts';
import type { Markout } from './markouts.ts';
import { addSample, createSeries, isNextKept } from './series.ts';
import type { Series } from './series.ts';
import type { Backtest } from './state.ts';

/** What is remembered of an order while it lives. */
interface LiveOrder {
  readonly side: number;
  /** What its price comes from, and what the amend that was sent last comes from, whatever becomes of that. */
  decision: Decision;
  asked: Decision;
  qtyLots: number;
  filledLots: number;
  readonly sentNs: number;
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
  /** Of new orders alone. */
  readonly newRejects: Map<string, number>;
  readonly cancelReasons: Map<string, number>;
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
  /** From sending a new order to the venue's answer to it, and to the client's hearing of that, ns. */
  readonly entryTimes: Histogram;
  readonly answerTimes: Histogram;
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
  /** By place among the engine's markets. */
  readonly costs: readonly Costs[];
  readonly exposures: readonly Exposure[];
  readonly series: Series;
  readonly curves: Curves;
  readonly sampleNs: number;
  nextSampleNs: number;
  /** Highest net profit that a sample has seen, from 0 on, and the most that was lost since, with its time. */
  peakNet: bigint;
  maxDrawdown: bigint;
  drawdownNs: number;
  /** Of each strategy, where there are several. */
  readonly parts: Parts | undefined;
}

export function createMetrics(sampleNs: number, instruments: number, strategies: number): Metrics {
  return {
    kinds: new Float64Array(256),
    denials: new Map(),
    rejects: new Map(),
    newRejects: new Map(),
    cancelReasons: new Map(),
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
    entryTimes: createHistogram(5),
    answerTimes: createHistogram(5),
    slippage: createSum(),
    slippageLots: 0,
    turnover: [],
    wins: 0,
    losses: 0,
    realised: [],
    markouts: createMarkouts(),
    costs: Array.from({ length: instruments }, () => createCosts()),
    exposures: Array.from({ length: instruments }, () => createExposure()),
    series: createSeries(instruments),
    curves: createCurves(sampleNs, instruments),
    sampleNs,
    nextSampleNs: Infinity,
    peakNet: 0n,
    maxDrawdown: 0n,
    drawdownNs: NONE,
    parts: createParts(strategies),
  };
}

const bump = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

/** Takes an event that the run has written. */
export function noteEvent(backtest: Backtest, event: Event): void {
  const { metrics } = backtest;
  metrics.kinds[event.kind] += 1;
  if (metrics.parts !== undefined) notePart(backtest, event);
  switch (event.kind) {
    case Kind.RiskDecision:
      noteDecision(metrics, event);
      break;
    case Kind.NoAction:
      bump(metrics.noActions, nameOfCode('noActionCode', event.code));
      break;
    case Kind.NewOrder: {
      const side = event.flags >>> 4;
      const decision = decisionOn(side, backtest.engine.markets[event.instrument]!);
      metrics.orderedLots += event.qtyLots;
      metrics.orders.set(event.orderId, {
        side,
        decision,
        asked: decision,
        qtyLots: event.qtyLots,
        filledLots: 0,
        sentNs: event.timeNs,
        acceptedNs: NONE,
        isFilled: false,
      });
      break;
    }
    case Kind.AmendOrder: {
      const order = metrics.orders.get(event.orderId);
      if (order !== undefined)
        order.asked = decisionOn(order.side, backtest.engine.markets[event.instrument]!);
      break;
    }
    case Kind.Rejected:
      bump(metrics.rejects, nameOfCode('rejectCode', event.code));
      if (event.command !== Kind.NewOrder) break;
      bump(metrics.newRejects, nameOfCode('rejectCode', event.code));
      metrics.orders.delete(event.orderId);
      break;
    case Kind.Fill:
      noteFill(backtest, event);
      break;
    case Kind.Canceled:
      bump(metrics.cancelReasons, nameOfCode('cancelReason', event.reason));
      metrics.orders.delete(event.orderId);
      break;
    case Kind.Expired:
      metrics.orders.delete(event.orderId);
      break;
    default:
  }
}

const MAKER = 1;
const REDUCE = 3;
const THROTTLE = 4;
const ALLOW = 1;
/** Of the vocabulary `riskPhase`. */
const PRE_TRADE = 1;
/** Of `amendReason`: the venue's own cuts have others. */
const REQUESTED = 1;

function noteDecision(metrics: Metrics, { verdict, code, phase }: RiskDecision): void {
  // What is watched while it runs stops no order by itself: the switch does, which the report tells apart.
  if (verdict === ALLOW || phase !== PRE_TRADE) return;
  if (verdict === REDUCE) metrics.reduced += 1;
  else if (verdict === THROTTLE) metrics.throttled += 1;
  else bump(metrics.denials, nameOfCode('denialCode', code));
}

/** What the venue answered: its report says more than its event, which is written behind this. */
export function noteReport(backtest: Backtest, report: OwnReport): void {
  const { metrics, engine } = backtest;
  const { kind, orderId, timeNs, priorityKept, qtyLots, leavesLots } = report;
  const order = metrics.orders.get(orderId);
  if (order === undefined) return;
  if (kind === 'accepted' || (kind === 'rejected' && report.command === Kind.NewOrder)) {
    recordValue(metrics.entryTimes, timeNs - order.sentNs);
    recordValue(metrics.answerTimes, engine.timeNs - order.sentNs);
  }
  // A change that loses its place begins to wait anew.
  if (kind === 'accepted' || (kind === 'amended' && priorityKept === 0)) order.acceptedNs = timeNs;
  if (kind === 'fill') {
    order.filledLots += qtyLots;
    noteCost(metrics.costs[placeOf(engine, report.instrument)], order.decision, report);
  }
  if (kind !== 'amended') return;
  // One amend is under way at a time: the venue's yes is to the one that was sent last.
  if (report.code === REQUESTED) order.decision = order.asked;
  const more = order.filledLots + leavesLots - order.qtyLots;
  metrics.orderedLots += more;
  noteResized(backtest, orderId, more);
  order.qtyLots += more;
}

const placeOf = ({ views }: Engine, instrument: number): number =>
  views.findIndex(({ index }) => index === instrument);

/** What all strategies hold, signed lots. */
export const heldLots = ({ runs }: Engine, instrument: number): number =>
  runs.reduce((sum, { positions }) => sum + (positions[instrument] ?? 0), 0);

/** What a fill led to, behind its booking: another position; a win, a loss, or neither. */
export function noteBooked(backtest: Backtest, report: OwnReport): void {
  const { metrics, engine } = backtest;
  const { kind, instrument, side, liquidity, priceTicks, qtyLots } = report;
  if (kind !== 'fill') return;
  const place = placeOf(engine, instrument);
  const position = heldLots(engine, instrument);
  holdFrom(metrics.exposures[place], engine.timeNs, position);
  const fill = { side, isMaker: liquidity === MAKER, priceTicks, qtyLots, position };
  markFill(metrics.curves, place, engine.timeNs, fill);
  noteValue(backtest, report);
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
    const { touchTicks } = order.decision;
    if (touchTicks !== NONE) {
      addProduct(metrics.slippage, (priceTicks - touchTicks) * sign, qtyLots);
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
  awaitMarkouts(metrics.markouts, event.timeNs, { instrument, sign, isMaker, priceTicks, qtyLots });
}

/** Takes a sample of profit, positions and prices; the last one of a run stays in its series. */
export function sampleEquity(backtest: Backtest, timeNs: number, isLast = false): void {
  const { metrics, engine } = backtest;
  metrics.nextSampleNs = timeNs + metrics.sampleNs;
  const profit = profitIn(engine.account.ledger, engine.equityAsset);
  const { net } = profit;
  if (net > metrics.peakNet) metrics.peakNet = net;
  const drawdown = metrics.peakNet - net;
  if (drawdown > metrics.maxDrawdown) {
    metrics.maxDrawdown = drawdown;
    metrics.drawdownNs = timeNs;
  }
  const positions = engine.views.map(({ index }) => heldLots(engine, index));
  const twiceMiddles = engine.views.map(({ bidTicks, askTicks }) =>
    bidTicks === NONE || askTicks === NONE ? NONE : bidTicks + askTicks,
  );
  const isKept = isLast || isNextKept(metrics.series);
  sampleParts(backtest, timeNs, isKept);
  const nets = metrics.parts?.all.map((part) => part.nets);
  addSample(metrics.series, { timeNs, pnl: net, positions, twiceMiddles }, isKept, nets);
  addToCurves(metrics.curves, timeNs, { profit, drawdown, positions, twiceMiddles });
}

/** Nothing is held behind the end. */
export function endMetrics({ metrics }: Backtest, timeNs: number): void {
  for (const exposure of metrics.exposures) holdFrom(exposure, timeNs, exposure.lots);
}

/** The first sample is one step behind the start. */
export function startMetrics({ metrics }: Backtest, timeNs: number): void {
  metrics.nextSampleNs = timeNs + metrics.sampleNs;
  metrics.curves.startNs = timeNs;
  for (const exposure of metrics.exposures) exposure.sinceNs = timeNs;
}
