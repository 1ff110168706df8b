/** The one table of transitions as numbers, for the quick check: states and events by their places in their lists. */
import * as L from './check-layout.ts';
import { isEnded, ORDER_EVENTS, ORDER_STATES } from './states.ts';
import type { OrderEvent, OrderState } from './states.ts';
import { TRANSITIONS } from './table.ts';

// Bound here: an imported binding is read anew at each use.
const { ACKED, AMENDED, ASKED, CANCELS, EVENT, EVENT_SHIFT, MARKS, REASON, STATE } = L;

const stateOf = (state: OrderState): number => ORDER_STATES.indexOf(state);
const eventOf = (event: OrderEvent): number => ORDER_EVENTS.indexOf(event);
export const PENDING_NEW: number = stateOf('PendingNew');
export const IS_ACCEPTED: number = stateOf('Accepted');
export const PARTIALLY_FILLED: number = stateOf('PartiallyFilled');
export const PENDING_CANCEL: number = stateOf('PendingCancel');
export const PENDING_REPLACE: number = stateOf('PendingReplace');
export const FILLED: number = stateOf('Filled');
export const IS_CANCELED: number = stateOf('Canceled');
export const IS_REJECTED: number = stateOf('Rejected');
export const IS_EXPIRED: number = stateOf('Expired');
export const SUBMIT: number = eventOf('submit');
export const ACCEPT: number = eventOf('accepted');
export const REJECT: number = eventOf('rejected');
export const FILL: number = eventOf('fill');
export const ASK_CANCEL: number = eventOf('cancelRequest');
export const REFUSE_CANCEL: number = eventOf('cancelRejected');
export const CANCEL: number = eventOf('canceled');
export const ASK_REPLACE: number = eventOf('replaceRequest');
export const REPLACE: number = eventOf('replaced');
export const REFUSE_REPLACE: number = eventOf('replaceRejected');
export const EXPIRE: number = eventOf('expired');

/**
 * The table of transitions by state × 16 + event: bits of the states that follow. 0 where an order does not take the
 * event, where it needs more than its state, and once it has ended: that is judged apart.
 */
const NEXT: Int32Array = Int32Array.from({ length: 16 * 16 }, (_, at) => {
  const state = ORDER_STATES[at >> 4];
  const event = ORDER_EVENTS[at & 15];
  if (state === undefined || event === undefined || isEnded(state)) return 0;
  const cell = TRANSITIONS[state].legal[event];
  if (cell === undefined || cell.needs !== undefined) return 0;
  return cell.to.reduce((bits, to) => bits | (1 << stateOf(to)), 0);
});

/** True where the table leads from the state of these marks to `next` by the event. */
export const leads = (marks: number, event: number, next: number): boolean =>
  ((NEXT[((marks & STATE) << 4) | event] >>> next) & 1) !== 0;

/** The state of a live order by what is known of it, as `standing` has it. */
export function standing(marks: number, leftLots: number, cumLots: number): number {
  if (leftLots === 0 && cumLots > 0) return FILLED;
  if ((marks & CANCELS) !== 0) return PENDING_CANCEL;
  if ((marks & ASKED) !== 0) return PENDING_REPLACE;
  if (cumLots > 0) return PARTIALLY_FILLED;
  return (marks & (ACKED | AMENDED)) === 0 ? PENDING_NEW : IS_ACCEPTED;
}

/** Writes marks: state, event of the reason, and what else is in them; the reason's code. */
export function mark(
  i32: Int32Array,
  row: number,
  marks: number,
  state: number,
  event: number,
  code: number,
): void {
  const at = row << 4;
  i32[at | MARKS] = (marks & ~(STATE | EVENT)) | state | (event << EVENT_SHIFT);
  i32[at | REASON] = (i32[at | REASON] & 0xffff0000) | code;
}
