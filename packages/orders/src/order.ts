/** One order: what is known of it, and the state that follows. */
import { NONE, codeOfName } from '@truetape/contracts';
import { sumValue } from '@truetape/kernel';
import type { Sum } from '@truetape/kernel';
import { isEnded } from './states.ts';
import type { OrderEvent, OrderState } from './states.ts';

/** Codes of the contracts' vocabularies by name. */
export const MARKET: number = codeOfName('orderType', 'market')!;
export const GTC: number = codeOfName('tif', 'GTC')!;
export const IOC: number = codeOfName('tif', 'IOC')!;
export const FOK: number = codeOfName('tif', 'FOK')!;

/** An order as others see it. Prices in ticks, quantities in lots, NONE where there is none. */
export interface Order {
  readonly instrument: number;
  readonly orderId: number;
  /** 0 unknown, SIDE_BUY or SIDE_SELL. */
  readonly side: number;
  /** Codes of the contracts' `orderType` and `tif`; 0 for unknown. */
  readonly type: number;
  readonly tif: number;
  readonly state: OrderState;
  readonly priceTicks: number;
  /** The whole quantity, as the venue's amendments have left it. */
  readonly qtyLots: number;
  readonly cumLots: number;
  /** What may still be filled; 0 once the order has ended. */
  readonly leavesLots: number;
  /** Requests that have had no answer; of an ended order, those that may still be refused. */
  readonly pendingCancels: number;
  readonly pendingReplaces: number;
  /** Fills that came after the order was Canceled or Expired, and their lots. */
  readonly lateFills: number;
  readonly lateLots: number;
  /** Lots that were filled at a price off the grid (`priceFine`). */
  readonly fineLots: number;
  /** The event that led to this state, and its code in the vocabulary of that event; 0 for none. */
  readonly reasonEvent: OrderEvent;
  readonly reasonCode: number;
}

/** The record behind it. */
export interface OrderRecord extends Order {
  orderId: number;
  state: OrderState;
  priceTicks: number;
  qtyLots: number;
  cumLots: number;
  leavesLots: number;
  pendingCancels: number;
  pendingReplaces: number;
  lateFills: number;
  lateLots: number;
  fineLots: number;
  reasonEvent: OrderEvent;
  reasonCode: number;
  /** An ack was seen. */
  isAcked: boolean;
  /** The venue has changed the order, which it does only to one that it accepted. */
  isAmended: boolean;
  /** Submissions of the same id that are about to be refused: venue tapes record them. */
  doubles: number;
  /** Pending replace requests, oldest first: price, quantity and mode of each. */
  asks: number[] | undefined;
  /** Applied fills with an id: trade id, price, fine price and lots of each. */
  trades: number[] | undefined;
  /** Position in `trades` by trade id, once there are many. */
  tradeIndex: Map<number, number> | undefined;
  /** Sum of ticks × lots; made by the first fill. */
  notional: Sum | undefined;
  /** The same of fine prices. */
  fineNotional: Sum | undefined;
  /** Ids that the order had before the venue gave it another. */
  formerIds: Set<number> | undefined;
  /** Neighbours in the list of ended orders, in the order in which they ended. */
  endedBefore: OrderRecord | undefined;
  endedAfter: OrderRecord | undefined;
}

/** An order that was submitted just now. */
export function createOrder(
  instrument: number,
  orderId: number,
  side: number,
  type: number,
  tif: number,
  priceTicks: number,
  qtyLots: number,
): OrderRecord {
  return {
    instrument,
    orderId,
    side,
    type,
    tif,
    state: 'PendingNew',
    priceTicks,
    qtyLots,
    cumLots: 0,
    leavesLots: qtyLots > 0 ? qtyLots : 0,
    pendingCancels: 0,
    pendingReplaces: 0,
    lateFills: 0,
    lateLots: 0,
    fineLots: 0,
    reasonEvent: 'submit',
    reasonCode: 0,
    isAcked: false,
    isAmended: false,
    doubles: 0,
    asks: undefined,
    trades: undefined,
    tradeIndex: undefined,
    notional: undefined,
    fineNotional: undefined,
    formerIds: undefined,
    endedBefore: undefined,
    endedAfter: undefined,
  };
}

/** The venue has shown that it has the order. */
export function isAccepted(order: OrderRecord): boolean {
  return order.isAcked || order.isAmended || order.cumLots > 0;
}

/** An order that trades at once or not at all. */
export function isImmediate(order: Order): boolean {
  return order.tif === IOC || order.tif === FOK || order.type === MARKET;
}

/** The state of a live order by what is known of it: requests that come and go leave no trace in it. */
export function standing(order: OrderRecord): OrderState {
  if (order.leavesLots === 0 && order.cumLots > 0) return 'Filled';
  if (order.pendingCancels > 0) return 'PendingCancel';
  if (order.pendingReplaces > 0) return 'PendingReplace';
  if (order.cumLots > 0) return 'PartiallyFilled';
  return isAccepted(order) ? 'Accepted' : 'PendingNew';
}

/** Fields of one fill within `trades`. */
const TRADE_WIDTH = 4;
/** So many fills are looked through one by one. */
const TRADES_SCANNED = 12;

/** Position of a fill with this id; -1 when there is none. Complexity: O(1), a scan of up to twelve. */
export function findTrade(order: OrderRecord, tradeId: number): number {
  const { trades, tradeIndex } = order;
  if (trades === undefined) return -1;
  if (tradeIndex !== undefined) return tradeIndex.get(tradeId) ?? -1;
  for (let at = 0; at < trades.length; at += TRADE_WIDTH) if (trades[at] === tradeId) return at;
  return -1;
}

export function addTrade(
  order: OrderRecord,
  tradeId: number,
  priceTicks: number,
  priceFine: number,
  qtyLots: number,
): void {
  const trades = (order.trades ??= []);
  const at = trades.length;
  trades.push(tradeId, priceTicks, priceFine, qtyLots);
  if (order.tradeIndex !== undefined) order.tradeIndex.set(tradeId, at);
  else if (at >= TRADES_SCANNED * TRADE_WIDTH) order.tradeIndex = indexTrades(trades);
}

function indexTrades(trades: readonly number[]): Map<number, number> {
  const index = new Map<number, number>();
  for (let at = 0; at < trades.length; at += TRADE_WIDTH) index.set(trades[at], at);
  return index;
}

/** Forgets the oldest replace request. Complexity: O(pending requests). */
export function dropAsk(order: OrderRecord): void {
  order.pendingReplaces--;
  order.asks!.splice(0, 3);
}

/** Filled ticks × lots, exact; prices off the grid are in `fineNotionalOf`. */
export function notionalOf(order: Order): bigint {
  const { notional } = order as OrderRecord;
  return notional === undefined ? 0n : sumValue(notional);
}

/** Filled fine price × lots of the fills off the grid, exact. */
export function fineNotionalOf(order: Order): bigint {
  const { fineNotional } = order as OrderRecord;
  return fineNotional === undefined ? 0n : sumValue(fineNotional);
}

/** The first rule that an order breaks, by its row in INVARIANTS.md; undefined for a sound one. */
export function orderFault(order: OrderRecord): string | undefined {
  const { state, qtyLots, cumLots, leavesLots, lateLots, fineLots } = order;
  const ended = isEnded(state);
  const whole = qtyLots > 0 ? qtyLots : 0;
  if (leavesLots !== (ended ? 0 : whole - cumLots) || cumLots > whole || cumLots < 0) return 'ORDERS-3';
  if (!ended && state !== standing(order)) return 'ORDERS-4';
  if (state === 'Filled' && (cumLots !== whole || whole === 0)) return 'ORDERS-4';
  if ((state === 'Canceled' || state === 'Expired') && cumLots === whole && whole > 0) return 'ORDERS-4';
  if (state === 'Rejected' && isAccepted(order)) return 'ORDERS-4';
  const tradedLots = tradesLots(order);
  if (tradedLots === undefined || tradedLots > cumLots) return 'ORDERS-5';
  if (lateLots > cumLots || order.lateFills > lateLots || fineLots > cumLots) return 'ORDERS-5';
  if ((lateLots === 0) !== (order.lateFills === 0)) return 'ORDERS-5';
  if (order.tif === FOK && ended && cumLots !== 0 && cumLots !== whole) return 'ORDERS-6';
  if ((order.asks?.length ?? 0) !== order.pendingReplaces * 3) return 'ORDERS-7';
  return undefined;
}

/** Lots of all fills with an id; undefined when an id stands twice or a fill is none. */
function tradesLots(order: OrderRecord): number | undefined {
  const { trades } = order;
  if (trades === undefined) return 0;
  const ids = new Set<number>();
  let sumLots = 0;
  for (let at = 0; at < trades.length; at += TRADE_WIDTH) {
    const lots = trades[at + 3];
    if (ids.has(trades[at]) || lots < 1 || (trades[at + 1] === NONE) === (trades[at + 2] === NONE)) {
      return undefined;
    }
    ids.add(trades[at]);
    sumLots += lots;
  }
  return sumLots;
}
