/** Errors with their sentences; made only when something is refused. */
import { NONE } from '@truetape/contracts';
import { ORDER_ERRORS } from './errors.ts';
import type { OrderError, OrderErrorCode } from './errors.ts';
import { findTrade } from './order.ts';
import type { OrderRecord } from './order.ts';
import type { Step } from './step.ts';

/** The error of a step that an order, or no order, refuses. */
export function refuse(code: OrderErrorCode, order: OrderRecord | undefined, step: Step): OrderError {
  return {
    code,
    state: order?.state ?? 'New',
    event: step.event,
    why: explain(code, order, step),
    instrument: step.instrument,
    orderId: step.orderId,
  };
}

function explain(code: OrderErrorCode, order: OrderRecord | undefined, step: Step): string {
  const detail = order === undefined ? detailOfStep(code, step) : detailOf(code, order, step);
  return detail === '' ? ORDER_ERRORS[code] : `${ORDER_ERRORS[code]}: ${detail}`;
}

/** What the step alone can tell. */
function detailOfStep(code: OrderErrorCode, { qtyLots }: Step): string {
  return code === 'badQty' && qtyLots !== NONE ? `${qtyLots}` : '';
}

function detailOf(code: OrderErrorCode, order: OrderRecord, step: Step): string {
  switch (code) {
    case 'overfill':
      return `${step.qtyLots} where ${Math.max(order.qtyLots - order.cumLots, 0)} of ${order.qtyLots} remain`;
    case 'tradeConflict':
      return tradeDetail(order, step);
    case 'leavesMismatch':
      return leavesDetail(order, step);
    case 'partialFok':
      return `${order.cumLots} of ${order.qtyLots} filled`;
    case 'ended':
    case 'duplicateId':
      return `it is ${order.state}`;
    default:
      return detailOfStep(code, step);
  }
}

function leavesDetail(order: OrderRecord, step: Step): string {
  if (step.event === 'fill') return `${step.leavesLots} where ${order.leavesLots - step.qtyLots} remain`;
  return `${step.leavesLots} where ${order.leavesLots} of ${order.qtyLots} remain`;
}

function tradeDetail(order: OrderRecord, step: Step): string {
  const at = findTrade(order, step.tradeId);
  const { trades } = order;
  if (trades === undefined || at < 0) return '';
  const price = trades[at + 1] === NONE ? `fine price ${trades[at + 2]}` : `${trades[at + 1]}`;
  return `it was ${trades[at + 3]} at ${price}`;
}
