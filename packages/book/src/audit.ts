/**
 * An auditor of a book, whichever implementation it is: it is shown each command with the reports it produced
 * and the book behind it, keeps a shadow of the book from the reports alone, and holds the book to it.
 *
 * The reports say everything, so they must explain everything: who was first at the best price, what is left
 * of whom, what rests. What the book says of itself (its top, the orders that a command touched, its counts)
 * is compared at every command, all of it every `checkEvery` commands. Alternative considered: running the
 * reference book beside; it finds more, but is no independent witness, and looks at all orders of a level.
 */
import { NONE } from '@truetape/contracts';
import { addTo } from '@truetape/kernel';
import { auditBook, comesAfter, compareTouched, type Audit, type AuditConfig } from './audit-book.ts';
import { endOrder, followMatching } from './audit-match.ts';
import { firstPlainCode, followReject } from './audit-reject.ts';
import {
  bestLevel,
  broken,
  countOf,
  createShade,
  createShadow,
  holds,
  removeShade,
  restShade,
  same,
  takeLots,
  type Shade,
  type Shadow,
} from './audit-shadow.ts';
import { peek, sameOrder, take, takeAmended, takeCanceled, type Telling } from './audit-told.ts';
import { ORDERS_MAX, type Book } from './book.ts';
import * as C from './command.ts';
import { askedOf, type Asked } from './asked.ts';
import * as R from './report.ts';

/**
 * An audit of a book that is empty, or of one that has orders already, which are taken as they are.
 *
 * Complexity: all of the book it begins with.
 */
export function createAudit(config: AuditConfig = {}, from?: Book): Audit {
  const { instrument = 0, ordersMax = ORDERS_MAX, checkEvery = 1024 } = config;
  const shadow = createShadow();
  from?.visit((side, priceTicks, { orderId, owner, leavesLots, totalLots, stp, postOnly }) => {
    addTo(shadow.flows.entered, leavesLots);
    const executedLots = totalLots - leavesLots;
    const order = { orderId, owner, side, priceTicks, leavesLots, executedLots, stp, postOnly };
    restShade(shadow, createShade(order));
  });
  shadow.trades = from?.tradeCount() ?? 0;
  return { instrument, ordersMax, checkEvery, shadow };
}

/**
 * Takes command `k`, its reports (from `from` to the end of `reports`), and the book as it is behind them.
 *
 * Errors: the invariants `BOOK-31` to `BOOK-35` and `BOOK-40` to `BOOK-54`, each named by what broke it.
 * Complexity: the reports, a search among levels each; all of the book every `checkEvery` commands.
 */
export function auditCommand(
  audit: Audit,
  book: Book,
  commands: C.CommandBuffer,
  k: number,
  reports: R.ReportBuffer,
  from: number,
): void {
  const { shadow, instrument } = audit;
  const asked = askedOf(commands, k);
  const telling: Telling = { reports, instrument, at: from };
  shadow.commands++;
  shadow.doing = `${C.OPS[asked.op - 1]}${asked.op === C.OP_CANCEL_ALL ? '' : ` of order ${asked.orderId}`}`;
  shadow.touched.length = 0;
  if (peek(telling)?.kind === R.REJECTED) followReject(shadow, asked, audit.ordersMax, telling);
  else {
    same(shadow, 'BOOK-42', 'code that a reject was to have', 0, firstPlainCode(shadow, asked));
    follow(audit, asked, telling);
  }
  same(shadow, 'BOOK-40', 'reports that say all', telling.at, reports.count);
  compareTouched(audit, book);
  if (shadow.commands % audit.checkEvery === 0) auditBook(audit, book);
}

function follow(audit: Audit, asked: Asked, telling: Telling): void {
  switch (asked.op) {
    case C.OP_NEW:
      return followNew(audit, asked, telling);
    case C.OP_AMEND:
      return followAmend(audit.shadow, asked, telling);
    case C.OP_CANCEL_ALL:
      return followCancelAll(audit.shadow, asked, telling);
    default:
      return followLess(audit.shadow, asked, telling);
  }
}

function followNew(audit: Audit, asked: Asked, telling: Telling): void {
  const { shadow, ordersMax } = audit;
  const { orderId, owner, side, type, tif, stp, postOnly, qtyLots } = asked;
  const mayRest = type === C.LIMIT && tif === C.GTC;
  const told = take(shadow, telling, R.ACCEPTED);
  const priceTicks = effectivePrice(shadow, asked, side, postOnly);
  same(shadow, 'BOOK-43', 'quantity', told.leavesLots, qtyLots);
  same(shadow, 'BOOK-43', 'type and time in force', told.more, type | (tif << 8));
  holds(shadow, 'BOOK-35', 'no room', !mayRest || shadow.orders.size < ordersMax);
  addTo(shadow.flows.entered, qtyLots);
  const about = { orderId, owner, side, priceTicks };
  const order = createShade({ ...about, leavesLots: qtyLots, executedLots: 0, stp, postOnly });
  sameOrder(shadow, 'BOOK-43', told, order);
  shadow.touched.push(order);
  const tradedLots = followMatching(shadow, order, telling);
  const leastLots = tif === C.FOK ? qtyLots : asked.minQtyLots;
  holds(shadow, 'BOOK-48', `traded ${tradedLots} where ${leastLots} were asked`, tradedLots >= leastLots);
  if (order.leavesLots === 0) return;
  if (mayRest) return restShade(shadow, order);
  // What may not rest ends here; without this report the next comparison would miss it.
  holds(shadow, 'BOOK-48', 'what may not rest was not canceled', peek(telling)?.kind === R.CANCELED);
  const reason = type === C.MARKET ? R.CANCEL_MARKET : R.CANCEL_IOC;
  takeCanceled(shadow, telling, order, { reason });
  endOrder(shadow, order);
}

/** Cancel and reduce. */
function followLess(shadow: Shadow, asked: Asked, telling: Telling): void {
  const order = known(shadow, asked);
  if (asked.op === C.OP_CANCEL || asked.qtyLots >= order.leavesLots) {
    takeCanceled(shadow, telling, order, { reason: R.CANCEL_REQUESTED });
    return endOrder(shadow, order);
  }
  takeLots(shadow, order, asked.qtyLots);
  addTo(shadow.flows.reduced, asked.qtyLots);
  takeAmended(shadow, telling, order, { reason: R.AMEND_REDUCED, kept: true });
}

function followAmend(shadow: Shadow, asked: Asked, telling: Telling): void {
  const order = known(shadow, asked);
  const wanted = asked.priceTicks === NONE ? order.priceTicks : asked.priceTicks;
  const before = order.leavesLots;
  const given = asked.qtyMode === C.QTY_TOTAL ? asked.qtyLots - order.executedLots : asked.qtyLots;
  const leavesLots = asked.qtyLots === NONE ? before : given;
  if (asked.postOnly !== 0) order.postOnly = asked.postOnly;
  const priceTicks = effectivePrice(shadow, { priceTicks: wanted }, order.side, order.postOnly);
  const kept = priceTicks === order.priceTicks && leavesLots <= before;
  addTo(leavesLots > before ? shadow.flows.entered : shadow.flows.reduced, Math.abs(leavesLots - before));
  if (kept) takeLots(shadow, order, before - leavesLots);
  else removeShade(shadow, order);
  order.leavesLots = leavesLots;
  order.priceTicks = priceTicks;
  takeAmended(shadow, telling, order, { reason: R.AMEND_REQUESTED, kept });
  if (kept) return;
  followMatching(shadow, order, telling);
  if (order.leavesLots > 0) restShade(shadow, order);
}

function followCancelAll(shadow: Shadow, asked: Asked, telling: Telling): void {
  const { side, owner, everyone } = asked;
  const expected = countOf(shadow, everyone ? undefined : owner, side);
  let previous: Shade | undefined;
  let count = 0;
  while (peek(telling)?.kind === R.CANCELED) {
    const order = shadow.orders.get(peek(telling)?.orderId ?? NONE);
    const isMeant =
      order !== undefined && (everyone || order.owner === owner) && (side === 0 || order.side === side);
    if (!isMeant) return holds(shadow, 'BOOK-52', 'an order that was not meant', false);
    holds(shadow, 'BOOK-52', 'orders out of order', previous === undefined || comesAfter(order, previous));
    // The shadow forgets where an order stood once it ended.
    previous = { ...order };
    takeCanceled(shadow, telling, order, { reason: R.CANCEL_ALL });
    endOrder(shadow, order);
    shadow.touched.push(order);
    count++;
  }
  const told = take(shadow, telling, R.CANCEL_ALL_DONE);
  same(shadow, 'BOOK-52', 'orders canceled', count, expected);
  same(shadow, 'BOOK-52', 'number of orders canceled', told.qtyLots, expected);
  same(shadow, 'BOOK-52', 'owner', told.owner, owner);
  same(shadow, 'BOOK-52', 'side', told.side, side);
}

/** The order that a command names; `firstPlainCode` found it and its owner. */
function known(shadow: Shadow, { orderId }: Asked): Shade {
  const order = shadow.orders.get(orderId) ?? broken(shadow, 'BOOK-42', 'unknownOrder was to be told');
  shadow.touched.push(order);
  return order;
}

/** Where an order that was not rejected stands: at its price, or one tick before the other side. */
function effectivePrice(
  shadow: Shadow,
  { priceTicks }: { readonly priceTicks: number },
  side: number,
  postOnly: number,
): number {
  const best = bestLevel(shadow, side === C.BUY ? C.SELL : C.BUY)?.priceTicks;
  if (postOnly === 0 || best === undefined) return priceTicks;
  const meets = priceTicks === NONE || (side === C.BUY ? best <= priceTicks : best >= priceTicks);
  if (!meets) return priceTicks;
  holds(
    shadow,
    'BOOK-49',
    'a post-only order that crosses',
    postOnly === C.POST_ONLY_SLIDE && priceTicks !== NONE,
  );
  return side === C.BUY ? best - 1 : best + 1;
}
