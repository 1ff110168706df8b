// The public surface of @truetape/orders.
export { applyEvent, createEventOutcome, type EventOutcome } from './apply-event.ts';
export { orderCheckOf, ordersOf } from './check-apart.ts';
export { checkAmendRequest, checkCancelRequest, checkNew, createOrderCheck } from './check-commands.ts';
export {
  checkAccepted,
  checkAmended,
  checkCanceled,
  checkExpired,
  checkFill,
  checkRejected,
} from './check-facts.ts';
export { type OrderCheck } from './check-layout.ts';
export { type Outcome } from './commit.ts';
export { ORDER_ERRORS, type OrderError, type OrderErrorCode } from './errors.ts';
export {
  type AcceptedInput,
  type AmendmentInput,
  type CancelRequestInput,
  type EndInput,
  type FillInput,
  type OrderInput,
  type RefusalInput,
  type ReplaceRequestInput,
  type RestedInput,
  type SubmitInput,
} from './input.ts';
export { fineNotionalOf, notionalOf, type Order } from './order.ts';
export {
  apply,
  check,
  createOrders,
  createTransition,
  findOrder,
  retire,
  type Orders,
  type OrdersConfig,
  type Transition,
} from './orders.ts';
export { averageTicks, orderReason, REASON_VOCABULARIES, transitionReason } from './reason.ts';
export {
  hashOrders,
  ORDERS_STATE_VERSION,
  restoreOrders,
  saveOrders,
  type OrdersStateError,
} from './save.ts';
export { isEnded, ORDER_EVENTS, ORDER_STATES, type OrderEvent, type OrderState } from './states.ts';
export { TRANSITIONS, illegalCode, NEED_ERRORS, type LegalCell, type Need, type StateRow } from './table.ts';
