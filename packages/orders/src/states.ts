/** The words of the life cycle: states, and the events that change them. */

/**
 * States of an order, those before the venue's word first and the ended ones last.
 *
 * `New` is an order that was not submitted: every id that is not known has it.
 */
export const ORDER_STATES = [
  'New',
  'PendingNew',
  'Accepted',
  'PartiallyFilled',
  'PendingCancel',
  'PendingReplace',
  'Filled',
  'Canceled',
  'Rejected',
  'Expired',
] as const;

export type OrderState = (typeof ORDER_STATES)[number];

/**
 * What happens to an order.
 *
 * `replaced` answers a `replaceRequest`; `amended` is a change that nobody asked for (a reduction, a
 * self-trade decrement). `rested` says that the venue's message group has ended with the order on its book.
 */
export const ORDER_EVENTS = [
  'submit',
  'accepted',
  'rejected',
  'fill',
  'cancelRequest',
  'cancelRejected',
  'canceled',
  'replaceRequest',
  'replaced',
  'replaceRejected',
  'amended',
  'expired',
  'rested',
] as const;

export type OrderEvent = (typeof ORDER_EVENTS)[number];

/** True for a state that an order does not leave, except for Filled by late fills. */
export function isEnded(state: OrderState): boolean {
  return state === 'Filled' || state === 'Canceled' || state === 'Rejected' || state === 'Expired';
}
