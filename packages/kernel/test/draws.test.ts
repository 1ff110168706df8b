import { expect, test } from 'vitest';
import {
  createStream,
  drawExponential,
  drawNormal,
  drawPareto,
  NORMAL_ONE,
  type RandomStream,
} from '@truetape/kernel';

/** A stream that gives these draws. */
function given(...draws: number[]): RandomStream {
  const next = (): number => draws.shift()! / 2 ** 32;
  return {
    next,
    uint32: () => next() * 2 ** 32,
    nextInt: () => {
      throw new Error('one draw alone');
    },
    save: () => createStream(1, 'x').save(),
  };
}

// Fails when an octave or a cell is read off by one, or between the wrong neighbours.
test('exponential draws are −ln of the draw, over all octaves', () => {
  const places = [
    0,
    1,
    2,
    3,
    1000,
    2 ** 16,
    2 ** 24 + 12_345,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32 - 2,
    2 ** 32 - 1,
  ];
  for (let k = 1; k < 32; k++) places.push(2 ** k - 1, 2 ** k, 2 ** k + 2 ** (k - 1));
  for (const u of places) {
    const wanted = -Math.log((u + 1) / 2 ** 32) * 1e9;
    expect({ u, near: Math.abs(drawExponential(given(u), 1e9) - wanted) < 2500 }).toEqual({ u, near: true });
  }
});

/** Upper tail of the standard normal by Simpson's rule: another way than the generator's. */
function tail(z: number): number {
  const steps = 4000;
  const width = 12 / steps;
  let sum = 0;
  for (let k = 0; k <= steps; k++) {
    const x = z + k * width;
    sum += (k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2) * Math.exp((-x * x) / 2);
  }
  return (sum * width) / 3 / Math.sqrt(2 * Math.PI);
}

// Fails when the sign bit is part of the size, or a cell is read in the wrong direction.
test('normal draws leave beyond them what their draw says', () => {
  for (let octave = 0; octave < 31; octave++)
    for (const part of [1.01, 1.3, 1.49, 1.77, 1.99]) {
      const v = Math.floor((2 ** 30 / 2 ** octave) * part);
      const probability = v / 2 ** 31;
      const size = drawNormal(given((v - 1) * 2));
      expect(drawNormal(given((v - 1) * 2 + 1)) + 0).toBe(-size + 0);
      // The error in sigmas: that of the probability, over the density.
      const z = size / NORMAL_ONE;
      const error = (2 * tail(z) - probability) / ((2 * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI));
      expect({ octave, part, near: Math.abs(error) < 0.0006 }).toEqual({ octave, part, near: true });
    }
  expect(drawNormal(given(2 ** 32 - 2))).toBe(0);
  expect(drawNormal(given(0))).toBe(408_306);
});

// Fails when an octave or a cell of the power is read off by one, or the index divides the wrong number.
test('Pareto draws are a power of the draw, over all octaves', () => {
  for (const index of [1000, 1500, 2718, 100_000])
    for (let k = 0; k <= 32; k++)
      for (const u of [2 ** k - 1, Math.floor(2 ** k * 1.37), Math.floor(2 ** k * 1.99)]) {
        if (u > 2 ** 32 - 1) continue;
        const wanted = 1e6 * Math.pow((u + 1) / 2 ** 32, -1000 / index);
        const found = drawPareto(given(u), 1e6, index);
        expect({ u, index, near: Math.abs(found / wanted - 1) < 4e-5 }).toEqual({ u, index, near: true });
      }
  expect(drawPareto(given(2 ** 32 - 1), 2.5, 1500)).toBe(2);
  expect(drawPareto(given(2 ** 29 - 1), 2.5, 1500)).toBe(10);
});

// Fails when a table is scaled wrongly, or draws are biased.
test('means, variances and tails over 200,000 draws', () => {
  const stream = createStream(7, 'draws');
  const count = 200_000;
  let exponential = 0;
  let beyondThree = 0;
  let normal = 0;
  let squares = 0;
  let beyondTwo = 0;
  for (let k = 0; k < count; k++) {
    const waited = drawExponential(stream, 1_000_000);
    exponential += waited;
    if (waited > 3_000_000) beyondThree += 1;
    const size = drawNormal(stream) / NORMAL_ONE;
    normal += size;
    squares += size * size;
    if (Math.abs(size) > 2) beyondTwo += 1;
  }
  expect(Math.abs(exponential / count / 1_000_000 - 1)).toBeLessThan(0.01);
  expect(Math.abs(beyondThree / count - 0.0498)).toBeLessThan(0.002);
  expect(Math.abs(normal / count)).toBeLessThan(0.01);
  expect(Math.abs(squares / count - 1)).toBeLessThan(0.015);
  expect(Math.abs(beyondTwo / count - 0.0455)).toBeLessThan(0.002);
});

// Pinned: a changed table or order of draws changes every simulation.
test('pinned draws', () => {
  const stream = createStream(1, 'pinned');
  const draws = Array.from({ length: 4 }, () => [drawExponential(stream, 1_000_000_000), drawNormal(stream)]);
  expect(draws).toEqual([
    [2241439775, -47255],
    [1503070946, 25575],
    [379582023, 5375],
    [2231975556, 40869],
  ]);
  expect(Array.from({ length: 4 }, () => drawPareto(stream, 1000, 1500))).toEqual([1002, 1179, 1071, 4248]);
});

test('KERNEL-24: the least value and the index of a Pareto draw', () => {
  const stream = createStream(1, 'x');
  for (const [least, index] of [
    [-1, 1500],
    [NaN, 1500],
    [2 ** 21, 1500],
    [1, 999],
    [1, 1500.5],
    [1, 200_000],
  ])
    expect(() => drawPareto(stream, least, index)).toThrow('KERNEL-24');
});

// Fails when a draw passes what a product can hold exactly enough.
test('KERNEL-23: the mean of a draw', () => {
  const stream = createStream(1, 'x');
  expect(drawExponential(stream, 0)).toBe(0);
  for (const mean of [-1, 0.5, 2 ** 49, Number.NaN])
    expect(() => drawExponential(stream, mean)).toThrow('KERNEL-23');
});
