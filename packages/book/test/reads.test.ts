// What a book says without an allocation, against what it lists.
import { NONE } from '@truetape/contracts';
import { describe, expect, test } from 'vitest';
import { BUY, createBook, createReferenceBook, SELL } from '@truetape/book';
import { play } from './play.ts';

describe.each([
  ['fast', createBook],
  ['reference', createReferenceBook],
] as const)('%s', (_name, create) => {
  test('a level now, and the price of an order', () => {
    const book = create();
    const limit = { op: 'new', type: 'limit' } as const;
    play(
      book,
      { ...limit, orderId: 1, side: 'buy', priceTicks: 10, qtyLots: 5 },
      { ...limit, orderId: 2, side: 'buy', priceTicks: 10, qtyLots: 2 },
      { ...limit, orderId: 3, side: 'sell', priceTicks: 12, qtyLots: 4 },
      { op: 'amend', orderId: 3, priceTicks: 11 },
    );
    const level = { qtyLots: -1, orders: -1 };
    const read = (side: number, priceTicks: number): number[] => {
      book.readLevel(side, priceTicks, level);
      return [level.qtyLots, level.orders];
    };
    expect([read(BUY, 10), read(SELL, 11), read(SELL, 10), read(SELL, 12), read(BUY, 0.5)]).toEqual([
      [7, 2],
      [4, 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expect([book.priceOf(1), book.priceOf(3), book.priceOf(4)]).toEqual([10, 11, NONE]);
  });
});
