// What the script of a simulation's page computes: points out of samples, views, texts of numbers.
import { describe, expect, test } from 'vitest';
import {
  lastOf,
  leastOf,
  meanOf,
  mostOf,
  rateOf,
  ratioOf,
  samplesAPoint,
  spansOf,
} from '../src/sim/browser/grouping.ts';
import {
  TIME_STEPS,
  fixed,
  grouped,
  placesOf,
  short,
  stepPlaces,
  timePlaces,
  timeText,
} from '../src/sim/browser/numbers.ts';
import { unpack } from '../src/sim/browser/page-data.ts';
import { fit, isWhole, pan, zoom } from '../src/sim/browser/view.ts';

const of = (...values: readonly number[]): Float64Array => Float64Array.from(values);
const { NaN: none } = Number;

describe('points', () => {
  test('take the last, the mean, the most and the least of what is there', () => {
    const values = of(4, none, 2, 9, none);
    expect(lastOf(values)(0, 5)).toBe(9);
    expect(lastOf(values, 10)(0, 3)).toBe(20);
    expect(meanOf(values)(0, 5)).toBe(5);
    expect(mostOf(values)(0, 3)).toBe(4);
    expect(leastOf(values)(0, 5)).toBe(2);
    for (const value of [lastOf, meanOf, mostOf, leastOf]) {
      expect(value(values)(1, 2)).toBe(null);
      expect(value(values)(2, 2)).toBe(null);
    }
  });

  test('are a rate by how long they are, of several columns together', () => {
    const seconds = (from: number, to: number): number => (to - from) * 0.5;
    expect(rateOf([of(1, 2, 3, 4)], seconds)(1, 3)).toBe(5);
    expect(rateOf([of(1, 2), of(10, 20)], seconds)(0, 2)).toBe(33);
    expect(rateOf([of(1)], () => 0)(0, 1)).toBe(null);
  });

  test('are a ratio of enough: the span grows until there is', () => {
    const [top, bottom] = [of(1, 2, 3, 4, 5), of(10, 10, 10, 10, 10)];
    expect(ratioOf(top, bottom, 10)(2, 3)).toBe(0.3);
    expect(ratioOf(top, bottom, 11)(0, 1)).toBe(3 / 20);
    expect(ratioOf(top, bottom, 30)(2, 3)).toBe(9 / 30);
    expect(ratioOf(top, bottom, 1000)(4, 5)).toBe(15 / 50);
    expect(ratioOf(top, of(0, 0, 0, 0, 0), 1)(1, 2)).toBe(null);
  });

  test('are powers of two of samples, so that they stay where they are', () => {
    expect([1, 400, 401, 800, 801, 2048].map((samples) => samplesAPoint(samples, 400))).toEqual([
      1, 1, 2, 2, 4, 8,
    ]);
    expect(spansOf({ from: 9, to: 15, count: 100 }, 4)).toEqual([
      [4, 8],
      [8, 12],
      [12, 16],
      [16, 20],
    ]);
    expect(spansOf({ from: 0, to: 10, count: 10 }, 4)).toEqual([
      [0, 4],
      [4, 8],
      [8, 10],
    ]);
  });
});

test('a column is the sum of its differences', () => {
  expect([...unpack([5, 1, null, -3], 4)]).toEqual([5, 6, none, 3]);
  expect([...unpack(null, 2)]).toEqual([0, 0]);
});

describe('a view', () => {
  const extent = { from: 10, to: 110, shortest: 2 };
  const whole = { from: 10, to: 110 };

  test('stays within the run, and is not shorter than a few samples', () => {
    expect(fit({ from: 0, to: 20 }, extent)).toEqual({ from: 10, to: 30 });
    expect(fit({ from: 100, to: 130 }, extent)).toEqual({ from: 80, to: 110 });
    expect(fit({ from: 50, to: 50.5 }, extent)).toEqual({ from: 49.25, to: 51.25 });
    expect(fit({ from: -100, to: 500 }, extent)).toEqual(whole);
    expect(isWhole(whole, extent)).toBe(true);
    expect(isWhole({ from: 10, to: 109 }, extent)).toBe(false);
  });

  test('is zoomed around a time, which stays where it is', () => {
    expect(zoom(whole, extent, 0.5, 35)).toEqual({ from: 22.5, to: 72.5 });
    expect(zoom({ from: 22.5, to: 72.5 }, extent, 2, 35)).toEqual(whole);
    expect(zoom({ from: 22.5, to: 72.5 }, extent, 100, 35)).toEqual(whole);
    expect(zoom({ from: 20, to: 22 }, extent, 0.5, 20)).toEqual({ from: 20, to: 22 });
  });

  test('is moved, as far as the run goes', () => {
    expect(pan({ from: 20, to: 40 }, extent, 0.25)).toEqual({ from: 25, to: 45 });
    expect(pan({ from: 20, to: 40 }, extent, -1)).toEqual({ from: 10, to: 30 });
  });
});

test('numbers are short, and the same in every locale', () => {
  expect([0, 0.5, 9.999, 1234, 12_345, 1_500_000, 25_000_000].map(short)).toEqual([
    '0',
    '0.5',
    '10',
    '1,234',
    '12.3k',
    '1500k',
    '25M',
  ]);
  expect(fixed(1234567.891, 2)).toBe('1,234,567.89');
  expect(grouped('-1234.5678')).toBe('-1,234.5678');
  expect(grouped(100)).toBe('100');
  expect([placesOf('0.25'), placesOf('5'), stepPlaces(0.025), stepPlaces(20)]).toEqual([2, 0, 3, 0]);
});

test('times are seconds, or clocks where there are many', () => {
  expect(timeText(599.5, 1, false)).toBe('599.5 s');
  expect(timeText(7, 0, true)).toBe('0:07');
  expect(timeText(600, 0, true)).toBe('10:00');
  expect(timeText(3723.25, 2, true)).toBe('1:02:03.25');
  // Rounding carries.
  expect(timeText(659.999, 1, true)).toBe('11:00.0');
  expect(TIME_STEPS).toEqual([...TIME_STEPS].sort((a, b) => a - b));
  expect([1, 0.5, 0.05, 0.001].map(timePlaces)).toEqual([0, 1, 2, 3]);
});
