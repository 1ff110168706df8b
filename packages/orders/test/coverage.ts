/** What random lives have to meet: every arrow of the table, every outcome, every error. */
import { ORDER_ERRORS, ORDER_EVENTS, ORDER_STATES, TRANSITIONS } from '@truetape/orders';

/** Errors that need more than events of few orders: `capacity` is tested by itself. */
const ELSEWHERE: readonly string[] = ['capacity'];

export function expectedCoverage(): readonly string[] {
  const arrows = ORDER_STATES.flatMap((from) =>
    ORDER_EVENTS.flatMap((event) =>
      (TRANSITIONS[from].legal[event]?.to ?? []).map((to) => `${from} ${event} ${to}`),
    ),
  );
  const outcomes = ['applied', 'late', 'duplicate', 'recorded'].map((outcome) => `outcome ${outcome}`);
  const errors = Object.keys(ORDER_ERRORS).filter((code) => !ELSEWHERE.includes(code));
  return [...arrows, ...outcomes, ...errors.map((code) => `error ${code}`)];
}
