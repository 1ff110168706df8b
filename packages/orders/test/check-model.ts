/** Random events of few orders to a store and to the quick check beside it, which have to agree on each. */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { BLANK, FLAG_LAST, Kind, NONE, SIDE_BUY, SIDE_MASK, SIDE_SELL } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import {
  applyEvent,
  checkAccepted,
  checkAmended,
  checkAmendRequest,
  checkCanceled,
  checkCancelRequest,
  checkExpired,
  checkFill,
  checkNew,
  checkRejected,
  createOrderCheck,
  createOrders,
  findOrder,
  orderCheckOf,
  ordersOf,
  restoreOrders,
  saveOrders,
} from '@truetape/orders';
import type { OrderCheck, OrderError, Orders } from '@truetape/orders';

/** Tells the check an event by its numbers. */
export function tellCheck(check: OrderCheck, event: Event): OrderError | undefined {
  const { instrument } = event;
  const isLast = (event.flags & FLAG_LAST) !== 0;
  switch (event.kind) {
    case Kind.NewOrder: {
      const { orderId, type, tif, priceTicks, qtyLots, flags } = event;
      return checkNew(check, instrument, orderId, flags & SIDE_MASK, type, tif, priceTicks, qtyLots);
    }
    case Kind.CancelOrder:
      return checkCancelRequest(check, instrument, event.orderId, event.reason);
    case Kind.AmendOrder: {
      const { orderId, priceTicks, qtyLots, qtyMode } = event;
      return checkAmendRequest(check, instrument, orderId, priceTicks, qtyLots, qtyMode);
    }
    case Kind.Accepted: {
      const { orderId, priceTicks, leavesLots } = event;
      return checkAccepted(check, instrument, orderId, priceTicks, leavesLots, isLast);
    }
    case Kind.Rejected: {
      const { orderId, command, code } = event;
      return checkRejected(check, instrument, orderId, command, code, isLast);
    }
    case Kind.Fill: {
      const { tradeId, priceTicks, qtyLots, makerOrderId, takerOrderId, makerLeaves, takerLeaves } = event;
      const leaves = [makerLeaves, takerLeaves] as const;
      const ids = [makerOrderId, takerOrderId] as const;
      return checkFill(check, instrument, tradeId, priceTicks, qtyLots, ...ids, ...leaves, isLast);
    }
    case Kind.Canceled:
      return checkCanceled(check, instrument, event.orderId, event.canceledLots, event.reason, isLast);
    case Kind.Expired:
      return checkExpired(check, instrument, event.orderId, event.expiredLots, event.reason, isLast);
    case Kind.Amended: {
      const { orderId, priceTicks, leavesLots, reason } = event;
      return checkAmended(check, instrument, orderId, priceTicks, leavesLots, reason, isLast);
    }
    default:
      return undefined;
  }
}

/** Small numbers from which an event is made: what happens, to which orders, and what is wrong with it. */
interface Draw {
  readonly what: number;
  readonly id: number;
  readonly other: number;
  readonly instrument: number;
  /** 0 to 5: as a venue has it; above: a field is bent. */
  readonly bend: number;
  readonly n: number;
  readonly last: boolean;
}

const draw: fc.Arbitrary<Draw> = fc.record({
  what: fc.nat(24),
  id: fc.nat(4),
  other: fc.nat(4),
  instrument: fc.constantFrom(1, 1, 1, 40_000),
  bend: fc.nat(9),
  n: fc.nat(9),
  last: fc.boolean(),
});

export const limits: fc.Arbitrary<{ liveMax: number; endedMax: number }> = fc.record({
  liveMax: fc.constantFrom(2, 5, 1000),
  endedMax: fc.constantFrom(0, 1, 3, 1000),
});

export const draws: fc.Arbitrary<Draw[]> = fc.array(draw, { maxLength: 160, size: 'max' });

const COMMANDS = [Kind.NewOrder, Kind.CancelOrder, Kind.AmendOrder, Kind.CancelAll];
/** Ids of the wire, far apart: the last ones are beyond 32 bits. */
const IDS = [0, 64, 4_294_967_296, 4_294_967_296 * 64 + 64, 2 ** 51 + 1];

/** The next event of a venue that mostly has it right. */
function eventOf(orders: Orders, { what, id, other, instrument, bend, n, last }: Draw, step: number): Event {
  const orderId = IDS[id];
  const order = findOrder(orders, orderId, instrument);
  const place = { instrument, flags: last ? FLAG_LAST : 0 };
  const own = { ...place, orderId };
  const priceTicks = bend === 6 ? NONE : 95 + n;
  const leaves = order?.leavesLots ?? 0;
  const bentLeaves = bend === 7 ? n - 1 : bend === 8 ? NONE : undefined;
  if (what < 5 && (order === undefined || bend > 5)) {
    const flags = n % 2 === 0 ? SIDE_BUY : SIDE_SELL;
    const type = [1, 1, 1, 2, 0][bend % 5];
    const tif = [1, 1, 1, 2, 3, 0][(bend + n) % 6];
    const price = type === 2 && bend < 6 ? NONE : priceTicks;
    return {
      ...BLANK.NewOrder,
      ...own,
      flags,
      type,
      tif,
      priceTicks: price,
      qtyLots: bend === 9 ? n - 2 : 1 + n,
    };
  }
  if (what < 9) {
    const leavesLots = bentLeaves ?? order?.qtyLots ?? n;
    return {
      ...BLANK.Accepted,
      ...own,
      priceTicks: order?.type === 2 && bend < 6 ? NONE : priceTicks,
      leavesLots,
    };
  }
  if (what < 14) {
    const takerOrderId = bend === 9 ? NONE : IDS[other];
    const taker = findOrder(orders, takerOrderId, instrument);
    const most = Math.max(1, Math.min(leaves, taker?.leavesLots ?? 0));
    const qtyLots = bend === 7 ? n - 1 : 1 + (n % most);
    const tradeId = n === 9 ? NONE : bend === 8 ? step >>> 2 : step + 1;
    const makerLeaves = bend === 5 ? NONE : leaves - qtyLots + (bend === 4 && n === 1 ? 1 : 0);
    const takerLeaves = (taker?.leavesLots ?? 0) - qtyLots;
    const ids = { makerOrderId: orderId, takerOrderId, makerLeaves, takerLeaves };
    return { ...BLANK.Fill, ...place, tradeId, priceTicks, qtyLots, ...ids };
  }
  switch (what) {
    case 14:
    case 15:
      return { ...BLANK.CancelOrder, ...own, reason: n % 3 };
    case 16:
      return { ...BLANK.Canceled, ...own, canceledLots: bentLeaves ?? leaves, reason: n % 6 };
    case 17:
    case 18:
      return { ...BLANK.AmendOrder, ...own, priceTicks, qtyLots: bentLeaves ?? NONE, qtyMode: n % 4 };
    case 19:
    case 20:
      return {
        ...BLANK.Amended,
        ...own,
        priceTicks,
        leavesLots: bentLeaves ?? leaves,
        reason: bend < 5 ? 1 : n % 5,
      };
    case 21:
      return { ...BLANK.Expired, ...own, expiredLots: bentLeaves ?? leaves, reason: n % 3 };
    case 22:
    case 23:
      return { ...BLANK.Rejected, ...own, command: COMMANDS[bend % 4], code: n };
    default:
      return {
        ...BLANK.Rejected,
        ...own,
        orderId: bend === 9 ? NONE : orderId,
        command: COMMANDS[n % 4],
        code: bend,
      };
  }
}

/** Applies the events to both; what they say of each has to be equal, and their bytes at the end. */
export function compareLives(config: { liveMax: number; endedMax: number }, lives: readonly Draw[]): void {
  const orders = createOrders({ observer: 'venue', ...config });
  let check = createOrderCheck(config);
  lives.forEach((one, step) => {
    const event = eventOf(orders, one, step);
    const told = tellCheck(check, event);
    const expected = applyEvent(orders, event);
    // An expectation takes longer than all the rest, and most of them would be of nothing.
    if (told !== expected) expect([step, event.kind, told]).toEqual([step, event.kind, expected]);
    const isCounted = check.liveCount === orders.liveCount && check.endedCount === orders.endedCount;
    if (!isCounted) expect.fail(`step ${step}: counts differ`);
    if (one.n !== 3 || one.bend !== 3) return;
    // Saved, restored, and on.
    const bytes = saveOrders(ordersOf(check));
    expect(Buffer.from(bytes)).toEqual(Buffer.from(saveOrders(orders)));
    const restored = restoreOrders(bytes);
    check = orderCheckOf(restored.ok ? restored.value : orders)!;
  });
  expect(Buffer.from(saveOrders(ordersOf(check)))).toEqual(Buffer.from(saveOrders(orders)));
}
