/** The quick check of what a venue says: see check-commands.ts. */
import { BLANK, Kind, N_MAX, NONE, codeOfName } from '@truetape/contracts';
import { SAYS_IT_EXISTS } from './apply-event.ts';
import { endMessage, judgeApart } from './check-apart.ts';
import * as N from './check-fills.ts';
import * as L from './check-layout.ts';
import type { CheckRows, OrderCheck } from './check-layout.ts';
import * as R from './check-rows.ts';
import * as T from './check-table.ts';
import type { OrderError } from './errors.ts';
import * as O from './order.ts';

// Bound here: an imported binding is read anew at each use.
const { addFill, clearAsk, lastTrade } = N;
const { addUnrested, endRow, findRow } = R;
const { ACKED, AMENDED, ASKED, CANCELS, CHOICE, IMMEDIATE, isLiveMark, MARKS, ONE_CANCEL } = L;
const {
  ACCEPT,
  CANCEL,
  EXPIRE,
  FILL,
  FILLED,
  IS_CANCELED,
  IS_EXPIRED,
  IS_REJECTED,
  leads,
  mark,
  REFUSE_CANCEL,
  REFUSE_REPLACE,
  REJECT,
  REPLACE,
  standing,
} = T;
const { FOK, GTC, MARKET } = O;
const ABSENT = NONE;
const BIGGEST = N_MAX;

const NEW_ORDER: number = Kind.NewOrder;
const CANCEL_ORDER: number = Kind.CancelOrder;
const AMEND_ORDER: number = Kind.AmendOrder;
const EXISTS: readonly number[] = SAYS_IT_EXISTS;
const REQUESTED = codeOfName('cancelReason', 'requested')!;
const IOC_REMAINDER = codeOfName('cancelReason', 'iocRemainder')!;
const MARKET_REMAINDER = codeOfName('cancelReason', 'marketRemainder')!;
const REDUCED = codeOfName('amendReason', 'reduced')!;
const UNKNOWN_ORDER = codeOfName('rejectCode', 'unknownOrder')!;

/** The message may have ended: then what has to has ended too. */
function ended(rows: CheckRows, instrument: number, isLast: boolean): OrderError | undefined {
  return isLast && rows.unrestedCount > 0 ? endMessage(rows, instrument) : undefined;
}

/** The venue has the order. `isLast` says of each fact that it is the last of its message. */
export function checkAccepted(
  check: OrderCheck,
  instrument: number,
  orderId: number,
  priceTicks: number,
  leavesLots: number,
  isLast: boolean,
): OrderError | undefined {
  const rows = check as CheckRows;
  const row = findRow(rows, instrument, orderId);
  const { f64, i32 } = rows;
  const marks = i32[(row << 4) | MARKS];
  const qtyLots = f64[(row << 3) | 2];
  const next = standing(marks | ACKED, qtyLots, 0);
  const isMarket = ((i32[(row << 4) | CHOICE] >>> 8) & 255) === MARKET;
  if (
    (marks & (ACKED | AMENDED)) !== 0 ||
    f64[(row << 3) | 3] !== 0 ||
    qtyLots < 1 ||
    (leavesLots !== qtyLots && leavesLots !== ABSENT) ||
    (isMarket && priceTicks !== ABSENT) ||
    !leads(marks, ACCEPT, next)
  ) {
    const event = { ...BLANK.Accepted, instrument, orderId, priceTicks, leavesLots };
    return judgeApart(rows, event, row, 0) ?? ended(rows, instrument, isLast);
  }
  if (priceTicks !== ABSENT) f64[(row << 3) | 1] = priceTicks;
  mark(i32, row, marks | ACKED, next, ACCEPT, 0);
  if ((marks & IMMEDIATE) !== 0) addUnrested(rows, row);
  return ended(rows, instrument, isLast);
}

/** A command of this kind is refused: NewOrder, CancelOrder, AmendOrder; another is none of an order. */
export function checkRejected(
  check: OrderCheck,
  instrument: number,
  orderId: number,
  command: number,
  code: number,
  isLast: boolean,
): OrderError | undefined {
  const rows = check as CheckRows;
  const row = findRow(rows, instrument, orderId);
  const { f64, i32 } = rows;
  const marks = i32[(row << 4) | MARKS];
  const cumLots = f64[(row << 3) | 3];
  const leftLots = f64[(row << 3) | 2] - cumLots;
  if (command === NEW_ORDER) {
    if (leads(marks, REJECT, IS_REJECTED)) {
      mark(i32, row, marks, IS_REJECTED, REJECT, code);
      endRow(rows, row);
      return ended(rows, instrument, isLast);
    }
  } else if (!isLiveMark(marks) && (command === CANCEL_ORDER || command === AMEND_ORDER)) {
    // A request came too late, and so its refusal is passed over, unless it says that the order is there.
    if (!EXISTS.includes(code)) return ended(rows, instrument, isLast);
  } else if (command === CANCEL_ORDER) {
    const next = standing(marks - ONE_CANCEL, leftLots, cumLots);
    if (code !== UNKNOWN_ORDER && leads(marks, REFUSE_CANCEL, next)) {
      mark(i32, row, marks - ONE_CANCEL, next, REFUSE_CANCEL, code);
      return ended(rows, instrument, isLast);
    }
  } else if (command === AMEND_ORDER) {
    const next = standing(marks & ~ASKED, leftLots, cumLots);
    if (code !== UNKNOWN_ORDER && leads(marks, REFUSE_REPLACE, next)) {
      clearAsk(rows, row);
      mark(i32, row, marks & ~ASKED, next, REFUSE_REPLACE, code);
      return ended(rows, instrument, isLast);
    }
  }
  const event = { ...BLANK.Rejected, instrument, orderId, command, code };
  return judgeApart(rows, event, row, 0) ?? ended(rows, instrument, isLast);
}

/** Two orders trade. Leaves are those of each behind it, or NONE. */
export function checkFill(
  check: OrderCheck,
  instrument: number,
  tradeId: number,
  priceTicks: number,
  qtyLots: number,
  makerId: number,
  takerId: number,
  makerLeaves: number,
  takerLeaves: number,
  isLast: boolean,
): OrderError | undefined {
  const rows = check as CheckRows;
  const maker = makerId === ABSENT ? 0 : findRow(rows, instrument, makerId);
  const taker = takerId === ABSENT ? 0 : findRow(rows, instrument, takerId);
  const { f64, i32 } = rows;
  const makerMarks = i32[(maker << 4) | MARKS];
  const takerMarks = i32[(taker << 4) | MARKS];
  const makerCum = f64[(maker << 3) | 3] + qtyLots;
  const takerCum = f64[(taker << 3) | 3] + qtyLots;
  // An open quantity as a difference: the sum above may be beyond what a number holds, and then neither passes.
  const makerLeft = f64[(maker << 3) | 2] - f64[(maker << 3) | 3] - qtyLots;
  const takerLeft = f64[(taker << 3) | 2] - f64[(taker << 3) | 3] - qtyLots;
  const makerNext = standing(makerMarks, makerLeft, makerCum);
  const takerNext = standing(takerMarks, takerLeft, takerCum);
  if (
    maker === taker ||
    (makerMarks & takerMarks & ACKED) === 0 ||
    (makerMarks & IMMEDIATE) !== 0 ||
    qtyLots < 1 ||
    makerLeft < 0 ||
    takerLeft < 0 ||
    (makerLeaves !== makerLeft && makerLeaves !== ABSENT) ||
    (takerLeaves !== takerLeft && takerLeaves !== ABSENT) ||
    priceTicks === ABSENT ||
    tradeId <= lastTrade(rows, maker) ||
    tradeId <= lastTrade(rows, taker) ||
    !leads(makerMarks, FILL, makerNext) ||
    !leads(takerMarks, FILL, takerNext)
  ) {
    const ids = { makerOrderId: makerId, takerOrderId: takerId, makerLeaves, takerLeaves };
    const event = { ...BLANK.Fill, instrument, tradeId, priceTicks, qtyLots, ...ids };
    return judgeApart(rows, event, maker, taker) ?? ended(rows, instrument, isLast);
  }
  f64[(maker << 3) | 3] = makerCum;
  f64[(taker << 3) | 3] = takerCum;
  addFill(rows, maker, tradeId, priceTicks, qtyLots);
  addFill(rows, taker, tradeId, priceTicks, qtyLots);
  mark(i32, maker, makerMarks, makerNext, FILL, 0);
  mark(i32, taker, takerMarks, takerNext, FILL, 0);
  if (makerNext === FILLED) endRow(rows, maker);
  if (takerNext === FILLED) endRow(rows, taker);
  return ended(rows, instrument, isLast);
}

/** True for an order that is known to be none of those that trade at once. */
const mayRest = (marks: number, choice: number): boolean =>
  (marks & IMMEDIATE) === 0 && ((choice >>> 8) & 255) !== 0 && choice >>> 16 >= GTC;

/** The venue has canceled what was open of an order. */
export function checkCanceled(
  check: OrderCheck,
  instrument: number,
  orderId: number,
  canceledLots: number,
  reason: number,
  isLast: boolean,
): OrderError | undefined {
  const rows = check as CheckRows;
  const row = findRow(rows, instrument, orderId);
  const { f64, i32 } = rows;
  const marks = i32[(row << 4) | MARKS];
  const choice = i32[(row << 4) | CHOICE];
  const cumLots = f64[(row << 3) | 3];
  const isRemainder = reason === IOC_REMAINDER || reason === MARKET_REMAINDER;
  if (
    ((marks & (ACKED | AMENDED)) === 0 && cumLots === 0) ||
    (cumLots > 0 && choice >>> 16 === FOK) ||
    (isRemainder && mayRest(marks, choice)) ||
    (canceledLots !== f64[(row << 3) | 2] - cumLots && canceledLots !== ABSENT) ||
    !leads(marks, CANCEL, IS_CANCELED)
  ) {
    const event = { ...BLANK.Canceled, instrument, orderId, canceledLots, reason };
    return judgeApart(rows, event, row, 0) ?? ended(rows, instrument, isLast);
  }
  // Without another reason it answers the request that waits for one.
  const answers = (marks & CANCELS) !== 0 && reason <= REQUESTED;
  if (answers) mark(i32, row, marks - ONE_CANCEL, IS_CANCELED, CANCEL, REQUESTED);
  else mark(i32, row, marks, IS_CANCELED, CANCEL, reason);
  endRow(rows, row);
  return ended(rows, instrument, isLast);
}

/** What was open of an order has expired. */
export function checkExpired(
  check: OrderCheck,
  instrument: number,
  orderId: number,
  expiredLots: number,
  reason: number,
  isLast: boolean,
): OrderError | undefined {
  const rows = check as CheckRows;
  const row = findRow(rows, instrument, orderId);
  const { f64, i32 } = rows;
  const marks = i32[(row << 4) | MARKS];
  const cumLots = f64[(row << 3) | 3];
  if (
    ((marks & (ACKED | AMENDED)) === 0 && cumLots === 0) ||
    (marks & IMMEDIATE) !== 0 ||
    (expiredLots !== f64[(row << 3) | 2] - cumLots && expiredLots !== ABSENT) ||
    !leads(marks, EXPIRE, IS_EXPIRED)
  ) {
    const event = { ...BLANK.Expired, instrument, orderId, expiredLots, reason };
    return judgeApart(rows, event, row, 0) ?? ended(rows, instrument, isLast);
  }
  mark(i32, row, marks, IS_EXPIRED, EXPIRE, reason);
  endRow(rows, row);
  return ended(rows, instrument, isLast);
}

/** The venue has changed an order: price and what remains. */
export function checkAmended(
  check: OrderCheck,
  instrument: number,
  orderId: number,
  priceTicks: number,
  leavesLots: number,
  reason: number,
  isLast: boolean,
): OrderError | undefined {
  const rows = check as CheckRows;
  const row = findRow(rows, instrument, orderId);
  const { f64, i32 } = rows;
  const marks = i32[(row << 4) | MARKS];
  const cumLots = f64[(row << 3) | 3];
  const qtyLots = cumLots + leavesLots;
  const next = standing((marks & ~ASKED) | AMENDED, leavesLots, cumLots);
  const isMarket = ((i32[(row << 4) | CHOICE] >>> 8) & 255) === MARKET;
  // What nobody asked for, and what says less than all, is judged apart.
  if (
    reason > REDUCED ||
    ((marks & (ACKED | AMENDED)) === 0 && cumLots === 0) ||
    priceTicks === ABSENT ||
    isMarket ||
    leavesLots < 0 ||
    qtyLots < 1 ||
    qtyLots > BIGGEST ||
    !leads(marks, REPLACE, next)
  ) {
    const event = { ...BLANK.Amended, instrument, orderId, priceTicks, leavesLots, reason };
    return judgeApart(rows, event, row, 0) ?? ended(rows, instrument, isLast);
  }
  clearAsk(rows, row);
  f64[(row << 3) | 1] = priceTicks;
  f64[(row << 3) | 2] = qtyLots;
  mark(i32, row, (marks & ~ASKED) | AMENDED, next, REPLACE, reason);
  if (next === FILLED) endRow(rows, row);
  return ended(rows, instrument, isLast);
}
