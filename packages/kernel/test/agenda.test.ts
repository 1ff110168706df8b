import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  clearSource,
  createAgenda,
  priorityOf,
  saveSources,
  setSource,
  setSourceAs,
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

const step = fc.tuple(
  fc.nat(19),
  fc.oneof(fc.constant(-1), fc.nat(5), fc.maxSafeInteger().map(Math.abs)),
  fc.option(fc.nat(3), { nil: undefined }),
);

// Fails when a tie goes to whoever came first, a match is not played again, or a priority stays as it was.
test.each(seeds(81))('the top is the least of time, priority, index after every change (seed %s)', (seed) => {
  const anyPriorities = fc.array(fc.nat(3), { minLength: 20, maxLength: 20 });
  checkProperty(
    seed,
    fc.property(anyPriorities, fc.array(step, { maxLength: 200 }), (given, steps) => {
      const priorities = [...given];
      const agenda = createAgenda(priorities);
      const times = priorities.map(() => -1);
      for (const [source, timeNs, priority] of steps) {
        times[source] = timeNs;
        if (timeNs < 0) clearSource(agenda, source);
        else if (priority === undefined) setSource(agenda, source, timeNs);
        else setSourceAs(agenda, source, timeNs, (priorities[source] = priority));
        expect(priorityOf(agenda, source)).toBe(priorities[source]);
        expect(topSource(agenda)).toBe(nextOf(times, priorities));
        expect(sourceTime(agenda, source)).toBe(timeNs);
      }
      expect(saveSources(agenda)).toEqual(times);
    }),
    300,
  );
});

// Fails when an agenda takes what it has no rank or no exact time for.
test('KERNEL-19, KERNEL-20: sources, priorities and times in range', () => {
  expect(() => createAgenda([256])).toThrow('KERNEL-19');
  expect(() => createAgenda([0.5])).toThrow('KERNEL-19');
  expect(() => createAgenda(Array.from({ length: SOURCES_MAX + 1 }, () => 0))).toThrow('KERNEL-19');
  const agenda = createAgenda([1, 2]);
  for (const timeNs of [-1, 0.5, Number.NaN, 2 ** 53])
    expect(() => setSource(agenda, 0, timeNs)).toThrow('KERNEL-20');
  expect(() => setSource(agenda, 2, 0)).toThrow('KERNEL-20');
  expect(() => setSourceAs(agenda, 1, 0, 256)).toThrow('KERNEL-20');
  expect(() => clearSource(agenda, -1)).toThrow('KERNEL-20');
  expect(topSource(agenda)).toBe(-1);
});
