/**
 * What stands above the strategies: limits of the running, the kill switch, an operator's word. The switch
 * blocks new orders at the gate; from `cancelAll` on everything open is canceled, and `flatten` closes what is
 * held as well.
 */
import { FLAG_LAST, NONE, canonicalText } from '@truetape/contracts';
import { operate, watch } from '@truetape/risk';
import type { KillSignal, OperatorOrder } from '@truetape/risk';
import { ACCOUNT, SOURCE_OPERATOR, SOURCE_RISK, codeFor } from './emit.ts';
import { fillView } from './gate.ts';
import { placeOrder, sendCancel } from './intents.ts';
import type { Engine, MarketState, StrategyRun } from './state.ts';

const CANCEL_ALL = 2;
const FLATTEN = 3;
const RUNTIME = codeFor('riskPhase', 'runtime');
const FLATTEN_REASON = codeFor('decisionReason', 'flatten');

/**
 * Holds equity, time and data against the limits of the running; to be called whenever one of them has changed: by the
 * event of this seq, or else by the market and time.
 */
export function watchRisk(engine: Engine, seq: number = NONE): void {
  const { gate } = engine;
  // Nobody trades.
  if (engine.runs.length === 0) return;
  if (engine.gate.risk.level >= CANCEL_ALL) enforce(engine);
  for (const market of engine.views) {
    fillView(engine, engine.runs[0], market);
    if (!watch(gate.risk, gate.view, gate.signal)) continue;
    const cause = emitRuntime(engine, market, gate.signal, seq);
    actOn(engine, gate.signal, cause, SOURCE_RISK);
  }
}

/** Carries out what an operator says, now. */
export function obey(engine: Engine, order: OperatorOrder): void {
  const { signal, risk } = engine.gate;
  const event = engine.scratch.OperatorCommand;
  event.timeNs = engine.timeNs;
  event.flags = FLAG_LAST;
  event.instrument = 0;
  event.source = SOURCE_OPERATOR;
  event.cause = NONE;
  event.causeTape = 0;
  event.command = codeFor('operatorCommand', order.command);
  event.scope = 0;
  event.account = ACCOUNT;
  event.json = canonicalText({ ...order });
  const cause = engine.ports.emit(event);
  if (operate(risk, order, signal)) actOn(engine, signal, cause, SOURCE_OPERATOR);
}

/** A rule of the running does not hold. */
function emitRuntime(engine: Engine, market: MarketState, signal: KillSignal, seq: number): number {
  const event = engine.scratch.RiskDecision;
  event.timeNs = engine.timeNs;
  event.flags = FLAG_LAST;
  event.instrument = market.index;
  event.source = SOURCE_RISK;
  event.cause = seq === NONE ? market.causeSeq : seq;
  event.causeTape = seq === NONE ? market.causeTape : 0;
  event.intentId = NONE;
  event.verdict = signal.verdict;
  event.unit = signal.unit;
  event.code = signal.code;
  event.rule = signal.rule;
  event.tier = 0;
  event.phase = RUNTIME;
  event.priceTicks = NONE;
  event.qtyLots = NONE;
  event.allowedLots = NONE;
  event.observed = signal.observed;
  event.limit = signal.limit;
  event.orderId = NONE;
  event.asset = signal.asset;
  event.account = ACCOUNT;
  return engine.ports.emit(event);
}

/** The switch has moved: an event, and what the new level asks for. */
function actOn(engine: Engine, signal: KillSignal, cause: number, source: number): void {
  const event = engine.scratch.KillSwitch;
  event.timeNs = engine.timeNs;
  event.flags = FLAG_LAST;
  event.instrument = 0;
  event.source = source;
  event.cause = cause;
  event.causeTape = 0;
  event.level = signal.level;
  event.previous = signal.previous;
  event.code = signal.code;
  event.account = ACCOUNT;
  engine.killSeq = engine.ports.emit(event);
  if (signal.level >= CANCEL_ALL) enforce(engine);
}

/** What the level asks for, again and again while it lasts: a venue that was down refused the first time. */
function enforce(engine: Engine): void {
  const { killSeq } = engine;
  for (const market of engine.views) {
    // What never rests has ended before a cancel is there: it would cancel what closes the position, or nothing.
    for (const order of market.open)
      if (order.rests && !order.isCanceling) sendCancel(engine, order, killSeq);
  }
  engine.causeSeq = killSeq;
  engine.causeTape = 0;
  for (const market of engine.views) flatten(engine, market);
}

/** While the switch says so, what is still held is closed as soon as nothing of the market is open. */
export function flatten(engine: Engine, market: MarketState): void {
  if (engine.gate.risk.level < FLATTEN || market.open.length > 0) return;
  // Strategies may hold against each other: what the account holds is closed, by those that hold with it.
  let left = 0;
  for (const { positions } of engine.runs) left += positions[market.index] ?? 0;
  for (const run of engine.runs) {
    const held = run.positions[market.index] ?? 0;
    if (left === 0 || held === 0 || held > 0 !== left > 0) continue;
    const lots = Math.min(Math.abs(held), Math.abs(left));
    const side = held > 0 ? 2 : 1;
    left += side === 1 ? lots : -lots;
    closePosition(engine, run, market, side, lots);
  }
}

function closePosition(
  engine: Engine,
  run: StrategyRun,
  market: MarketState,
  side: number,
  qtyLots: number,
): void {
  placeOrder(engine, run, {
    market,
    side,
    priceTicks: NONE,
    qtyLots,
    tif: 0,
    postOnly: 0,
    reduceOnly: true,
    flatten: true,
    reason: FLATTEN_REASON,
    parentIntentId: NONE,
    isOfTarget: false,
  });
}
