/** Writes events of the engine's own: each sets all that its kind has, since the objects are used again. */
import { FLAG_LAST, NONE, codeOfName } from '@truetape/contracts';
import type { VocabularyName } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import type { BarState } from './bars.ts';
import type { MutableOrder } from './own-order.ts';
import type { Engine, MarketState, StrategyRun } from './state.ts';
import type { BarSpec } from './strategy.ts';

/** Sources of the output tape; those of strategies follow. */
export const SOURCE_ENGINE = 1;
export const SOURCE_RISK = 2;
export const SOURCE_VENUE = 3;
export const SOURCE_LEDGER = 4;
export const SOURCE_OPERATOR = 5;
export const SOURCE_STRATEGIES = 6;

/** The account that everything is of. */
export const ACCOUNT = 1;

/** Code of a name that a vocabulary has. Throws on ENGINE-1 where it has not. */
export function codeFor(vocabulary: VocabularyName, name: string): number {
  const code = codeOfName(vocabulary, name);
  assert(code !== undefined, 'ENGINE-1', `${name} of ${vocabulary}`);
  return code;
}

type Action = 'new' | 'cancel' | 'amend';
const ACTIONS: { readonly [Name in Action]: number } = {
  new: codeFor('action', 'new'),
  cancel: codeFor('action', 'cancel'),
  amend: codeFor('action', 'amend'),
};

/** What an intent asks for; codes of vocabularies, NONE and 0 where nothing is said. */
export interface IntentFields {
  readonly action: Action;
  readonly side: number;
  readonly type: number;
  readonly tif: number;
  readonly postOnly: number;
  readonly reason: number;
  readonly priceTicks: number;
  readonly qtyLots: number;
  readonly orderId: number;
  readonly parentIntentId: number;
  readonly reduceOnly: boolean;
}

/** Writes an Intent under the next id, which stands in the result with its seq. */
export function emitIntent(
  engine: Engine,
  run: StrategyRun,
  instrument: number,
  fields: IntentFields,
): { readonly intentId: number; readonly seq: number } {
  const event = engine.scratch.Intent;
  const intentId = engine.nextIntentId++;
  event.timeNs = engine.timeNs;
  event.flags = (fields.side << 4) | FLAG_LAST;
  event.instrument = instrument;
  event.source = run.source;
  event.cause = engine.causeSeq;
  event.causeTape = engine.causeTape;
  event.intentId = intentId;
  event.action = ACTIONS[fields.action];
  event.type = fields.type;
  event.tif = fields.tif;
  event.postOnly = fields.postOnly;
  event.reason = fields.reason;
  event.exec = fields.reduceOnly ? 1 : 0;
  event.priceTicks = fields.priceTicks;
  event.qtyLots = fields.qtyLots;
  event.orderId = fields.orderId;
  event.parentIntentId = fields.parentIntentId;
  return { intentId, seq: engine.ports.emit(event) };
}

/** Writes a Target under the next id. */
export function emitTarget(
  engine: Engine,
  run: StrategyRun,
  target: {
    readonly instrument: number;
    readonly targetLots: number;
    readonly currentLots: number;
    readonly reason: number;
  },
): { readonly intentId: number; readonly seq: number } {
  const event = engine.scratch.Target;
  const intentId = engine.nextIntentId++;
  event.timeNs = engine.timeNs;
  event.flags = FLAG_LAST;
  event.instrument = target.instrument;
  event.source = run.source;
  event.cause = engine.causeSeq;
  event.causeTape = engine.causeTape;
  event.intentId = intentId;
  event.targetLots = target.targetLots;
  event.scope = 1;
  event.reason = target.reason;
  event.account = ACCOUNT;
  event.currentLots = target.currentLots;
  event.parentIntentId = NONE;
  return { intentId, seq: engine.ports.emit(event) };
}

/** Writes why nothing was done. */
export function emitNoAction(
  engine: Engine,
  source: number,
  fields: {
    readonly instrument: number;
    readonly code: number;
    readonly intentId?: number;
    readonly orderId?: number;
    readonly aheadLots?: number;
    readonly causeSeq: number;
    readonly causeTape: number;
  },
): number {
  const event = engine.scratch.NoAction;
  event.timeNs = engine.timeNs;
  event.flags = FLAG_LAST;
  event.instrument = fields.instrument;
  event.source = source;
  event.cause = fields.causeSeq;
  event.causeTape = fields.causeTape;
  event.intentId = fields.intentId ?? NONE;
  event.code = fields.code;
  event.orderId = fields.orderId ?? NONE;
  event.aheadLots = fields.aheadLots ?? NONE;
  return engine.ports.emit(event);
}

/** Writes the command that sends an order; `order.seq` is set to its seq. */
export function emitNewOrder(
  engine: Engine,
  order: MutableOrder,
  fields: { readonly type: number; readonly tif: number; readonly postOnly: number; readonly cause: number },
  reduceOnly: boolean,
): number {
  const event = engine.scratch.NewOrder;
  event.timeNs = engine.timeNs;
  event.flags = (order.side << 4) | FLAG_LAST;
  event.instrument = order.instrument;
  event.source = SOURCE_ENGINE;
  event.cause = fields.cause;
  event.causeTape = 0;
  event.orderId = order.orderId;
  event.priceTicks = order.priceTicks;
  event.qtyLots = order.qtyLots;
  event.type = fields.type;
  event.tif = fields.tif;
  event.postOnly = fields.postOnly;
  event.stp = 0;
  event.account = ACCOUNT;
  event.intentId = order.intentId;
  event.exec = reduceOnly ? 1 : 0;
  order.seq = engine.ports.emit(event);
  return order.seq;
}

export function emitCancel(engine: Engine, order: MutableOrder, cause: number): number {
  const event = engine.scratch.CancelOrder;
  event.timeNs = engine.timeNs;
  event.flags = FLAG_LAST;
  event.instrument = order.instrument;
  event.source = SOURCE_ENGINE;
  event.cause = cause;
  event.causeTape = 0;
  event.orderId = order.orderId;
  event.account = ACCOUNT;
  event.reason = 0;
  return engine.ports.emit(event);
}

const QTY_TOTAL = codeFor('qtyMode', 'total');

export function emitAmend(
  engine: Engine,
  order: MutableOrder,
  change: { readonly priceTicks: number; readonly qtyLots: number; readonly cause: number },
): number {
  const event = engine.scratch.AmendOrder;
  event.timeNs = engine.timeNs;
  event.flags = FLAG_LAST;
  event.instrument = order.instrument;
  event.source = SOURCE_ENGINE;
  event.cause = change.cause;
  event.causeTape = 0;
  event.orderId = order.orderId;
  event.priceTicks = change.priceTicks;
  event.qtyLots = change.qtyLots;
  event.qtyMode = change.qtyLots === NONE ? 0 : QTY_TOTAL;
  event.postOnly = 0;
  event.account = ACCOUNT;
  return engine.ports.emit(event);
}

const SECOND_NS = 1_000_000_000;

export function emitBar(
  engine: Engine,
  run: StrategyRun,
  market: MarketState,
  spec: BarSpec,
  bar: BarState,
): number {
  const event = engine.scratch.Bar;
  event.timeNs = engine.timeNs;
  event.flags = FLAG_LAST;
  event.instrument = market.index;
  event.source = run.source;
  event.openTicks = bar.openTicks;
  event.highTicks = bar.highTicks;
  event.lowTicks = bar.lowTicks;
  event.closeTicks = bar.closeTicks;
  event.qtyLots = bar.qtyLots;
  // What is no whole number of seconds is not said: the time of the event is its end.
  event.intervalSec = spec.by === 'time' && spec.size % SECOND_NS === 0 ? spec.size / SECOND_NS : 0;
  event.trades = bar.trades;
  event.startTime = bar.startNs;
  event.barKind = codeFor('barKind', spec.by);
  event.size = spec.by === 'time' ? NONE : spec.size;
  return engine.ports.emit(event);
}

const SCOPE_ALL = codeFor('checkpointScope', 'all');

/** Writes the hash of a whole state, of a form with a version, behind all events with a seq below `coversSeq`. */
export function emitCheckpoint(
  engine: Engine,
  state: { readonly coversSeq: number; readonly hashVersion: number; readonly stateHash: string },
): number {
  const event = engine.scratch.Checkpoint;
  event.timeNs = engine.timeNs;
  event.flags = FLAG_LAST;
  event.instrument = 0;
  event.source = SOURCE_ENGINE;
  event.cause = NONE;
  event.causeTape = 0;
  event.coversSeq = state.coversSeq;
  event.scope = SCOPE_ALL;
  event.hashVersion = state.hashVersion;
  event.stateHash = state.stateHash;
  return engine.ports.emit(event);
}

const TRADING = codeFor('tradingStatus', 'trading');
const HALTED = codeFor('tradingStatus', 'halted');

/** Writes that the venue takes orders from now on, or none. */
export function emitTradingStatus(engine: Engine, instrument: number, isOpen: boolean): number {
  const event = engine.scratch.TradingStatus;
  event.timeNs = engine.timeNs;
  event.flags = FLAG_LAST;
  event.instrument = instrument;
  event.source = SOURCE_VENUE;
  event.status = isOpen ? TRADING : HALTED;
  event.previous = isOpen ? HALTED : TRADING;
  return engine.ports.emit(event);
}

/** Writes a timer that fired. */
export function emitTimer(engine: Engine, run: StrategyRun, timerId: number, dueNs: number): number {
  const event = engine.scratch.Timer;
  event.timeNs = engine.timeNs;
  event.flags = FLAG_LAST;
  event.instrument = 0;
  event.source = run.source;
  event.cause = NONE;
  event.causeTape = 0;
  event.timerId = timerId;
  event.dueTime = dueNs;
  return engine.ports.emit(event);
}
