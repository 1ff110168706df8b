// The four scenarios, each number worked out by hand: the sums stand beside them.
import { Kind } from '@truetape/contracts';
import { expect, test } from 'vitest';
import { journalEntries, resultOf, runLab, SCENARIO_NAMES, SCENARIOS } from '../src/index.ts';
import type { LabResult, Scenario, ScenarioName } from '../src/index.ts';

const run = (name: ScenarioName, change: Partial<Scenario> = {}): LabResult =>
  resultOf(runLab({ ...SCENARIOS[name], ...change }));

const changes = ({ lifecycle }: LabResult): string =>
  lifecycle.map(({ step, to, reason }) => `${to} at ${step}, ${reason}`).join('; ');

test('capacity 64 and 50 steps, all four', () => {
  expect(SCENARIO_NAMES.map((name) => [SCENARIOS[name].capacity, SCENARIOS[name].steps])).toEqual(
    Array.from({ length: 4 }, () => [64, 50]),
  );
});

test('balanced: 250 in, 250 out, no overrun', () => {
  const result = run('balanced');
  expect(result).toMatchObject({
    published: 250,
    acked: 250,
    lost: 0,
    unread: 0,
    // Ten steps of WARMUP, forty of READY.
    provisional: 50,
    executed: 200,
    polls: 250,
    emptyPolls: 0,
    firstOverrunStep: null,
    lagMax: 5,
    latencySteps: { p50: 0, p99: 0, max: 0 },
    stepsIn: { WARMUP: 10, READY: 40, DEGRADED: 0 },
  });
  expect(changes(result)).toBe('WARMUP at 0, start; READY at 10, warm; STOPPED at 50, shutdown');
});

test('producer-heavy, oldest: the first overrun at step 12, and 38 in all', () => {
  const result = run('producer-heavy');
  expect(result).toMatchObject({
    published: 400,
    // Three polls a step, none empty.
    acked: 150,
    // 8·13 − 3·12 = 68 lag behind the ingest of step 12: 4 too many; 5 in each of the 37 steps behind.
    lost: 189,
    // 64 less the three of the last step.
    unread: 61,
    overwritten: 0,
    // Ten steps of WARMUP, and DEGRADED from 13 to 49.
    provisional: 141,
    executed: 9,
    emptyPolls: 0,
    firstOverrunStep: 12,
    lagMax: 69,
    stepsIn: { WARMUP: 10, READY: 3, DEGRADED: 37 },
    probes: { live: true, healthy: false, ready: false },
  });
  expect(result.overruns).toHaveLength(38);
  expect(result.overruns.slice(0, 2)).toEqual([
    { step: 12, lostFrom: 36, lostTo: 39 },
    { step: 13, lostFrom: 43, lostTo: 47 },
  ]);
  expect(changes(result)).toBe(
    'WARMUP at 0, start; READY at 10, warm; DEGRADED at 13, overrun; STOPPED at 50, shutdown',
  );
});

test('producer-heavy, latest: an overrun every 13 steps, READY again behind ten clean ones', () => {
  const result = run('producer-heavy', { policy: 'latest' });
  expect(result).toMatchObject({
    published: 400,
    // Three a step, but one in each of the three steps that overran.
    acked: 144,
    // 68 − 1 of each.
    lost: 201,
    // 5 of each of the 11 steps behind the last overrun.
    unread: 55,
    emptyPolls: 6,
    // Steps 0–9, 13–22, 26–35 and 39–48.
    provisional: 120,
    executed: 24,
    firstOverrunStep: 12,
    lagMax: 68,
    stepsIn: { WARMUP: 10, READY: 10, DEGRADED: 30 },
  });
  expect(result.overruns).toEqual([
    { step: 12, lostFrom: 36, lostTo: 102 },
    { step: 25, lostFrom: 140, lostTo: 206 },
    { step: 38, lostFrom: 244, lostTo: 310 },
  ]);
  expect(changes(result)).toBe(
    'WARMUP at 0, start; READY at 10, warm; DEGRADED at 13, overrun; READY at 23, clean; DEGRADED at 26, overrun; ' +
      'READY at 36, clean; DEGRADED at 39, overrun; READY at 49, clean; STOPPED at 50, shutdown',
  );
});

test('producer-heavy, halt: nothing behind the overrun, and DEGRADED for good', () => {
  const result = run('producer-heavy', { policy: 'halt' });
  expect(result).toMatchObject({
    published: 400,
    // Twelve steps of three.
    acked: 36,
    lost: 4,
    unread: 360,
    // All of these but what the ring still has.
    overwritten: 296,
    executed: 6,
    provisional: 30,
    polls: 36,
    halted: true,
    probes: { live: false, healthy: false, ready: false },
  });
  expect(result.overruns).toEqual([{ step: 12, lostFrom: 36, lostTo: 39 }]);
  expect(changes(result)).toBe(
    'WARMUP at 0, start; READY at 10, warm; DEGRADED at 13, overrun; STOPPED at 50, shutdown',
  );
  expect(result.lifecycle[2].probes).toEqual({ live: false, healthy: false, ready: false });
});

test('consumer-heavy: 150 in, 150 out, five empty polls a step', () => {
  expect(run('consumer-heavy')).toMatchObject({
    published: 150,
    acked: 150,
    lost: 0,
    unread: 0,
    provisional: 30,
    executed: 120,
    polls: 400,
    emptyPolls: 250,
    firstOverrunStep: null,
    lagMax: 3,
  });
});

test('failure-recovery: nothing lost, the acknowledgements of WARMUP and DEGRADED are provisional', () => {
  const lab = runLab(SCENARIOS['failure-recovery']);
  const result = resultOf(lab);
  expect(result).toMatchObject({
    published: 250,
    acked: 250,
    lost: 0,
    unread: 0,
    // Steps 0–9 and 20–39, five each.
    provisional: 150,
    executed: 100,
    stepsIn: { WARMUP: 10, READY: 20, DEGRADED: 20 },
    probes: { live: true, healthy: true, ready: true },
  });
  expect(changes(result)).toBe(
    'WARMUP at 0, start; READY at 10, warm; DEGRADED at 20, failure; READY at 40, failureEnded; STOPPED at 50, shutdown',
  );
  expect(result.lifecycle.map(({ probes }) => [probes.live, probes.healthy, probes.ready])).toEqual([
    [true, true, false],
    [true, true, true],
    [true, false, false],
    [true, true, true],
    [false, false, false],
  ]);
  const provisional = journalEntries(lab.journal).flatMap((entry) =>
    entry.kind === Kind.Ack && entry.provisional ? [entry.step] : [],
  );
  expect(provisional).toEqual(
    [...Array(10).keys(), ...Array.from({ length: 20 }, (_, k) => 20 + k)].flatMap((step) =>
      Array.from({ length: 5 }, () => step),
    ),
  );
});

test('a failure in WARMUP gives WARMUP back, and its steps go on being counted', () => {
  const result = run('failure-recovery', { failures: [{ fromStep: 5, toStep: 8 }] });
  expect(changes(result)).toBe(
    'WARMUP at 0, start; DEGRADED at 5, failure; WARMUP at 8, failureEnded; READY at 13, warm; STOPPED at 50, shutdown',
  );
  expect(result.provisional).toBe(65);
});

test('a failure that ends does not hide an overrun that is not forgiven', () => {
  // The 70 of step 25 are more than there is room for; the steps 26 to 35 are clean, the failure ends at 28.
  const rates = Array.from({ length: 50 }, (_, step) => (step === 25 ? 70 : 5));
  const result = run('failure-recovery', {
    ingest: rates,
    consume: [70],
    failures: [{ fromStep: 20, toStep: 28 }],
  });
  expect(changes(result)).toBe(
    'WARMUP at 0, start; READY at 10, warm; DEGRADED at 20, failure; READY at 36, clean; STOPPED at 50, shutdown',
  );
});

test('an overrun in the last step is told, and nothing is left to act on it', () => {
  const rates = Array.from({ length: 50 }, (_, step) => (step === 49 ? 70 : 5));
  const result = run('balanced', { ingest: rates });
  expect(result.overruns).toEqual([{ step: 49, lostFrom: 245, lostTo: 250 }]);
  expect(result).toMatchObject({ published: 315, acked: 250, lost: 6, unread: 59 });
  expect(changes(result)).toBe('WARMUP at 0, start; READY at 10, warm; STOPPED at 50, shutdown');
});

test('a consumer without polls is told of overruns all the same', () => {
  const result = run('balanced', { consume: [0], steps: 14 });
  expect(result).toMatchObject({ published: 70, acked: 0, lost: 6, unread: 64, firstOverrunStep: 12 });
});

test('a change in the step of a halt knows nothing of it yet', () => {
  const result = run('producer-heavy', { policy: 'halt', failures: [{ fromStep: 12, toStep: 20 }] });
  expect(result.overruns.map(({ step }) => step)).toEqual([12]);
  expect(changes(result)).toBe(
    'WARMUP at 0, start; READY at 10, warm; DEGRADED at 12, failure; STOPPED at 50, shutdown',
  );
  expect(result.lifecycle[2].probes).toEqual({ live: true, healthy: false, ready: false });
});

test('percentiles of latencies are exact', () => {
  // One comes in a step, all are taken in the last: they wait 200, 199, … 0 steps.
  const consume = Array.from({ length: 201 }, (_, step) => (step === 200 ? 201 : 0));
  const { latencySteps } = run('balanced', { ingest: [1], consume, capacity: 256, steps: 201 });
  expect(latencySteps).toEqual({ p50: 100, p99: 198, max: 200 });
});

test('latencies are steps from the decision to the completion', () => {
  // 5n + 8 lag in step n, at three a step: the event of step 11 that is polled last was decided in step 4.
  const { latencySteps } = run('producer-heavy', { steps: 12 });
  expect(latencySteps).toEqual({ p50: 4, p99: 7, max: 7 });
});

test('the sink is looked at once more at the end', () => {
  const { observability } = run('producer-heavy', { steps: 45 });
  // Eight of each ten, and the five that are left.
  expect(observability).toMatchObject({ samples: 45, seen: 37, dropped: 8, overrunsLast: 33 });
});

// Fails when the sink holds a step up, changes a count, or loses more or less than its room makes it.
test.each(SCENARIO_NAMES)('%s is the same with the observability sink off', (name) => {
  for (const policy of ['oldest', 'latest', 'halt'] as const) {
    const [on, off] = [true, false].map((observe) => runLab({ ...SCENARIOS[name], policy }, { observe }));
    expect(journalEntries(off.journal)).toEqual(journalEntries(on.journal));
    const [with_, without] = [resultOf(on), resultOf(off)];
    expect({ ...with_, observability: null }).toEqual(without);
    // Eight of the ten samples between two looks are kept.
    expect(with_.observability).toMatchObject({ samples: 50, seen: 40, dropped: 10 });
    const { acked, lagMax, overruns } = with_;
    const last = { ackedLast: acked, lagMax, overrunsLast: overruns.length };
    expect(with_.observability).toMatchObject(last);
  }
});
