import { expect, test } from 'vitest';
import type { JsonObject } from '@truetape/contracts';
import { PRESETS, PRESET_NAMES, metricsJson } from '@truetape/orderflow';
import { BASE, run } from './runs.ts';

// Fails when a rate is of other counts than it says, or by another unit of time.
test('rates are those of the counts', () => {
  const { sim } = run({ ...BASE, startRegime: 'calm' }, { untilNs: 1 });
  const counts = sim.metrics.regimes[1];
  Object.assign(counts, {
    orders: 8,
    cancels: 6,
    fills: 3,
    samples: 20,
    twoSided: 19,
    events: 40,
    timeNs: 2_000_000_000,
  });
  const { regimes, all } = metricsJson(sim) as { regimes: { [name: string]: JsonObject }; all: JsonObject };
  expect(regimes['calm']).toMatchObject({
    cancelRate: '0.750',
    orderTradeRatio: '2.667',
    twoSidedShare: '0.950',
    eventsPerSecond: '20.000',
    ordersPerSecond: '4.000',
    cancelsPerSecond: '3.000',
  });
  expect(regimes['burst']).toMatchObject({ orders: 0, cancelRate: null, eventsPerSecond: null });
  expect(all).toMatchObject({ orders: 8, cancelRate: '0.750' });
});

// Fails when a distribution is of something else, or looks at the books at other times.
test.each(PRESET_NAMES)('the queue has a value a command, spread and depth one each 10 ms of %s', (name) => {
  const { sim } = run(PRESETS[name], { events: 5000 });
  const { all } = metricsJson(sim) as { [part: string]: JsonObject };
  const { queueDepth, spreadTicks, topLots } = all as { [part: string]: JsonObject };
  expect(queueDepth['count']).toBe(all['commands']);
  expect(spreadTicks['count']).toBe(all['twoSided']);
  expect(topLots['count']).toBe(all['samples']);
  expect(all['samples']).toBe(Math.ceil(sim.timeNs / 10_000_000));
  expect(Number(queueDepth['min'])).toBeGreaterThanOrEqual(1);
  expect(Number(spreadTicks['min'])).toBeGreaterThanOrEqual(1);
  expect(Number(all['fills'])).toBeLessThanOrEqual(2 * Number(all['orders']));
});

// Fails when a regime's distributions are those of another, or all is not their sum.
test('each regime has its own distributions', () => {
  const script = [{ atNs: 500_000_000, regime: 'cancel-storm' }];
  const { sim } = run({ ...BASE, startRegime: 'calm', script }, { untilNs: 1_000_000_000 });
  const { all, regimes } = metricsJson(sim) as {
    all: JsonObject;
    regimes: { [name: string]: JsonObject };
  };
  for (const part of ['queueDepth', 'spreadTicks', 'topLots']) {
    const counts = ['calm', 'cancel-storm'].map((name) =>
      Number((regimes[name][part] as JsonObject)['count']),
    );
    expect(counts.every((count) => count > 20)).toBe(true);
    expect((all[part] as JsonObject)['count']).toBe(counts[0] + counts[1]);
    expect(regimes['burst'][part]).toBeNull();
  }
  for (const name of ['calm', 'cancel-storm']) {
    const { commands, samples } = regimes[name];
    expect((regimes[name]['queueDepth'] as JsonObject)['count']).toBe(commands);
    expect((regimes[name]['topLots'] as JsonObject)['count']).toBe(samples);
  }
});
