import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStream } from '@truetape/kernel';
import { apply, check, createOrders, restoreOrders, saveOrders } from '@truetape/orders';
import type { Orders } from '@truetape/orders';
import { expectedCoverage } from './coverage.ts';
import { checkProperty, seeds } from './property.ts';
import type { Reference } from './reference.ts';
import { compareStep, randomInput } from './streams.ts';
import type { Coverage } from './streams.ts';

const coverage: Coverage = new Map();

// Fails when any rule differs from the reference: state, quantities, price, counts, error code; when an error changes a byte;
// when an ended order moves without a late fill (ORDERS-3 to ORDERS-8 are checked behind every event).
test.each(seeds(31))('random lives equal the reference after every event (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(
      fc.integer(),
      fc.constantFrom('client', 'venue'),
      fc.integer({ min: 1, max: 400 }),
      (run, observer, events) => {
        const random = createStream(run, 'orders model');
        const orders = createOrders({ observer });
        const reference: Reference = { venue: observer === 'venue', orders: new Map() };
        for (let step = 0; step < events; step++) {
          const input = randomInput(random, step, orders);
          const difference = compareStep(orders, reference, input, coverage, step % 4 === 0);
          if (difference !== undefined) expect.fail(`${difference} behind ${JSON.stringify(input)}`);
        }
        check(orders);
      },
    ),
    300,
  );
});

test('the random lives have met every transition, outcome and error', () => {
  const counts = [...coverage].sort(([a], [b]) => (a < b ? -1 : 1));
  console.info(counts.map(([what, times]) => `${what}: ${times}`).join('\n'));
  const zeros = expectedCoverage().filter((what) => !coverage.has(what));
  expect(zeros).toEqual([]);
});

// Fails when a part of the state is not saved, or comes back as another.
test.each(seeds(32))('restored at any point, a store goes on as the uninterrupted one (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(
      fc.integer(),
      fc.constantFrom('client', 'venue'),
      fc.array(fc.integer({ min: 0, max: 150 }), { minLength: 1, maxLength: 3 }),
      (run, observer, cuts) => {
        const config = { observer, endedMax: 3 } as const;
        const whole = play(run, createOrders(config), []);
        const cut = play(run, createOrders(config), cuts);
        expect(saveOrders(cut)).toEqual(saveOrders(whole));
      },
    ),
    100,
  );
});

function play(run: number, start: Orders, cuts: readonly number[]): Orders {
  const random = createStream(run, 'orders restore');
  let orders = start;
  for (let step = 0; step <= 150; step++) {
    apply(orders, randomInput(random, step, orders));
    if (!cuts.includes(step)) continue;
    const restored = restoreOrders(saveOrders(orders));
    if (!restored.ok) return expect.fail(JSON.stringify(restored.error));
    orders = restored.value;
  }
  check(orders);
  return orders;
}
