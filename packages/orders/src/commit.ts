/** Carries out an event that was judged to be possible. */
import { NONE, codeOfName } from '@truetape/contracts';
import { addProduct, assert, createSum } from '@truetape/kernel';
import { addTrade, dropAsk, standing } from './order.ts';
import type { OrderRecord } from './order.ts';
import { isEnded } from './states.ts';
import type { OrderState } from './states.ts';
import type { Step } from './step.ts';
import { TRANSITIONS } from './table.ts';

const REQUESTED = codeOfName('cancelReason', 'requested')!;
const TOTAL = codeOfName('qtyMode', 'total')!;

/**
 * How an event was taken: `applied`; `late`, a fill of an order that had ended; `duplicate`, known already;
 * `recorded`, an answer that came after the end; `ignored`, not about an order of this store.
 */
export type Outcome = 'applied' | 'late' | 'duplicate' | 'recorded' | 'ignored';

/** Changes the order and its state. */
export function commit(order: OrderRecord, step: Step): Outcome {
  if (step.isDuplicate) return 'duplicate';
  const before = order.state;
  const outcome = isEnded(before) ? commitEnded(order, step) : commitLive(order, step);
  assert(TRANSITIONS[before].legal[step.event]!.to.includes(order.state), 'ORDERS-2');
  if (outcome === 'applied' || outcome === 'late') {
    order.reasonEvent = step.event;
    order.reasonCode = step.code;
  }
  return outcome;
}

/** An ended order takes late fills, its ack, and answers to requests that its end has overtaken. */
function commitEnded(order: OrderRecord, step: Step): Outcome {
  switch (step.event) {
    case 'fill':
      addFill(order, step);
      order.lateFills++;
      order.lateLots += step.qtyLots;
      if (order.cumLots === order.qtyLots) order.state = 'Filled';
      return 'late';
    case 'accepted':
      if (order.isAcked) return 'duplicate';
      order.isAcked = true;
      return 'recorded';
    case 'cancelRejected':
      order.pendingCancels--;
      return 'recorded';
    case 'replaceRejected':
      dropAsk(order);
      return 'recorded';
    default:
      answerCancel(order, step);
      return 'duplicate';
  }
}

function commitLive(order: OrderRecord, step: Step): Outcome {
  switch (step.event) {
    case 'fill':
      addFill(order, step);
      order.leavesLots -= step.qtyLots;
      break;
    case 'accepted':
      if (order.isAcked) return 'duplicate';
      order.isAcked = true;
      if (step.priceTicks !== NONE && !order.isAmended) order.priceTicks = step.priceTicks;
      break;
    case 'rejected':
      return end(order, 'Rejected');
    case 'canceled':
      answerCancel(order, step);
      return end(order, 'Canceled');
    case 'expired':
      return end(order, 'Expired');
    case 'cancelRequest':
      order.pendingCancels++;
      break;
    case 'cancelRejected':
      order.pendingCancels--;
      break;
    case 'replaceRequest':
      order.pendingReplaces++;
      (order.asks ??= []).push(step.priceTicks, step.qtyLots, step.qtyMode === 0 ? TOTAL : step.qtyMode);
      break;
    case 'replaceRejected':
      dropAsk(order);
      break;
    case 'replaced':
    case 'amended':
      if (step.event === 'replaced') dropAsk(order);
      order.isAmended = true;
      order.priceTicks = step.newPriceTicks;
      order.qtyLots = step.newQtyLots;
      order.leavesLots = order.qtyLots - order.cumLots;
      break;
    case 'rested':
      return 'recorded';
    case 'submit':
  }
  order.state = standing(order);
  return 'applied';
}

/** A cancel without another reason is the answer to the request that waits for one. */
function answerCancel(order: OrderRecord, step: Step): void {
  if (step.event !== 'canceled' || order.pendingCancels === 0 || step.code > REQUESTED) return;
  order.pendingCancels--;
  step.code = REQUESTED;
}

function end(order: OrderRecord, state: OrderState): Outcome {
  order.state = state;
  order.leavesLots = 0;
  return 'applied';
}

function addFill(order: OrderRecord, step: Step): void {
  const { qtyLots, priceTicks, priceFine, tradeId } = step;
  order.cumLots += qtyLots;
  if (priceTicks !== NONE) {
    addProduct((order.notional ??= createSum()), priceTicks, qtyLots);
  } else {
    order.fineLots += qtyLots;
    addProduct((order.fineNotional ??= createSum()), priceFine, qtyLots);
  }
  if (tradeId !== NONE) addTrade(order, tradeId, priceTicks, priceFine, qtyLots);
}
