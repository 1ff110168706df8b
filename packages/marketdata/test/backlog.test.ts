import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NONE } from '@truetape/contracts';
import { InvariantError } from '@truetape/kernel';
import {
  backlogCount,
  copyLevels,
  createBacklog,
  forgetAll,
  forgetOldest,
  pushMessage,
  readHeld,
  roomFor,
  setHeldState,
  type Backlog,
  type Held,
} from '@truetape/marketdata';
import { checkProperty, seeds } from './property.ts';

const blank = (): Held => ({
  firstId: 0,
  lastId: 0,
  prevId: 0,
  matchTime: 0,
  sendTime: 0,
  timeNs: 0,
  bids: 0,
  asks: 0,
  state: 0,
  from: 0,
});

interface Kept {
  readonly id: number;
  readonly levels: readonly number[];
}

function contents(backlog: Backlog): Kept[] {
  const kept: Kept[] = [];
  const held = blank();
  for (let position = backlog.head; position < backlog.tail; position++) {
    readHeld(backlog, position, held);
    const ticks = new Float64Array(held.bids + held.asks);
    const lots = new Float64Array(held.bids + held.asks);
    copyLevels(backlog, held, ticks, lots);
    expect([...lots]).toEqual([...ticks].map((tick) => -tick));
    kept.push({ id: held.lastId, levels: [...ticks] });
  }
  return kept;
}

// Pushes of so many levels, or 'forget'. Sizes beyond the first capacity make the rings grow while wrapped.
const action = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 700 }) },
  { weight: 3, arbitrary: fc.constant('forget' as const) },
);

// Fails when growing a wrapped ring moves a message, or forgetting frees too much or too little.
test.each(seeds(31))('the rings hold what an array would (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const backlog = createBacklog();
      const reference: Kept[] = [];
      let id = 0;
      for (const step of actions) {
        if (step === 'forget') {
          if (reference.length === 0) continue;
          forgetOldest(backlog);
          expect(backlog.forgottenId).toBe(reference.shift()?.id);
        } else {
          id++;
          const levels = Array.from({ length: step }, (_, at) => id * 1000 + at);
          pushMessage(
            backlog,
            { ...blank(), lastId: id, bids: step >> 1, asks: step - (step >> 1) },
            Float64Array.from(levels),
            Float64Array.from(levels, (level) => -level),
          );
          reference.push({ id, levels });
        }
        expect(backlogCount(backlog)).toBe(reference.length);
      }
      expect(contents(backlog)).toEqual(reference);
    }),
    60,
  );
});

test('room is bounded by messages and by levels', () => {
  const backlog = createBacklog();
  const none = new Float64Array(3);
  expect(roomFor(backlog, 3, 1, 3)).toBe(true);
  expect(roomFor(backlog, 4, 1, 3)).toBe(false);
  pushMessage(backlog, { ...blank(), lastId: 7, bids: 3 }, none, none);
  expect(roomFor(backlog, 0, 1, 3)).toBe(false);
  expect(roomFor(backlog, 1, 2, 3)).toBe(false);
  expect(roomFor(backlog, 0, 2, 3)).toBe(true);
  expect(backlog.forgottenId).toBe(NONE);
  forgetAll(backlog, 9);
  expect([backlogCount(backlog), backlog.forgottenId]).toEqual([0, 9]);
  expect(roomFor(backlog, 3, 1, 3)).toBe(true);
});

test('what became of a message is written down beside it', () => {
  const backlog = createBacklog();
  pushMessage(backlog, blank(), new Float64Array(0), new Float64Array(0));
  setHeldState(backlog, 0, 2);
  const held = blank();
  readHeld(backlog, 0, held);
  expect(held.state).toBe(2);
});

test('MD-6: only a message that is kept can be read or forgotten', () => {
  const backlog = createBacklog();
  expect(() => forgetOldest(backlog)).toThrow(InvariantError);
  expect(() => readHeld(backlog, 0, blank())).toThrow('MD-6');
});
