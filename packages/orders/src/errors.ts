/** What can be wrong with an event. */
import type { OrderEvent, OrderState } from './states.ts';

/** Every code with its sentence. The spelling is that of reject codes where they mean the same. */
export const ORDER_ERRORS = {
  unknownOrder: 'no order with this id was submitted, or it was retired',
  duplicateId: 'the id is taken',
  capacity: 'there are as many live orders as the store may hold',
  notPending: 'no request waits for this answer',
  alreadyAccepted: 'the venue has accepted the order already',
  neverAccepted: 'the venue has not accepted the order',
  rejectedOrder: 'the venue has rejected the order',
  ended: 'the order has ended',
  badQty: 'the quantity is not above zero, or too large',
  badPrice: 'a fill needs one price, and a market order has none',
  badReason: 'the reason belongs to orders of another kind',
  overfill: 'more would be filled than the order has',
  tradeConflict: 'the trade id stands for another fill of this order',
  wouldRest: 'the order may not rest',
  partialFok: 'fill or kill: all of it or nothing',
  leavesMismatch: 'the quantity that the venue states is not the one that follows from its reports',
  stillLive: 'the venue does not know an order that is live',
} as const;

export type OrderErrorCode = keyof typeof ORDER_ERRORS;

/** An event that was refused; nothing has changed. */
export interface OrderError {
  readonly code: OrderErrorCode;
  /** The state in which the order is and stays. */
  readonly state: OrderState;
  readonly event: OrderEvent;
  /** One sentence for people, with the numbers. */
  readonly why: string;
  readonly instrument: number;
  readonly orderId: number;
}
