/**
 * The quick check of orders on a venue's own account: what `applyEvent` says of each command and fact, told as
 * numbers, at a fifth of the cost.
 *
 * An order stands in a row of numbers. What usually happens to it is judged by integer comparisons, and its next
 * state held against the one table of transitions. Whatever does not pass is judged apart: its orders become
 * records of a store with nothing else in it, the ordinary rules decide, and what they make of the orders is written
 * back. So every error is the store's own; that nothing passes which the store would refuse is what tests hold, by
 * comparing both after each of random events, legal and not.
 */
import { BLANK, codeOfName } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { judgeApart } from './check-apart.ts';
import * as N from './check-fills.ts';
import * as L from './check-layout.ts';
import type { CheckRows, OrderCheck } from './check-layout.ts';
import * as R from './check-rows.ts';
import * as T from './check-table.ts';
import type { OrderError } from './errors.ts';
import * as O from './order.ts';

// Bound here: an imported binding is read anew at each use.
const { addRow, findRow } = R;
const { addAsk } = N;
const { ASKED, CANCELS, CHOICE, EVENT_SHIFT, IMMEDIATE, isLiveMark, MARKS, ONE_CANCEL } = L;
const { ASK_CANCEL, ASK_REPLACE, leads, mark, PENDING_CANCEL, PENDING_NEW, standing, SUBMIT } = T;
const { FOK, IOC, MARKET } = O;
const TOTAL = codeOfName('qtyMode', 'total')!;

const LIVE_MAX = 1_000_000;
const ENDED_MAX = 100_000;

/**
 * A check that knows of no order. It agrees with `applyEvent` on a store with the same limits and `observer: 'venue'`.
 *
 * Throws on ORDERS-1 when a limit is no integer from 0.
 */
export function createOrderCheck(config: { liveMax?: number; endedMax?: number } = {}): OrderCheck {
  const { liveMax = LIVE_MAX, endedMax = ENDED_MAX } = config;
  assert(Number.isSafeInteger(liveMax) && liveMax >= 0, 'ORDERS-1', 'limits are integers from 0');
  assert(Number.isSafeInteger(endedMax) && endedMax >= 0, 'ORDERS-1', 'limits are integers from 0');
  return R.createRows(liveMax, endedMax);
}

/**
 * A new order arrives. `side` is SIDE_BUY or SIDE_SELL, type and tif are codes.
 *
 * Returns why it contradicts what came before, as all functions here do. Complexity: O(1) amortised, as all of them.
 */
export function checkNew(
  check: OrderCheck,
  instrument: number,
  orderId: number,
  side: number,
  type: number,
  tif: number,
  priceTicks: number,
  qtyLots: number,
): OrderError | undefined {
  const rows = check as CheckRows;
  const holder = findRow(rows, instrument, orderId);
  if (holder !== 0 || rows.liveCount >= rows.liveMax) {
    const asked = { flags: side, instrument, orderId, type, tif, priceTicks, qtyLots };
    return judgeApart(rows, { ...BLANK.NewOrder, ...asked }, holder, 0);
  }
  const row = addRow(rows, instrument, orderId);
  const { f64, i32 } = rows;
  const at = row << 3;
  f64[at | 1] = priceTicks;
  f64[at | 2] = qtyLots;
  f64[at | 3] = 0;
  const immediate = tif === IOC || tif === FOK || type === MARKET ? IMMEDIATE : 0;
  i32[(row << 4) | MARKS] = PENDING_NEW | immediate | (SUBMIT << EVENT_SHIFT);
  i32[(row << 4) | CHOICE] = side | (type << 8) | (tif << 16);
  rows.liveCount += 1;
  return undefined;
}

/** An order is to be canceled; of one that is not live, nothing is said. */
export function checkCancelRequest(
  check: OrderCheck,
  instrument: number,
  orderId: number,
  reason: number,
): OrderError | undefined {
  const rows = check as CheckRows;
  const row = findRow(rows, instrument, orderId);
  const marks = rows.i32[(row << 4) | MARKS];
  if (!isLiveMark(marks)) return undefined;
  if ((marks & CANCELS) === CANCELS || !leads(marks, ASK_CANCEL, PENDING_CANCEL))
    return judgeApart(rows, { ...BLANK.CancelOrder, instrument, orderId, reason }, row, 0);
  mark(rows.i32, row, marks + ONE_CANCEL, PENDING_CANCEL, ASK_CANCEL, reason);
  return undefined;
}

/** An order is to be changed; absent numbers are NONE. Of one that is not live, nothing is said. */
export function checkAmendRequest(
  check: OrderCheck,
  instrument: number,
  orderId: number,
  priceTicks: number,
  qtyLots: number,
  qtyMode: number,
): OrderError | undefined {
  const rows = check as CheckRows;
  const row = findRow(rows, instrument, orderId);
  const { f64, i32 } = rows;
  const marks = i32[(row << 4) | MARKS];
  if (!isLiveMark(marks)) return undefined;
  const cumLots = f64[(row << 3) | 3];
  const next = standing(marks | ASKED, f64[(row << 3) | 2] - cumLots, cumLots);
  if ((marks & ASKED) !== 0 || !leads(marks, ASK_REPLACE, next)) {
    const asked = { instrument, orderId, priceTicks, qtyLots, qtyMode };
    return judgeApart(rows, { ...BLANK.AmendOrder, ...asked }, row, 0);
  }
  addAsk(rows, row, priceTicks, qtyLots, qtyMode === 0 ? TOTAL : qtyMode);
  mark(i32, row, marks | ASKED, next, ASK_REPLACE, 0);
  return undefined;
}
