/**
 * The exchange's own best prices as an oracle for a local book.
 *
 * A book that stands at update id u must show the best prices of the exchange's last quote with an id ≤ u.
 * The two streams arrive in any order, so a top waits until that quote is known for certain: until a quote
 * with the id u, or with a higher one, has arrived. Compared by arrival instead, the two differ often: that
 * is drift (see `drift.ts`), no error.
 *
 * Two bounded rings: quotes that no top has outrun yet, and tops that wait. What is pushed out, or has no
 * quote, is counted as `unmatched` and not as checked.
 */
import { NONE } from '@truetape/contracts';
import type { Top } from './depth-book.ts';

/** Most quotes and tops that wait for each other. */
export const ORACLE_RING_MAX = 16384;

const FIELDS = 6;

/** Records of `FIELDS` numbers: id, bid ticks and lots, ask ticks and lots, whether the top is known. */
interface Ring {
  cells: Float64Array;
  head: number;
  tail: number;
}

/** Counts so far: checked = equal + outside + different. */
export interface TopOracle {
  readonly quotes: Ring;
  readonly tops: Ring;
  lastQuoteId: number;
  lastTopId: number;
  checked: number;
  equal: number;
  /** Unequal, and a best price lay outside the range that the snapshot vouches for. */
  outside: number;
  /** Unequal without excuse. */
  different: number;
  /** Tops without a quote that could be held against them. */
  unmatched: number;
  /** Update id of the first top that was different; NONE for none. */
  firstDifferentId: number;
}

export function createTopOracle(): TopOracle {
  return {
    quotes: { cells: new Float64Array(64 * FIELDS), head: 0, tail: 0 },
    tops: { cells: new Float64Array(64 * FIELDS), head: 0, tail: 0 },
    lastQuoteId: NONE,
    lastTopId: NONE,
    checked: 0,
    equal: 0,
    outside: 0,
    different: 0,
    unmatched: 0,
    firstDifferentId: NONE,
  };
}

/** Takes a quote of the exchange. One that is not newer than the last says nothing new. */
export function offerQuote(oracle: TopOracle, updateId: number, quote: Top): void {
  if (updateId <= oracle.lastQuoteId) return;
  oracle.lastQuoteId = updateId;
  const { quotes, tops } = oracle;
  // A quote pushed out leaves the next one as the oldest; tops before that are then unmatched.
  if (quotes.tail - quotes.head === ORACLE_RING_MAX) quotes.head++;
  push(quotes, updateId, quote, 1);
  while (tops.head < tops.tail && idAt(tops, tops.head) <= updateId) {
    const at = cellAt(tops, tops.head++);
    decide(oracle, tops.cells, at);
  }
}

/**
 * Takes the book's top after a message that was applied without doubt. Ids ascend: one that does not is
 * unmatched, since the quotes of its time may be forgotten.
 */
export function offerTop(oracle: TopOracle, updateId: number, top: Top, known: boolean): void {
  const { tops } = oracle;
  if (updateId <= oracle.lastTopId) {
    oracle.unmatched++;
    return;
  }
  oracle.lastTopId = updateId;
  if (tops.tail - tops.head === ORACLE_RING_MAX) {
    tops.head++;
    oracle.unmatched++;
  }
  push(tops, updateId, top, known ? 1 : 0);
  if (oracle.lastQuoteId < updateId) return;
  // Everything older was decided when that quote came, so this top is the only one.
  tops.head++;
  decide(oracle, tops.cells, cellAt(tops, tops.tail - 1));
}

/** Ends the comparison: tops that still wait are unmatched. */
export function closeOracle(oracle: TopOracle): void {
  const { tops } = oracle;
  oracle.unmatched += tops.tail - tops.head;
  tops.head = tops.tail;
}

function decide(oracle: TopOracle, cells: Float64Array, at: number): void {
  const { quotes } = oracle;
  const updateId = cells[at];
  // Ids of tops ascend, so a quote that a later one has replaced by this id is of no more use.
  while (quotes.head + 1 < quotes.tail && idAt(quotes, quotes.head + 1) <= updateId) quotes.head++;
  if (quotes.head === quotes.tail || idAt(quotes, quotes.head) > updateId) {
    oracle.unmatched++;
    return;
  }
  oracle.checked++;
  const quoteAt = cellAt(quotes, quotes.head);
  let same = true;
  for (let field = 1; field <= 4; field++) same &&= cells[at + field] === quotes.cells[quoteAt + field];
  if (same) oracle.equal++;
  else if (cells[at + 5] === 0) oracle.outside++;
  else {
    oracle.different++;
    if (oracle.firstDifferentId === NONE) oracle.firstDifferentId = updateId;
  }
}

function push(ring: Ring, updateId: number, top: Top, known: number): void {
  if ((ring.tail - ring.head) * FIELDS === ring.cells.length) grow(ring);
  const { cells } = ring;
  const at = cellAt(ring, ring.tail++);
  cells[at] = updateId;
  cells[at + 1] = top.bidTicks;
  cells[at + 2] = top.bidLots;
  cells[at + 3] = top.askTicks;
  cells[at + 4] = top.askLots;
  cells[at + 5] = known;
}

function idAt(ring: Ring, position: number): number {
  return ring.cells[cellAt(ring, position)];
}

function cellAt(ring: Ring, position: number): number {
  return (position % (ring.cells.length / FIELDS)) * FIELDS;
}

function grow(ring: Ring): void {
  const { cells: old } = ring;
  const slots = old.length / FIELDS;
  const cells = new Float64Array(old.length * 2);
  for (let position = ring.head; position < ring.tail; position++) {
    const from = (position % slots) * FIELDS;
    cells.set(old.subarray(from, from + FIELDS), (position % (slots * 2)) * FIELDS);
  }
  ring.cells = cells;
}
