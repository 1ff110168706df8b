// Any schedule of ingest, polls, room, policy and failures against the reference; conservation at every step.
import { Kind, nameOfCode } from '@truetape/contracts';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLab, endLab, journalEntries, resultOf, stepLab, whereabouts } from '../src/index.ts';
import type { Journal, Scenario } from '../src/index.ts';
import { checkProperty, seeds } from './property.ts';
import { runReference } from './reference.ts';

const rates = (max: number): fc.Arbitrary<number[]> => fc.array(fc.nat(max), { minLength: 1, maxLength: 12 });

const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    ingest: rates(20),
    consume: rates(20),
    bits: fc.nat(6),
    steps: fc.nat(60),
    policy: fc.constantFrom('oldest', 'latest', 'halt'),
    warmupSteps: fc.nat(12),
    cleanSteps: fc.integer({ min: 1, max: 12 }),
    // Lengths of calm and failure in turn.
    turns: fc.array(fc.tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 15 })), {
      maxLength: 4,
    }),
    first: fc.constantFrom(-1, 0, 3),
  })
  .map(({ bits, turns, first, ...rest }) => {
    let at = first;
    const failures = turns.map(([calm, failing]) => {
      const fromStep = at + calm;
      at = fromStep + failing;
      return { fromStep, toStep: at };
    });
    return { ...rest, name: 'random', capacity: 2 ** bits, failures };
  });

/** The journal as the reference words it: a line for the state of each step. */
function linesOf(journal: Journal, steps: number): string[] {
  const entries = journalEntries(journal);
  const lines: string[] = [];
  let state = 'INIT';
  for (let step = 0; step < steps; step++) {
    const own = entries.filter((entry) => entry.step === step);
    for (const entry of own) if (entry.kind === Kind.Lifecycle) state = nameOfCode('lifecycle', entry.to);
    lines.push(`${step} ${state}`);
    for (const entry of own) {
      if (entry.kind === Kind.Overrun) lines.push(`${step} lost ${entry.lostFrom} to ${entry.lostTo}`);
      if (entry.kind !== Kind.Ack) continue;
      const { seq, decidedStep, provisional } = entry;
      lines.push(`${step} ack ${seq} of ${decidedStep}${provisional ? ' provisional' : ''}`);
    }
  }
  return lines;
}

// Fails when an event is nowhere or twice, a state comes at another step, or an ack is called what it is not.
test.each(seeds(43))('every schedule equals the reference (seed %s)', (seed) => {
  const met = new Set<string>();
  checkProperty(
    seed,
    fc.property(scenarios, fc.boolean(), (scenario, observe) => {
      const lab = createLab(scenario, { observe });
      while (stepLab(lab)) {
        const { published, acked, lost, unread } = whereabouts(lab.path);
        expect(acked + lost + unread).toBe(published);
      }
      endLab(lab);
      const { lines, ...counts } = runReference(scenario);
      expect(linesOf(lab.journal, scenario.steps)).toEqual(lines);
      const result = resultOf(lab);
      expect(result).toMatchObject(counts);
      expect(result.executed + result.provisional).toBe(result.acked);
      expect(Object.values(result.stepsIn).reduce((sum, steps) => sum + steps, 0)).toBe(scenario.steps);
      for (const { from, to } of result.lifecycle) met.add(`${from} ${to}`);
    }),
    400,
  );
  // All changes that a lab can make: it never stops in INIT.
  if (seed === 43)
    expect([...met].sort()).toEqual([
      'DEGRADED READY',
      'DEGRADED STOPPED',
      'DEGRADED WARMUP',
      'INIT STOPPED',
      'INIT WARMUP',
      'READY DEGRADED',
      'READY STOPPED',
      'WARMUP DEGRADED',
      'WARMUP READY',
      'WARMUP STOPPED',
    ]);
});
