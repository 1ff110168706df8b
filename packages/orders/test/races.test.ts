import { describe, expect, test } from 'vitest';
import { codeOfName } from '@truetape/contracts';
import { apply, check, createOrders, createTransition, findOrder, transitionReason } from '@truetape/orders';
import type { OrderInput, Orders } from '@truetape/orders';

const IOC = codeOfName('tif', 'IOC')!;
const FOK = codeOfName('tif', 'FOK')!;
const GTC = codeOfName('tif', 'GTC')!;
const LIMIT = codeOfName('orderType', 'limit')!;
const MARKET = codeOfName('orderType', 'market')!;
const id = { orderId: 1 };
const submit: OrderInput = { ...id, event: 'submit', qtyLots: 10, priceTicks: 100, type: LIMIT, tif: GTC };
const fill = (qtyLots: number, tradeId: number, priceTicks = 100): OrderInput => ({
  ...id,
  event: 'fill',
  qtyLots,
  tradeId,
  priceTicks,
});
const plain = (event: 'accepted' | 'cancelRequest' | 'canceled' | 'expired' | 'rested'): OrderInput => ({
  ...id,
  event,
});
const refused = (event: 'rejected' | 'cancelRejected' | 'replaceRejected', code = 0): OrderInput => ({
  ...id,
  event,
  code,
});
const request = (more: { priceTicks?: number; qtyLots?: number; qtyMode?: number }): OrderInput => ({
  ...id,
  event: 'replaceRequest',
  ...more,
});
const replaced = (more: { priceTicks?: number; qtyLots?: number; leavesLots?: number } = {}): OrderInput => ({
  ...id,
  event: 'replaced',
  ...more,
});

/** State, filled, open and reason behind each event, as one word each; an error as its code. */
function story(orders: Orders, ...inputs: readonly OrderInput[]): string[] {
  const out = createTransition();
  return inputs.map((input) => {
    const error = apply(orders, input, out);
    check(orders);
    const { order } = out;
    if (error !== undefined) return `${error.code} in ${error.state}`;
    return `${order!.state} ${order!.cumLots}/${order!.leavesLots} ${transitionReason(out)}`;
  });
}

const run = (...inputs: readonly OrderInput[]): string[] => story(createOrders(), ...inputs).slice(1);

describe('races that venues produce', () => {
  test.each<[string, readonly OrderInput[], readonly string[]]>([
    [
      'a fill before the ack, and the ack behind it',
      [submit, fill(4, 1), plain('accepted'), fill(6, 2), plain('accepted')],
      [
        'PartiallyFilled 4/6 fill',
        'PartiallyFilled 4/6 accepted',
        'Filled 10/0 fill',
        'Filled 10/0 duplicate',
      ],
    ],
    [
      'an ack behind the last fill',
      [submit, fill(10, 1), plain('accepted'), plain('accepted')],
      ['Filled 10/0 fill', 'Filled 10/0 accepted', 'Filled 10/0 duplicate'],
    ],
    [
      'a rejection behind a fill or an ack contradicts it',
      [submit, fill(4, 1), refused('rejected', 1)],
      ['PartiallyFilled 4/6 fill', 'alreadyAccepted in PartiallyFilled'],
    ],
    [
      'a rejected cancel leaves no trace but the fills since',
      [submit, plain('accepted'), plain('cancelRequest'), fill(3, 1), refused('cancelRejected', 6)],
      [
        'Accepted 0/10 accepted',
        'PendingCancel 0/10 cancelRequest',
        'PendingCancel 3/7 fill',
        'PartiallyFilled 3/7 notOwner',
      ],
    ],
    [
      'a rejected cancel before the ack',
      [submit, plain('cancelRequest'), refused('cancelRejected'), plain('accepted')],
      ['PendingCancel 0/10 cancelRequest', 'PendingNew 0/10 cancelRejected', 'Accepted 0/10 accepted'],
    ],
    [
      'an order rejected while its cancel is on the way, whose refusal comes too',
      [
        submit,
        plain('cancelRequest'),
        refused('rejected', 1),
        refused('cancelRejected', 5),
        refused('cancelRejected', 5),
      ],
      [
        'PendingCancel 0/10 cancelRequest',
        'Rejected 0/0 badQty',
        'Rejected 0/0 unknownOrder',
        'notPending in Rejected',
      ],
    ],
    [
      'a cancel that comes too late',
      [submit, plain('accepted'), plain('cancelRequest'), fill(10, 1), refused('cancelRejected', 5)],
      [
        'Accepted 0/10 accepted',
        'PendingCancel 0/10 cancelRequest',
        'Filled 10/0 fill',
        'Filled 10/0 unknownOrder',
      ],
    ],
    [
      'repeated cancel requests: pending until the last has its answer',
      [
        submit,
        plain('accepted'),
        plain('cancelRequest'),
        plain('cancelRequest'),
        refused('cancelRejected'),
        refused('cancelRejected'),
        refused('cancelRejected'),
      ],
      [
        'Accepted 0/10 accepted',
        'PendingCancel 0/10 cancelRequest',
        'PendingCancel 0/10 cancelRequest',
        'PendingCancel 0/10 cancelRejected',
        'Accepted 0/10 cancelRejected',
        'notPending in Accepted',
      ],
    ],
    [
      'the second of two cancels is refused behind the first',
      [
        submit,
        plain('accepted'),
        plain('cancelRequest'),
        plain('cancelRequest'),
        plain('canceled'),
        refused('cancelRejected', 5),
      ],
      [
        'Accepted 0/10 accepted',
        'PendingCancel 0/10 cancelRequest',
        'PendingCancel 0/10 cancelRequest',
        'Canceled 0/0 requested',
        'Canceled 0/0 unknownOrder',
      ],
    ],
    [
      'a cancel request while a replace is pending; both are answered',
      [
        submit,
        plain('accepted'),
        request({ qtyLots: 8 }),
        plain('cancelRequest'),
        refused('cancelRejected'),
        replaced(),
      ],
      [
        'Accepted 0/10 accepted',
        'PendingReplace 0/10 replaceRequest',
        'PendingCancel 0/10 cancelRequest',
        'PendingReplace 0/10 cancelRejected',
        'Accepted 0/8 replaced',
      ],
    ],
    [
      'a replace request while a cancel is pending; the replace is answered first',
      [
        submit,
        plain('accepted'),
        plain('cancelRequest'),
        request({ qtyLots: 8 }),
        replaced(),
        plain('canceled'),
      ],
      [
        'Accepted 0/10 accepted',
        'PendingCancel 0/10 cancelRequest',
        'PendingCancel 0/10 replaceRequest',
        'PendingCancel 0/8 replaced',
        'Canceled 0/0 requested',
      ],
    ],
    [
      'canceled while a replace is pending, whose refusal comes behind it',
      [
        submit,
        plain('accepted'),
        request({ qtyLots: 8 }),
        plain('canceled'),
        refused('replaceRejected', 5),
        replaced(),
      ],
      [
        'Accepted 0/10 accepted',
        'PendingReplace 0/10 replaceRequest',
        'Canceled 0/0 canceled',
        'Canceled 0/0 unknownOrder',
        'ended in Canceled',
      ],
    ],
    [
      'a rejected replace leaves no trace but the fills since',
      [submit, plain('accepted'), request({ priceTicks: 99 }), fill(2, 1), refused('replaceRejected', 2)],
      [
        'Accepted 0/10 accepted',
        'PendingReplace 0/10 replaceRequest',
        'PendingReplace 2/8 fill',
        'PartiallyFilled 2/8 badPrice',
      ],
    ],
    [
      'a replace below what has traded meanwhile: all of it is filled, and an overfill is one of the new quantity',
      [submit, plain('accepted'), request({ qtyLots: 4 }), fill(5, 1), replaced(), fill(1, 2)],
      [
        'Accepted 0/10 accepted',
        'PendingReplace 0/10 replaceRequest',
        'PendingReplace 5/5 fill',
        'Filled 5/0 replaced',
        'overfill in Filled',
      ],
    ],
    [
      'a replace down: an overfill is measured against the new quantity',
      [submit, plain('accepted'), request({ qtyLots: 4 }), replaced(), fill(5, 1), fill(4, 1)],
      [
        'Accepted 0/10 accepted',
        'PendingReplace 0/10 replaceRequest',
        'Accepted 0/4 replaced',
        'overfill in Accepted',
        'Filled 4/0 fill',
      ],
    ],
    [
      'a partial fill, then expiry, then late fills up to the whole',
      [submit, fill(4, 1), plain('expired'), fill(1, 2), fill(1, 2), fill(6, 3), fill(5, 3), fill(1, 4)],
      [
        'PartiallyFilled 4/6 fill',
        'Expired 4/0 expired',
        'Expired 5/0 lateFill',
        'Expired 5/0 duplicate',
        'overfill in Expired',
        'Filled 10/0 lateFill',
        'overfill in Filled',
      ],
    ],
    [
      'canceled without a request, before the ack, which comes behind it',
      [submit, plain('canceled'), plain('accepted'), plain('canceled'), fill(10, 1)],
      ['Canceled 0/0 canceled', 'Canceled 0/0 accepted', 'Canceled 0/0 duplicate', 'Filled 10/0 lateFill'],
    ],
    [
      'a fill of a rejected order is a contradiction',
      [submit, refused('rejected', 1), fill(1, 1), plain('accepted'), refused('rejected', 1)],
      [
        'Rejected 0/0 badQty',
        'rejectedOrder in Rejected',
        'rejectedOrder in Rejected',
        'Rejected 0/0 duplicate',
      ],
    ],
    [
      'the same trade again, and other data under its id',
      [submit, fill(3, 1), fill(3, 1), fill(3, 1, 101), fill(4, 1), fill(7, 2), fill(3, 1), fill(3, 1, 101)],
      [
        'PartiallyFilled 3/7 fill',
        'PartiallyFilled 3/7 duplicate',
        'tradeConflict in PartiallyFilled',
        'tradeConflict in PartiallyFilled',
        'Filled 10/0 fill',
        'Filled 10/0 duplicate',
        'tradeConflict in Filled',
      ],
    ],
    [
      'several replaces are answered in their order, each by what it asked for',
      [
        submit,
        plain('accepted'),
        request({ qtyLots: 7 }),
        request({ qtyLots: 3, qtyMode: 3 }),
        request({ qtyLots: 9, qtyMode: 2 }),
        replaced(),
        replaced(),
        fill(2, 1),
        replaced(),
      ],
      [
        'Accepted 0/10 accepted',
        'PendingReplace 0/10 replaceRequest',
        'PendingReplace 0/10 replaceRequest',
        'PendingReplace 0/10 replaceRequest',
        'PendingReplace 0/7 replaced',
        'PendingReplace 0/4 replaced',
        'PendingReplace 2/2 fill',
        'PartiallyFilled 2/9 replaced',
      ],
    ],
    [
      'a reduction is of the whole, what has traded included; prices off the grid conflict too',
      [
        submit,
        fill(2, 1),
        request({ qtyLots: 3, qtyMode: 3 }),
        replaced(),
        { ...id, event: 'fill', qtyLots: 1, priceFine: 5, tradeId: 2 },
        { ...id, event: 'fill', qtyLots: 1, priceFine: 6, tradeId: 2 },
      ],
      [
        'PartiallyFilled 2/8 fill',
        'PendingReplace 2/8 replaceRequest',
        'PartiallyFilled 2/5 replaced',
        'PartiallyFilled 3/4 fill',
        'tradeConflict in PartiallyFilled',
      ],
    ],
    [
      "the venue's numbers win over the request's",
      [
        submit,
        plain('accepted'),
        fill(2, 1),
        request({ qtyLots: 7 }),
        replaced({ leavesLots: 4 }),
        request({}),
        replaced({ qtyLots: 12 }),
      ],
      [
        'Accepted 0/10 accepted',
        'PartiallyFilled 2/8 fill',
        'PendingReplace 2/8 replaceRequest',
        'PartiallyFilled 2/4 replaced',
        'PendingReplace 2/4 replaceRequest',
        'PartiallyFilled 2/10 replaced',
      ],
    ],
    [
      'amended unasked, also while requests are pending',
      [
        submit,
        plain('accepted'),
        { ...id, event: 'amended', leavesLots: 6, reason: 3 },
        plain('cancelRequest'),
        { ...id, event: 'amended', leavesLots: 5, reason: 2 },
        refused('cancelRejected'),
        { ...id, event: 'amended', leavesLots: 0 },
      ],
      [
        'Accepted 0/10 accepted',
        'Accepted 0/6 selfTrade',
        'PendingCancel 0/6 cancelRequest',
        'PendingCancel 0/5 reduced',
        'Accepted 0/5 cancelRejected',
        'badQty in Accepted',
      ],
    ],
  ])('%s', (_, inputs, expected) => {
    expect(run(...inputs)).toEqual(expected);
  });
});

describe('orders that never rest', () => {
  const sent = (tif: number, type = LIMIT): OrderInput => {
    return {
      ...id,
      event: 'submit',
      qtyLots: 10,
      tif,
      type,
      ...(type === MARKET ? {} : { priceTicks: 100 }),
    };
  };
  const canceled = (reason: number): OrderInput => ({ ...id, event: 'canceled', reason });

  test.each<[string, readonly OrderInput[], readonly string[]]>([
    [
      'IOC: accepted, fills, the remainder canceled',
      [sent(IOC), plain('accepted'), fill(4, 1), canceled(2)],
      ['Accepted 0/10 accepted', 'PartiallyFilled 4/6 fill', 'Canceled 4/0 iocRemainder'],
    ],
    [
      'market: accepted, fills, the remainder canceled',
      [sent(0, MARKET), plain('accepted'), fill(4, 1), canceled(3)],
      ['Accepted 0/10 accepted', 'PartiallyFilled 4/6 fill', 'Canceled 4/0 marketRemainder'],
    ],
    [
      'an IOC may be asked to be canceled, and a late fill of it counts',
      [sent(IOC), plain('cancelRequest'), plain('accepted'), canceled(2), fill(10, 1)],
      [
        'PendingCancel 0/10 cancelRequest',
        'PendingCancel 0/10 accepted',
        'Canceled 0/0 iocRemainder',
        'Filled 10/0 lateFill',
      ],
    ],
    [
      'an IOC does not rest, is no maker, is not replaced, does not last a session',
      [
        sent(IOC),
        plain('accepted'),
        plain('rested'),
        { ...id, event: 'fill', qtyLots: 1, priceTicks: 100, liquidity: 1 },
        request({ qtyLots: 5 }),
        { ...id, event: 'amended', leavesLots: 5 },
        { ...id, event: 'amended', leavesLots: 5, reason: 3 },
        { ...id, event: 'expired', reason: 2 },
        { ...id, event: 'expired', reason: 1 },
      ],
      [
        'Accepted 0/10 accepted',
        'wouldRest in Accepted',
        'wouldRest in Accepted',
        'wouldRest in Accepted',
        'wouldRest in Accepted',
        'Accepted 0/5 selfTrade',
        'wouldRest in Accepted',
        'Expired 0/0 timeInForce',
      ],
    ],
    [
      'FOK: whole, also in parts',
      [sent(FOK), plain('accepted'), fill(4, 1), canceled(0), { ...id, event: 'expired' }, fill(6, 2)],
      [
        'Accepted 0/10 accepted',
        'PartiallyFilled 4/6 fill',
        'partialFok in PartiallyFilled',
        'partialFok in PartiallyFilled',
        'Filled 10/0 fill',
      ],
    ],
    [
      'FOK: killed, and then no part of it',
      [sent(FOK), canceled(0), fill(4, 1), fill(10, 1)],
      ['Canceled 0/0 canceled', 'partialFok in Canceled', 'Filled 10/0 lateFill'],
    ],
    [
      'GTC: a remainder is no reason',
      [submit, plain('accepted'), canceled(2)],
      ['Accepted 0/10 accepted', 'badReason in Accepted'],
    ],
    [
      'GTC rests',
      [submit, plain('accepted'), plain('rested')],
      ['Accepted 0/10 accepted', 'Accepted 0/10 rested'],
    ],
    [
      'a market order has no price',
      [sent(0, MARKET), { ...id, event: 'accepted', priceTicks: 100 }, plain('accepted')],
      ['badPrice in PendingNew', 'Accepted 0/10 accepted'],
    ],
  ])('%s', (_, inputs, expected) => {
    expect(run(...inputs)).toEqual(expected);
  });
});

// Fails when the sentence counts by what is open: nothing is, behind the end.
test('an overfill tells how much a late fill could be', () => {
  const orders = createOrders();
  story(orders, submit, fill(4, 1), plain('canceled'));
  expect(apply(orders, fill(7, 2))?.why).toBe(
    'more would be filled than the order has: 7 where 6 of 10 remain',
  );
});

test('a bad quantity is told, where it is one of the event', () => {
  const orders = createOrders();
  const why = (input: OrderInput): string | undefined => apply(orders, input)?.why;
  const sentence = 'the quantity is not above zero, or too large';
  expect(why({ ...id, event: 'submit', qtyLots: -3 })).toBe(`${sentence}: -3`);
  story(orders, submit, request({}));
  expect(why(fill(0, 1))).toBe(`${sentence}: 0`);
  expect(why(replaced({ leavesLots: 0 }))).toBe(sentence);
});

test('quantities up to 2^53−1 stay exact, sums are not taken', () => {
  const orders = createOrders();
  const most = Number.MAX_SAFE_INTEGER;
  const told = story(
    orders,
    { ...id, event: 'submit', qtyLots: most },
    fill(most - 1, 1, -most),
    fill(2, 2),
    { ...id, event: 'amended', leavesLots: 2 },
    { ...id, event: 'replaceRequest', qtyLots: 2, qtyMode: 2 },
    replaced(),
    fill(1, 2, 7),
  );
  expect(told.slice(1)).toEqual([
    `PartiallyFilled ${most - 1}/1 fill`,
    'overfill in PartiallyFilled',
    'badQty in PartiallyFilled',
    `PendingReplace ${most - 1}/1 replaceRequest`,
    'badQty in PendingReplace',
    `Filled ${most}/0 fill`,
  ]);
  expect(findOrder(orders, 1)?.cumLots).toBe(most);
});
