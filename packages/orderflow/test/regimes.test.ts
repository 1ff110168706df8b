import { expect, test } from 'vitest';
import { Kind, NONE, nameOfCode } from '@truetape/contracts';
import type { SimConfig, ThresholdRule } from '@truetape/orderflow';
import { applyThresholds, burstPermille, stepValue } from '../src/regimes.ts';
import { BASE, ofKind, run, total } from './runs.ts';

const QUIET: SimConfig = { ...BASE, startRegime: 'calm', burst: { ...BASE.burst, intervalNs: 0 } };
// Labels are the regimes' in the order of their names, then the spike's.
const [BURST, CALM, STORM, SPIKE] = [1, 2, 3, 4];

const changes = (config: SimConfig, untilNs: number): number[][] =>
  ofKind(run(config, { untilNs }).events, Kind.Regime).map(({ timeNs, from, to }) => [timeNs, from, to]);

// Fails when a step is early, lost, or recorded though nothing changes.
test('the script changes regimes at its times', () => {
  const script = [
    { atNs: 100_000_000, regime: 'burst' },
    { atNs: 200_000_000, regime: 'burst' },
    { atNs: 300_000_000, regime: 'cancel-storm' },
  ];
  expect(changes({ ...QUIET, script }, 400_000_000)).toEqual([
    [0, 0, CALM],
    [100_000_000, CALM, BURST],
    [300_000_000, BURST, STORM],
  ]);
});

// Fails when a round begins early, late or never, or behind a stop.
test('a script that repeats begins anew', () => {
  const script = [
    { atNs: 20_000_000, regime: 'burst' },
    { atNs: 30_000_000, regime: 'calm' },
  ];
  const config = { ...QUIET, script, scriptRepeatNs: 50_000_000 };
  const times = changes(config, 190_000_000).map(([timeNs, , to]) => [timeNs / 1_000_000, to]);
  const rounds = [0, 50, 100, 150].flatMap((at) => [
    [at + 20, BURST],
    [at + 30, CALM],
  ]);
  expect(times).toEqual([[0, CALM], ...rounds]);
  expect(changes({ ...config, scriptRepeatNs: 0 }, 190_000_000)).toHaveLength(3);
});

// Fails when a change does not say what led to it.
test('every change has its reason', () => {
  const script = [{ atNs: 100_000_000, regime: 'burst' }];
  const thresholds = [{ measure: 'topLots', above: 0, regime: 'cancel-storm', holdNs: 150_000_000 }] as const;
  const burst = { intervalNs: 50_000_000, peakPermille: 2000, halfLifeNs: 5_000_000 };
  const { events } = run({ ...QUIET, script, thresholds, burst }, { untilNs: 400_000_000 });
  const told = ofKind(events, Kind.Regime).map(({ from, to, reason }) => {
    expect(nameOfCode('controlReason', reason)).toBe(
      from === 0
        ? 'start'
        : to === SPIKE
          ? 'burst'
          : from === SPIKE
            ? 'burstEnded'
            : to === BURST
              ? 'script'
              : 'threshold',
    );
    return reason;
  });
  expect(new Set(told).size).toBe(5);
});

// Fails when a rule from below is one from above, or looks at another measure.
test('a threshold looks up or down, at what it names', () => {
  const rule = { measure: 'topLots', below: 40, regime: 'burst', holdNs: 1000 } as const;
  const back = { measure: 'topLots', above: 39, regime: 'calm', holdNs: 1000 } as const;
  const { sim, events } = run({ ...QUIET, thresholds: [rule, back] }, { untilNs: 1_000_000_000 });
  const last = ofKind(events, Kind.Regime).at(-1)!;
  const { bidLots, askLots } = sim.symbols[0].top;
  expect(last.to).toBe(bidLots + askLots < 40 ? BURST : CALM);
  expect(ofKind(events, Kind.Regime).length).toBeGreaterThan(20);
});

// Fails when a limit is part of what passes it, or an empty side counts as no spread at all.
test('a threshold is passed beyond its limit, and never by a spread that is not there', () => {
  const regimeWith = (rule: Omit<ThresholdRule, 'regime' | 'holdNs'>, top: object): string => {
    const thresholds = [{ ...rule, regime: 'burst', holdNs: 0 }];
    const { sim } = run({ ...QUIET, thresholds }, { untilNs: 0 });
    Object.assign(sim.symbols[0].top, { bidTicks: 10, bidLots: 2, askTicks: 15, askLots: 3 }, top);
    applyThresholds(sim, sim.symbols[0]);
    return sim.regimes[sim.regime];
  };
  expect(regimeWith({ measure: 'spreadTicks', above: 5 }, {})).toBe('calm');
  expect(regimeWith({ measure: 'spreadTicks', above: 4 }, {})).toBe('burst');
  expect(regimeWith({ measure: 'spreadTicks', below: 5 }, {})).toBe('calm');
  expect(regimeWith({ measure: 'spreadTicks', below: 6 }, {})).toBe('burst');
  expect(regimeWith({ measure: 'topLots', above: 5 }, {})).toBe('calm');
  expect(regimeWith({ measure: 'topLots', above: 4 }, {})).toBe('burst');
  for (const empty of [{ bidTicks: NONE }, { askTicks: NONE }])
    for (const bound of [{ above: 0 }, { below: 1000 }])
      expect(regimeWith({ measure: 'spreadTicks', ...bound }, empty)).toBe('calm');
});

// Fails when a burst is no news.
test('the hidden value moves further in a burst', () => {
  const burst = { intervalNs: 0, peakPermille: 20_000, halfLifeNs: 60_000_000_000 };
  const moved = (burstNs: number): number => {
    const { sim } = run({ ...QUIET, burst }, { untilNs: 1 });
    sim.burstNs = burstNs;
    const before = sim.symbols[0].valueMilliticks;
    stepValue(sim, sim.symbols[0]);
    return Math.abs(sim.symbols[0].valueMilliticks - before);
  };
  expect(moved(0) / moved(-1)).toBeCloseTo(20, 0);
});

// Fails when a rule ignores its limit, or the time for which it holds.
test('a threshold changes the regime, and holds it', () => {
  const rule = { measure: 'spreadTicks', above: 0, holdNs: 50_000_000 } as const;
  const thresholds = [
    { ...rule, regime: 'burst' },
    { ...rule, regime: 'calm' },
  ];
  const found = changes({ ...QUIET, thresholds }, 400_000_000);
  expect(found.length).toBeGreaterThan(4);
  for (let k = 2; k < found.length; k++)
    expect(found[k][0] - found[k - 1][0]).toBeGreaterThanOrEqual(50_000_000);
  const never = [{ ...rule, above: 1_000_000, regime: 'burst' }];
  expect(changes({ ...QUIET, thresholds: never }, 400_000_000)).toEqual([[0, 0, CALM]]);
});

// Fails when the decay is no halving, or a burst never ends.
test('a burst decays by half lives, and its beginning and end are events', () => {
  const burst = { intervalNs: 100_000_000, peakPermille: 9000, halfLifeNs: 10_000_000 };
  const spikes = changes({ ...QUIET, burst }, 2_000_000_000).slice(1);
  expect(spikes.length).toBeGreaterThan(6);
  spikes.forEach(([timeNs, from, to], k) => {
    expect([from, to]).toEqual(k % 2 === 0 ? [CALM, SPIKE] : [SPIKE, CALM]);
    if (k % 2 === 1) expect(timeNs - spikes[k - 1][0]).toBe(70_000_000);
  });
  const { sim } = run({ ...QUIET, burst }, { untilNs: 1 });
  sim.burstNs = 0;
  const at = (timeNs: number): number => {
    sim.timeNs = timeNs;
    sim.factorUntilNs = 0;
    return burstPermille(sim);
  };
  expect([0, 10_000_000, 20_000_000, 5_000_000, 60_000_000].map(at)).toEqual([9000, 5000, 3000, 6656, 1125]);
  sim.burstNs = -1;
  sim.factorUntilNs = 0;
  expect(burstPermille(sim)).toBe(1000);
});

// Fails when a regime's rates reach nobody.
test('burst has five times the order rate of calm, cancel-storm three times its cancel rate', () => {
  const rate = (startRegime: string, name: 'orders' | 'cancels'): number =>
    total(run({ ...QUIET, startRegime }, { untilNs: 4_000_000_000 }).sim, name);
  expect(rate('burst', 'orders')).toBeGreaterThan(5 * rate('calm', 'orders'));
  expect(rate('cancel-storm', 'cancels')).toBeGreaterThan(3 * rate('calm', 'cancels'));
});

// Fails when rate 0 lets an agent act.
test('at rate 0 nobody acts', () => {
  const rates = { noise: 0, maker: 0, momentum: 0, value: 0, cancelBot: 0 };
  const regimes = { ...QUIET.regimes, calm: { rates, valueRate: 1000 } };
  expect(total(run({ ...QUIET, regimes }, { untilNs: 1_000_000_000 }).sim, 'commands')).toBe(0);
});
