/** What is asked for, and what that is a part of. */
import { Kind, NONE } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { ordersOf } from './links.ts';

/** An order, what a strategy wanted, or any event. */
export type Subject =
  | { readonly by: 'order'; readonly orderId: number; readonly instrument: number | undefined }
  | { readonly by: 'intent'; readonly intentId: number }
  | { readonly by: 'event'; readonly seq: number };

/**
 * The subject that explains an event: the order of a command, a report, a fee; the intent of a verdict, or of nothing
 * being done; else the event itself. Of a trade between two orders that of the taker, which led to it.
 */
export function subjectOf(event: Event): Subject {
  const intent = intentOf(event);
  if (intent !== NONE) return { by: 'intent', intentId: intent };
  const [orderId] = ordersOf(event);
  if (orderId !== undefined && event.kind !== Kind.Dropped && event.kind !== Kind.FaultInjected)
    return { by: 'order', orderId, instrument: event.instrument };
  return { by: 'event', seq: event.seq };
}

/**
 * A new order's id does not stand in its intent, and the id in its verdict may be another's: their intent explains
 * them.
 */
function intentOf(event: Event): number {
  switch (event.kind) {
    case Kind.Intent:
    case Kind.Target:
    case Kind.RiskDecision:
    case Kind.RouteDecision:
      return event.intentId;
    case Kind.NoAction:
      return event.orderId === NONE ? event.intentId : NONE;
    default:
      return NONE;
  }
}
