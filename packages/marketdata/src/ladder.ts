/**
 * One side of an aggregated book: a sorted array of price keys beside an array of quantities, the best
 * price last.
 *
 * Keys ascend towards the best price: a bid's key is its ticks, an ask's is minus its ticks, so that one
 * code serves both sides. Most changes happen near the best price, hence near the end, where an insertion
 * moves little.
 * Alternatives considered: a tick ladder with a bitmap (a quarter faster, but needs a bounded price range,
 * and real depth messages name prices from 1,000 to 600,000 in one line), a tree (slower, allocates), a Map
 * with a sort (no best price without a scan).
 */
import { assert } from '@truetape/kernel';

/** Most levels of a side: bounds memory (4 MiB a side) and the cost of an insertion. */
export const LADDER_LEVELS_MAX = 262144;

const LADDER_LEVELS_MIN = 256;

/** One side. Changed in place by `setRung` and `clearLadder`; its fields are read-only to callers. */
export interface Ladder {
  /** Ascending, no two equal; only the first `count` are in use. */
  keys: Float64Array;
  /** Quantity at the key of the same index; never 0. */
  lots: Float64Array;
  count: number;
}

/** What `setRung` did: a quantity was set or removed; there was nothing to remove; the side is full. */
export const RUNG_SET = 0;
export const RUNG_UNKNOWN = 1;
export const RUNG_REFUSED = 2;

/** An empty side. */
export function createLadder(): Ladder {
  return {
    keys: new Float64Array(LADDER_LEVELS_MIN),
    lots: new Float64Array(LADDER_LEVELS_MIN),
    count: 0,
  };
}

/** Removes all levels. Keeps the memory. */
export function clearLadder(ladder: Ladder): void {
  ladder.count = 0;
}

/**
 * Sets the quantity at a key; 0 removes it.
 *
 * Returns a RUNG_ code. Complexity: O(log n) to find, and an insertion or removal moves the levels that
 * are better. Hot: allocates only when the side grows.
 */
export function setRung(ladder: Ladder, key: number, lots: number): number {
  const { keys, count } = ladder;
  const at = rungAt(keys, count, key);
  const found = at < count && keys[at] === key;
  if (lots !== 0) {
    if (found) ladder.lots[at] = lots;
    else return insertRung(ladder, at, key, lots);
    return RUNG_SET;
  }
  if (!found) return RUNG_UNKNOWN;
  // Down to the end of the used part only; the best price itself moves nothing.
  if (at + 1 < count) {
    keys.copyWithin(at, at + 1, count);
    ladder.lots.copyWithin(at, at + 1, count);
  }
  ladder.count = count - 1;
  return RUNG_SET;
}

/** Quantity at a key; 0 when there is none. */
export function rungLots(ladder: Ladder, key: number): number {
  const at = rungAt(ladder.keys, ladder.count, key);
  return at < ladder.count && ladder.keys[at] === key ? ladder.lots[at] : 0;
}

/** Index of the first key that is not below `key`. */
function rungAt(keys: Float64Array, count: number, key: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle] < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insertRung(ladder: Ladder, at: number, key: number, lots: number): number {
  const count = ladder.count;
  if (count === ladder.keys.length) {
    if (count >= LADDER_LEVELS_MAX) return RUNG_REFUSED;
    growLadder(ladder);
  }
  const { keys, lots: quantities } = ladder;
  if (at < count) {
    keys.copyWithin(at + 1, at, count);
    quantities.copyWithin(at + 1, at, count);
  }
  keys[at] = key;
  quantities[at] = lots;
  ladder.count = count + 1;
  return RUNG_SET;
}

function growLadder(ladder: Ladder): void {
  const keys = new Float64Array(ladder.keys.length * 2);
  const lots = new Float64Array(ladder.lots.length * 2);
  keys.set(ladder.keys);
  lots.set(ladder.lots);
  ladder.keys = keys;
  ladder.lots = lots;
}

/** Throws on MD-1 or MD-2 where the order of keys or a quantity is broken. Complexity: linear. */
export function checkLadder(ladder: Ladder): void {
  for (let at = 0; at < ladder.count; at++) {
    assert(at === 0 || ladder.keys[at - 1] < ladder.keys[at], 'MD-1', 'keys of a side ascend');
    assert(
      Number.isSafeInteger(ladder.lots[at]) && ladder.lots[at] > 0,
      'MD-2',
      'a level has a quantity above zero',
    );
  }
}
