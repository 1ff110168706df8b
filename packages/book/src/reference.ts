/**
 * The reference book: obviously right, and slow. Each side is a list of levels, best first; a level is a
 * list of plain orders, first in time first. An incoming order is planned as a list of steps without
 * changing anything; the checks read the plan, then it is carried out. So what is checked is what happens.
 *
 * Alternative considered: matching on a copy that is kept unless something rejects; the plan says more
 * plainly what a check looks at. The fast book shares no code with this file but the layouts.
 */
import { N_MAX, NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { ORDERS_LIMIT, ORDERS_MAX, type BookConfig, type RestorableBook } from './book.ts';
import * as C from './command.ts';
import { askedOf, isPrice, isQty, type Asked } from './asked.ts';
import { carryOut, effectivePrice, planOf } from './reference-match.ts';
import { writeAmended, writeCanceled, writeRejected, writeReport } from './reference-report.ts';
import {
  check,
  copyOf,
  executedOf,
  findLevel,
  hasRoom,
  levelsOf,
  readTop,
  remove,
  rest,
  sumOf,
  type Resting,
  type State,
} from './reference-sides.ts';
import * as R from './report.ts';

/**
 * A book that follows the rules word by word.
 *
 * Errors: `BOOK-35` for a configuration out of range. Complexity: linear in levels, and in orders of a level.
 */
export function createReferenceBook(config: BookConfig = {}): RestorableBook {
  const { instrument = 0, ordersMax = ORDERS_MAX } = config;
  assert(Number.isInteger(instrument) && instrument >= 0 && instrument <= 65_535, 'BOOK-35', 'instrument');
  assert(Number.isInteger(ordersMax) && ordersMax >= 1 && ordersMax <= ORDERS_LIMIT, 'BOOK-35', 'ordersMax');
  const state: State = { instrument, ordersMax, bids: [], asks: [], orders: new Map(), trades: 0 };
  return {
    impl: 'reference',
    instrument,
    ordersMax,
    apply: (commands, k, out) => apply(state, askedOf(commands, k), out),
    orderCount: () => state.orders.size,
    tradeCount: () => state.trades,
    readTop: (into) => readTop(state, into),
    levels: (side, levelsMax = Infinity) =>
      levelsOf(state, side)
        .slice(0, levelsMax)
        .map((level) => ({
          priceTicks: level.priceTicks,
          orders: level.orders.length,
          qtyLots: sumOf(level),
        })),
    queue: (side, priceTicks) => (findLevel(state, side, priceTicks)?.orders ?? []).map(copyOf),
    order: (orderId) => {
      const order = state.orders.get(orderId);
      return order && { ...copyOf(order), side: order.side, priceTicks: order.priceTicks };
    },
    readLevel: (side, priceTicks, into) => {
      const level = findLevel(state, side, priceTicks);
      into.qtyLots = level === undefined ? 0 : sumOf(level);
      into.orders = level === undefined ? 0 : level.orders.length;
    },
    priceOf: (orderId) => state.orders.get(orderId)?.priceTicks ?? NONE,
    visit: (visitor) => {
      for (const level of [...state.bids, ...state.asks])
        for (const order of level.orders) visitor(order.side, order.priceTicks, copyOf(order));
    },
    check: () => check(state),
    place: (side, priceTicks, order) => {
      assert(!state.orders.has(order.orderId) && state.orders.size < ordersMax, 'BOOK-36', 'a new id, room');
      rest(state, { ...copyOf(order), side, priceTicks });
    },
    setTradeCount: (count) => {
      assert(C.isOrderId(count), 'BOOK-36', 'a count of trades');
      state.trades = count;
    },
  };
}

function apply(state: State, asked: Asked, out: R.ReportBuffer): void {
  switch (asked.op) {
    case C.OP_NEW:
      return applyNew(state, asked, out);
    case C.OP_CANCEL:
      return applyCancel(state, asked, out);
    case C.OP_AMEND:
      return applyAmend(state, asked, out);
    case C.OP_REDUCE:
      return applyReduce(state, asked, out);
    default:
      return applyCancelAll(state, asked, out);
  }
}

function applyNew(state: State, asked: Asked, out: R.ReportBuffer): void {
  const { orderId, owner, side, type, tif, stp, postOnly, qtyLots, minQtyLots } = asked;
  const reject = (code: number): void => writeRejected(state, asked, code, 0, out);
  const isMarket = type === C.MARKET;

  if (!isQty(qtyLots)) return reject(R.BAD_QTY);
  if (!(Number.isInteger(minQtyLots) && minQtyLots >= 0 && minQtyLots <= qtyLots)) return reject(R.BAD_QTY);
  if (isMarket ? asked.priceTicks !== NONE : !isPrice(asked.priceTicks)) return reject(R.BAD_PRICE);
  if (state.orders.has(orderId)) return reject(R.DUPLICATE_ID);

  const priceTicks = effectivePrice(state, side, asked.priceTicks, postOnly);
  if (priceTicks === undefined) return reject(R.WOULD_CROSS);

  const incoming = { orderId, owner, side, priceTicks, leavesLots: qtyLots, totalLots: qtyLots, stp };
  const plan = planOf(state, incoming);
  if (plan.tradedLots < (tif === C.FOK ? qtyLots : minQtyLots)) return reject(R.WOULD_NOT_FILL);

  const mayRest = !isMarket && tif === C.GTC;
  if (mayRest && state.orders.size >= state.ordersMax) return reject(R.CAPACITY);
  if (mayRest && !hasRoom(state, side, priceTicks, plan.leftLots)) return reject(R.CAPACITY);

  writeReport(out, state.instrument, {
    ...incoming,
    kind: R.ACCEPTED,
    more: type | (tif << 8),
  });
  carryOut(state, plan, incoming, out);
  if (incoming.leavesLots === 0) return;
  if (mayRest) return rest(state, { ...incoming, postOnly });
  writeCanceled(state, incoming, isMarket ? R.CANCEL_MARKET : R.CANCEL_IOC, out);
}

function applyCancel(state: State, asked: Asked, out: R.ReportBuffer): void {
  const order = state.orders.get(asked.orderId);
  if (order === undefined) return writeRejected(state, asked, R.UNKNOWN_ORDER, 0, out);
  if (order.owner !== asked.owner) return writeRejected(state, asked, R.NOT_OWNER, 0, out);
  remove(state, order);
  writeCanceled(state, order, R.CANCEL_REQUESTED, out);
}

function applyReduce(state: State, asked: Asked, out: R.ReportBuffer): void {
  const order = state.orders.get(asked.orderId);
  const open = order?.owner === asked.owner ? order.leavesLots : 0;
  if (!isQty(asked.qtyLots)) return writeRejected(state, asked, R.BAD_QTY, open, out);
  if (order === undefined) return writeRejected(state, asked, R.UNKNOWN_ORDER, 0, out);
  if (order.owner !== asked.owner) return writeRejected(state, asked, R.NOT_OWNER, 0, out);
  if (asked.qtyLots >= order.leavesLots) {
    remove(state, order);
    return writeCanceled(state, order, R.CANCEL_REQUESTED, out);
  }
  order.leavesLots -= asked.qtyLots;
  order.totalLots -= asked.qtyLots;
  writeAmended(state, order, { reason: R.AMEND_REDUCED, kept: true }, out);
}

function applyAmend(state: State, asked: Asked, out: R.ReportBuffer): void {
  const order = state.orders.get(asked.orderId);
  const own = order?.owner === asked.owner ? order : undefined;
  const reject = (code: number): void => writeRejected(state, asked, code, own?.leavesLots ?? 0, out);

  const leavesLots = own === undefined ? 0 : amendedLeaves(own, asked);
  if (asked.qtyLots !== NONE && !isQty(asked.qtyLots)) return reject(R.BAD_QTY);
  if (own !== undefined && !isQty(leavesLots)) return reject(R.BAD_QTY);
  if (own !== undefined && leavesLots > N_MAX - executedOf(own)) return reject(R.BAD_QTY);
  if (asked.priceTicks !== NONE && !isPrice(asked.priceTicks)) return reject(R.BAD_PRICE);
  if (order === undefined) return reject(R.UNKNOWN_ORDER);
  if (own === undefined) return reject(R.NOT_OWNER);

  const postOnly = asked.postOnly === 0 ? own.postOnly : asked.postOnly;
  const wanted = asked.priceTicks === NONE ? own.priceTicks : asked.priceTicks;
  const priceTicks = effectivePrice(state, own.side, wanted, postOnly);
  if (priceTicks === undefined) return reject(R.WOULD_CROSS);

  const amended: Resting = {
    ...own,
    priceTicks,
    leavesLots,
    totalLots: executedOf(own) + leavesLots,
    postOnly,
  };
  const samePrice = priceTicks === own.priceTicks;
  const plan = planOf(state, amended);
  const already = samePrice ? own.leavesLots : 0;
  if (!hasRoom(state, own.side, priceTicks, plan.leftLots - already)) return reject(R.CAPACITY);

  const kept = samePrice && leavesLots <= own.leavesLots;
  writeAmended(state, amended, { reason: R.AMEND_REQUESTED, kept }, out);
  if (kept) return void Object.assign(own, amended);
  remove(state, own);
  carryOut(state, plan, amended, out);
  if (amended.leavesLots > 0) rest(state, amended);
}

function applyCancelAll(state: State, asked: Asked, out: R.ReportBuffer): void {
  const all = [...state.bids, ...state.asks].flatMap((level) => level.orders);
  const chosen = all.filter(
    (order) =>
      (asked.everyone || order.owner === asked.owner) && (asked.side === 0 || order.side === asked.side),
  );
  for (const order of chosen) {
    remove(state, order);
    writeCanceled(state, order, R.CANCEL_ALL, out);
  }
  writeReport(out, state.instrument, {
    kind: R.CANCEL_ALL_DONE,
    side: asked.side,
    owner: asked.owner,
    qtyLots: chosen.length,
  });
}

/** What remains of an order when an amend's quantity is taken. */
function amendedLeaves(order: Resting, { qtyLots, qtyMode }: Asked): number {
  if (qtyLots === NONE) return order.leavesLots;
  return qtyMode === C.QTY_TOTAL ? qtyLots - executedOf(order) : qtyLots;
}
