/** Calls of strategies, each with what led to it. */
import { NONE } from '@truetape/contracts';
import type { BarState } from './bars.ts';
import { emitBar, emitTimer } from './emit.ts';
import type { OwnOrder } from './own-order.ts';
import type { Engine, MarketState, StrategyGuard, StrategyRun } from './state.ts';

/** Runs something of a strategy, guarded; what it does follows from an event. */
export function callStrategy(engine: Engine, causeSeq: number, causeTape: number, call: () => unknown): void {
  const { guard } = engine.ports;
  engine.causeSeq = causeSeq;
  engine.causeTape = causeTape;
  engine.calls += 1;
  guard.isInside = true;
  try {
    noteReturn(engine, call());
  } finally {
    guard.isInside = false;
  }
  throwFault(guard);
}

/** What the strategy was forbidden ends the run, whatever the strategy made of the error. */
export function throwFault({ fault }: StrategyGuard): void {
  if (fault !== undefined) throw fault;
}

const ignore = (): void => undefined;

/** A strategy that returns a promise is not done: it would go on at no time at all. */
export function noteReturn(engine: Engine, said: unknown): void {
  if (typeof said !== 'object' || said === null || !('then' in said)) return;
  engine.isStray = true;
  // What it fails with later is nobody's any more.
  (said as PromiseLike<unknown>).then(ignore, ignore);
}

/** Closes a bar: an event, then the strategy. */
export function closeBar(engine: Engine, run: StrategyRun, market: MarketState, bar: BarState): void {
  const seq = emitBar(engine, run, market, run.bars!, bar);
  const { startNs, openTicks, highTicks, lowTicks, closeTicks, qtyLots, trades } = bar;
  bar.trades = 0;
  const view = { market, startNs, openTicks, highTicks, lowTicks, closeTicks, qtyLots, trades };
  callStrategy(engine, seq, 0, () => run.strategy.onBar?.(run.context, view));
}

/** Lets a timer fire that is due. */
export function fireTimer(engine: Engine, run: StrategyRun, timerId: number): void {
  const dueNs = run.timers.get(timerId)!;
  run.timers.delete(timerId);
  const seq = emitTimer(engine, run, timerId, dueNs);
  callStrategy(engine, seq, 0, () => run.strategy.onTimer?.(run.context, timerId));
}

/** Tells the strategy of an order what has become of it. */
export function tellOrder(engine: Engine, order: OwnOrder, seq: number): void {
  const run = engine.runs[order.strategy];
  if (run.strategy.onOrder === undefined) return;
  callStrategy(engine, seq, 0, () => run.strategy.onOrder!(run.context, order));
}

/** Tells the strategy of an order that it has traded. */
export function tellFill(
  engine: Engine,
  order: OwnOrder,
  fill: { readonly priceTicks: number; readonly qtyLots: number; readonly isMaker: boolean },
  seq: number,
): void {
  const run = engine.runs[order.strategy];
  if (run.strategy.onFill === undefined) return;
  callStrategy(engine, seq, 0, () => run.strategy.onFill!(run.context, { order, ...fill }));
}

/** The next timer or bar that the clock closes: its time, Infinity where there is none. */
export function nextTimerNs(engine: Engine): number {
  let due = Infinity;
  for (const run of engine.runs) {
    for (const timeNs of run.timers.values()) if (timeNs < due) due = timeNs;
    if (run.bars?.by !== 'time') continue;
    for (const bar of run.barStates) {
      if (bar !== undefined && bar.trades > 0 && bar.startNs + run.bars.size < due)
        due = bar.startNs + run.bars.size;
    }
  }
  return due;
}

/**
 * Fires one of what is due by now: bars before timers, strategies in their order, timers by time and then by
 * id. True where something was.
 */
export function fireNext(engine: Engine): boolean {
  for (const run of engine.runs) {
    if (run.bars?.by !== 'time') continue;
    for (const [instrument, bar] of run.barStates.entries()) {
      if (bar === undefined || bar.trades === 0 || bar.startNs + run.bars.size > engine.timeNs) continue;
      closeBar(engine, run, engine.markets[instrument]!, bar);
      return true;
    }
  }
  for (const run of engine.runs) {
    const timerId = firstTimer(run, engine.timeNs);
    if (timerId === NONE) continue;
    fireTimer(engine, run, timerId);
    return true;
  }
  return false;
}

function firstTimer(run: StrategyRun, timeNs: number): number {
  let first = NONE;
  let firstNs = timeNs;
  for (const [id, dueNs] of run.timers) {
    if (dueNs > timeNs) continue;
    if (first === NONE || dueNs < firstNs || (dueNs === firstNs && id < first)) {
      first = id;
      firstNs = dueNs;
    }
  }
  return first;
}
