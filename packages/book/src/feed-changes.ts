/**
 * What one fact of a feed changed in its book: eight cells a change, in the order of the changes. There are at
 * most five: an order that was waiting rests, an older one of its id is gone, one is moved, and rests again.
 *
 *     cell 0  side          BUY, SELL
 *          1  priceTicks
 *          2  lots          that came (above 0) or went (below)
 *          3  arrival       of the order: a count of all that came to rest, so the smaller one of a level is ahead
 *          4  orderId
 *          5  leavesLots    of the order; 0: it has left
 *          6  level's lots  now; 0: it is gone
 *          7  level's orders
 */
export const CHANGE_CELLS = 8;
const CHANGES_MAX = 8;

/** Emptied by the next fact. */
export interface FeedChanges {
  readonly cells: Float64Array;
  count: number;
}

export function createChanges(): FeedChanges {
  return { cells: new Float64Array(CHANGES_MAX * CHANGE_CELLS), count: 0 };
}

/** The first cell of one more change. */
export function changeRoom(changes: FeedChanges): number {
  const at = changes.count * CHANGE_CELLS;
  changes.count += 1;
  return at;
}
