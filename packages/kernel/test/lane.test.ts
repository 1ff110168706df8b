import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  appendToLane,
  copyToLane,
  createLane,
  LANE_CELLS,
  laneDue,
  laneSlot,
  popLane,
  restoreLane,
  saveLane,
  shiftLane,
  type Lane,
} from '@truetape/kernel';
import { checkProperty, seeds } from './property.ts';

interface Message {
  readonly due: number;
  readonly value: number;
}

function contents(lane: Lane): Message[] {
  return Array.from({ length: lane.count }, (_, place) => {
    const slot = laneSlot(lane, place);
    return { due: lane.due[slot], value: lane.f64[slot * LANE_CELLS + 7] };
  });
}

const action = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), due: fc.nat(1000) }),
  fc.record({ kind: fc.constant('append' as const), due: fc.nat(1000) }),
  fc.record({ kind: fc.constantFrom('shift' as const, 'pop' as const) }),
);

// Fails when a message overtakes, growing loses the order or a cell, or a restored lane forgets its latest time.
test.each(seeds(91))('a lane is a list, through growth and save (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
      let lane = createLane(1);
      const list: Message[] = [];
      let latest = 0;
      for (const [k, one] of actions.entries()) {
        if (one.kind === 'append') {
          latest = Math.max(latest, one.due);
          const cells = new Float64Array(10).fill(k);
          if (k % 2 === 0) copyToLane(lane, one.due, cells, 2);
          else {
            const cell = appendToLane(lane, one.due) * LANE_CELLS;
            lane.f64.fill(k, cell, cell + LANE_CELLS);
          }
          list.push({ due: latest, value: k });
        } else if (list.length === 0) {
          expect(() => (one.kind === 'shift' ? shiftLane(lane) : popLane(lane))).toThrow('KERNEL-22');
        } else if (one.kind === 'shift') {
          shiftLane(lane);
          list.shift();
        } else {
          popLane(lane);
          list.pop();
        }
        if (k % 7 === 0) {
          const restored = restoreLane(JSON.parse(JSON.stringify(saveLane(lane))));
          if (!restored.ok) throw new Error(restored.error.field);
          lane = restored.value;
        }
        expect(laneDue(lane)).toBe(list[0]?.due ?? -1);
        expect(contents(lane)).toEqual(list);
        expect(lane.lastDueNs).toBe(latest);
      }
    }),
    300,
  );
});

// Fails when a ring is made whose places cannot be masked, or one looks behind its end.
test('KERNEL-21, KERNEL-22: capacities, and what is on its way', () => {
  for (const capacity of [0, 3, 2 ** 25]) expect(() => createLane(capacity)).toThrow('KERNEL-21');
  expect(() => laneSlot(createLane(), 0)).toThrow('KERNEL-22');
});

// Fails when a damaged state becomes a lane.
test('states that no lane has', () => {
  const words = Array.from({ length: 32 }, () => 0);
  const good = { lastDueNs: 5, due: [1, 2], words };
  expect(restoreLane(good)).toMatchObject({ ok: true });
  const bad = [
    [null, 'state'],
    [{ ...good, lastDueNs: -1 }, 'lastDueNs'],
    [{ ...good, lastDueNs: 1 }, 'due'],
    [{ ...good, due: [2, 1] }, 'due'],
    [{ ...good, due: [1, 1.5] }, 'due'],
    [{ ...good, words: words.slice(1) }, 'words'],
    [{ ...good, words: [...words.slice(1), -1] }, 'words'],
    [{ ...good, words: 'x' }, 'words'],
  ] as const;
  for (const [state, field] of bad)
    expect(restoreLane(state)).toEqual({ ok: false, error: { kind: 'badLaneState', field } });
});
