/** What the venue answers: an event, the order's life, the books of account, then the strategy. */
import { Kind, NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { bookFill } from './account.ts';
import { tellFill, tellOrder } from './callbacks.ts';
import { flatten } from './control.ts';
import type { ExecutionReport } from './command.ts';
import { codeFor, emitNoAction, SOURCE_VENUE } from './emit.ts';
import { emitReport } from './emit-reports.ts';
import { noteVenueReject } from './gate.ts';
import { fold } from './intents.ts';
import type { MutableOrder } from './own-order.ts';
import type { Engine } from './state.ts';
import { followTarget } from './targets.ts';

const MAKER = codeFor('liquidity', 'maker');
const REQUESTED = codeFor('cancelReason', 'requested');
const AMEND_REQUESTED = codeFor('amendReason', 'requested');
const QUEUE_NOT_REACHED = codeFor('noActionCode', 'queueNotReached');

/** Takes an answer that is received now; the seq of its event. Throws on ENGINE-3 for an order that is none of ours. */
export function takeReport(engine: Engine, report: ExecutionReport): number {
  const order = engine.own.get(report.orderId);
  assert(order !== undefined, 'ENGINE-3', `an order of ours: ${report.orderId}`);
  const hadEnded = order.state === 'ended';
  const seq = emitReport(engine, order, report);
  switch (report.kind) {
    case 'accepted':
      fold(engine, 'Accepted');
      takeAccepted(order, report);
      break;
    case 'rejected':
      fold(engine, 'Rejected');
      takeRejected(engine, order, report);
      break;
    case 'fill':
      fold(engine, 'Fill');
      takeFill(engine, order, report, seq);
      return seq;
    case 'amended':
      fold(engine, 'Amended');
      takeAmended(engine, order, report);
      break;
    case 'canceled':
      fold(engine, 'Canceled');
      if (report.code === REQUESTED) order.requests -= 1;
      endUnfilled(engine, order, report, seq);
      break;
    case 'expired':
      fold(engine, 'Expired');
      endUnfilled(engine, order, report, seq);
      break;
  }
  forget(engine, order);
  tellOrder(engine, order, seq);
  // Of one that had ended before, a late cancel or amend was refused: what followed from its end has.
  if (hadEnded || order.state !== 'ended') return seq;
  if (order.isOfTarget) followTarget(engine, order, seq);
  if (report.kind !== 'rejected') flattenRest(engine, order, seq);
  return seq;
}

function takeAccepted(order: MutableOrder, report: ExecutionReport): void {
  order.state = 'open';
  if (report.priceTicks !== NONE) order.priceTicks = report.priceTicks;
}

function takeRejected(engine: Engine, order: MutableOrder, { command }: ExecutionReport): void {
  noteVenueReject(engine);
  if (command === Kind.NewOrder) endOrder(engine, order);
  else order.requests -= 1;
  if (command === Kind.CancelOrder) order.isCanceling = false;
  if (command === Kind.AmendOrder) settleAmend(order);
}

function takeFill(engine: Engine, order: MutableOrder, report: ExecutionReport, seq: number): void {
  const { priceTicks, qtyLots } = report;
  order.cumLots += qtyLots;
  order.leavesLots -= qtyLots;
  if (order.state === 'pending') order.state = 'open';
  const run = engine.runs[order.strategy];
  const signed = order.side === 1 ? qtyLots : -qtyLots;
  run.positions[order.instrument] = (run.positions[order.instrument] ?? 0) + signed;
  bookFill(engine, order, report, seq);
  if (order.leavesLots === 0) endOrder(engine, order);
  forget(engine, order);
  tellFill(engine, order, { priceTicks, qtyLots, isMaker: report.liquidity === MAKER }, seq);
  tellOrder(engine, order, seq);
  if (order.state !== 'ended') return;
  if (order.isOfTarget) followTarget(engine, order, seq);
  flattenRest(engine, order, seq);
}

/** The kill switch closes what an order has left behind. */
function flattenRest(engine: Engine, order: MutableOrder, seq: number): void {
  engine.causeSeq = seq;
  engine.causeTape = 0;
  flatten(engine, engine.markets[order.instrument]!);
}

function takeAmended(engine: Engine, order: MutableOrder, report: ExecutionReport): void {
  const isAnswer = report.code === AMEND_REQUESTED;
  if (isAnswer) order.requests -= 1;
  const parent = engine.parents.get(order.parentIntentId);
  if (parent !== undefined) parent.sentLots += order.cumLots + report.leavesLots - order.qtyLots;
  if (report.priceTicks !== NONE) order.priceTicks = report.priceTicks;
  order.leavesLots = report.leavesLots;
  order.qtyLots = order.cumLots + report.leavesLots;
  // The venue cut it by itself: what was asked of it is still under way.
  if (isAnswer || !order.isAmending) settleAmend(order);
}

/** No amend is under way any more. */
function settleAmend(order: MutableOrder): void {
  order.isAmending = false;
  order.askedLots = order.qtyLots;
}

/** An order ends with something left of it: where it stood in the queue, if anybody knows. */
function endUnfilled(engine: Engine, order: MutableOrder, report: ExecutionReport, seq: number): void {
  const { aheadLots } = report;
  if (aheadLots !== NONE && aheadLots > 0 && order.leavesLots > 0) {
    emitNoAction(engine, SOURCE_VENUE, {
      instrument: order.instrument,
      code: QUEUE_NOT_REACHED,
      intentId: order.intentId,
      orderId: order.orderId,
      aheadLots,
      causeSeq: seq,
      causeTape: 0,
    });
  }
  endOrder(engine, order);
}

/** Nothing more is filled of an order. What is left of a part goes back to the whole. */
function endOrder(engine: Engine, order: MutableOrder): void {
  order.state = 'ended';
  const parent = engine.parents.get(order.parentIntentId);
  if (parent !== undefined) parent.sentLots -= order.leavesLots;
  const { open } = engine.markets[order.instrument]!;
  open.splice(open.indexOf(order), 1);
}

/** An order that has ended is forgotten once all that was asked of it has been answered. */
function forget(engine: Engine, order: MutableOrder): void {
  if (order.state === 'ended' && order.requests === 0) engine.own.delete(order.orderId);
}
