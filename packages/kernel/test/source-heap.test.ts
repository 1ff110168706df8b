import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  clearSource,
  createSourceHeap,
  saveSources,
  setSource,
  SOURCES_MAX,
  sourceTime,
  topSource,
} from '@truetape/kernel';
import { checkProperty, seeds } from './property.ts';

/** The obvious answer: the least of (time, priority, index). */
function nextOf(times: readonly number[], priorities: readonly number[]): number {
  let best = -1;
  for (let k = 0; k < times.length; k++) {
    if (times[k] < 0) continue;
    const isLess =
      best < 0 || times[k] < times[best] || (times[k] === times[best] && priorities[k] < priorities[best]);
    if (isLess) best = k;
  }
  return best;
}

const step = fc.tuple(fc.nat(19), fc.oneof(fc.constant(-1), fc.nat(5), fc.maxSafeInteger().map(Math.abs)));

// Fails when a tie goes to whoever came first, a changed time is not sifted both ways, or a cleared source's
// hole is filled with one that belongs higher.
test.each(seeds(81))('the top is the least of time, priority, index after every change (seed %s)', (seed) => {
  const priorities = fc.array(fc.nat(3), { minLength: 20, maxLength: 20 });
  checkProperty(
    seed,
    fc.property(priorities, fc.array(step, { maxLength: 200 }), (priorities, steps) => {
      const heap = createSourceHeap(priorities);
      const times = priorities.map(() => -1);
      for (const [source, timeNs] of steps) {
        times[source] = timeNs;
        if (timeNs < 0) clearSource(heap, source);
        else setSource(heap, source, timeNs);
        expect(topSource(heap)).toBe(nextOf(times, priorities));
        expect(sourceTime(heap, source)).toBe(timeNs);
      }
      expect(saveSources(heap)).toEqual(times);
    }),
    300,
  );
});

// Fails when a heap takes what it has no rank or no exact time for.
test('KERNEL-19, KERNEL-20: sources, priorities and times in range', () => {
  expect(() => createSourceHeap([256])).toThrow('KERNEL-19');
  expect(() => createSourceHeap([0.5])).toThrow('KERNEL-19');
  expect(() => createSourceHeap(Array.from({ length: SOURCES_MAX + 1 }, () => 0))).toThrow('KERNEL-19');
  const heap = createSourceHeap([1, 2]);
  for (const timeNs of [-1, 0.5, Number.NaN, 2 ** 53])
    expect(() => setSource(heap, 0, timeNs)).toThrow('KERNEL-20');
  expect(() => setSource(heap, 2, 0)).toThrow('KERNEL-20');
  expect(() => clearSource(heap, -1)).toThrow('KERNEL-20');
  expect(topSource(heap)).toBe(-1);
});
