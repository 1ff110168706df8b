/**
 * The fast book: price-time priority over typed arrays, without an allocation a command.
 *
 * `store.ts` is its structure, `fast-new.ts`, `fast-match.ts` and `fast-change.ts` execute commands, this file is what
 * callers see. It shares no code with the reference book but the layouts of commands and reports.
 */
import { assert, InvariantError } from '@truetape/kernel';
import {
  ORDERS_LIMIT,
  ORDERS_MAX,
  type Book,
  type BookConfig,
  type BookLevel,
  type BookTop,
  type LevelNow,
  type RestingOrder,
} from './book.ts';
import type { RestorableBook } from './book.ts';
import * as C from './command.ts';
import * as Change from './fast-change.ts';
import { checkFast } from './fast-check.ts';
import * as New from './fast-new.ts';
import * as Rest from './fast-rest.ts';
import { putSide } from './fast-save.ts';
import { postOnlyOfTraits, stpOfTraits, traitsOf, W_TRADES, type FastState } from './fast-state.ts';
import type { ReportBuffer } from './report.ts';
import * as S from './store.ts';
import { NONE } from '@truetape/contracts';

// Bound here, see store.ts.
const { applyAmend, applyCancel, applyCancelAll, applyReduce } = Change;
const { applyNew } = New;
const { restPlain } = Rest;
const { isOrderId, OP_AMEND, OP_CANCEL, OP_CANCEL_ALL, OP_NEW, OP_REDUCE } = C;

/**
 * A book without orders.
 *
 * Errors: `BOOK-11` for an instrument or a number of orders out of range. Complexity: a command that trades with
 * n orders and empties m levels takes O(n + m); any other O(1) in orders and levels, cancelAll all orders.
 */
export function createBook(config: BookConfig = {}): RestorableBook {
  const { instrument = 0, ordersMax = ORDERS_MAX } = config;
  assert(Number.isInteger(instrument) && instrument >= 0 && instrument <= 65_535, 'BOOK-11', 'instrument');
  assert(Number.isInteger(ordersMax) && ordersMax >= 1 && ordersMax <= ORDERS_LIMIT, 'BOOK-11', 'ordersMax');
  const state: FastState = {
    store: S.createStore(ordersMax),
    instrumentBits: (instrument << 16) | 0,
    work: new Float64Array(8),
  };
  return {
    impl: 'fast',
    instrument,
    ordersMax,
    apply: (commands, k, out) => {
      apply(state, commands, k, out);
    },
    orderCount: () => state.store.orders,
    tradeCount: () => state.work[W_TRADES],
    readTop: (into) => {
      readTop(state.store, into);
    },
    levels: (side, levelsMax = Infinity) => levelsOf(state.store, side, levelsMax),
    queue: (side, priceTicks) => queueOf(state.store, side, priceTicks),
    order: (orderId) => {
      const slot = S.findOrder(state.store, orderId);
      if (slot === S.NO_SLOT) return undefined;
      const { store } = state;
      return {
        ...restingOf(store, slot),
        side: S.orderSide(store, slot),
        priceTicks: S.orderPrice(store, slot),
      };
    },
    readLevel: (side, priceTicks, into) => {
      readLevel(state.store, side, priceTicks, into);
    },
    priceOf: (orderId) => {
      const slot = S.findOrder(state.store, orderId);
      return slot === S.NO_SLOT ? NONE : S.orderPrice(state.store, slot);
    },
    visit: (visitor) => {
      visit(state.store, visitor);
    },
    sides: {
      levelCount: () => state.store.levels,
      putSide: (side, into, from, counts) => putSide(state.store, side, into, from, counts),
    },
    check: () => {
      checkFast(state);
    },
    place: (side, priceTicks, order) => {
      place(state.store, side, priceTicks, order);
    },
    setTradeCount: (count) => {
      assert(C.isOrderId(count), 'BOOK-13', 'a count of trades');
      state.work[W_TRADES] = count;
    },
  };
}

/**
 * 0 where all choices of a code are ones that a book knows; in bits, without a branch, since it is for each command. A
 * time in force has no bit 2, post-only not both bits, a self-trade mode bit 2 alone.
 */
function unknownChoices(code: number): number {
  const tif = (code >>> 10) & 1;
  const postOnly = (code >>> 11) & (code >>> 12) & 1;
  const stp = (code >>> 15) & ((code >>> 14) | (code >>> 13)) & 1;
  return tif | postOnly | stp;
}

/** 1 where a new order's side and type have one bit each. */
function isSidedAndTyped(code: number): number {
  return ((code >>> 4) ^ (code >>> 5)) & ((code >>> 6) ^ (code >>> 7)) & 1;
}

function apply(state: FastState, commands: C.CommandBuffer, k: number, out: ReportBuffer): void {
  const { f64, u32 } = commands;
  const cell = k << 3;
  const code = u32[cell << 1] | 0;
  const owner = u32[(cell << 1) | 1] | 0;
  const op = code & 15;
  if (unknownChoices(code) !== 0) mistake('choices that a book knows');
  if (op !== OP_CANCEL_ALL && !isOrderId(f64[cell | 1])) mistake('an order id');
  if (op === OP_NEW) {
    if (isSidedAndTyped(code) === 0) mistake('a side and a type');
    if (!restPlain(state, f64, cell, code, owner, out)) applyNew(state, f64, cell, code, owner, out);
  } else if (op === OP_CANCEL) applyCancel(state, f64, cell, code, owner, out);
  else if (op === OP_AMEND) applyAmend(state, f64, cell, code, owner, out);
  else if (op === OP_REDUCE) applyReduce(state, f64, cell, code, owner, out);
  else if (op === OP_CANCEL_ALL) applyCancelAll(state, code, owner, out);
  else mistake('an operation');
}

function mistake(detail: string): never {
  throw new InvariantError('BOOK-10', detail);
}

function readTop(store: S.Store, into: BookTop): void {
  const bid = S.bestLevel(store, C.BUY);
  const ask = S.bestLevel(store, C.SELL);
  into.bidTicks = bid === S.NO_SLOT ? NONE : S.levelPrice(store, bid);
  into.bidLots = bid === S.NO_SLOT ? 0 : S.levelQty(store, bid);
  into.bidOrders = bid === S.NO_SLOT ? 0 : S.levelOrders(store, bid);
  into.askTicks = ask === S.NO_SLOT ? NONE : S.levelPrice(store, ask);
  into.askLots = ask === S.NO_SLOT ? 0 : S.levelQty(store, ask);
  into.askOrders = ask === S.NO_SLOT ? 0 : S.levelOrders(store, ask);
}

function levelsOf(store: S.Store, side: number, levelsMax: number): BookLevel[] {
  const levels: BookLevel[] = [];
  for (let level = S.bestLevel(store, side); level !== S.NO_SLOT; level = S.worseLevel(store, level)) {
    if (levels.length >= levelsMax) break;
    levels.push({
      priceTicks: S.levelPrice(store, level),
      orders: S.levelOrders(store, level),
      qtyLots: S.levelQty(store, level),
    });
  }
  return levels;
}

function restingOf(store: S.Store, slot: number): RestingOrder {
  const traits = S.orderTraits(store, slot);
  return {
    orderId: S.orderId(store, slot),
    owner: S.orderOwner(store, slot),
    leavesLots: S.orderLeaves(store, slot),
    totalLots: S.orderTotal(store, slot),
    stp: stpOfTraits(traits),
    postOnly: postOnlyOfTraits(traits),
  };
}

function readLevel(store: S.Store, side: number, priceTicks: number, into: LevelNow): void {
  const level = (priceTicks | 0) === priceTicks ? S.levelAt(store, side, priceTicks) : S.NO_SLOT;
  into.qtyLots = level === S.NO_SLOT ? 0 : S.levelQty(store, level);
  into.orders = level === S.NO_SLOT ? 0 : S.levelOrders(store, level);
}

function queueOf(store: S.Store, side: number, priceTicks: number): RestingOrder[] {
  // A price that is none has no level; as 32 bits it might be another one.
  const level = (priceTicks | 0) === priceTicks ? S.levelAt(store, side, priceTicks) : S.NO_SLOT;
  const orders: RestingOrder[] = [];
  if (level === S.NO_SLOT) return orders;
  for (let slot = S.levelHead(store, level); slot !== S.NO_SLOT; slot = S.nextOrder(store, slot)) {
    orders.push(restingOf(store, slot));
  }
  return orders;
}

function visit(store: S.Store, visitor: Parameters<Book['visit']>[0]): void {
  for (const side of [C.BUY, C.SELL]) {
    for (let level = S.bestLevel(store, side); level !== S.NO_SLOT; level = S.worseLevel(store, level)) {
      const price = S.levelPrice(store, level);
      for (let slot = S.levelHead(store, level); slot !== S.NO_SLOT; slot = S.nextOrder(store, slot)) {
        visitor(side, price, restingOf(store, slot));
      }
    }
  }
}

function place(store: S.Store, side: number, priceTicks: number, order: RestingOrder): void {
  const { orderId, owner, leavesLots, totalLots, stp, postOnly } = order;
  const traits = traitsOf(stp, postOnly);
  const slot = S.addOrder(store, { side, priceTicks, orderId, owner, leavesLots, totalLots, traits });
  assert(slot >= 0, 'BOOK-13', 'a new id, and room');
}
