import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  appendToLane,
  copyToLane,
  createLane,
  createLanePool,
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
    return { due: lane.pool.due[slot], value: lane.pool.f64[slot * LANE_CELLS + 7] };
  });
}

const due = fc.nat(1000);
const action = fc.record({
  kind: fc.constantFrom('append' as const, 'append' as const, 'shift' as const, 'pop' as const),
  due,
  which: fc.nat(2),
});

// Fails when a message overtakes, growing or another lane takes its slot, or a lane forgets one when it is restored.
test.each(seeds(91))('lanes of a pool are lists, through growth and save (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(action, { maxLength: 150 }), (actions) => {
      const pool = createLanePool(1);
      const lanes = [createLane(pool), createLane(pool), createLane(pool)];
      const lists: Message[][] = [[], [], []];
      for (const [k, one] of actions.entries()) {
        const lane = lanes[one.which];
        const list = lists[one.which];
        if (one.kind === 'append') {
          const cells = new Float64Array(10).fill(k);
          if (k % 2 === 0) copyToLane(lane, one.due, cells, 2);
          else {
            const cell = appendToLane(lane, one.due) * LANE_CELLS;
            pool.f64.fill(k, cell, cell + LANE_CELLS);
          }
          list.push({ due: Math.max(list.at(-1)?.due ?? 0, one.due), value: k });
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
          const restored = restoreLane(pool, JSON.parse(JSON.stringify(saveLane(lane))));
          if (!restored.ok) throw new Error(restored.error.field);
          while (lane.count > 0) shiftLane(lane);
          lanes[one.which] = restored.value;
        }
        lanes.forEach((lane, which) => {
          expect(laneDue(lane)).toBe(lists[which][0]?.due ?? -1);
          expect(contents(lane)).toEqual(lists[which]);
        });
        // What has been taken off is room for others.
        const used = lists[0].length + lists[1].length + lists[2].length;
        let free = 0;
        for (let slot = pool.free; slot >= 0; slot = pool.next[slot]) free += 1;
        expect(used + free).toBe(pool.due.length);
      }
    }),
    200,
  );
});

// Fails when memory is made for no message, or one looks behind a lane's end.
test('KERNEL-21, KERNEL-22: capacities, and what is on its way', () => {
  for (const capacity of [0, 1.5, 2 ** 25]) expect(() => createLanePool(capacity)).toThrow('KERNEL-21');
  expect(() => laneSlot(createLane(createLanePool()), 0)).toThrow('KERNEL-22');
});

// Fails when a damaged state becomes a lane.
test('states that no lane has', () => {
  const words = Array.from({ length: 32 }, () => 0);
  const pool = createLanePool();
  const good = { due: [1, 2], words };
  expect(restoreLane(pool, good)).toMatchObject({ ok: true });
  const bad = [
    [null, 'state'],
    [{ ...good, due: [-1, 1] }, 'due'],
    [{ ...good, due: [2, 1] }, 'due'],
    [{ ...good, due: [1, 1.5] }, 'due'],
    [{ ...good, words: words.slice(1) }, 'words'],
    [{ ...good, words: [...words.slice(1), -1] }, 'words'],
    [{ ...good, words: 'x' }, 'words'],
  ] as const;
  for (const [state, field] of bad)
    expect(restoreLane(pool, state)).toEqual({ ok: false, error: { kind: 'badLaneState', field } });
});
