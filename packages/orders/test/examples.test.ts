// One example for each function of the public surface, in the order of the README; all of them are run here.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { BLANK, Kind, NONE, SIDE_BUY, SIDE_SELL, codeOfName } from '@truetape/contracts';
import * as surface from '@truetape/orders';
import {
  apply,
  applyEvent,
  averageTicks,
  check,
  checkAccepted,
  checkAmended,
  checkAmendRequest,
  checkCanceled,
  checkCancelRequest,
  checkExpired,
  checkFill,
  checkNew,
  checkRejected,
  createEventOutcome,
  createOrderCheck,
  createOrders,
  createTransition,
  findOrder,
  fineNotionalOf,
  hashOrders,
  illegalCode,
  isEnded,
  NEED_ERRORS,
  notionalOf,
  ORDER_ERRORS,
  ORDER_EVENTS,
  ORDER_STATES,
  orderCheckOf,
  orderReason,
  ordersOf,
  ORDERS_STATE_VERSION,
  REASON_VOCABULARIES,
  restoreOrders,
  retire,
  saveOrders,
  transitionReason,
  TRANSITIONS,
} from '@truetape/orders';

const sent = { event: 'submit', orderId: 1, qtyLots: 3, priceTicks: 100 } as const;

test('createOrders, apply: an order is sent and filled', () => {
  const orders = createOrders();
  apply(orders, sent);
  apply(orders, { event: 'fill', orderId: 1, tradeId: 7, priceTicks: 100, qtyLots: 1 });
  expect(orders.liveCount).toBe(1);
  expect(apply(orders, { event: 'rejected', orderId: 1 })).toEqual({
    code: 'alreadyAccepted',
    state: 'PartiallyFilled',
    event: 'rejected',
    why: 'the venue has accepted the order already',
    instrument: 0,
    orderId: 1,
  });
});

test('createTransition, transitionReason: what an event did', () => {
  const orders = createOrders();
  const out = createTransition();
  apply(orders, sent, out);
  apply(orders, { event: 'canceled', orderId: 1, reason: codeOfName('cancelReason', 'selfTrade')! }, out);
  expect([out.from, out.to, out.outcome, transitionReason(out)]).toEqual([
    'PendingNew',
    'Canceled',
    'applied',
    'selfTrade',
  ]);
});

test('findOrder, orderReason: an order as it is now', () => {
  const orders = createOrders();
  apply(orders, sent);
  apply(orders, { event: 'rejected', orderId: 1, code: codeOfName('rejectCode', 'badPrice')! });
  const order = findOrder(orders, 1)!;
  expect([order.state, order.leavesLots, orderReason(order)]).toEqual(['Rejected', 0, 'badPrice']);
});

test('notionalOf, averageTicks, fineNotionalOf: what was paid, exactly', () => {
  const orders = createOrders();
  apply(orders, sent);
  apply(orders, { event: 'fill', orderId: 1, tradeId: 7, priceTicks: 100, qtyLots: 1 });
  apply(orders, { event: 'fill', orderId: 1, tradeId: 8, priceTicks: 101, qtyLots: 2 });
  const order = findOrder(orders, 1)!;
  expect([notionalOf(order), averageTicks(order, 4), fineNotionalOf(order)]).toEqual([302n, '100.6667', 0n]);
});

test('applyEvent, createEventOutcome: events of a tape', () => {
  const orders = createOrders({ observer: 'venue' });
  const out = createEventOutcome();
  const order = { ...BLANK.NewOrder, flags: SIDE_BUY, type: 1, tif: 1, priceTicks: 100, qtyLots: 3 };
  for (const orderId of [1, 2]) {
    applyEvent(orders, { ...order, instrument: 1, orderId });
    applyEvent(orders, { ...BLANK.Accepted, instrument: 1, orderId, leavesLots: 3 });
  }
  const fill = { ...BLANK.Fill, instrument: 1, tradeId: 9, priceTicks: 100, qtyLots: 3 };
  applyEvent(orders, { ...fill, makerOrderId: 1, takerOrderId: 2, makerLeaves: 0, takerLeaves: 0 }, out);
  expect(out.transitions.slice(0, out.count).map(({ to }) => to)).toEqual(['Filled', 'Filled']);
});

test('saveOrders, restoreOrders, hashOrders: a store as bytes', () => {
  const orders = createOrders();
  apply(orders, sent);
  const restored = restoreOrders(saveOrders(orders));
  const sha256 = (): ReturnType<typeof createHash> => createHash('sha256');
  expect(restored.ok && hashOrders(restored.value, sha256)).toEqual(hashOrders(orders, sha256));
  expect(saveOrders(orders)[8]).toBe(ORDERS_STATE_VERSION);
});

test('createOrderCheck, checkNew, checkAccepted, checkFill: a venue is followed in numbers', () => {
  const quick = createOrderCheck({ endedMax: 1000 });
  checkNew(quick, 1, 5, SIDE_BUY, 1, 1, 100, 3);
  checkAccepted(quick, 1, 5, 100, 3, true);
  checkNew(quick, 1, 6, SIDE_SELL, 1, 1, 100, 2);
  checkAccepted(quick, 1, 6, 100, 2, false);
  // Trade 9 of two lots at 100: the maker has one left, it says, and the taker none.
  expect(checkFill(quick, 1, 9, 100, 2, 5, 6, 1, 0, true)).toBeUndefined();
  expect(checkFill(quick, 1, 9, 100, 1, 5, 6, 0, 0, true)?.why).toBe(
    'the trade id stands for another fill of this order: it was 2 at 100',
  );
});

test('checkAmendRequest, checkAmended, checkCancelRequest, checkRejected, checkCanceled, checkExpired', () => {
  const quick = createOrderCheck();
  checkNew(quick, 1, 5, SIDE_BUY, 1, 1, 100, 3);
  checkAccepted(quick, 1, 5, 100, 3, true);
  checkAmendRequest(quick, 1, 5, 101, NONE, 0);
  checkAmended(quick, 1, 5, 101, 3, codeOfName('amendReason', 'requested')!, true);
  checkCancelRequest(quick, 1, 5, 0);
  checkRejected(quick, 1, 5, Kind.CancelOrder, codeOfName('rejectCode', 'notOwner')!, true);
  expect(checkCanceled(quick, 1, 5, 4, 1, true)?.why).toBe(
    'the quantity that the venue states is not the one that follows from its reports: 4 where 3 of 3 remain',
  );
  expect(checkExpired(quick, 1, 5, 3, 0, true)).toBeUndefined();
});

test('ordersOf, orderCheckOf: a check as a store, and back', () => {
  const quick = createOrderCheck();
  checkNew(quick, 1, 5, SIDE_BUY, 1, 1, 100, 3);
  const orders = ordersOf(quick);
  expect(findOrder(orders, 5, 1)?.state).toBe('PendingNew');
  expect(saveOrders(ordersOf(orderCheckOf(orders)!))).toEqual(saveOrders(orders));
});

test('retire, check: an ended order is forgotten', () => {
  const orders = createOrders();
  apply(orders, sent);
  expect(retire(orders, 1)).toBe(false);
  apply(orders, { event: 'canceled', orderId: 1 });
  expect(retire(orders, 1)).toBe(true);
  check(orders);
});

test('TRANSITIONS, illegalCode, isEnded: the table as data', () => {
  expect(TRANSITIONS.PendingCancel.legal.rejected).toEqual({ to: ['Rejected'], needs: 'unaccepted' });
  expect(NEED_ERRORS.unaccepted).toBe('alreadyAccepted');
  expect(ORDER_ERRORS[illegalCode('Rejected', 'fill')]).toBe('the venue has rejected the order');
  expect(ORDER_STATES.filter(isEnded)).toEqual(['Filled', 'Canceled', 'Rejected', 'Expired']);
  expect(ORDER_EVENTS.length * ORDER_STATES.length).toBe(130);
  expect(REASON_VOCABULARIES.canceled).toBe('cancelReason');
});

// Fails when a function is added to the surface, or taken from it, and this page is not.
test('the surface is what stands here', () => {
  expect(Object.keys(surface).sort()).toEqual(
    [
      'NEED_ERRORS',
      'ORDERS_STATE_VERSION',
      'ORDER_ERRORS',
      'ORDER_EVENTS',
      'ORDER_STATES',
      'REASON_VOCABULARIES',
      'TRANSITIONS',
      'apply',
      'applyEvent',
      'averageTicks',
      'check',
      'checkAccepted',
      'checkAmendRequest',
      'checkAmended',
      'checkCancelRequest',
      'checkCanceled',
      'checkExpired',
      'checkFill',
      'checkNew',
      'checkRejected',
      'createEventOutcome',
      'createOrderCheck',
      'createOrders',
      'createTransition',
      'findOrder',
      'fineNotionalOf',
      'hashOrders',
      'illegalCode',
      'isEnded',
      'notionalOf',
      'orderCheckOf',
      'orderReason',
      'ordersOf',
      'restoreOrders',
      'retire',
      'saveOrders',
      'transitionReason',
    ].sort(),
  );
});
