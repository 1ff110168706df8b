/** From what a strategy wants to a command: an intent, a verdict, and, where it is allowed, the order. */
import { NONE } from '@truetape/contracts';
import { applyEvent } from '@truetape/orders';
import { assert } from '@truetape/kernel';
import { codeFor, emitAmend, emitCancel, emitIntent, emitNewOrder } from './emit.ts';
import { judgeNew, judgeAmend } from './gate.ts';
import type { MutableOrder } from './own-order.ts';
import type { Engine, MarketState, StrategyRun } from './state.ts';

const LIMIT = codeFor('orderType', 'limit');
const MARKET = codeFor('orderType', 'market');
const GTC = codeFor('tif', 'GTC');
const IOC = codeFor('tif', 'IOC');

/** A new order with codes in place of names. */
export interface NewOrderFields {
  readonly market: MarketState;
  readonly side: number;
  /** NONE: a market order. */
  readonly priceTicks: number;
  readonly qtyLots: number;
  /** 0: GTC, or IOC without a price. */
  readonly tif: number;
  readonly postOnly: number;
  readonly reduceOnly: boolean;
  /** The kill switch closes a position. */
  readonly flatten: boolean;
  readonly reason: number;
  /** The target, or the large order, that it serves; NONE for none. */
  readonly parentIntentId: number;
  readonly isOfTarget: boolean;
}

/** Asks for a new order. Its id, or 0 where it was denied: `run.deniedCode` says why. */
export function placeOrder(engine: Engine, run: StrategyRun, fields: NewOrderFields): number {
  const { market, side, priceTicks, qtyLots, postOnly, reason, parentIntentId } = fields;
  const type = priceTicks === NONE ? MARKET : LIMIT;
  const tif = fields.tif !== 0 ? fields.tif : type === MARKET ? IOC : GTC;
  const intent = emitIntent(engine, run, market.index, {
    action: 'new',
    side,
    type,
    tif,
    postOnly,
    reason,
    priceTicks,
    qtyLots,
    orderId: NONE,
    parentIntentId,
    reduceOnly: fields.reduceOnly,
  });
  const orderId = engine.nextOrderId;
  const verdict = judgeNew(
    engine,
    run,
    { ...fields, type, tif, orderId, intentId: intent.intentId },
    intent.seq,
  );
  run.deniedCode = verdict.deniedCode;
  if (verdict.allowedLots === 0) return 0;
  engine.nextOrderId += 1;
  const order: MutableOrder = {
    orderId,
    instrument: market.index,
    strategy: run.index,
    side,
    priceTicks,
    qtyLots: verdict.allowedLots,
    leavesLots: verdict.allowedLots,
    cumLots: 0,
    state: 'pending',
    isCanceling: false,
    isAmending: false,
    sentNs: engine.timeNs,
    seq: NONE,
    intentId: intent.intentId,
    isOfTarget: fields.isOfTarget,
    reduceOnly: fields.reduceOnly,
    rests: type === LIMIT && tif === GTC,
    askedLots: verdict.allowedLots,
    requests: 0,
    parentIntentId,
  };
  engine.own.set(orderId, order);
  // Another list: who walks the one that there was does not come to the order that he sends on the way.
  market.open = [...market.open, order];
  emitNewOrder(engine, order, { type, tif, postOnly, cause: verdict.seq }, fields.reduceOnly);
  fold(engine, 'NewOrder');
  engine.ports.send({
    op: 'new',
    instrument: market.index,
    orderId,
    side,
    type,
    tif,
    postOnly,
    priceTicks,
    qtyLots: order.qtyLots,
    reduceOnly: fields.reduceOnly,
    seq: order.seq,
    timeNs: engine.timeNs,
  });
  return orderId;
}

/** Asks to cancel an order; nothing where it has ended or that is under way. No limit stands against a cancel. */
export function cancelOrder(engine: Engine, run: StrategyRun, order: MutableOrder, reason: number): void {
  if (order.state === 'ended' || order.isCanceling) return;
  const intent = emitIntent(engine, run, order.instrument, {
    action: 'cancel',
    side: order.side,
    type: 0,
    tif: 0,
    postOnly: 0,
    reason,
    priceTicks: NONE,
    qtyLots: NONE,
    orderId: order.orderId,
    parentIntentId: NONE,
    reduceOnly: order.reduceOnly,
  });
  sendCancel(engine, order, intent.seq);
}

/** Sends the cancel that an intent, or the kill switch, led to. */
export function sendCancel(engine: Engine, order: MutableOrder, cause: number): void {
  order.isCanceling = true;
  order.requests += 1;
  const seq = emitCancel(engine, order, cause);
  fold(engine, 'CancelOrder');
  engine.ports.send({ ...BLANK_COMMAND, ...headOf(engine, order, seq), op: 'cancel' });
}

/** Asks for another price or whole quantity. */
export function amendOrder(
  engine: Engine,
  run: StrategyRun,
  order: MutableOrder,
  change: { readonly priceTicks: number; readonly qtyLots: number },
): void {
  const { priceTicks } = change;
  if (order.state === 'ended' || order.isCanceling || order.isAmending || !order.rests) return;
  const intent = emitIntent(engine, run, order.instrument, {
    action: 'amend',
    side: order.side,
    type: 0,
    tif: 0,
    postOnly: 0,
    reason: 0,
    priceTicks,
    qtyLots: change.qtyLots,
    orderId: order.orderId,
    parentIntentId: NONE,
    reduceOnly: order.reduceOnly,
  });
  const verdict = judgeAmend(engine, run, order, { ...change, intentId: intent.intentId }, intent.seq);
  run.deniedCode = verdict.deniedCode;
  if (verdict.allowedLots === 0) return;
  const leaves = change.qtyLots === NONE ? order.leavesLots : change.qtyLots - order.cumLots;
  // One that may only reduce may be let go smaller than it was asked for.
  const qtyLots = verdict.allowedLots < leaves ? order.cumLots + verdict.allowedLots : change.qtyLots;
  order.isAmending = true;
  if (qtyLots !== NONE) order.askedLots = qtyLots;
  order.requests += 1;
  const seq = emitAmend(engine, order, { priceTicks, qtyLots, cause: verdict.seq });
  fold(engine, 'AmendOrder');
  engine.ports.send({ ...BLANK_COMMAND, ...headOf(engine, order, seq), op: 'amend', priceTicks, qtyLots });
}

const BLANK_COMMAND = {
  type: 0,
  tif: 0,
  postOnly: 0,
  priceTicks: NONE,
  qtyLots: NONE,
  reduceOnly: false,
} as const;

function headOf(
  engine: Engine,
  order: MutableOrder,
  seq: number,
): { instrument: number; orderId: number; side: number; seq: number; timeNs: number } {
  const { instrument, orderId, side } = order;
  return { instrument, orderId, side, seq, timeNs: engine.timeNs };
}

/**
 * Lets the life of the order take in the event that was written last. Throws on ENGINE-2 where it contradicts.
 */
export function fold(
  engine: Engine,
  kind:
    | 'NewOrder'
    | 'CancelOrder'
    | 'AmendOrder'
    | 'Accepted'
    | 'Rejected'
    | 'Fill'
    | 'Canceled'
    | 'Amended'
    | 'Expired',
): void {
  const error = applyEvent(engine.orders, engine.scratch[kind]);
  assert(error === undefined, 'ENGINE-2', `an order's life: ${error?.code}`);
}
