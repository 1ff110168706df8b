/** The gate before every order: what it looks at is filled in here, and what it says becomes a RiskDecision. */
import { FLAG_LAST, MONEY_NONE, NONE, nameOfCode } from '@truetape/contracts';
import { valueOf, fineOfTicks } from '@truetape/kernel';
import { exchangedInto, tradedWorthIn, valueOfLots, worthIn } from '@truetape/ledger';
import type { Ledger } from '@truetape/ledger';
import {
  VERDICT_ALLOW,
  VERDICT_REDUCE,
  admitOrder,
  checkOrder,
  createKillSignal,
  createProposal,
  createRiskView,
  createVerdict,
  noteReject,
  setEquity,
  setOtherExposure,
  setStrategyPnl,
} from '@truetape/risk';
import type { Gate as RiskGate, KillSignal, Proposal, RiskView, Verdict } from '@truetape/risk';
import { ACCOUNT, SOURCE_RISK, codeFor } from './emit.ts';
import type { NewOrderFields } from './intents.ts';
import { openLotsOf } from './own-order.ts';
import type { MutableOrder } from './own-order.ts';
import type { Engine, MarketState, StrategyRun } from './state.ts';

/** The gate, and what it is shown. */
export interface Gate {
  readonly risk: RiskGate;
  readonly view: RiskView;
  readonly proposal: Proposal;
  readonly verdict: Verdict;
  readonly signal: KillSignal;
}

export function createEngineGate(risk: RiskGate): Gate {
  const view = createRiskView();
  return { risk, view, proposal: createProposal(), verdict: createVerdict(), signal: createKillSignal() };
}

/** What was said to an intent: lots that may go (0: none), the seq of the decision, and why not. */
export interface Judgement {
  readonly allowedLots: number;
  readonly seq: number;
  /** '' where it was allowed. */
  readonly deniedCode: string;
}

const PRE_TRADE = codeFor('riskPhase', 'preTrade');

/** A new order as it is proposed. */
export interface ProposedOrder extends NewOrderFields {
  readonly type: number;
  readonly tif: number;
  readonly orderId: number;
  readonly intentId: number;
}

/** Lets the gate judge a new order, and writes what it said. */
export function judgeNew(engine: Engine, run: StrategyRun, order: ProposedOrder, cause: number): Judgement {
  const { gate } = engine;
  const { proposal } = gate;
  const parent = engine.parents.get(order.parentIntentId);
  proposal.strategy = run.index;
  proposal.orderId = order.orderId;
  proposal.instrument = order.market.index;
  proposal.side = order.side;
  proposal.type = order.type;
  proposal.priceTicks = order.priceTicks;
  proposal.qtyLots = order.qtyLots;
  proposal.parentId = parent === undefined ? NONE : order.parentIntentId;
  proposal.parentQtyLots = parent === undefined ? NONE : parent.qtyLots;
  proposal.parentSentLots =
    parent === undefined ? NONE : parent.sentLots + askedOf(order.market, order.parentIntentId);
  proposal.reduceOnly = order.reduceOnly;
  proposal.flatten = order.flatten;
  proposal.replacedLots = NONE;
  proposal.replacedTicks = NONE;
  const judged = judge(engine, run, order.market, order.intentId, cause);
  if (judged.allowedLots > 0) {
    admitOrder(gate.risk, gate.view, proposal);
    if (parent !== undefined) parent.sentLots += judged.allowedLots;
  }
  return judged;
}

/** Lets the gate judge what an order is to become. */
export function judgeAmend(
  engine: Engine,
  run: StrategyRun,
  order: MutableOrder,
  change: { readonly priceTicks: number; readonly qtyLots: number; readonly intentId: number },
  cause: number,
): Judgement {
  const { proposal } = engine.gate;
  const market = engine.markets[order.instrument]!;
  const leaves = change.qtyLots === NONE ? order.leavesLots : change.qtyLots - order.cumLots;
  proposal.strategy = run.index;
  proposal.orderId = order.orderId;
  proposal.instrument = order.instrument;
  proposal.side = order.side;
  proposal.type = 1;
  proposal.priceTicks = change.priceTicks === NONE ? order.priceTicks : change.priceTicks;
  proposal.qtyLots = leaves;
  const parent = engine.parents.get(order.parentIntentId);
  const others =
    parent === undefined
      ? NONE
      : parent.sentLots + askedOf(market, order.parentIntentId) - order.qtyLots + order.cumLots;
  proposal.parentId = parent === undefined ? NONE : order.parentIntentId;
  proposal.parentQtyLots = parent === undefined ? NONE : parent.qtyLots;
  proposal.parentSentLots = others;
  proposal.reduceOnly = order.reduceOnly;
  proposal.flatten = false;
  proposal.replacedLots = order.leavesLots;
  proposal.replacedTicks = order.priceTicks;
  const judged = judge(engine, run, market, change.intentId, cause);
  if (judged.allowedLots > 0) admitOrder(engine.gate.risk, engine.gate.view, proposal);
  return judged;
}

/** What amends under way would add to the parts of a large order. */
function askedOf(market: MarketState, parentIntentId: number): number {
  let lots = 0;
  for (const order of market.open)
    if (order.parentIntentId === parentIntentId) lots += openLotsOf(order) - order.leavesLots;
  return lots;
}

function judge(
  engine: Engine,
  run: StrategyRun,
  market: MarketState,
  intentId: number,
  cause: number,
): Judgement {
  const { gate } = engine;
  fillView(engine, run, market);
  checkOrder(gate.risk, gate.view, gate.proposal, gate.verdict);
  const seq = emitDecision(engine, intentId, cause);
  const { verdict, allowedLots, code } = gate.verdict;
  if (verdict === VERDICT_ALLOW || verdict === VERDICT_REDUCE) return { allowedLots, seq, deniedCode: '' };
  return { allowedLots: 0, seq, deniedCode: nameOfCode('denialCode', code) };
}

function emitDecision(engine: Engine, intentId: number, cause: number): number {
  const { proposal, verdict } = engine.gate;
  const event = engine.scratch.RiskDecision;
  event.timeNs = engine.timeNs;
  event.flags = (proposal.side << 4) | FLAG_LAST;
  event.instrument = proposal.instrument;
  event.source = SOURCE_RISK;
  event.cause = cause;
  event.causeTape = 0;
  event.intentId = intentId;
  event.verdict = verdict.verdict;
  event.unit = verdict.unit;
  event.code = verdict.code;
  event.rule = verdict.rule;
  event.tier = 0;
  event.phase = PRE_TRADE;
  event.priceTicks = proposal.priceTicks;
  event.qtyLots = proposal.qtyLots;
  event.allowedLots = verdict.allowedLots;
  event.observed = verdict.observed;
  event.limit = verdict.limit;
  event.orderId = proposal.orderId;
  event.asset = verdict.asset;
  event.account = ACCOUNT;
  return engine.ports.emit(event);
}

/** Lets the view be what is known now. */
export function fillView(engine: Engine, run: StrategyRun, market: MarketState): void {
  const { view } = engine.gate;
  const { index } = market;
  view.timeNs = engine.timeNs;
  view.instrument = index;
  view.strategy = run.index;
  view.bidTicks = market.bidTicks;
  view.askTicks = market.askTicks;
  view.lastTicks = market.lastTicks;
  view.marketTimeNs = market.seenNs;
  view.isCertain = market.isCertain;
  // Bought less sold: what a spot account began with is no position of anybody's.
  view.positionLots = engine.account.ledger.positions[index]?.tradedLots ?? NONE;
  view.strategyPositionLots = run.positions[index] ?? 0;
  let buy = 0;
  let sell = 0;
  let ownBuy = 0;
  let ownSell = 0;
  let ownCount = 0;
  for (const order of market.open) {
    const lots = openLotsOf(order);
    if (order.side === 1) buy += lots;
    else sell += lots;
    if (order.strategy !== run.index) continue;
    ownCount += 1;
    if (order.side === 1) ownBuy += lots;
    else ownSell += lots;
  }
  view.openBuyLots = buy;
  view.openSellLots = sell;
  view.openOrders = market.open.length;
  view.strategyOpenBuyLots = ownBuy;
  view.strategyOpenSellLots = ownSell;
  view.strategyOpenOrders = ownCount;
  fillMoney(engine, run, market);
}

function fillMoney(engine: Engine, run: StrategyRun, market: MarketState): void {
  const { view } = engine.gate;
  const { ledger } = engine.account;
  const equity = worthIn(ledger, engine.equityAsset) ?? MONEY_NONE;
  // What the account began with of other assets loses by itself, and is no loss of the run.
  const traded = tradedWorthIn(ledger, engine.equityAsset) ?? MONEY_NONE;
  if (equity !== view.equity || traded !== view.tradedEquity) setEquity(view, equity, traded);
  const pnl = strategyPnl(engine, run);
  if (pnl !== view.strategyPnl) setStrategyPnl(view, pnl);
  const others = engine.views.length === 1 ? 0n : exposureBut(engine, market);
  if (others !== view.otherExposure) setOtherExposure(view, others);
}

/** Of all other markets at the worst: positions with their open orders; MONEY_NONE where one cannot be valued. */
function exposureBut(engine: Engine, market: MarketState): bigint {
  let sum = 0n;
  for (const other of engine.views) {
    if (other === market) continue;
    const position = engine.account.ledger.positions[other.index]?.tradedLots ?? 0;
    let buy = 0;
    let sell = 0;
    for (const order of other.open) {
      if (order.side === 1) buy += openLotsOf(order);
      else sell += openLotsOf(order);
    }
    const worst = Math.max(Math.abs(position + buy), Math.abs(position - sell));
    if (worst === 0) continue;
    const price = dearestTicks(other);
    if (price === NONE) return MONEY_NONE;
    sum += valueOf(other.terms, fineOfTicks(other.terms, price), BigInt(worst), 'up');
  }
  return sum;
}

/** The price at which a position is worth most, of those that are known and that it can have; NONE: there is none. */
function dearestTicks({ bidTicks, askTicks, lastTicks, terms }: MarketState): number {
  if (terms.class !== 'inverse') return Math.max(bidTicks, askTicks, lastTicks);
  const known = [bidTicks, askTicks, lastTicks].filter((ticks) => ticks > 0);
  return known.length === 0 ? NONE : Math.min(...known);
}

/**
 * Since its start, fees taken off: what came in for its fills, and what its positions are worth at the last
 * price, in the asset of equity; MONEY_NONE where a price is missing for that, or was for a fee.
 */
export function strategyPnl(engine: Engine, run: StrategyRun): bigint {
  const { ledger } = engine.account;
  let sum = 0n;
  for (const market of engine.views) {
    const profit = profitOn(ledger, run, market);
    if (profit === MONEY_NONE) return MONEY_NONE;
    if (profit === 0n) continue;
    const { settle } = ledger.positions[market.index]!;
    const part = exchangedInto(ledger, settle.index, profit, engine.equityAsset);
    if (part === undefined) return MONEY_NONE;
    sum += part;
  }
  return sum;
}

/** Of one market, in what settles it. A position has a price: that of its fills at the least. */
function profitOn(ledger: Ledger, run: StrategyRun, { index }: MarketState): bigint {
  const net = run.netValues[index] ?? 0n;
  const position = run.positions[index] ?? 0;
  if (position === 0 || net === MONEY_NONE) return net;
  return net + ledger.positions[index]!.gain * valueOfLots(ledger, index, position);
}

/** A venue refused something: too many of these pull the kill switch. */
export function noteVenueReject(engine: Engine): void {
  noteReject(engine.gate.risk, engine.timeNs);
}
