/** What an auditor expects of a rejection: the code, that it stands alone, and what it says of the order. */
import { N_MAX, nameOfCode, NONE } from '@truetape/contracts';
import { bestLevel, findShadeLevel, holds, same, type Shade, type Shadow } from './audit-shadow.ts';
import { take, type Telling } from './audit-told.ts';
import * as C from './command.ts';
import { isPrice, isQty, type Asked } from './asked.ts';
import * as R from './report.ts';

/** Follows a rejection. Nothing of the shadow changes: that nothing of the book does is compared behind it. */
export function followReject(shadow: Shadow, asked: Asked, ordersMax: number, telling: Telling): void {
  const told = take(shadow, telling, R.REJECTED);
  const order = shadow.orders.get(asked.orderId);
  const isOwn = asked.op !== C.OP_NEW && order?.owner === asked.owner;
  same(shadow, 'BOOK-41', 'order of a reject', told.orderId, asked.orderId);
  same(shadow, 'BOOK-41', 'owner of a reject', told.owner, asked.owner);
  same(shadow, 'BOOK-41', 'side of a reject', told.side, asked.side);
  same(shadow, 'BOOK-41', 'operation of a reject', told.more, asked.op);
  same(shadow, 'BOOK-41', 'what the order has open', told.leavesLots, isOwn ? order.leavesLots : 0);
  if (order !== undefined) shadow.touched.push(order);
  const first = firstPlainCode(shadow, asked);
  const name = nameOfCode('rejectCode', told.reason);
  if (first !== 0) same(shadow, 'BOOK-42', 'code', name, nameOfCode('rejectCode', first));
  else holds(shadow, 'BOOK-42', `${name} is not so`, mayBe(shadow, asked, told.reason, ordersMax));
}

/**
 * The first code that follows from the command and from the order it names, without a look at the others; 0
 * where none does.
 */
export function firstPlainCode(shadow: Shadow, asked: Asked): number {
  const { op, qtyLots, minQtyLots, priceTicks } = asked;
  const order = shadow.orders.get(asked.orderId);
  if (op === C.OP_CANCEL_ALL) return 0;
  if (op === C.OP_NEW) {
    const isMinQty = Number.isInteger(minQtyLots) && minQtyLots >= 0 && minQtyLots <= qtyLots;
    if (!isQty(qtyLots) || !isMinQty) return R.BAD_QTY;
    if (asked.type === C.MARKET ? priceTicks !== NONE : !isPrice(priceTicks)) return R.BAD_PRICE;
    return order === undefined ? 0 : R.DUPLICATE_ID;
  }
  const isGiven = op === C.OP_REDUCE || (op === C.OP_AMEND && qtyLots !== NONE);
  if (isGiven && !isQty(qtyLots)) return R.BAD_QTY;
  const isOwn = order?.owner === asked.owner;
  if (isOwn && op === C.OP_AMEND && isGiven && !isAmendable(order, asked)) return R.BAD_QTY;
  if (op === C.OP_AMEND && priceTicks !== NONE && !isPrice(priceTicks)) return R.BAD_PRICE;
  if (order === undefined) return R.UNKNOWN_ORDER;
  return isOwn ? 0 : R.NOT_OWNER;
}

function isAmendable({ executedLots }: Shade, { qtyMode, qtyLots }: Asked): boolean {
  return qtyMode === C.QTY_TOTAL ? qtyLots > executedLots : qtyLots <= N_MAX - executedLots;
}

/** True where a code that depends on the other orders can be right. */
function mayBe(shadow: Shadow, asked: Asked, code: number, ordersMax: number): boolean {
  const isNew = asked.op === C.OP_NEW;
  if (!isNew && asked.op !== C.OP_AMEND) return false;
  const order = isNew ? undefined : shadow.orders.get(asked.orderId);
  const side = order?.side ?? asked.side;
  const postOnly = asked.postOnly === 0 ? (order?.postOnly ?? 0) : asked.postOnly;
  switch (code) {
    case R.WOULD_CROSS:
      return postOnly !== 0 && bestLevel(shadow, side === C.BUY ? C.SELL : C.BUY) !== undefined;
    case R.WOULD_NOT_FILL:
      return isNew && (asked.tif === C.FOK || asked.minQtyLots > 0);
    case R.CAPACITY: {
      if (isNew && (asked.type !== C.LIMIT || asked.tif !== C.GTC)) return false;
      if (isNew && shadow.orders.size >= ordersMax) return true;
      // A slid price is not known here: any level may be the full one.
      if (postOnly === C.POST_ONLY_SLIDE) return true;
      const priceTicks = asked.priceTicks === NONE ? (order?.priceTicks ?? 0) : asked.priceTicks;
      const more = asked.qtyLots === NONE ? (order?.leavesLots ?? 0) : asked.qtyLots;
      return more > N_MAX - (findShadeLevel(shadow, side, priceTicks)?.qtyLots ?? 0);
    }
    default:
      return false;
  }
}
