// Commands as fast-check makes and shrinks them.
import * as fc from 'fast-check';
import type { Command } from '@truetape/book';

const ids = fc.integer({ min: 0, max: 6 });
const owner = fc.integer({ min: 0, max: 2 });
const qtyLots = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 0.5, 9_007_199_254_740_991, 9_007_199_254_740_992) },
);
const priceTicks = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 100, max: 104 }) },
  { weight: 1, arbitrary: fc.constantFrom(-2_147_483_648, 2_147_483_647, 2_147_483_648, 0.5) },
);
const side = fc.constantFrom('buy' as const, 'sell' as const);
const stp = fc.constantFrom('newest' as const, 'oldest' as const, 'both' as const, 'decrement' as const);
const postOnly = fc.constantFrom('reject' as const, 'slide' as const);

type Loose = { [Key in keyof Command]: Command[Key] | undefined };

/** A command without the fields that are absent. */
const trim = (command: Loose): Command =>
  Object.fromEntries(
    Object.entries(command).filter(([, value]) => value !== undefined),
  ) as unknown as Command;
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>, freq: number): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq });

const newOrder = fc
  .record({
    orderId: ids,
    owner,
    side,
    type: fc.constantFrom('limit' as const, 'limit' as const, 'limit' as const, 'market' as const),
    qtyLots,
    priceTicks,
    tif: fc.constantFrom('GTC' as const, 'GTC' as const, 'IOC' as const, 'FOK' as const),
    stp: maybe(stp, 2),
    postOnly: fc.option(postOnly, { nil: undefined, freq: 1 }),
    minQtyLots: fc.constantFrom(0, 0, 0, 1, 3),
  })
  .map((fields) =>
    trim({ op: 'new', ...fields, priceTicks: fields.type === 'market' ? undefined : fields.priceTicks }),
  );

const change = fc
  .record({
    op: fc.constantFrom('amend' as const, 'amend' as const, 'reduce' as const, 'cancel' as const),
    orderId: ids,
    owner,
    qtyLots,
    priceTicks: maybe(priceTicks, 2),
    qtyMode: maybe(fc.constant('total' as const), 1),
    postOnly: maybe(postOnly, 1),
  })
  .map(({ op, orderId, owner: who, qtyLots: lots, ...more }) => {
    if (op === 'cancel') return { op, orderId, owner: who };
    return op === 'reduce'
      ? { op, orderId, owner: who, qtyLots: lots }
      : trim({ op, orderId, owner: who, qtyLots: lots, ...more });
  });

const cancelAll = fc
  .record({ owner, side: maybe(side, 1), everyone: fc.boolean() })
  .map((fields) => trim({ op: 'cancelAll', ...fields }));

/** A book's whole day; what fails shrinks to the few commands that matter. */
export const commandsArbitrary: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: newOrder },
    { weight: 6, arbitrary: change },
    { weight: 1, arbitrary: cancelAll },
  ),
  { maxLength: 60, size: 'max' },
);
