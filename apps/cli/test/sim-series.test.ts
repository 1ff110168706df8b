// Samples of a run: what they say of it, how few they are, and that taking them changes nothing.
import { Kind, NONE } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import { createSim, runSim, saveSim } from '@truetape/orderflow';
import type { RecordPort } from '@truetape/orderflow';
import { describe, expect, test } from 'vitest';
import { seriesJson } from '../src/sim/series-json.ts';
import { createMarks } from '../src/sim/regime-marks.ts';
import { COUNTED, createSeries, endSeries, sampleSeries } from '../src/sim/series.ts';
import type { Series } from '../src/sim/series.ts';
import { unpack } from '../src/sim/browser/page-data.ts';
import type { PageData } from '../src/sim/browser/page-data.ts';
import { preset, runSampled, sampled, symbolsOf } from './sim-pages.ts';

const SECOND = 1_000_000_000;
const dataOf = (series: Series): PageData =>
  seriesJson(series, ['burst', 'calm', 'cancel-storm']) as unknown as PageData;

/** Times of the Regime events of a run, by what they tell. */
function regimePort(): { port: RecordPort; times: number[] } {
  const times: number[] = [];
  const write = ({ i32, u32 }: RecordBuffer, at: number): void => {
    if (((i32[at] >> 16) & 255) === Kind.Regime) times.push(u32[at + 2] + u32[at + 3] * 2 ** 32);
  };
  return { port: { epoch: { hi: 0, lo: 0 }, write }, times };
}

describe('samples', () => {
  test('change nothing of the run', () => {
    const config = preset('mixed');
    const plain = createSim({ config, seed: 7 });
    runSim(plain, { events: 20_000 });
    const { sim } = sampled(config, { events: 20_000 });
    expect(saveSim(sim)).toEqual(saveSim(plain));
  });

  test('are what a look at every moment that was looked at says', () => {
    // A slow matcher, before which commands wait.
    const queue = { capacity: 64, policy: 'reject', serviceNs: 2_000_000 } as const;
    const sim = createSim({ config: preset('mixed', { queue }), seed: 7 });
    const series = createSeries(sim, createMarks(sim));
    const looks: Record<'bid' | 'ask' | 'last' | 'value' | 'spread' | 'queue' | 'bids' | 'asks', number>[] =
      [];
    const look = (): void => {
      const { top, lastTicks, valueMilliticks } = sim.symbols[0];
      const { bidTicks, askTicks, bidLots, askLots } = top;
      const isWhole = bidTicks !== NONE && askTicks !== NONE;
      looks.push({
        bid: bidTicks,
        ask: askTicks,
        last: lastTicks,
        value: valueMilliticks,
        spread: isWhole ? askTicks - bidTicks : -1,
        queue: sim.queue.count,
        bids: bidTicks === NONE ? 0 : bidLots,
        asks: askTicks === NONE ? 0 : askLots,
      });
    };
    // Until the step has doubled twice.
    runSampled(sim, series, { untilNs: 6 * SECOND }, look);
    expect(series.stepNs).toBe(4_000_000);
    const [symbol] = series.symbols;
    let at = 0;
    for (let k = 0; k < series.count; k++) {
      const count = series.looks.values[k];
      const mine = looks.slice(at, at + count);
      at += count;
      const whole = mine.filter(({ spread }) => spread >= 0);
      const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
      expect(symbol.bidTicks.values[k]).toBe(mine.at(-1)!.bid);
      expect(symbol.askTicks.values[k]).toBe(mine.at(-1)!.ask);
      expect(symbol.lastTicks.values[k]).toBe(mine.at(-1)!.last);
      expect(symbol.valueMilliticks.values[k]).toBe(mine.at(-1)!.value);
      expect(symbol.twoSided.values[k]).toBe(whole.length);
      expect(symbol.spreadTicks.values[k]).toBe(sum(whole.map(({ spread }) => spread)));
      expect(symbol.spreadTicksMax.values[k]).toBe(Math.max(0, ...whole.map(({ spread }) => spread)));
      expect(symbol.bidLots.values[k]).toBe(sum(mine.map(({ bids }) => bids)));
      expect(symbol.askLots.values[k]).toBe(sum(mine.map(({ asks }) => asks)));
      expect(series.queueDepth.values[k]).toBe(sum(mine.map(({ queue }) => queue)));
      expect(series.queueDepthMax.values[k]).toBe(Math.max(...mine.map(({ queue }) => queue)));
    }
    expect(at).toBe(looks.length - series.open);
    expect(Math.max(...looks.map(({ queue: depth }) => depth))).toBeGreaterThan(2);
  });

  test('count every event once, however often neighbours are joined', () => {
    const { sim, series } = sampled(preset('mixed'), { events: 60_000 });
    expect(series.stepNs).toBeGreaterThan(4_000_000);
    for (const name of COUNTED) {
      const counted = series.counters[name].values.slice(0, series.count).reduce((a, b) => a + b, 0);
      expect(counted).toBe(sim.metrics.regimes.reduce((sum, counts) => sum + counts[name], 0));
    }
  });

  test.each([
    [1, 2048],
    [2, 2048],
    [4, 1024],
    [64, 64],
  ])('of %i symbols are at most %i', (symbols, most) => {
    const names = Array.from({ length: symbols }, (_, k) => `S${k}`);
    const sim = createSim({ config: preset('calm', { symbols: symbolsOf(...names), agents: {} }), seed: 7 });
    const series = createSeries(sim, createMarks(sim));
    let seen = 0;
    runSampled(sim, series, { untilNs: 10 * SECOND }, () => (seen = Math.max(seen, series.count)));
    endSeries(series, sim, 10 * SECOND);
    expect(seen).toBe(most - 1);
    expect(series.count).toBeGreaterThan(most / 2 - 1);
    // All of the run, none of it twice.
    expect(Math.abs(series.count * series.stepNs - 10 * SECOND)).toBeLessThan(series.stepNs);
  });

  test('end where the run does: a short rest is no sample of its own', () => {
    const calm = preset('calm');
    for (const untilNs of [0, 1, 400_000, 1_000_000, 1_499_999, 1_500_000, 7_300_000]) {
      const { series } = sampled(calm, { untilNs });
      expect([untilNs, series.count]).toEqual([untilNs, Math.max(1, Math.floor(untilNs / 1e6 + 0.5))]);
      expect(series.endNs).toBe(untilNs);
    }
  });

  test('end behind the last look, where nothing has happened since', () => {
    const sim = createSim({ config: preset('calm', { agents: {} }), seed: 7 });
    const series = createSeries(sim, createMarks(sim));
    runSampled(sim, series, { untilNs: 49_300_000 });
    expect(sim.timeNs).toBeLessThan(49_000_000);
    endSeries(series, sim);
    expect([series.endNs, series.count]).toEqual([49_000_000, 49]);
  });

  test('are taken when they are due, PAGE-1', () => {
    const sim = createSim({ config: preset('calm'), seed: 7 });
    const series = createSeries(sim, createMarks(sim));
    runSim(sim, { untilNs: 50_000_000 });
    expect(() => sampleSeries(series, sim)).toThrow('PAGE-1');
  });
});

describe('marks', () => {
  test('are at the times of the Regime events: by script', () => {
    const { port, times } = regimePort();
    const script = [
      { atNs: 3_333_333_333, regime: 'burst' },
      { atNs: 3_333_333_400, regime: 'cancel-storm' },
      { atNs: 4_000_000_001, regime: 'calm' },
    ];
    const burst = { intervalNs: 0, peakPermille: 1000, halfLifeNs: 1 };
    const config = preset('mixed', { script, burst });
    const { series } = sampled(config, { untilNs: 5 * SECOND }, port);
    expect(series.marks.changes.map(({ timeNs }) => timeNs)).toEqual([
      0, 3_333_333_333, 3_333_333_400, 4_000_000_001,
    ]);
    expect(times).toEqual(series.marks.changes.map(({ timeNs }) => timeNs));
  });

  test('are at the times of the Regime events: by ticks', () => {
    const { port, times } = regimePort();
    const script = [{ atNs: 1_500_001, regime: 'burst' }];
    const burst = { intervalNs: 0, peakPermille: 1000, halfLifeNs: 1 };
    const { series } = sampled(
      preset('mixed', { script, burst, tickNs: 1_000_000 }),
      { untilNs: SECOND },
      port,
    );
    expect(series.marks.changes.map(({ timeNs }) => timeNs)).toEqual([0, 2_000_000]);
    expect(times).toEqual([0, 2_000_000]);
  });

  test('are at the times of the Regime events: by rules', () => {
    const { port, times } = regimePort();
    const thresholds = [
      { measure: 'spreadTicks', above: 2, regime: 'burst', holdNs: 200_000_000 },
      { measure: 'spreadTicks', above: 1, regime: 'calm', holdNs: 300_000_000 },
    ] as const;
    const { series } = sampled(preset('calm', { thresholds }), { untilNs: 5 * SECOND }, port);
    expect(series.marks.changes.length).toBeGreaterThan(4);
    expect(series.marks.changes.map(({ timeNs }) => timeNs)).toEqual(times);
  });

  test('of bursts begin and end with them', () => {
    const { port, times } = regimePort();
    const burst = { intervalNs: 300_000_000, peakPermille: 3000, halfLifeNs: 10_000_000 };
    const { series } = sampled(preset('calm', { burst }), { untilNs: 4 * SECOND }, port);
    expect(series.marks.bursts.length).toBeGreaterThan(4);
    const marks = times.slice(1);
    series.marks.bursts.forEach(({ fromNs, toNs }, k) => {
      expect(fromNs).toBe(marks[2 * k]);
      if (toNs >= 0) expect(toNs).toBe(marks[2 * k + 1]);
    });
  });

  test('stay few when there are many', () => {
    const script = Array.from({ length: 20_000 }, (_, k) => ({
      atNs: (k + 1) * 1_000_000,
      regime: k % 2 === 0 ? 'burst' : 'calm',
    }));
    const { series, sim } = sampled(preset('calm', { script, agents: {} }), { untilNs: 21 * SECOND });
    expect(series.marks.changes.length).toBeLessThanOrEqual(2048);
    expect(series.marks.changes.at(-1)).toEqual({ timeNs: 20 * SECOND, regime: sim.regime });
    expect(series.marks.changes[0].timeNs).toBe(0);
  });
});

describe('the JSON of samples', () => {
  test('gives the values back', () => {
    const { series } = sampled(preset('mixed'), { untilNs: 3 * SECOND });
    const { symbols, counters, queueMax, queueTenths, count } = dataOf(series);
    const column = (values: Float64Array): number[] =>
      [...values.subarray(0, count)].map((value) => (value === NONE ? Number.NaN : value));
    expect([...unpack(symbols[0].bidTicks, count)]).toEqual(column(series.symbols[0].bidTicks.values));
    expect([...unpack(symbols[0].askTicks, count)]).toEqual(column(series.symbols[0].askTicks.values));
    expect([...unpack(counters.orders, count)]).toEqual(column(series.counters.orders.values));
    expect([...unpack(queueMax, count)]).toEqual(column(series.queueDepthMax.values));
    // Means over looks, and tenths.
    const [symbol] = series.symbols;
    const mean = (sum: Float64Array, of: Float64Array, scale: number): number[] =>
      column(sum).map((value, k) => (of[k] === 0 ? Number.NaN : Math.round((value * scale) / of[k])));
    const { looks, queueDepth } = series;
    expect([...unpack(symbols[0].bidLots, count)]).toEqual(mean(symbol.bidLots.values, looks.values, 1));
    expect([...unpack(symbols[0].askLots, count)]).toEqual(mean(symbol.askLots.values, looks.values, 1));
    const spread = mean(symbol.spreadTicks.values, symbol.twoSided.values, 10);
    expect([...unpack(symbols[0].spreadTenths, count)]).toEqual(spread);
    const value = column(symbol.valueMilliticks.values).map((milliticks) => Math.round(milliticks / 100));
    expect([...unpack(symbols[0].valueTenths, count)]).toEqual(value);
    expect([...unpack(queueTenths, count)]).toEqual(mean(queueDepth.values, looks.values, 10));
  });

  test('goes on behind a gap from what was before it', () => {
    const { series } = sampled(preset('mixed'), { untilNs: 40_000_000 });
    const { values } = series.symbols[0].bidTicks;
    values.fill(NONE, 20, 23);
    const back = [...unpack(dataOf(series).symbols[0].bidTicks, series.count)];
    expect(back.slice(20, 23)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(back.slice(23)).toEqual([...values.subarray(23, series.count)]);
    expect(JSON.stringify(dataOf(series).symbols[0].bidTicks)).toMatch(/,null,null,null,-?\d,/);
  });

  test('says where there is no price, and leaves out what never happened', () => {
    const { series } = sampled(preset('calm', { agents: {} }), { untilNs: 20_000_000 });
    const { symbols, counters, count } = dataOf(series);
    expect(symbols[0].bidTicks).toEqual(Array.from({ length: 20 }, () => null));
    expect([...unpack(symbols[0].spreadTenths, count)].every(Number.isNaN)).toBe(true);
    expect(counters.fills).toBe(null);
    expect([...unpack(counters.fills, count)]).toEqual(Array.from({ length: 20 }, () => 0));
  });
});
