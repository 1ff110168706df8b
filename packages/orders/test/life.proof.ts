import { expect, test } from 'vitest';
import { createStream } from '@truetape/kernel';
import { check, createOrders, restoreOrders, saveOrders } from '@truetape/orders';
import { expectedCoverage } from './coverage.ts';
import type { Reference } from './reference.ts';
import { compareStep, randomInput } from './streams.ts';
import type { Coverage } from './streams.ts';

// Fails where the short property is too short: stores that are restored over and over.
test.each(['client', 'venue'] as const)(
  'half a million events of a %s equal the reference (seed 33)',
  (observer) => {
    const random = createStream(33, `orders proof ${observer}`);
    const coverage: Coverage = new Map();
    let orders = createOrders({ observer, endedMax: 1_000_000 });
    const reference: Reference = { venue: observer === 'venue', orders: new Map() };
    for (let step = 0; step < 500_000; step++) {
      const input = randomInput(random, step, orders);
      const difference = compareStep(orders, reference, input, coverage, false);
      if (difference !== undefined)
        expect.fail(`step ${step}: ${difference} behind ${JSON.stringify(input)}`);
      if (step % 100_000 !== 99_999) continue;
      check(orders);
      const restored = restoreOrders(saveOrders(orders));
      if (!restored.ok) expect.fail(JSON.stringify(restored.error));
      else orders = restored.value;
    }
    console.info([...coverage].map(([what, times]) => `${what}: ${times}`).join('\n'));
    const all = expectedCoverage();
    const met = all.filter((what) => coverage.has(what)).length;
    expect(met / all.length).toBeGreaterThan(observer === 'client' ? 0.95 : 0.6);
  },
);
