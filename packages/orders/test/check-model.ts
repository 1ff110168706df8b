/** Random events of few orders to a store and to the quick check beside it, which have to agree on each. */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { BLANK, FLAG_LAST, Kind, NONE, SIDE_BUY, SIDE_MASK, SIDE_SELL } from '@truetape/contracts';
import type { Event, Fill } from '@truetape/contracts';
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
  isEnded,
  orderCheckOf,
  ordersOf,
  restoreOrders,
  saveOrders,
} from '@truetape/orders';
import type { OrderCheck, OrderError, Orders, OrderState } from '@truetape/orders';

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
  /** What of it is bent; most are of one kind of event alone. */
  readonly bend: number;
  readonly n: number;
  readonly last: boolean;
}

const draw: fc.Arbitrary<Draw> = fc.record({
  what: fc.nat(28),
  id: fc.nat(3),
  other: fc.nat(3),
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
const IDS = [0, 4_294_967_296, 4_294_967_296 * 64 + 64, 2 ** 51 + 1];

/** Which event an order is for: mostly one that it waits for. */
function steer(state: OrderState | undefined, { what, bend }: Draw): number {
  if (bend > 6) return what;
  if (state === undefined || isEnded(state)) return NEW;
  return state === 'PendingNew' && what < 19 ? ACCEPTED : what;
}

const NEW = 0;
const ACCEPTED = 2;

function newOrder(place: object, { bend, n }: Draw, priceTicks: number): Event {
  const flags = n % 2 === 0 ? SIDE_BUY : SIDE_SELL;
  const type = [1, 1, 1, 1, 2, 0, 1][(bend + n) % 7];
  const tif = [1, 1, 1, 1, 2, 3, 0, 1][(bend * 3 + n) % 8];
  const price = type === 2 && bend < 6 ? NONE : priceTicks;
  const qtyLots = bend === 5 ? n - 2 : 2 + n;
  return { ...BLANK.NewOrder, ...place, flags, type, tif, priceTicks: price, qtyLots };
}

/** A fill of two orders; one in ten is an earlier one again, or nearly. */
function fill(orders: Orders, one: Draw, step: number, fills: readonly Fill[]): Fill {
  const { id, other, instrument, bend, n } = one;
  const last = fills.at(-1 - n);
  if (bend === 6 && last !== undefined) {
    const again = [{}, {}, { qtyLots: last.qtyLots + 1 }, { priceTicks: 1 }, { tradeId: last.tradeId - 1 }];
    return { ...last, ...again[n % 5] };
  }
  const makerOrderId = IDS[id];
  const takerOrderId = bend === 9 ? NONE : IDS[other];
  const makerOpen = findOrder(orders, makerOrderId, instrument)?.leavesLots ?? 0;
  const takerOpen = findOrder(orders, takerOrderId, instrument)?.leavesLots ?? 0;
  const most = Math.max(1, Math.min(makerOpen, takerOpen));
  const qtyLots = bend === 5 ? n - 2 : bend === 4 ? Math.max(makerOpen, takerOpen) : 1 + (n % most);
  const makerLeaves = makerOpen - qtyLots + (bend === 3 && n < 4 ? 1 : 0);
  const takerLeaves = takerOpen - qtyLots - (bend === 3 && n > 6 ? 1 : 0);
  const leaves = bend === 8 ? { makerLeaves: NONE, takerLeaves: NONE } : { makerLeaves, takerLeaves };
  const priceTicks = bend === 7 && n < 2 ? NONE : 95 + n;
  const tradeId = bend === 7 && n > 7 ? NONE : bend === 2 ? (last?.tradeId ?? 0) : 2 * (step + 1);
  const ids = { makerOrderId, takerOrderId };
  return { ...BLANK.Fill, instrument, tradeId, priceTicks, qtyLots, ...ids, ...leaves };
}

/** The next event of a venue that mostly has it right. */
function eventOf(orders: Orders, one: Draw, step: number, fills: readonly Fill[]): Event {
  const { instrument, bend, n } = one;
  const orderId = IDS[one.id];
  const order = findOrder(orders, orderId, instrument);
  const place = { instrument, orderId, flags: one.last ? FLAG_LAST : 0 };
  const priceTicks = bend === 6 ? NONE : 95 + n;
  const open = bend === 7 ? n - 1 : bend === 8 ? NONE : (order?.leavesLots ?? 0);
  switch (steer(order?.state, one)) {
    case NEW:
    case 1:
      return newOrder(place, one, priceTicks);
    case ACCEPTED:
    case 3: {
      const price = order?.type === 2 && bend < 6 ? NONE : priceTicks;
      return { ...BLANK.Accepted, ...place, priceTicks: price, leavesLots: open };
    }
    case 4:
    case 5:
      return { ...BLANK.CancelOrder, ...place, reason: n % 3 };
    case 6:
    case 7:
      return { ...BLANK.Canceled, ...place, canceledLots: open, reason: n % 6 };
    case 8:
    case 9:
    case 10:
      return { ...BLANK.AmendOrder, ...place, priceTicks, qtyLots: bend === 5 ? n : NONE, qtyMode: n % 4 };
    case 11:
    case 12:
    case 13: {
      const leavesLots = bend === 5 ? n - 2 : open;
      return { ...BLANK.Amended, ...place, priceTicks, leavesLots, reason: bend < 4 ? 1 : n % 5 };
    }
    case 14:
      return { ...BLANK.Expired, ...place, expiredLots: open, reason: n % 3 };
    case 15:
    case 16:
    case 17: {
      const named = bend === 9 ? NONE : orderId;
      const command = order?.state === 'PendingNew' ? 0 : (bend + n) % 4;
      return { ...BLANK.Rejected, ...place, orderId: named, command: COMMANDS[command], code: n };
    }
    default:
      return { ...fill(orders, one, step, fills), flags: place.flags };
  }
}

/** Applies the events to both; what they say of each has to be equal, and their bytes at the end. */
export function compareLives(config: { liveMax: number; endedMax: number }, lives: readonly Draw[]): void {
  const orders = createOrders({ observer: 'venue', ...config });
  let check = createOrderCheck(config);
  const fills: Fill[] = [];
  let before: { readonly copy: Orders; readonly bytes: Uint8Array } | undefined;
  lives.forEach((one, step) => {
    const event = eventOf(orders, one, step, fills);
    if (event.kind === Kind.Fill) fills.push(event);
    const told = tellCheck(check, event);
    const expected = applyEvent(orders, event);
    // An expectation takes longer than all the rest, and most of them would be of nothing.
    if (told !== expected) expect([step, event.kind, told]).toEqual([step, event.kind, expected]);
    const isCounted = check.liveCount === orders.liveCount && check.endedCount === orders.endedCount;
    if (!isCounted) expect.fail(`step ${step}: counts differ`);
    if (one.n === 4 && one.bend === 4 && before === undefined) {
      const copy = ordersOf(check);
      before = { copy, bytes: saveOrders(copy) };
    }
    if (one.n !== 3 || one.bend !== 3) return;
    // Saved, restored, and on.
    const bytes = saveOrders(ordersOf(check));
    expect(Buffer.from(bytes)).toEqual(Buffer.from(saveOrders(orders)));
    const restored = restoreOrders(bytes);
    check = orderCheckOf(restored.ok ? restored.value : orders)!;
  });
  expect(Buffer.from(saveOrders(ordersOf(check)))).toEqual(Buffer.from(saveOrders(orders)));
  // What was looked at is not what goes on.
  if (before !== undefined) expect(Buffer.from(saveOrders(before.copy))).toEqual(Buffer.from(before.bytes));
}
