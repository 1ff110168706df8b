/**
 * What each of several strategies of a run comes to, counted beside the whole, so that the parts make it to the last
 * unit. Nothing is counted here for a strategy that is alone.
 *
 * Orders, fills, fees and turnover are of the strategy that sent the order. Positions are each strategy's own: what it
 * bought less what it sold; the account holds their sum, and has one average price. So profit has parts, but realised
 * and unrealised profit have none:
 *
 *     gross = value of what it holds at the valuation price − values of its fills      (the other sign for inverse)
 *
 * Values of fills are rounded fill by fill, in the ledger, and add up. What is held is valued together: a strategy's
 * part is what its lots add to those of the strategies before it, which is their own value where values are exact.
 */
import { Kind, NONE, nameOfCode } from '@truetape/contracts';
import type { Event, Fill, NewOrder, RiskDecision } from '@truetape/contracts';
import type { Engine } from '@truetape/engine';
import { fineOfTicks, valueOf } from '@truetape/kernel';
import { valueOfLots } from '@truetape/ledger';
import type { OwnReport } from '@truetape/venue';
import type { Backtest } from './state.ts';

/** Of one strategy. Changed by the functions of this file alone. */
export interface Part {
  /** Events by kind: its own, and answers of the venue to its orders. */
  readonly kinds: Map<number, number>;
  /** By name of a code. */
  readonly denials: Map<string, number>;
  readonly rejects: Map<string, number>;
  throttled: number;
  reduced: number;
  /** Orders that the venue canceled so that they would not trade with another own one. */
  selfTrades: number;
  makerFills: number;
  takerFills: number;
  filledLots: number;
  orderedLots: number;
  filledOrders: number;
  /** Values of its buys less those of its sells, by instrument, in units of the settle asset. */
  readonly values: (bigint | undefined)[];
  /** Below zero: paid. By asset. */
  readonly fees: (bigint | undefined)[];
  readonly turnover: (bigint | undefined)[];
  /** Of net profit in the asset of equity, at samples. */
  peakNet: bigint;
  maxDrawdown: bigint;
  drawdownNs: number;
  /** Of the samples that stayed in the run's series. */
  readonly nets: bigint[];
}

export interface Parts {
  readonly all: Part[];
  /** Values of fills that the ledger has told, by instrument. */
  readonly seenValues: (bigint | undefined)[];
  /** Places of the strategies whose intent, and whose fill, came last. */
  deciding: number;
  filling: number;
}

function createPart(): Part {
  return {
    kinds: new Map(),
    denials: new Map(),
    rejects: new Map(),
    throttled: 0,
    reduced: 0,
    selfTrades: 0,
    makerFills: 0,
    takerFills: 0,
    filledLots: 0,
    orderedLots: 0,
    filledOrders: 0,
    values: [],
    fees: [],
    turnover: [],
    peakNet: 0n,
    maxDrawdown: 0n,
    drawdownNs: NONE,
    nets: [],
  };
}

/** Parts of a run; undefined where it has one strategy, or none. */
export function createParts(strategies: number): Parts | undefined {
  if (strategies < 2) return undefined;
  const all = Array.from({ length: strategies }, createPart);
  return { all, seenValues: [], deciding: 0, filling: 0 };
}

const add = (sums: (bigint | undefined)[], index: number, amount: bigint): void => {
  sums[index] = (sums[index] ?? 0n) + amount;
};
const bump = <Key>(counts: Map<Key, number>, key: Key): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

const placeOfOrder = ({ own }: Engine, orderId: number): number => own.get(orderId)?.strategy ?? -1;

const orderOfFill = ({ makerOrderId, takerOrderId }: Fill): number =>
  makerOrderId === NONE ? takerOrderId : makerOrderId;

/** Whose an event is; below zero: nobody's. An order is known until all that is told of it has been written. */
function placeOf({ engine, metrics }: Backtest, event: Event): number {
  switch (event.kind) {
    case Kind.Intent:
    case Kind.Target:
    case Kind.NoAction:
    case Kind.Bar:
    case Kind.Timer:
      // What the venue says of a queue has the venue as its source.
      return event.source - engine.runs[0].source;
    case Kind.RiskDecision:
      return event.intentId === NONE ? -1 : metrics.parts!.deciding;
    case Kind.Fill:
      return placeOfOrder(engine, orderOfFill(event));
    case Kind.NewOrder:
    case Kind.CancelOrder:
    case Kind.AmendOrder:
    case Kind.Accepted:
    case Kind.Rejected:
    case Kind.Amended:
    case Kind.Canceled:
    case Kind.Expired:
    case Kind.CashFlow:
      return placeOfOrder(engine, event.orderId);
    default:
      return -1;
  }
}

/** Takes an event that the run has written; before the whole has counted it. */
export function notePart(backtest: Backtest, event: Event): void {
  const { parts } = backtest.metrics;
  if (parts === undefined) return;
  const place = placeOf(backtest, event);
  if (place < 0) return;
  const part = parts.all[place];
  bump(part.kinds, event.kind);
  switch (event.kind) {
    case Kind.Intent:
      parts.deciding = place;
      break;
    case Kind.RiskDecision:
      noteDecision(part, event);
      break;
    case Kind.NewOrder:
      noteOrder(part, event);
      break;
    case Kind.Rejected:
      bump(part.rejects, nameOfCode('rejectCode', event.code));
      break;
    case Kind.Canceled:
      if (nameOfCode('cancelReason', event.reason) === 'selfTrade') part.selfTrades += 1;
      break;
    case Kind.CashFlow:
      if (FEES.has(nameOfCode('cashReason', event.reason))) add(part.fees, event.asset, event.amount);
      break;
    case Kind.Fill:
      parts.filling = place;
      noteFill(backtest, part, event);
      break;
    default:
  }
}

const FEES = new Set(['fee', 'rebate']);
const noteOrder = (part: Part, { qtyLots }: NewOrder): void => {
  part.orderedLots += qtyLots;
};

function noteDecision(part: Part, { verdict, code }: RiskDecision): void {
  const name = nameOfCode('verdict', verdict);
  if (name === 'reduce') part.reduced += 1;
  else if (name === 'throttle') part.throttled += 1;
  else if (name === 'deny') bump(part.denials, nameOfCode('denialCode', code));
}

function noteFill({ engine, metrics }: Backtest, part: Part, fill: Fill): void {
  const { instrument, priceTicks, qtyLots } = fill;
  const { terms } = engine.markets[instrument]!;
  const { settle } = engine.account.ledger.positions[instrument]!;
  if (fill.makerOrderId === NONE) part.takerFills += 1;
  else part.makerFills += 1;
  part.filledLots += qtyLots;
  if (metrics.orders.get(orderOfFill(fill))?.isFilled === false) part.filledOrders += 1;
  add(part.turnover, settle.index, valueOf(terms, fineOfTicks(terms, priceTicks), BigInt(qtyLots), 'down'));
}

/** An order's whole quantity has become another one. */
export function noteResized({ metrics, engine }: Backtest, orderId: number, lots: number): void {
  const place = metrics.parts === undefined ? -1 : placeOfOrder(engine, orderId);
  if (place >= 0) metrics.parts!.all[place].orderedLots += lots;
}

/** What the ledger made of a fill: its value is what the instrument's values have become more. */
export function noteValue({ metrics, engine }: Backtest, { instrument }: OwnReport): void {
  const { parts } = metrics;
  if (parts === undefined) return;
  const { netValue } = engine.account.ledger.positions[instrument]!;
  add(parts.all[parts.filling].values, instrument, netValue - (parts.seenValues[instrument] ?? 0n));
  parts.seenValues[instrument] = netValue;
}

/** Profit of a strategy in one asset, in its units. */
export interface PartProfit {
  readonly gross: bigint;
  readonly fees: bigint;
  readonly funding: bigint;
  readonly net: bigint;
}

/** Of each strategy in their order; the sums are the account's. Complexity: O(strategies × instruments). */
export function profitsByStrategy({ engine, metrics }: Backtest, asset: number): PartProfit[] {
  const { ledger } = engine.account;
  const gross = engine.runs.map(() => 0n);
  const funding = engine.runs.map(() => 0n);
  for (const position of ledger.positions) {
    if (position?.settle.index !== asset) continue;
    const { index, gain } = position;
    let lots = 0;
    let before = 0n;
    for (const [k, { positions, fundings }] of engine.runs.entries()) {
      lots += positions[index] ?? 0;
      const whole = valueOfLots(ledger, index, lots);
      gross[k] += gain * (whole - before - (metrics.parts!.all[k].values[index] ?? 0n));
      before = whole;
      funding[k] += fundings[index] ?? 0n;
    }
  }
  return metrics.parts!.all.map((part, k) => {
    const fees = part.fees[asset] ?? 0n;
    return { gross: gross[k], fees, funding: funding[k], net: gross[k] + fees + funding[k] };
  });
}

/** Takes a sample; it stays in the series of the run where that one does. */
export function sampleParts(backtest: Backtest, timeNs: number, isKept: boolean): void {
  const { parts } = backtest.metrics;
  if (parts === undefined) return;
  const profits = profitsByStrategy(backtest, backtest.engine.equityAsset);
  for (const [k, part] of parts.all.entries()) {
    const { net } = profits[k];
    if (net > part.peakNet) part.peakNet = net;
    const drawdown = part.peakNet - net;
    if (drawdown > part.maxDrawdown) {
      part.maxDrawdown = drawdown;
      part.drawdownNs = timeNs;
    }
    if (isKept) part.nets.push(net);
  }
}
