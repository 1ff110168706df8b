/** Events of the contracts as inputs: what a simulator, an engine or a recovery feeds. */
import { FLAG_LAST, Kind, NONE, SIDE_MASK, codeOfName } from '@truetape/contracts';
import type { Accepted, Amended, Event, Fill, NewOrder, Rejected } from '@truetape/contracts';
import type { OrderError } from './errors.ts';
import { judge } from './judge.ts';
import { isImmediate } from './order.ts';
import type { OrderRecord } from './order.ts';
import { carryOut, createTransition, judgeStep, recordOf, runStep } from './orders.ts';
import type { Orders, OrderStore, Transition } from './orders.ts';
import { refuse } from './refuse.ts';
import { isEnded } from './states.ts';
import type { OrderEvent } from './states.ts';
import { resetStep } from './step.ts';
import type { Step } from './step.ts';

const MAKER = codeOfName('liquidity', 'maker')!;
const TAKER = codeOfName('liquidity', 'taker')!;
const REQUESTED = codeOfName('amendReason', 'requested')!;
const REDUCED = codeOfName('amendReason', 'reduced')!;

/** Codes that a venue gives only of an order that it has. */
export const SAYS_IT_EXISTS: readonly number[] = ['notOwner', 'wouldCross', 'wouldNotFill'].map((name) =>
  codeOfName('rejectCode', name)!,
);

/** What an event of the contracts did: to no order, to one, or, a fill between two, to both. */
export interface EventOutcome {
  /** How many of the transitions are of this event. */
  count: number;
  readonly transitions: readonly [Transition, Transition];
}

/** A blank outcome, to be filled in. */
export function createEventOutcome(): EventOutcome {
  return { count: 0, transitions: [createTransition(), createTransition()] };
}

/**
 * Applies a command or a venue's fact; events of other kinds, and CancelAll, change nothing.
 *
 * The caller picks the sources: a fact that comes by two feeds is one event. A fill between two orders is
 * applied to both or to none. A client's store passes over the counterparty's order; on a venue's tape every
 * order is known. There, too, what is asked of an order that is not live is passed over, as is its refusal;
 * and an order that may not rest has to end within the message that accepted it: otherwise the error of
 * `rested` is returned at the message's end, for that order, and the event itself has been applied.
 *
 * Returns why the event contradicts what came before; `out.count` tells what was applied. Complexity: O(1).
 */
export function applyEvent(orders: Orders, event: Event, out?: EventOutcome): OrderError | undefined {
  const store = orders as OrderStore;
  if (out !== undefined) out.count = 0;
  if (event.kind < Kind.NewOrder || event.kind > Kind.Expired) return undefined;
  const error = take(store, event, out);
  if (error !== undefined || store.unrested.length === 0) return error;
  const isFact = event.kind >= Kind.Accepted;
  return isFact && (event.flags & FLAG_LAST) !== 0 ? endGroup(store, event.instrument) : undefined;
}

/** What an event says of orders, its message's end apart. */
export function take(store: OrderStore, event: Event, out: EventOutcome | undefined): OrderError | undefined {
  const { step } = store;
  switch (event.kind) {
    case Kind.NewOrder:
      return takeNew(store, event, out);
    case Kind.CancelOrder:
      resetStep(step, 'cancelRequest', event.instrument, event.orderId);
      step.code = event.reason;
      return takeRequest(store, out);
    case Kind.AmendOrder:
      resetStep(step, 'replaceRequest', event.instrument, event.orderId);
      step.priceTicks = event.priceTicks;
      step.qtyLots = event.qtyLots;
      step.qtyMode = event.qtyMode;
      return takeRequest(store, out);
    case Kind.Accepted:
      return takeAccepted(store, event, out);
    case Kind.Rejected:
      return takeRejected(store, event, out);
    case Kind.Fill:
      return takeFill(store, event, out);
    case Kind.Canceled:
      resetStep(step, 'canceled', event.instrument, event.orderId);
      step.leavesLots = event.canceledLots;
      step.code = event.reason;
      return run(store, out);
    case Kind.Amended:
      return takeAmended(store, event, out);
    case Kind.Expired:
      resetStep(step, 'expired', event.instrument, event.orderId);
      step.leavesLots = event.expiredLots;
      step.code = event.reason;
      return run(store, out);
    default:
      return undefined;
  }
}

function run(store: OrderStore, out: EventOutcome | undefined): OrderError | undefined {
  const error = runStep(store, store.step, out?.transitions[0]);
  if (error === undefined && out !== undefined) out.count = 1;
  return error;
}

/** The order that a step is about, where it is live. */
function liveOrder(store: OrderStore, step: Step): OrderRecord | undefined {
  const order = recordOf(store, step.instrument, step.orderId);
  return order === undefined || isEnded(order.state) ? undefined : order;
}

function takeNew(store: OrderStore, event: NewOrder, out: EventOutcome | undefined): OrderError | undefined {
  const { step } = store;
  resetStep(step, 'submit', event.instrument, event.orderId);
  step.side = event.flags & SIDE_MASK;
  step.type = event.type;
  step.tif = event.tif;
  step.priceTicks = event.priceTicks;
  step.qtyLots = event.qtyLots;
  const holder = store.strict ? liveOrder(store, step) : undefined;
  if (holder === undefined) return run(store, out);
  // A venue's tape records it, and its refusal with duplicateId next.
  holder.doubles++;
  return undefined;
}

function takeRequest(store: OrderStore, out: EventOutcome | undefined): OrderError | undefined {
  return store.strict && liveOrder(store, store.step) === undefined ? undefined : run(store, out);
}

function takeAccepted(
  store: OrderStore,
  event: Accepted,
  out: EventOutcome | undefined,
): OrderError | undefined {
  const { step } = store;
  resetStep(step, 'accepted', event.instrument, event.orderId);
  step.priceTicks = event.priceTicks;
  step.leavesLots = event.leavesLots;
  const error = run(store, out);
  if (error === undefined && store.strict) {
    const order = recordOf(store, event.instrument, event.orderId)!;
    if (isImmediate(order)) awaitEnd(store, order);
  }
  return error;
}

/** Remembers an order that has to end within its message; those that did are forgotten here. */
function awaitEnd(store: OrderStore, order: OrderRecord): void {
  const { unrested } = store;
  let kept = 0;
  for (const one of unrested) if (!isEnded(one.state)) unrested[kept++] = one;
  unrested.length = kept;
  unrested.push(order);
}

function takeRejected(
  store: OrderStore,
  event: Rejected,
  out: EventOutcome | undefined,
): OrderError | undefined {
  const refused = refusalOf(event.command);
  if (refused === undefined || event.orderId === NONE) return undefined;
  const { step } = store;
  resetStep(step, refused, event.instrument, event.orderId);
  step.code = event.code;
  if (!store.strict) return run(store, out);
  const order = liveOrder(store, step);
  if (refused !== 'rejected') {
    return order === undefined && !SAYS_IT_EXISTS.includes(event.code) ? undefined : run(store, out);
  }
  if (order === undefined || order.doubles === 0) return run(store, out);
  // The order was there before: what is refused is the other one with its id.
  order.doubles--;
  return undefined;
}

function refusalOf(command: number): OrderEvent | undefined {
  switch (command) {
    case Kind.NewOrder:
      return 'rejected';
    case Kind.CancelOrder:
      return 'cancelRejected';
    case Kind.AmendOrder:
      return 'replaceRejected';
    default:
      return undefined;
  }
}

function takeAmended(
  store: OrderStore,
  event: Amended,
  out: EventOutcome | undefined,
): OrderError | undefined {
  const order = recordOf(store, event.instrument, event.orderId);
  const { reason } = event;
  const isAwaited = (order?.pendingReplaces ?? 0) > 0;
  // A reduction may be what was asked for, or the venue's own doing. A client may not have heard of every
  // request: the venue's word counts; on the venue's own tape each of them is there.
  const isAnswer = reason <= REDUCED && (isAwaited || (reason === REQUESTED && store.strict));
  const { step } = store;
  resetStep(step, isAnswer ? 'replaced' : 'amended', event.instrument, event.orderId);
  step.priceTicks = event.priceTicks;
  step.leavesLots = event.leavesLots;
  step.newOrderId = event.newOrderId;
  step.code = reason;
  return run(store, out);
}

function readFill(step: Step, event: Fill, orderId: number, isMaker: boolean): void {
  resetStep(step, 'fill', event.instrument, orderId);
  step.tradeId = event.tradeId;
  step.priceTicks = event.priceTicks;
  step.priceFine = event.priceFine;
  step.qtyLots = event.qtyLots;
  step.leavesLots = isMaker ? event.makerLeaves : event.takerLeaves;
  step.liquidity = isMaker ? MAKER : TAKER;
}

/** Both sides are judged before either changes. */
function takeFill(store: OrderStore, event: Fill, out: EventOutcome | undefined): OrderError | undefined {
  const { instrument, makerOrderId, takerOrderId } = event;
  const { step, otherStep } = store;
  const maker = makerOrderId === NONE ? undefined : recordOf(store, instrument, makerOrderId);
  const taker = takerOrderId === NONE ? undefined : recordOf(store, instrument, takerOrderId);
  readFill(step, event, makerOrderId, true);
  readFill(otherStep, event, takerOrderId, false);
  const missing = isMissing(store, maker, taker, event);
  if (missing !== 0) return refuse('unknownOrder', undefined, missing === MAKER ? step : otherStep);
  if (maker !== undefined && maker === taker) return refuse('tradeConflict', maker, step);
  const makerCode = maker === undefined ? undefined : judgeStep(store, maker, step);
  if (makerCode !== undefined) return refuse(makerCode, maker, step);
  const takerCode = taker === undefined ? undefined : judgeStep(store, taker, otherStep);
  if (takerCode !== undefined) return refuse(takerCode, taker, otherStep);
  let count = 0;
  if (maker !== undefined) carryOut(store, maker, step, out?.transitions[count++]);
  if (taker !== undefined) carryOut(store, taker, otherStep, out?.transitions[count++]);
  if (out !== undefined) out.count = count;
  return undefined;
}

/** Which side of a fill should be known and is not: MAKER, TAKER or 0. */
function isMissing(
  store: OrderStore,
  maker: OrderRecord | undefined,
  taker: OrderRecord | undefined,
  event: Fill,
): number {
  const lacksMaker = maker === undefined && event.makerOrderId !== NONE;
  const lacksTaker = taker === undefined && event.takerOrderId !== NONE;
  if (store.strict) return lacksMaker ? MAKER : lacksTaker ? TAKER : 0;
  if (maker !== undefined || taker !== undefined) return 0;
  return lacksMaker ? MAKER : TAKER;
}

/** The message has ended: what it accepted and did not end rests now. */
export function endGroup(store: OrderStore, instrument: number): OrderError | undefined {
  const { unrested, step } = store;
  let error: OrderError | undefined;
  let kept = 0;
  for (const order of unrested) {
    if (order.instrument !== instrument) {
      unrested[kept++] = order;
    } else if (!isEnded(order.state)) {
      resetStep(step, 'rested', instrument, order.orderId);
      const code = judge(order, step, store.strict);
      if (code !== undefined) error ??= refuse(code, order, step);
    }
  }
  unrested.length = kept;
  return error;
}
