import { expect, test } from 'vitest';
import { createTimedQueue, dueOf, pushTimed, shiftTimed } from '../src/timed-queue.ts';

test('none overtakes the one before it, whatever delays are drawn', () => {
  const queue = createTimedQueue<string>();
  pushTimed(queue, 50, 'a');
  pushTimed(queue, 20, 'b');
  pushTimed(queue, 70, 'c');
  const seen: [number, string][] = [];
  while (dueOf(queue) < Infinity) seen.push([dueOf(queue), shiftTimed(queue)]);
  expect(seen).toEqual([
    [50, 'a'],
    [50, 'b'],
    [70, 'c'],
  ]);
});

test('a queue that is never empty keeps what is on its way, and no more', () => {
  const queue = createTimedQueue<number>();
  for (let k = 0; k < 5000; k++) {
    pushTimed(queue, k, k);
    if (k >= 3) expect(shiftTimed(queue)).toBe(k - 3);
  }
  expect(queue.items.length).toBeLessThan(1100);
  expect([shiftTimed(queue), shiftTimed(queue), shiftTimed(queue)]).toEqual([4997, 4998, 4999]);
  expect(queue).toEqual({ items: [], due: [], head: 0 });
});
