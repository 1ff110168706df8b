// What is counted of probes, by hand; and when probes are placed.
import { NONE } from '@truetape/contracts';
import { expect, test } from 'vitest';
import { exactWaitNs, queueFigures, type ProbeFills, type ProbeOutcome } from '@truetape/backtest';
import { createSlots, drawProbe, nextSlot } from '../src/queue-probes.ts';

const at = (firstNs: number, firstMessage = firstNs, lots = 1): ProbeFills => ({
  firstNs,
  firstMessage,
  lots,
});
const never: ProbeFills = { firstNs: NONE, firstMessage: NONE, lots: 0 };

const probe = (exact: ProbeFills, model: ProbeFills, qtyLots = 2): ProbeOutcome => ({
  side: 1,
  behindTicks: 0,
  qtyLots,
  placedNs: 100,
  priceTicks: 7,
  exact,
  models: [never, model],
});

test('fills, and how far they are off', () => {
  const outcomes = [
    probe(at(150), at(150, 150, 2)), // on time
    probe(at(150, 7), at(150, 6)), // at one time, an earlier message
    probe(at(130), at(170)), // late
    probe(at(180), at(160)), // early
    probe(never, at(110)), // invented
    probe(at(190, 190, 2), never), // missed
    probe(never, never),
  ];
  expect(queueFigures(outcomes, 1)).toEqual({
    probes: 7,
    exactFilled: 5,
    filled: 5,
    both: 4,
    falseFills: 1,
    missed: 1,
    early: 3,
    onTime: 1,
    exactRate: '0.7143',
    rate: '0.7143',
    rateError: '0.0000',
    lots: 14,
    exactLots: 6,
    filledLots: 6,
    lotsError: '0.0000',
    // 0, 0, 20, 40
    timeErrorP50Ns: 0,
    timeErrorP95Ns: 40,
    timeErrorMeanNs: '5.0',
  });
  expect(exactWaitNs(outcomes)).toBe(50);
});

test('signs: a model that fills too little, too late', () => {
  const outcomes = [probe(at(150, 150, 2), at(1150)), probe(at(150), never), probe(at(200), never)];
  expect(queueFigures(outcomes, 1)).toMatchObject({
    rateError: '-0.6667',
    lotsError: '-0.5000',
    timeErrorMeanNs: '1000.0',
  });
  expect(queueFigures([probe(at(1150), at(150))], 1)).toMatchObject({ early: 1, timeErrorMeanNs: '-1000.0' });
});

test('without fills there are no times', () => {
  expect(queueFigures([probe(never, never)], 1)).toMatchObject({
    rate: '0.0000',
    timeErrorP50Ns: null,
    timeErrorP95Ns: null,
    timeErrorMeanNs: null,
  });
  expect(queueFigures([], 1)).toMatchObject({ probes: 0, rateError: '0.0000' });
  expect(exactWaitNs([])).toBeNull();
});

test('lanes begin spread, and each has one probe at a time', () => {
  const plan = { seed: '1', lanes: 4, lifetimeNs: 1000, qtyLots: [1, 5], behindTicks: 2 };
  const drawn = new Set<string>();
  for (let lane = 0; lane < plan.lanes; lane++) {
    const [slots, again] = [createSlots(plan, lane, 50), createSlots(plan, lane, 50)];
    let before = 50 + lane * 312;
    for (let k = 0; k < 50; k++) {
      const placeNs = nextSlot(slots);
      expect(placeNs).toBe(nextSlot(again));
      // A quarter of a lifetime to be placed in, and a whole one to live.
      expect(placeNs - before).toBeGreaterThanOrEqual(0);
      expect(placeNs - before).toBeLessThan(251);
      before += 1250;
      const one = drawProbe(slots);
      expect(one).toEqual(drawProbe(again));
      drawn.add(JSON.stringify(one));
    }
  }
  expect(drawn.size).toBe(2 * 3 * 2);
});
