// What is asserted, what a journal says as events, and the arithmetic of the sweep.
import { Kind, nameOfCode } from '@truetape/contracts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkJournal,
  createLab,
  endLab,
  expectedOverrun,
  journalEntries,
  journalEvent,
  probesOf,
  REASONS,
  resultOf,
  runLab,
  SCENARIOS,
  stepLab,
  sweep,
} from '../src/index.ts';
import type { Lab, Scenario } from '../src/index.ts';
import { createJournal, journalAck } from '../src/journal.ts';
import { rowOf } from '../src/sweep.ts';
import { checkProperty, seeds } from './property.ts';

test('LAB-1: a journal takes as many rows as it was made for', () => {
  const journal = createJournal(1);
  journalAck(journal, 0, 0, 0, 1);
  expect(() => journalAck(journal, 0, 1, 0, 1)).toThrow('LAB-1');
});

test.each<Partial<Scenario>>([
  { steps: -1 },
  { steps: 1.5 },
  { ingest: [] },
  { consume: [] },
  { ingest: [5, -1] },
  { consume: [NaN] },
  { warmupSteps: -1 },
  { cleanSteps: 0 },
  { failures: [{ fromStep: 3, toStep: 3 }] },
  { failures: [{ fromStep: -1, toStep: 3 }] },
  {
    failures: [
      { fromStep: 1, toStep: 3 },
      { fromStep: 3, toStep: 5 },
    ],
  },
  { failures: [{ fromStep: 1, toStep: 2 ** 60 }] },
])('LAB-2: no scenario with %j', (change) => {
  expect(() => createLab({ ...SCENARIOS.balanced, ...change }, { observe: false })).toThrow('LAB-2');
});

const ended = (name: keyof typeof SCENARIOS): Lab => runLab(SCENARIOS[name]);

test('LAB-3: an event that is nowhere is noticed in its step', () => {
  const lab = createLab(SCENARIOS.balanced, { observe: false });
  stepLab(lab);
  lab.path.acked -= 1;
  expect(() => stepLab(lab)).toThrow('LAB-3');
});

/** Changes a cell of the journal's first row of a kind. */
function tamper(lab: Lab, kind: number, cell: number, by: number): void {
  const row = journalEntries(lab.journal).findIndex((entry) => entry.kind === kind);
  lab.journal.rows[row * 5 + cell] += by;
}

test.each([
  ['LAB-4', Kind.Ack, 2, 1],
  ['LAB-4', Kind.Overrun, 2, 1],
  ['LAB-4', Kind.Overrun, 3, 1],
  ['LAB-5', Kind.Ack, 4, -1],
  ['LAB-5', Kind.Lifecycle, 2, 1],
  ['LAB-5', Kind.Lifecycle, 3, 1],
] as const)('%s: a journal that contradicts itself (kind %s, cell %s)', (id, kind, cell, by) => {
  const lab = ended('producer-heavy');
  checkJournal(lab);
  tamper(lab, kind, cell, by);
  expect(() => checkJournal(lab)).toThrow(id);
});

test('LAB-4: an overrun that lost nothing', () => {
  const lab = runLab({ ...SCENARIOS.balanced, steps: 1 });
  // The last row, of the shutdown, becomes: lost 5 to 4.
  lab.journal.rows.set([Kind.Overrun, 0, 5, 4, 0], (lab.journal.count - 1) * 5);
  expect(() => checkJournal(lab)).toThrow('LAB-4');
});

test('LAB-4: an overrun that nobody was told of', () => {
  const lab = ended('producer-heavy');
  const { counts } = lab.path.consumer;
  // Its count of overruns.
  counts[counts.indexOf(38)] += 1;
  expect(() => resultOf(lab)).toThrow('LAB-4');
});

test('LAB-4: a journal that ends too soon', () => {
  const lab = ended('balanced');
  lab.journal.count -= 2;
  expect(() => checkJournal(lab)).toThrow('LAB-4');
});

test('a journal has room for what the consumer can take, and no more', () => {
  const { journal } = createLab(SCENARIOS['producer-heavy'], { observe: false });
  // 150 acknowledgements, an overrun and a change in each of 50 steps, start and shutdown.
  expect(journal.rows).toHaveLength((150 + 100 + 2) * 5);
});

test('a run has its steps and no more, and is shut down once', () => {
  const lab = createLab({ ...SCENARIOS.balanced, steps: 2 }, { observe: false });
  expect([stepLab(lab), stepLab(lab), stepLab(lab), lab.step]).toEqual([true, true, false, 2]);
  endLab(lab);
  expect(resultOf(lab).published).toBe(10);
  expect(() => endLab(lab)).toThrow('KERNEL-42');
});

test('a run of no steps stops before it starts', () => {
  const { lifecycle, latencySteps, published } = resultOf(runLab({ ...SCENARIOS.balanced, steps: 0 }));
  expect([published, latencySteps]).toEqual([0, null]);
  expect(lifecycle).toMatchObject([{ step: 0, from: 'INIT', to: 'STOPPED', reason: 'shutdown' }]);
});

test('probes of every state', () => {
  const told = ([1, 2, 3, 4, 5] as const).map((state) => {
    const { live, healthy, ready } = probesOf(state, false);
    return [live, healthy, ready].map(Number).join('');
  });
  expect(told).toEqual(['110', '110', '111', '100', '000']);
  expect(probesOf(3, true)).toEqual({ live: false, healthy: false, ready: false });
});

test('entries are events of a tape', () => {
  const lab = runLab({ ...SCENARIOS['producer-heavy'], policy: 'latest' });
  const events = journalEntries(lab.journal).map((entry) =>
    journalEvent(entry, 'latest', { timeNs: entry.step * 1000, source: 1 }),
  );
  expect(events[0]).toMatchObject({ kind: Kind.Lifecycle, from: 1, to: 2, reason: REASONS.start });
  // Fails when the lab's codes and those of the vocabulary part.
  for (const [name, code] of Object.entries(REASONS)) expect(nameOfCode('controlReason', code)).toBe(name);
  expect(events[1]).toMatchObject({
    kind: Kind.Ack,
    ofSeq: 0,
    decidedStep: 0,
    completedStep: 0,
    provisional: 1,
  });
  expect(events.find(({ kind }) => kind === Kind.Overrun)).toMatchObject({
    timeNs: 12_000,
    lostFrom: 36,
    lostTo: 102,
    policy: 2,
  });
  const last = journalEvent(journalEntries(lab.journal).at(-2)!, 'latest', {
    timeNs: 0,
    source: 1,
    cause: 9,
  });
  expect(last).toMatchObject({
    kind: Kind.Ack,
    ofSeq: 344,
    decidedStep: 43,
    completedStep: 49,
    provisional: 0,
    cause: 9,
  });
});

describe('the arithmetic of the first overrun', () => {
  test.each([
    [8, 3, 64, 12],
    [5, 5, 64, null],
    [3, 8, 64, null],
    // Exactly full is not too full: 64 − 8 = 7 × 8.
    [8, 0, 64, 8],
    [65, 70, 64, 0],
    [64, 64, 64, null],
    [64, 63, 64, 1],
  ])('%s in, %s out, room for %s: %s', (ingest, consume, capacity, step) => {
    expect(expectedOverrun(ingest, consume, capacity, 50)).toBe(step);
    expect(expectedOverrun(ingest, consume, capacity, 0)).toBeNull();
  });

  // Fails when the closed form is not what the formula says, step by step.
  test.each(seeds(47))('is the formula, step by step (seed %s)', (seed) => {
    const rate = fc.nat(70);
    checkProperty(
      seed,
      fc.property(rate, rate, fc.nat(8), fc.nat(60), (ingest, consume, bits, steps) => {
        const capacity = 2 ** bits;
        let first: number | null = null;
        for (let n = 0; n < steps && first === null; n++)
          if (ingest * (n + 1) - consume * n > capacity) first = n;
        expect(expectedOverrun(ingest, consume, capacity, steps)).toBe(first);
      }),
    );
  });

  // Of a right bus there is none to be measured: this is what would be said of a wrong one.
  test('disagrees with another step than its own', () => {
    const scenario = SCENARIOS['producer-heavy'];
    const agreed = [11, 12, 13, null].map((firstOverrunStep) => {
      const { agrees, expected } = rowOf({ scenario, firstOverrunStep, lost: 0, unread: 0 });
      return [agrees, expected];
    });
    expect(agreed).toEqual([
      [false, 12],
      [true, 12],
      [false, 12],
      [false, 12],
    ]);
  });

  test('is what is measured, over a sweep', () => {
    const rates = [0, 1, 2, 3, 5, 8, 13, 16, 17];
    const rows = sweep({ ingest: rates, consume: rates, capacity: [1, 2, 16, 64], steps: 80 });
    expect(rows).toHaveLength(324);
    expect(rows.filter(({ agrees }) => !agrees)).toEqual([]);
    expect(rows.filter(({ measured }) => measured !== null).length).toBeGreaterThan(100);
    expect(rows.find((row) => row.ingest === 8 && row.consume === 3 && row.capacity === 64)).toEqual({
      ingest: 8,
      consume: 3,
      capacity: 64,
      expected: 12,
      measured: 12,
      // 4, and 5 in each of 67 steps.
      lost: 339,
      unread: 61,
      agrees: true,
    });
    expect(rows[1]).toMatchObject({ ingest: 0, consume: 0, capacity: 2 });
  });
});
