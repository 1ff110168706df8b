/**
 * The life cycle as one table: what is not in it does not happen.
 *
 * A legal cell lists every state it may lead to; which one follows from the order's quantities and
 * pending requests (`standing`). Documentation, diagram and the exhaustive test are made from this data.
 *
 * PendingCancel hides PendingReplace: the precedence of FIX's OrdStatus (FIX 4.4, volume 4, appendix D).
 */
import type { OrderErrorCode } from './errors.ts';
import type { OrderEvent, OrderState } from './states.ts';

/**
 * What a cell asks of the order besides its state.
 *
 * - `unaccepted`: the venue has shown no sign of the order; `accepted`: it has (ack, fill or amendment);
 * - `cancelPending`, `replacePending`: a request of that kind has had no answer.
 */
export type Need = 'unaccepted' | 'accepted' | 'cancelPending' | 'replacePending';

/** A transition that happens. */
export interface LegalCell {
  readonly to: readonly OrderState[];
  readonly needs?: Need;
}

/** One state: the events that it takes, and why it takes no other. */
export interface StateRow {
  readonly legal: Readonly<Partial<Record<OrderEvent, LegalCell>>>;
  readonly illegal: Readonly<Partial<Record<OrderEvent, OrderErrorCode>>>;
  /** Why, for the events of neither. */
  readonly otherwise: OrderErrorCode;
}

/** The code of an order that does not have what a cell needs. */
export const NEED_ERRORS: Readonly<Record<Need, OrderErrorCode>> = {
  unaccepted: 'alreadyAccepted',
  accepted: 'neverAccepted',
  cancelPending: 'notPending',
  replacePending: 'notPending',
};

const to = (...states: readonly OrderState[]): LegalCell => ({ to: states });
const when = (needs: Need, ...states: readonly OrderState[]): LegalCell => ({ to: states, needs });

/** Every legal transition, and the reason of every other. */
export const TRANSITIONS: Readonly<Record<OrderState, StateRow>> = {
  New: {
    legal: { submit: to('PendingNew') },
    illegal: {},
    otherwise: 'unknownOrder',
  },
  PendingNew: {
    legal: {
      accepted: to('Accepted'),
      rejected: to('Rejected'),
      fill: to('PartiallyFilled', 'Filled'),
      cancelRequest: to('PendingCancel'),
      canceled: to('Canceled'),
      replaceRequest: to('PendingReplace'),
      amended: to('Accepted'),
      expired: to('Expired'),
    },
    illegal: { submit: 'duplicateId', rested: 'neverAccepted' },
    otherwise: 'notPending',
  },
  Accepted: {
    legal: {
      accepted: to('Accepted'),
      fill: to('PartiallyFilled', 'Filled'),
      cancelRequest: to('PendingCancel'),
      canceled: to('Canceled'),
      replaceRequest: to('PendingReplace'),
      amended: to('Accepted'),
      expired: to('Expired'),
      rested: to('Accepted'),
    },
    illegal: { submit: 'duplicateId', rejected: 'alreadyAccepted' },
    otherwise: 'notPending',
  },
  PartiallyFilled: {
    legal: {
      accepted: to('PartiallyFilled'),
      fill: to('PartiallyFilled', 'Filled'),
      cancelRequest: to('PendingCancel'),
      canceled: to('Canceled'),
      replaceRequest: to('PendingReplace'),
      amended: to('PartiallyFilled', 'Filled'),
      expired: to('Expired'),
      rested: to('PartiallyFilled'),
    },
    illegal: { submit: 'duplicateId', rejected: 'alreadyAccepted' },
    otherwise: 'notPending',
  },
  PendingCancel: {
    legal: {
      accepted: to('PendingCancel'),
      rejected: when('unaccepted', 'Rejected'),
      fill: to('PendingCancel', 'Filled'),
      cancelRequest: to('PendingCancel'),
      cancelRejected: to('PendingCancel', 'PendingReplace', 'PendingNew', 'Accepted', 'PartiallyFilled'),
      canceled: to('Canceled'),
      replaceRequest: to('PendingCancel'),
      replaced: when('replacePending', 'PendingCancel', 'Filled'),
      replaceRejected: when('replacePending', 'PendingCancel'),
      amended: to('PendingCancel', 'Filled'),
      expired: to('Expired'),
      rested: when('accepted', 'PendingCancel'),
    },
    illegal: { submit: 'duplicateId' },
    otherwise: 'notPending',
  },
  PendingReplace: {
    legal: {
      accepted: to('PendingReplace'),
      rejected: when('unaccepted', 'Rejected'),
      fill: to('PendingReplace', 'Filled'),
      cancelRequest: to('PendingCancel'),
      canceled: to('Canceled'),
      replaceRequest: to('PendingReplace'),
      replaced: to('PendingReplace', 'Accepted', 'PartiallyFilled', 'Filled'),
      replaceRejected: to('PendingReplace', 'PendingNew', 'Accepted', 'PartiallyFilled'),
      amended: to('PendingReplace', 'Filled'),
      expired: to('Expired'),
      rested: when('accepted', 'PendingReplace'),
    },
    illegal: { submit: 'duplicateId' },
    otherwise: 'notPending',
  },
  Filled: {
    legal: {
      accepted: to('Filled'),
      cancelRejected: when('cancelPending', 'Filled'),
      replaceRejected: when('replacePending', 'Filled'),
    },
    illegal: { submit: 'duplicateId', fill: 'overfill' },
    otherwise: 'ended',
  },
  Canceled: {
    legal: {
      accepted: to('Canceled'),
      fill: to('Canceled', 'Filled'),
      cancelRejected: when('cancelPending', 'Canceled'),
      canceled: to('Canceled'),
      replaceRejected: when('replacePending', 'Canceled'),
    },
    illegal: { submit: 'duplicateId' },
    otherwise: 'ended',
  },
  Rejected: {
    legal: {
      rejected: to('Rejected'),
      cancelRejected: when('cancelPending', 'Rejected'),
      replaceRejected: when('replacePending', 'Rejected'),
    },
    illegal: { submit: 'duplicateId', accepted: 'rejectedOrder', fill: 'rejectedOrder' },
    otherwise: 'ended',
  },
  Expired: {
    legal: {
      accepted: to('Expired'),
      fill: to('Expired', 'Filled'),
      cancelRejected: when('cancelPending', 'Expired'),
      replaceRejected: when('replacePending', 'Expired'),
      expired: to('Expired'),
    },
    illegal: { submit: 'duplicateId' },
    otherwise: 'ended',
  },
};

/** Why a state does not take an event that is absent from its row. */
export function illegalCode(state: OrderState, event: OrderEvent): OrderErrorCode {
  const row = TRANSITIONS[state];
  return row.illegal[event] ?? row.otherwise;
}
