/** Whether an event can happen to an order: reads, and changes nothing but the step's own working fields. */
import { N_MAX, NONE, codeOfName } from '@truetape/contracts';
import type { OrderErrorCode } from './errors.ts';
import { FOK, GTC, MARKET, findTrade, isAccepted, isImmediate } from './order.ts';
import type { OrderRecord } from './order.ts';
import { isEnded } from './states.ts';
import type { Step } from './step.ts';
import { NEED_ERRORS, TRANSITIONS, illegalCode } from './table.ts';
import type { Need } from './table.ts';

const MAKER = codeOfName('liquidity', 'maker')!;
const REMAINING = codeOfName('qtyMode', 'remaining')!;
const REDUCE_BY = codeOfName('qtyMode', 'reduceBy')!;
const IOC_REMAINDER = codeOfName('cancelReason', 'iocRemainder')!;
const MARKET_REMAINDER = codeOfName('cancelReason', 'marketRemainder')!;
const AMENDED_BY_REQUEST = codeOfName('amendReason', 'requested')!;
const END_OF_SESSION = codeOfName('expireReason', 'endOfSession')!;
const UNKNOWN_ORDER = codeOfName('rejectCode', 'unknownOrder')!;

/**
 * Why the event cannot happen to the order; undefined when it can. Checks in this order: a fill that was
 * applied before, the table, what the cell needs, then the numbers.
 *
 * `strict` is for the venue's own account, where nothing overtakes: races are contradictions there.
 */
export function judge(order: OrderRecord, step: Step, strict: boolean): OrderErrorCode | undefined {
  const { event } = step;
  if (event === 'fill' && step.tradeId !== NONE) {
    const at = findTrade(order, step.tradeId);
    if (at >= 0) return judgeRepeat(order, step, at);
  }
  const cell = TRANSITIONS[order.state].legal[event];
  if (cell === undefined) return illegalCode(order.state, event);
  if (cell.needs !== undefined && !has(order, cell.needs)) return NEED_ERRORS[cell.needs];
  switch (event) {
    case 'fill':
      return judgeFill(order, step, strict);
    case 'accepted':
      return judgeAccepted(order, step, strict);
    case 'canceled':
    case 'expired':
      return judgeEnd(order, step, strict);
    case 'replaceRequest':
      return judgeReplaceRequest(order, step, strict);
    case 'replaced':
    case 'amended':
      return judgeAmendment(order, step, strict);
    case 'cancelRejected':
    case 'replaceRejected':
      return strict && step.code === UNKNOWN_ORDER && !isEnded(order.state) ? 'stillLive' : undefined;
    case 'rested':
      return isImmediate(order) ? 'wouldRest' : undefined;
    case 'submit':
    case 'rejected':
    case 'cancelRequest':
      return undefined;
  }
}

function has(order: OrderRecord, need: Need): boolean {
  switch (need) {
    case 'unaccepted':
      return !isAccepted(order);
    case 'accepted':
      return isAccepted(order);
    case 'cancelPending':
      return order.pendingCancels > 0;
    case 'replacePending':
      return order.pendingReplaces > 0;
  }
}

function judgeRepeat(order: OrderRecord, step: Step, at: number): OrderErrorCode | undefined {
  const trades = order.trades!;
  step.isDuplicate = true;
  return trades[at + 1] === step.priceTicks &&
    trades[at + 2] === step.priceFine &&
    trades[at + 3] === step.qtyLots
    ? undefined
    : 'tradeConflict';
}

function judgeFill(order: OrderRecord, step: Step, strict: boolean): OrderErrorCode | undefined {
  const { qtyLots } = step;
  if (qtyLots < 1) return 'badQty';
  if ((step.priceTicks === NONE) === (step.priceFine === NONE)) return 'badPrice';
  // Quantities are compared by what is left of them: their sum may be beyond what a number holds.
  const leftLots = order.qtyLots - order.cumLots;
  if (qtyLots > leftLots) return 'overfill';
  const late = isEnded(order.state);
  if (step.liquidity === MAKER && isImmediate(order)) return 'wouldRest';
  if (late && order.tif === FOK && qtyLots !== leftLots) return 'partialFok';
  if (!strict) return undefined;
  if (late) return 'ended';
  if (!order.isAcked) return 'neverAccepted';
  return step.leavesLots === NONE || step.leavesLots === leftLots - qtyLots ? undefined : 'leavesMismatch';
}

function judgeAccepted(order: OrderRecord, step: Step, strict: boolean): OrderErrorCode | undefined {
  if (strict && order.isAcked) return 'alreadyAccepted';
  if (order.isAcked) return undefined;
  if (order.qtyLots < 1) return 'badQty';
  if (step.priceTicks !== NONE && order.type === MARKET) return 'badPrice';
  // The ack may say what was accepted, or what has remained of it since; an amendment in between hides both.
  const { leavesLots } = step;
  if (leavesLots === NONE || order.isAmended || isEnded(order.state)) return undefined;
  return leavesLots === order.qtyLots || leavesLots === order.leavesLots ? undefined : 'leavesMismatch';
}

function judgeEnd(order: OrderRecord, step: Step, strict: boolean): OrderErrorCode | undefined {
  if (isEnded(order.state)) return strict ? 'ended' : undefined;
  const { code, leavesLots } = step;
  if (order.tif === FOK && order.cumLots > 0) return 'partialFok';
  if (step.event === 'expired') {
    if (code === END_OF_SESSION && isImmediate(order)) return 'wouldRest';
  } else if ((code === IOC_REMAINDER || code === MARKET_REMAINDER) && mayRest(order)) {
    return 'badReason';
  }
  // Less than what remains here: fills of it are still on their way.
  if (leavesLots !== NONE && (leavesLots > order.leavesLots || leavesLots < 0)) return 'leavesMismatch';
  if (!strict) return undefined;
  if (!isAccepted(order)) return 'neverAccepted';
  return leavesLots === NONE || leavesLots === order.leavesLots ? undefined : 'leavesMismatch';
}

/** True for an order that is known to be none of those that trade at once. */
function mayRest(order: OrderRecord): boolean {
  return order.tif >= GTC && order.type !== 0 && !isImmediate(order);
}

function judgeReplaceRequest(order: OrderRecord, step: Step, strict: boolean): OrderErrorCode | undefined {
  // On a venue's tape the request is recorded as it came, and the venue's answer follows.
  if (strict) return undefined;
  if (isImmediate(order)) return 'wouldRest';
  return step.qtyLots !== NONE && step.qtyLots < 1 ? 'badQty' : undefined;
}

/** Works out what the order becomes, into the step. */
function judgeAmendment(order: OrderRecord, step: Step, strict: boolean): OrderErrorCode | undefined {
  const { cumLots } = order;
  const asks = step.event === 'replaced' ? order.asks : undefined;
  if (strict && !isAccepted(order)) return 'neverAccepted';
  if (step.event === 'amended' && isImmediate(order) && step.code <= AMENDED_BY_REQUEST) return 'wouldRest';
  const priceTicks = step.priceTicks === NONE && asks !== undefined ? asks[0] : step.priceTicks;
  if (priceTicks !== NONE && order.type === MARKET) return 'badPrice';
  const { qtyLots, leavesLots } = step;
  let wanted = qtyLots;
  if (qtyLots !== NONE && (qtyLots < 1 || leavesLots > qtyLots)) return 'badQty';
  if (leavesLots !== NONE) {
    if (leavesLots < 0) return 'badQty';
    if (qtyLots === NONE) wanted = cumLots + leavesLots;
    else if (strict && qtyLots - leavesLots !== cumLots) return 'leavesMismatch';
  } else if (qtyLots === NONE) {
    wanted = asks === undefined ? NONE : askedTotal(order, asks[1], asks[2]);
  }
  step.newPriceTicks = priceTicks === NONE ? order.priceTicks : priceTicks;
  // What has traded stays traded: a smaller whole is that, and the order has nothing left.
  step.newQtyLots = wanted === NONE ? order.qtyLots : wanted > cumLots ? wanted : cumLots;
  // A sum that had to be rounded is beyond the largest number too.
  return step.newQtyLots < 1 || step.newQtyLots > N_MAX ? 'badQty' : undefined;
}

/** The whole quantity that a request asks for, by what has traded until its answer. */
function askedTotal(order: OrderRecord, qtyLots: number, qtyMode: number): number {
  if (qtyLots === NONE) return NONE;
  if (qtyMode === REMAINING) return order.cumLots + qtyLots;
  return qtyMode === REDUCE_BY ? order.qtyLots - qtyLots : qtyLots;
}
