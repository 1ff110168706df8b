/**
 * The path that most commands take: a plain limit order, good till canceled, that meets nobody and rests.
 *
 * One long function with hardly a call, since a call costs three nanoseconds and the whole some forty. What is not
 * plain, or not right, is left to `applyNew`, which checks everything; so is what crosses.
 */
import { NONE, N_MAX } from '@truetape/contracts';
import * as C from './command.ts';
import * as F from './fast-state.ts';
import type { FastState } from './fast-state.ts';
import * as Index from './id-window.ts';
import * as Axis from './ladder.ts';
import * as R from './report.ts';
import type { ReportBuffer } from './report.ts';
import { NO_SLOT } from './slot.ts';
import * as S from './store.ts';
import * as P from './store-pool.ts';

// Bound here, see store.ts.
const { putRejected, traitsOf } = F;
const { enterFound, findSlot } = Index;
const { levelAtKey } = Axis;
const { makeLevel } = S;
const { CAPACITY, DUPLICATE_ID, growReports, SIDE_SHIFT } = R;
const { L_COUNT, L_PRICE, L_SUM, L_TAIL, O_LEAVES, O_LEVEL, O_NEXT, O_OWNER, O_PREV } = P;
const { takeNode, TRAITS_SHIFT } = P;
const { stpOf } = C;
const ABSENT = NONE;
const EMPTY = NO_SLOT;
const BIGGEST = N_MAX;
/** Type, time in force and post-only, as bits of a command's code; and what they are in a plain order. */
const CHOICES = C.commandCode({ op: 0, type: 3, tif: 7, postOnly: 3 });
const PLAIN = C.commandCode({ op: 0, type: C.LIMIT, tif: C.GTC });
const ACCEPTED_CODE = R.ACCEPTED | R.PRICED;
const ACCEPTED_MORE = C.LIMIT | (C.GTC << 8);

/** Executes a plain order that rests at once; false, and nothing changed, where the order is none. */
export function restPlain(
  state: FastState,
  cells: Float64Array,
  cell: number,
  code: number,
  owner: number,
  out: ReportBuffer,
): boolean {
  const asked = cells[cell | 2];
  const lots = cells[cell | 3];
  const ticks = asked | 0;
  if ((code & CHOICES) !== PLAIN || ticks !== asked || cells[cell | 4] !== 0) return false;
  if (!(lots >= 1 && lots <= BIGGEST && Math.floor(lots) === lots)) return false;
  const { store } = state;
  const { index, ladder, orders } = store;
  const side = (code >>> SIDE_SHIFT) & 3;
  const best = ladder.best[3 - side];
  const flip = 1 - side;
  if (best !== EMPTY && (store.i32[(best << 3) | L_PRICE] ^ flip) <= (ticks ^ flip)) return false;

  if (findSlot(index, store.f64, cells, cell | 1) !== EMPTY) {
    putRejected(state, cells, cell, code, owner, DUPLICATE_ID, out);
    return true;
  }
  let level = levelAtKey(ladder, side, ticks ^ (side - 2));
  const sum = level === EMPTY ? lots : store.f64[(level << 2) | L_SUM] + lots;
  if (orders >= store.ordersMax || sum > BIGGEST) {
    putRejected(state, cells, cell, code, owner, CAPACITY, out);
    return true;
  }
  if (level === EMPTY) level = makeLevel(store, side, ticks);
  const slot = takeNode(store);
  // Behind the last pool that may have grown.
  const { f64, i32 } = store;
  const id = cells[cell | 1] + 0;
  f64[slot << 2] = id;
  f64[(slot << 2) | O_LEAVES] = lots;
  enterFound(index, f64, slot, orders);
  store.orders = orders + 1;
  const tail = i32[(level << 3) | L_TAIL];
  i32[(slot << 3) | O_NEXT] = level;
  i32[(slot << 3) | O_PREV] = tail;
  i32[(slot << 3) | O_LEVEL] = level | (traitsOf(stpOf(code), 0) << TRAITS_SHIFT);
  i32[(slot << 3) | O_OWNER] = owner;
  i32[(tail << 3) | O_NEXT] = slot;
  i32[(level << 3) | L_TAIL] = slot;
  i32[(level << 3) | L_COUNT] += 1;
  f64[(level << 2) | L_SUM] = sum;

  if (out.count === out.capacity) growReports(out);
  const at = out.count << 3;
  out.count += 1;
  const words = out.i32;
  const numbers = out.f64;
  words[at << 1] = ACCEPTED_CODE | (side << SIDE_SHIFT) | state.instrumentBits;
  words[(at << 1) | 1] = ticks;
  words[(at << 1) | 2] = owner;
  words[(at << 1) | 3] = ACCEPTED_MORE;
  numbers[at | 2] = id;
  numbers[at | 3] = ABSENT;
  numbers[at | 4] = ABSENT;
  numbers[at | 5] = 0;
  numbers[at | 6] = lots;
  numbers[at | 7] = 0;
  return true;
}
