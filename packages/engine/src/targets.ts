/**
 * Targets: a strategy wants a position, the engine sends what is missing as a market order.
 *
 * What is missing is the target less the position and less what orders of targets that are still out there may
 * add. Orders of an earlier target of the other side are canceled first; the rest follows as they end. A
 * strategy that sends orders itself has no targets in the same market: its own orders are not counted here.
 */
import { NONE } from '@truetape/contracts';
import { codeFor, emitNoAction, emitTarget } from './emit.ts';
import { cancelOrder, placeOrder } from './intents.ts';
import type { MutableOrder } from './own-order.ts';
import type { Engine, MarketState, StrategyRun } from './state.ts';

const SIZED_TO_ZERO = codeFor('noActionCode', 'sizedToZero');
const TARGET = codeFor('decisionReason', 'target');

/** Takes a new target, and sends what is missing. */
export function setTarget(
  engine: Engine,
  run: StrategyRun,
  market: MarketState,
  targetLots: number,
  reason: number,
): void {
  const { index } = market;
  const currentLots = run.positions[index] ?? 0;
  const fields = { instrument: index, targetLots, currentLots, reason };
  const target = emitTarget(engine, run, fields);
  run.targetIntents[index] = target.intentId;
  run.targetLots[index] = targetLots;
  engine.causeSeq = target.seq;
  engine.causeTape = 0;
  if (!sendMissing(engine, run, market)) {
    emitNoAction(engine, run.source, {
      instrument: index,
      code: SIZED_TO_ZERO,
      intentId: target.intentId,
      causeSeq: target.seq,
      causeTape: 0,
    });
  }
}

/** An order of a target has ended: what is still missing goes out. */
export function followTarget(engine: Engine, order: MutableOrder, seq: number): void {
  const run = engine.runs[order.strategy];
  const target = run.targetIntents[order.instrument] ?? NONE;
  // A rejection would come again at once: the strategy's next target is the next try, which may have waited for this.
  if (target === NONE || (order.cumLots === 0 && order.parentIntentId === target)) return;
  engine.causeSeq = seq;
  engine.causeTape = 0;
  sendMissing(engine, run, engine.markets[order.instrument]!);
}

/** Cancels what contradicts the target and sends what is missing. False where nothing had to be done. */
function sendMissing(engine: Engine, run: StrategyRun, market: MarketState): boolean {
  const { index } = market;
  const wanted = (run.targetLots[index] ?? 0) - (run.positions[index] ?? 0);
  let underWay = 0;
  for (const order of market.open) {
    if (order.strategy !== run.index || !order.isOfTarget) continue;
    const signed = order.side === 1 ? order.leavesLots : -order.leavesLots;
    underWay += signed;
  }
  const missing = wanted - underWay;
  if (missing === 0) return underWay !== 0;
  if (underWay !== 0 && Math.sign(underWay) !== Math.sign(missing)) {
    for (const order of market.open.filter((one) => one.strategy === run.index && one.isOfTarget))
      cancelOrder(engine, run, order, TARGET);
    return true;
  }
  placeOrder(engine, run, {
    market,
    side: missing > 0 ? 1 : 2,
    priceTicks: NONE,
    qtyLots: Math.abs(missing),
    tif: 0,
    postOnly: 0,
    reduceOnly: false,
    flatten: false,
    reason: TARGET,
    parentIntentId: run.targetIntents[index] ?? NONE,
    isOfTarget: true,
  });
  return true;
}
