/** Random events of few orders, most of which could happen, and what is compared behind each of them. */
import { NONE } from '@truetape/contracts';
import type { RandomStream } from '@truetape/kernel';
import {
  apply,
  check,
  createTransition,
  findOrder,
  fineNotionalOf,
  isEnded,
  notionalOf,
  ORDER_EVENTS,
  saveOrders,
} from '@truetape/orders';
import type { OrderInput, OrderState, Orders } from '@truetape/orders';
import { cumOf, leavesOf, referenceApply, stateOf } from './reference.ts';
import type { Reference } from './reference.ts';

const maybe = <T extends object>(random: RandomStream, one: number, value: T): T | object =>
  random.nextInt(one) === 0 ? value : {};

/**
 * The next event: of any kind, with small numbers, so that they meet. Ids move on with the steps, since most
 * orders end soon; one that is not known is submitted more often than not.
 */
export function randomInput(random: RandomStream, step: number, orders: Orders): OrderInput {
  const orderId = (step >>> 5) + random.nextInt(3);
  const isKnown = findOrder(orders, orderId) !== undefined;
  // Fills and requests more often than the rest; the end less often, so that lives are long.
  const weighted = [
    'fill',
    'fill',
    'accepted',
    'accepted',
    'cancelRequest',
    'cancelRejected',
    'replaceRequest',
    'replaced',
    'canceled',
  ] as const;
  const drawn =
    random.nextInt(5) > 1
      ? weighted[random.nextInt(weighted.length)]
      : ORDER_EVENTS[random.nextInt(ORDER_EVENTS.length)];
  const event = !isKnown && random.nextInt(4) > 0 ? 'submit' : drawn;
  const price = { priceTicks: 98 + random.nextInt(5) };
  const reason = maybe(random, 2, { reason: random.nextInt(7) });
  const leaves = maybe(random, 4, { leavesLots: random.nextInt(12) - 1 });
  switch (event) {
    case 'submit':
      return {
        event,
        orderId,
        qtyLots: random.nextInt(13) - 1,
        tif: [0, 1, 1, 1, 2, 3][random.nextInt(6)],
        type: [0, 1, 1, 2][random.nextInt(4)],
        ...maybe(random, 2, price),
      };
    case 'fill':
      return {
        event,
        orderId,
        qtyLots: random.nextInt(6),
        ...maybe(random, 1, random.nextInt(12) === 0 ? { priceFine: 5 } : price),
        ...maybe(random, 1, random.nextInt(5) === 0 ? {} : { tradeId: random.nextInt(30) }),
        ...maybe(random, 6, { liquidity: random.nextInt(3) }),
        ...leaves,
      };
    case 'accepted':
      return { event, orderId, ...maybe(random, 3, price), ...leaves };
    case 'replaceRequest':
      return {
        event,
        orderId,
        ...maybe(random, 2, price),
        ...maybe(random, 2, { qtyLots: random.nextInt(14) - 1, qtyMode: random.nextInt(4) }),
      };
    case 'replaced':
    case 'amended':
      return {
        event,
        orderId,
        ...maybe(random, 3, price),
        ...maybe(random, 3, { qtyLots: random.nextInt(14) - 1 }),
        ...maybe(random, 3, { leavesLots: random.nextInt(14) - 1 }),
        ...reason,
      };
    case 'canceled':
    case 'expired':
      return { event, orderId, ...reason, ...leaves };
    case 'cancelRequest':
      return { event, orderId, ...reason };
    case 'rejected':
    case 'cancelRejected':
    case 'replaceRejected':
      return { event, orderId, ...maybe(random, 2, { code: random.nextInt(10) }) };
    case 'rested':
      return { event, orderId };
  }
}

/** How often what was seen: outcomes, errors, transitions. */
export type Coverage = Map<string, number>;

const count = (coverage: Coverage, what: string): void => {
  coverage.set(what, (coverage.get(what) ?? 0) + 1);
};

const out = createTransition();

/** Applies an event to both, and tells the first difference. */
export function compareStep(
  orders: Orders,
  reference: Reference,
  input: OrderInput,
  coverage: Coverage,
  thorough: boolean,
): string | undefined {
  const before = findOrder(orders, input.orderId);
  const was = before === undefined ? undefined : { ...before };
  const bytes = thorough ? saveOrders(orders) : undefined;
  const expected = referenceApply(reference, input);
  const error = apply(orders, input, out);
  if (error?.code !== expected) return `error ${error?.code ?? 'none'}, expected ${expected ?? 'none'}`;
  const from: OrderState = was?.state ?? 'New';
  count(coverage, error === undefined ? `${out.from} ${input.event} ${out.to}` : `error ${error.code}`);
  if (error === undefined) count(coverage, `outcome ${out.outcome}`);
  const order = findOrder(orders, input.orderId);
  const plain = reference.orders.get(input.orderId);
  if (stateOf(plain) !== (order?.state ?? 'New')) return `state ${order?.state}, expected ${stateOf(plain)}`;
  if (thorough) {
    check(orders);
    if (error !== undefined && !sameBytes(bytes!, saveOrders(orders))) return 'an error changed something';
  }
  if (order === undefined || plain === undefined) return undefined;
  let notional = 0n;
  let fine = 0n;
  for (const { trade } of plain.fills) {
    const [ticks, fineTicks] = trade.price.split(' ');
    if (ticks === 'undefined') fine += BigInt(fineTicks) * BigInt(trade.qty);
    else notional += BigInt(ticks) * BigInt(trade.qty);
  }
  const same =
    order.cumLots === cumOf(plain) &&
    order.leavesLots === leavesOf(plain) &&
    order.qtyLots === plain.total &&
    order.priceTicks === (plain.price ?? NONE) &&
    order.lateFills === plain.lateFills &&
    order.lateLots === plain.lateLots &&
    order.pendingCancels === plain.cancels &&
    order.pendingReplaces === plain.replaces.length &&
    notionalOf(order) === notional &&
    fineNotionalOf(order) === fine;
  if (!same)
    return `${order.state} of ${order.cumLots}/${order.qtyLots} differs from ${JSON.stringify(plain)}`;
  // A new life under the same id begins again; apart from that, what has ended moves by late fills alone.
  if (was === undefined || input.event === 'submit') return undefined;
  if (order.cumLots < was.cumLots) return 'filled quantity fell';
  if (isEnded(from) && out.outcome !== 'late' && error === undefined) {
    if (order.state !== from || order.cumLots !== was.cumLots)
      return 'an ended order changed without a late fill';
  }
  return undefined;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
