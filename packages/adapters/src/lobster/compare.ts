/** The check of each transition, and what follows from it for the book. */
import { BLANK } from '@truetape/contracts';
import { BUY, SELL } from '@truetape/book';
import { formatQuanta } from '@truetape/kernel';
import { isVisible, type LobsterMessage } from './message.ts';
import { copyRow, createRow, type BookRow } from './orderbook-row.ts';
import { reconcile, reconcileSide } from './reconcile.ts';
import type { LobsterDifference } from './report.ts';
import { headerOf, send, type LobsterState } from './state.ts';
import { checkTransition, type LevelDifference } from './transition.ts';

/** Differences that a report names. */
export const DIFFERENCES_MAX = 20;
/** Codes of the vocabulary `feedStatus`. */
const RESYNCED = 7;
const CHECKSUM_MISMATCH = 8;

/** Checks the transition to `next`, and brings the book there. */
export function compare(
  state: LobsterState,
  message: LobsterMessage,
  next: BookRow,
  line: number,
  orderbookLine: number,
): void {
  const { counts, row } = state;
  if (row === undefined) {
    // Row 1 is the first one: what stands before it is made of it.
    state.row = createRow(next.depth);
    reconcile(state, next);
  } else {
    const transition = checkTransition(row, message, next);
    counts.checked++;
    if (typeof transition === 'object') {
      counts.different++;
      if (counts.differences.length < DIFFERENCES_MAX) {
        counts.differences.push(differenceOf(state, transition, line, orderbookLine));
      }
      sendStatus(state, CHECKSUM_MISMATCH);
      reconcile(state, next);
      sendStatus(state, RESYNCED);
    } else {
      counts[transition]++;
      mend(state, message, next);
    }
  }
  copyRow(next, state.row ?? createRow(next.depth));
}

/** Reconciles the only side that a message can have changed. */
function mend(state: LobsterState, message: LobsterMessage, next: BookRow): void {
  if (!isVisible(message.type)) return;
  if (message.direction === 1) reconcileSide(state, BUY, next.bids, next.depth);
  else reconcileSide(state, SELL, next.asks, next.depth);
}

function sendStatus(state: LobsterState, status: number): void {
  const previous = state.feed;
  state.feed = status;
  send(state, { ...BLANK.FeedStatus, ...headerOf(state, 0), status, previous, count: 1 });
}

function differenceOf(
  state: LobsterState,
  difference: LevelDifference,
  line: number,
  orderbookLine: number,
): LobsterDifference {
  const { side, level, expectedPrice, expectedSize, foundPrice, foundSize, atLeast } = difference;
  const text = (size: number, price: number): string =>
    price === 0 ? 'none' : `${size} @ ${formatQuanta(state.fine, price)}`;
  return {
    line,
    orderbookLine,
    side,
    level,
    expected: `${atLeast ? 'before it at least ' : ''}${text(expectedSize, expectedPrice)}`,
    found: text(foundSize, foundPrice),
  };
}
