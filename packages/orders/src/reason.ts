/** Reasons and averages as text. */
import { nameOfCode } from '@truetape/contracts';
import type { VocabularyName } from '@truetape/contracts';
import { ratioFixed } from '@truetape/kernel';
import { notionalOf } from './order.ts';
import type { Order } from './order.ts';
import type { Transition } from './orders.ts';
import type { OrderEvent } from './states.ts';

/** The vocabulary of an event's codes. */
export const REASON_VOCABULARIES: Readonly<Partial<Record<OrderEvent, VocabularyName>>> = {
  rejected: 'rejectCode',
  cancelRequest: 'cancelReason',
  cancelRejected: 'rejectCode',
  canceled: 'cancelReason',
  replaced: 'amendReason',
  replaceRejected: 'rejectCode',
  amended: 'amendReason',
  expired: 'expireReason',
};

function nameOfReason(event: OrderEvent, code: number): string {
  const vocabulary = REASON_VOCABULARIES[event];
  return code === 0 || vocabulary === undefined ? event : nameOfCode(vocabulary, code);
}

/** Why an order is as it is: the name of the code that came with the event, or else that of the event. */
export function orderReason(order: Order): string {
  return nameOfReason(order.reasonEvent, order.reasonCode);
}

/** Why a transition took place: as `orderReason`, but `lateFill`, and `duplicate` for what was known. */
export function transitionReason(transition: Transition): string {
  const { outcome, event, code } = transition;
  if (outcome === 'late') return 'lateFill';
  return outcome === 'duplicate' ? outcome : nameOfReason(event, code);
}

/**
 * Average price in ticks with exactly `places` decimals, rounded half away from zero on the exact quotient.
 *
 * Undefined without a fill, and when a fill was off the grid: its price has another unit (see `fineLots`).
 */
export function averageTicks(order: Order, places: number): string | undefined {
  if (order.cumLots === 0 || order.fineLots > 0) return undefined;
  return ratioFixed(notionalOf(order), BigInt(order.cumLots), places);
}
