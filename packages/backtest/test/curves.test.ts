// A run over time for drawing: bounded, and without losing an extreme or a fill.
import { NONE } from '@truetape/contracts';
import { expect, test } from 'vitest';
import { STEPS_MAX, addToCurves, createCurves, markFill } from '../src/curves.ts';
import type { Curves } from '../src/curves.ts';

const STEP = 100;
const profit = (net: bigint) => ({ realised: net, unrealised: 0n, fees: -1n, funding: 0n, net });

/** So many samples of a sawtooth with one spike, and a fill at every tenth. */
function filled(samples: number): Curves {
  const curves = createCurves(STEP, 1);
  curves.startNs = 7;
  for (let k = 1; k <= samples; k++) {
    const timeNs = 7 + k * STEP;
    const net = k === 1234 ? -9999n : BigInt((k * 37) % 101);
    const twiceMiddles = [k < 5 ? NONE : 2000 + (k % 7)];
    addToCurves(curves, timeNs, {
      profit: profit(net),
      drawdown: k === 1233 ? 777n : BigInt(k % 11),
      positions: [k % 3],
      twiceMiddles,
    });
    if (k % 10 !== 0) continue;
    const side = k % 20 === 0 ? 1 : 2;
    markFill(curves, 0, timeNs, { side, isMaker: true, priceTicks: 1000, qtyLots: 2, position: side });
  }
  return curves;
}

// Fails when a run of any length grows, when the least or the most of a step is lost, or a fill is.
test.each([1, 599, 600, 601, 5000, 123_457])('%s samples', (samples) => {
  const { steps, stepNs, net, drawdown, gross, markets } = filled(samples);
  expect(steps).toBeLessThanOrEqual(STEPS_MAX);
  expect(steps).toBe(Math.ceil((samples * STEP) / stepNs));
  if (samples >= STEPS_MAX) expect(steps).toBeGreaterThanOrEqual(STEPS_MAX / 2);
  const [{ position, twiceMiddle, marks }] = markets;
  const columns = [net, position, twiceMiddle].flatMap(({ low, high, last }) => [low, high, last]);
  for (const column of [...columns, drawdown, gross]) expect(column).toHaveLength(steps);
  const least = net.low.reduce((a, b) => (a < b ? a : b));
  expect(least).toBe(samples > 1234 ? -9999n : 0n);
  const lost = drawdown.reduce((a, b) => (a > b ? a : b));
  expect(lost).toBe(samples > 1234 ? 777n : samples === 1 ? 1n : 10n);
  expect(net.last.at(-1)).toBe(BigInt((samples * 37) % 101));
  expect(gross.at(-1)).toBe(net.last.at(-1));
  const known = twiceMiddle.low.filter((value) => value !== NONE);
  expect(known.every((value) => value >= 2000 && value <= 2006)).toBe(true);
  expect(marks.reduce((sum, { count }) => sum + count, 0)).toBe(Math.floor(samples / 10));
  expect(marks.length).toBeLessThanOrEqual(2 * STEPS_MAX);
  for (const { lots, count, notional } of marks)
    expect([lots, notional]).toEqual([2 * count, 2000n * BigInt(count)]);
});

test('a step without a sample shows what the one before ended with', () => {
  const curves = createCurves(STEP, 1);
  const sample = { drawdown: 0n, positions: [3], twiceMiddles: [2001] };
  addToCurves(curves, 100, { ...sample, profit: profit(5n) });
  addToCurves(curves, 500, { ...sample, profit: profit(2n) });
  expect(curves.net.last).toEqual([5n, 5n, 5n, 5n, 2n]);
  // The last step began where the one before ended.
  expect([curves.net.low[4], curves.net.high[4]]).toEqual([2n, 5n]);
  expect(curves.markets[0].position.last).toEqual([3, 3, 3, 3, 3]);
});

test('the drawdown of a step is its own, and less behind a new peak', () => {
  const curves = createCurves(STEP, 1);
  const sample = { profit: profit(1n), positions: [0], twiceMiddles: [NONE] };
  [5n, 9n, 0n, 2n].forEach((drawdown, k) => addToCurves(curves, (k + 1) * STEP, { ...sample, drawdown }));
  expect(curves.drawdown).toEqual([5n, 9n, 0n, 2n]);
});
