import { Kind } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import { PRESETS } from '@truetape/orderflow';
import type { SimConfig } from '@truetape/orderflow';
import { expect, test } from 'vitest';
import { hillOfLargest } from '../src/facts-statistics.ts';
import { drawLots, drawSize } from '../src/sizes.ts';
import { ofKind, run } from './runs.ts';

const draws = (mean: number, draw: typeof drawLots): number[] => {
  const stream = createStream(3, `sizes ${mean}`);
  return Array.from({ length: 40_000 }, () => draw(stream, mean));
};
const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const isRound = (lots: number): boolean => /^[1-9]0*$/.test(String(lots));

// Fails when the mean of a law is another one's, or a size is no quantity.
test.each([2, 5, 8, 25, 1000])('sizes have a mean of about %i, whatever their law', (mean) => {
  for (const draw of [drawLots, drawSize]) {
    const sizes = draws(mean, draw);
    expect(Math.abs(meanOf(sizes) / mean - 1)).toBeLessThan(mean === 2 ? 0.25 : 0.1);
    expect(sizes.every((lots) => Number.isInteger(lots) && lots >= 1 && lots <= mean * 100)).toBe(true);
  }
});

test('a mean of 1 is always 1', () => {
  const stream = createStream(3, 'ones');
  expect([drawLots(stream, 1), drawSize(stream, 1)]).toEqual([1, 1]);
});

// Fails when the tail is that of another law, or round numbers are as rare as others.
test('sizes have a heavy tail and gather at round numbers', () => {
  const sizes = draws(20, drawSize);
  expect(hillOfLargest(sizes, 20)).toBeGreaterThan(1.3);
  expect(hillOfLargest(sizes, 20)).toBeLessThan(1.8);
  expect(hillOfLargest(draws(20, drawLots), 20)).toBeGreaterThan(3);
  const small = sizes.filter((lots) => lots >= 10 && lots < 100);
  expect(small.filter(isRound).length / small.length).toBeGreaterThan(0.27);
  const large = sizes.filter((lots) => lots >= 100);
  const share = large.filter(isRound).length / large.length;
  expect(share).toBeGreaterThan(0.19);
  expect(share).toBeLessThan(0.27);
});

// Fails when an agent's sizes are of the other law.
test.each([
  ['noise that takes', 'noise', { marketPermille: 1000 }],
  ['noise that rests', 'noise', { marketPermille: 0, cancelPermille: 500 }],
  ['value', 'value', { thresholdTicks: 0, intervalNs: 2_000_000 }],
  ['momentum', 'momentum', { thresholdTicks: 0, intervalNs: 3_000_000 }],
])('%s has sizes with a heavy tail', (_, name, changes) => {
  const { agents, symbols } = PRESETS.calm;
  const config = {
    ...PRESETS.calm,
    // Value has to be far away at times.
    symbols: { SIM: { ...symbols['SIM'], valueStepMilliticks: 9000 } },
    agents: { ...agents, [name]: { ...agents[name], maxInventoryLots: 0, ...changes } },
  } as SimConfig;
  const { sim, events } = run(config, { untilNs: 6_000_000_000 });
  const { qtyLots } = agents[name];
  const own = ofKind(events, Kind.NewOrder).filter(
    ({ account }) => sim.agents[account - 1].config.type === name,
  );
  const large = own.filter((order) => order.qtyLots > 8 * qtyLots).length;
  // An exponential has 3 of 10,000 beyond 8 means.
  expect(own.length).toBeGreaterThan(300);
  expect(large / own.length).toBeGreaterThan(0.003);
});
