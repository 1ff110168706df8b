// Which pair of reject codes can hold at once, with a command that shows each, and why the others cannot.
import type { Command } from '@truetape/book';
import { limit, market } from './play.ts';
import type { Code } from './codes.ts';

/** Two codes that hold at once for the last command, behind the others. The book has room for three orders. */
export interface CodePair {
  readonly codes: readonly [first: Code, second: Code];
  readonly commands: readonly Command[];
}

const N_MAX = Number.MAX_SAFE_INTEGER;
const TOO_HIGH = 2_147_483_648;
const ASK = limit(1, 'sell', 100, 5);
const BID = limit(2, 'buy', 90, 5, { owner: 7 });
const FULL = [ASK, BID, limit(3, 'buy', 89, 5)];
const POST = { postOnly: 'reject' } as const;

const pair = (first: Code, second: Code, ...commands: readonly Command[]): CodePair => ({
  codes: [first, second],
  commands,
});

function amend(orderId: number, owner: number, change: Partial<Command>): Command {
  return { op: 'amend', orderId, owner, ...change };
}

/** Of one book. */
export const PAIRS: readonly CodePair[] = [
  pair('badQty', 'badPrice', limit(9, 'buy', TOO_HIGH, 0)),
  pair('badQty', 'badPrice', BID, { op: 'amend', orderId: 2, owner: 7, qtyLots: 0, priceTicks: TOO_HIGH }),
  pair('badQty', 'duplicateId', ASK, limit(1, 'sell', 100, 0)),
  pair('badQty', 'unknownOrder', { op: 'reduce', orderId: 9, qtyLots: 0 }),
  pair('badQty', 'unknownOrder', { op: 'amend', orderId: 9, qtyLots: N_MAX + 1 }),
  pair('badQty', 'notOwner', BID, { op: 'reduce', orderId: 2, owner: 8, qtyLots: 0 }),
  pair('badQty', 'notOwner', BID, { op: 'amend', orderId: 2, owner: 8, qtyLots: 0.5 }),
  pair('badQty', 'wouldCross', ASK, limit(9, 'buy', 100, 0, POST)),
  pair('badQty', 'wouldNotFill', ASK, limit(9, 'buy', 100, 2, { minQtyLots: 3 })),
  pair('badQty', 'capacity', ...FULL, limit(9, 'buy', 80, 0)),
  pair('badPrice', 'duplicateId', ASK, limit(1, 'sell', 0.5, 1)),
  pair('badPrice', 'unknownOrder', { op: 'amend', orderId: 9, priceTicks: TOO_HIGH }),
  pair('badPrice', 'notOwner', BID, { op: 'amend', orderId: 2, owner: 8, priceTicks: TOO_HIGH }),
  pair('badPrice', 'wouldCross', ASK, market(9, 'buy', 1, { priceTicks: 100, ...POST })),
  pair('badPrice', 'wouldNotFill', market(9, 'buy', 1, { priceTicks: 100, tif: 'FOK' })),
  pair('badPrice', 'capacity', ...FULL, limit(9, 'buy', TOO_HIGH, 1)),
  pair('duplicateId', 'wouldCross', ASK, limit(1, 'buy', 100, 1, POST)),
  pair('duplicateId', 'wouldNotFill', ASK, limit(1, 'buy', 100, 6, { tif: 'FOK' })),
  pair('duplicateId', 'capacity', ...FULL, limit(1, 'buy', 80, 1)),
  pair('notOwner', 'wouldCross', ASK, limit(2, 'buy', 90, 5, POST), amend(2, 8, { priceTicks: 100 })),
  pair('notOwner', 'capacity', BID, limit(3, 'buy', 90, N_MAX - 5), amend(2, 8, { qtyLots: 6 })),
  pair('wouldCross', 'wouldNotFill', ASK, limit(9, 'buy', 100, 1, { tif: 'FOK', ...POST })),
  pair('wouldCross', 'capacity', ...FULL, limit(9, 'buy', 100, 1, POST)),
  pair('wouldNotFill', 'capacity', ...FULL, limit(9, 'buy', 80, 1, { minQtyLots: 1 })),
  pair('wouldNotFill', 'capacity', limit(1, 'buy', 80, N_MAX), limit(9, 'buy', 80, 1, { minQtyLots: 1 })),
];

/** Of a market, in which no book has the command's instrument. */
export const MARKET_PAIRS: readonly CodePair[] = [
  pair('badQty', 'unknownInstrument', limit(9, 'buy', 100, 0)),
  pair('badPrice', 'unknownInstrument', limit(9, 'buy', TOO_HIGH, 1)),
  pair('unknownInstrument', 'unknownOrder', { op: 'cancel', orderId: 9 }),
  pair('unknownInstrument', 'wouldNotFill', market(9, 'buy', 1, { tif: 'FOK' })),
];

/** Why two codes never hold at once. */
export const IMPOSSIBLE: readonly (readonly [first: Code, second: Code, why: string])[] = [
  ['unknownInstrument', 'duplicateId', 'where there is no book, no order rests'],
  ['unknownInstrument', 'notOwner', 'where there is no book, no order has an owner'],
  ['unknownInstrument', 'wouldCross', 'where there is no book, there is no other side'],
  ['unknownInstrument', 'capacity', 'where there is no book, none is full'],
  ['duplicateId', 'unknownOrder', 'one is of new orders, the other of those that rest'],
  ['duplicateId', 'notOwner', 'one is of new orders, the other of those that rest'],
  ['unknownOrder', 'notOwner', 'an order that does not rest has no owner'],
  ['unknownOrder', 'wouldCross', 'an order that does not rest has no side, and an amend gives none'],
  ['unknownOrder', 'wouldNotFill', 'only a new order asks for what is to trade at once'],
  ['unknownOrder', 'capacity', 'an order that does not rest has no level, and an amend gives no side'],
  ['notOwner', 'wouldNotFill', 'only a new order asks for what is to trade at once'],
];
