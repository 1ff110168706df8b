/**
 * A side of a fast book as its snapshot has it, straight from the store: a Checkpoint saves all that rests, and a log
 * has many. The bytes are little-endian, as the machine's words are wherever records are read in place.
 */
import { postOnlyOfTraits, stpOfTraits } from './fast-state.ts';
import * as P from './store-pool.ts';
import type { Store } from './store-pool.ts';
import * as S from './store.ts';

// Bound here, see store.ts.
const { APART, L_COUNT, L_PRICE, O_ID, O_LEAVES, O_LEVEL, O_NEXT, O_OWNER, TRAITS_SHIFT } = P;
const { bestLevel, levelHead, worseLevel } = S;
const NONE = S.NO_SLOT;
const TWO_32 = 4_294_967_296;
const LEVEL_HALVES = 2;
const ORDER_HALVES = 8;

function putU64(into: Int32Array, at: number, value: number): void {
  if ((value | 0) === value) {
    into[at] = value;
    into[at + 1] = 0;
  } else {
    into[at] = value;
    into[at + 1] = Math.floor(value / TWO_32);
  }
}

/**
 * Writes the levels of a side, best first, each with its orders, from a half word on; see snapshot.ts for the layout.
 * Returns the half word behind, and adds the number of levels to `counts`. Complexity: all of the side.
 */
export function putSide(
  store: Store,
  side: number,
  into: Int32Array,
  from: number,
  counts: number[],
): number {
  const { i32, f64, totals } = store;
  let at = from;
  let levels = 0;
  for (let level = bestLevel(store, side); level !== NONE; level = worseLevel(store, level), levels++) {
    into[at] = i32[(level << 3) | L_PRICE];
    into[at + 1] = i32[(level << 3) | L_COUNT];
    at += LEVEL_HALVES;
    // The queue is a ring through its level.
    for (let slot = levelHead(store, level); slot !== level; slot = i32[(slot << 3) | O_NEXT]) {
      const leaves = f64[(slot << 2) | O_LEAVES];
      const bits = i32[(slot << 3) | O_LEVEL];
      const traits = bits >>> TRAITS_SHIFT;
      putU64(into, at, f64[(slot << 2) | O_ID]);
      putU64(into, at + 2, leaves);
      putU64(into, at + 4, (bits & APART) === 0 ? leaves : totals[slot]);
      into[at + 6] = i32[(slot << 3) | O_OWNER];
      into[at + 7] = stpOfTraits(traits) | (postOnlyOfTraits(traits) << 8);
      at += ORDER_HALVES;
    }
  }
  counts.push(levels);
  return at;
}
