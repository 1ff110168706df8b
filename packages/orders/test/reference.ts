/**
 * The life of an order in plain words, without states: what happened is remembered, and the state is read off
 * at the end. Written from the rules of the contracts and the README, not from the table; slow and simple.
 */
import type { OrderErrorCode, OrderInput } from '@truetape/orders';

interface Trade {
  readonly price: string;
  readonly qty: number;
}

export interface ReferenceOrder {
  kind: { readonly tif: number; readonly type: number };
  price: number | undefined;
  total: number;
  fills: { trade: Trade; id: number | undefined }[];
  lateFills: number;
  lateLots: number;
  acked: boolean;
  changed: boolean;
  cancels: number;
  replaces: { price: number | undefined; qty: number | undefined; mode: number }[];
  end: 'Canceled' | 'Expired' | 'Rejected' | undefined;
}

export interface Reference {
  readonly venue: boolean;
  readonly orders: Map<number, ReferenceOrder>;
}

const IOC = 2;
const FOK = 3;
const MARKET = 2;

export const cumOf = (order: ReferenceOrder): number =>
  order.fills.reduce((sum, { trade }) => sum + trade.qty, 0);
const allFilled = (order: ReferenceOrder): boolean => cumOf(order) > 0 && cumOf(order) === order.total;
const hasEnded = (order: ReferenceOrder): boolean => order.end !== undefined || allFilled(order);
const wasSeen = (order: ReferenceOrder): boolean => order.acked || order.changed || order.fills.length > 0;
const tradesAtOnce = ({ kind }: ReferenceOrder): boolean =>
  kind.tif === IOC || kind.tif === FOK || kind.type === MARKET;

export function stateOf(order: ReferenceOrder | undefined): string {
  if (order === undefined) return 'New';
  if (allFilled(order)) return 'Filled';
  if (order.end !== undefined) return order.end;
  if (order.cancels > 0) return 'PendingCancel';
  if (order.replaces.length > 0) return 'PendingReplace';
  if (order.fills.length > 0) return 'PartiallyFilled';
  return wasSeen(order) ? 'Accepted' : 'PendingNew';
}

export const leavesOf = (order: ReferenceOrder): number =>
  hasEnded(order) ? 0 : Math.max(order.total, 0) - cumOf(order);

/** Takes an input; returns why not. */
export function referenceApply(world: Reference, input: OrderInput): OrderErrorCode | undefined {
  const order = world.orders.get(input.orderId);
  if (input.event === 'submit') return submit(world, order, input);
  if (order === undefined) return 'unknownOrder';
  switch (input.event) {
    case 'accepted':
      return accepted(world, order, input);
    case 'rejected':
      if (order.end === 'Rejected') return undefined;
      if (hasEnded(order)) return 'ended';
      if (wasSeen(order)) return 'alreadyAccepted';
      order.end = 'Rejected';
      return undefined;
    case 'fill':
      return fill(world, order, input);
    case 'cancelRequest':
      if (hasEnded(order)) return 'ended';
      order.cancels++;
      return undefined;
    case 'cancelRejected':
      if (order.cancels === 0) return 'notPending';
      if (world.venue && input.code === 5 && !hasEnded(order)) return 'stillLive';
      order.cancels--;
      return undefined;
    case 'canceled':
    case 'expired':
      return ends(world, order, input);
    case 'replaceRequest':
      if (hasEnded(order)) return 'ended';
      if (!world.venue && tradesAtOnce(order)) return 'wouldRest';
      if (!world.venue && input.qtyLots !== undefined && input.qtyLots < 1) return 'badQty';
      order.replaces.push({
        price: input.priceTicks,
        qty: input.qtyLots,
        mode: input.qtyMode === 0 ? 1 : (input.qtyMode ?? 1),
      });
      return undefined;
    case 'replaceRejected':
      if (order.replaces.length === 0) return 'notPending';
      if (world.venue && input.code === 5 && !hasEnded(order)) return 'stillLive';
      order.replaces.shift();
      return undefined;
    case 'replaced':
    case 'amended':
      return amended(world, order, input);
    case 'rested':
      if (hasEnded(order)) return 'ended';
      if (!wasSeen(order)) return 'neverAccepted';
      return tradesAtOnce(order) ? 'wouldRest' : undefined;
  }
}

type Of<E> = Extract<OrderInput, { readonly event: E }>;

function submit(
  world: Reference,
  old: ReferenceOrder | undefined,
  input: Of<'submit'>,
): OrderErrorCode | undefined {
  if (old !== undefined && !(world.venue && hasEnded(old))) return 'duplicateId';
  if (!world.venue && input.qtyLots < 1) return 'badQty';
  if (!world.venue && input.type === MARKET && input.priceTicks !== undefined) return 'badPrice';
  world.orders.set(input.orderId, {
    kind: { tif: input.tif ?? 0, type: input.type ?? 0 },
    price: input.priceTicks,
    total: input.qtyLots,
    fills: [],
    lateFills: 0,
    lateLots: 0,
    acked: false,
    changed: false,
    cancels: 0,
    replaces: [],
    end: undefined,
  });
  return undefined;
}

function accepted(
  world: Reference,
  order: ReferenceOrder,
  input: Of<'accepted'>,
): OrderErrorCode | undefined {
  if (order.end === 'Rejected') return 'rejectedOrder';
  if (order.acked) return world.venue ? 'alreadyAccepted' : undefined;
  if (order.total < 1) return 'badQty';
  if (order.kind.type === MARKET && input.priceTicks !== undefined) return 'badPrice';
  const { leavesLots } = input;
  if (leavesLots !== undefined && !order.changed && !hasEnded(order)) {
    if (leavesLots !== order.total && leavesLots !== leavesOf(order)) return 'leavesMismatch';
  }
  order.acked = true;
  if (!hasEnded(order) && !order.changed && input.priceTicks !== undefined) order.price = input.priceTicks;
  return undefined;
}

function fill(world: Reference, order: ReferenceOrder, input: Of<'fill'>): OrderErrorCode | undefined {
  const trade = { price: `${input.priceTicks} ${input.priceFine}`, qty: input.qtyLots };
  const same = order.fills.find(({ id }) => id !== undefined && id === input.tradeId);
  if (same !== undefined) {
    const equal = same.trade.price === trade.price && same.trade.qty === trade.qty;
    return equal ? undefined : 'tradeConflict';
  }
  if (order.end === 'Rejected') return 'rejectedOrder';
  if (allFilled(order)) return 'overfill';
  if (trade.qty < 1) return 'badQty';
  if ((input.priceTicks === undefined) === (input.priceFine === undefined)) return 'badPrice';
  const left = order.total - cumOf(order);
  if (trade.qty > left) return 'overfill';
  if (input.liquidity === 1 && tradesAtOnce(order)) return 'wouldRest';
  const late = hasEnded(order);
  if (late && order.kind.tif === FOK && trade.qty < left) return 'partialFok';
  if (world.venue) {
    if (late) return 'ended';
    if (!order.acked) return 'neverAccepted';
    if (input.leavesLots !== undefined && input.leavesLots !== left - trade.qty) return 'leavesMismatch';
  }
  order.fills.push({ trade, id: input.tradeId });
  if (late) {
    order.lateFills++;
    order.lateLots += trade.qty;
  }
  return undefined;
}

function ends(
  world: Reference,
  order: ReferenceOrder,
  input: Of<'canceled' | 'expired'>,
): OrderErrorCode | undefined {
  const end = input.event === 'canceled' ? 'Canceled' : 'Expired';
  const answers = input.event === 'canceled' && order.cancels > 0 && (input.reason ?? 0) <= 1;
  if (hasEnded(order)) {
    if (allFilled(order) || order.end !== end || world.venue) return 'ended';
    if (answers) order.cancels--;
    return undefined;
  }
  if (order.kind.tif === FOK && order.fills.length > 0) return 'partialFok';
  if (end === 'Expired' && input.reason === 2 && tradesAtOnce(order)) return 'wouldRest';
  const remainder = input.reason === 2 || input.reason === 3;
  const isKnown = order.kind.tif !== 0 && order.kind.type !== 0;
  if (end === 'Canceled' && remainder && isKnown && !tradesAtOnce(order)) return 'badReason';
  const { leavesLots } = input;
  if (leavesLots !== undefined && (leavesLots < 0 || leavesLots > leavesOf(order))) return 'leavesMismatch';
  if (world.venue) {
    if (!wasSeen(order)) return 'neverAccepted';
    if (leavesLots !== undefined && leavesLots !== leavesOf(order)) return 'leavesMismatch';
  }
  order.end = end;
  if (answers) order.cancels--;
  return undefined;
}

function amended(
  world: Reference,
  order: ReferenceOrder,
  input: Of<'replaced' | 'amended'>,
): OrderErrorCode | undefined {
  const answers = input.event === 'replaced';
  if (hasEnded(order)) return 'ended';
  if (answers && order.replaces.length === 0) return 'notPending';
  if (world.venue && !wasSeen(order)) return 'neverAccepted';
  if (!answers && tradesAtOnce(order) && (input.reason ?? 0) <= 1) return 'wouldRest';
  const asked = answers ? order.replaces[0] : undefined;
  const price = input.priceTicks ?? asked?.price;
  if (price !== undefined && order.kind.type === MARKET) return 'badPrice';
  const cum = cumOf(order);
  const { qtyLots, leavesLots } = input;
  if (qtyLots !== undefined && (qtyLots < 1 || (leavesLots ?? 0) > qtyLots)) return 'badQty';
  if (leavesLots !== undefined && leavesLots < 0) return 'badQty';
  if (world.venue && qtyLots !== undefined && leavesLots !== undefined && qtyLots - leavesLots !== cum) {
    return 'leavesMismatch';
  }
  let total = order.total;
  if (qtyLots !== undefined) total = qtyLots;
  else if (leavesLots !== undefined) total = cum + leavesLots;
  else if (asked?.qty !== undefined) {
    total = asked.mode === 1 ? asked.qty : asked.mode === 2 ? cum + asked.qty : order.total - asked.qty;
  }
  total = Math.max(total, cum);
  if (total < 1 || total > Number.MAX_SAFE_INTEGER) return 'badQty';
  if (answers) order.replaces.shift();
  order.changed = true;
  order.total = total;
  if (price !== undefined) order.price = price;
  return undefined;
}
