import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createLadder,
  dropLevel,
  firstLevel,
  isLadderSound,
  levelAfter,
  levelAtKey,
  makePage,
  putLevel,
  type Ladder,
} from '../src/ladder.ts';
import { checkProperty, seeds } from './property.ts';

const MIN = -2_147_483_648;
const MAX = 2_147_483_647;

/** A ladder and, beside it, what it has to agree with: keys with their levels, and the page of each. */
interface Held {
  readonly ladder: Ladder;
  readonly sides: readonly [Map<number, number>, Map<number, number>];
  readonly pages: Map<number, number>;
  next: number;
}

const hold = (): Held => ({
  ladder: createLadder(),
  sides: [new Map(), new Map()],
  pages: new Map(),
  next: 0,
});

function toggle(held: Held, side: number, key: number): void {
  const { ladder, pages } = held;
  const levels = held.sides[side - 1];
  const there = levels.get(key);
  expect(levelAtKey(ladder, side, key)).toBe(there ?? -1);
  if (there === undefined) {
    const level = held.next++;
    const page = makePage(ladder, side, key);
    putLevel(ladder, page, key, level);
    pages.set(level, page);
    levels.set(key, level);
  } else {
    dropLevel(ladder, side, pages.get(there) ?? -1, key);
    levels.delete(key);
  }
}

/** All levels of a side in order, by the tree alone; the keys are looked up in what it should agree with. */
function walk(held: Held, side: number): number[] {
  const keys = new Map([...held.sides[side - 1]].map(([key, level]) => [level, key]));
  const levels: number[] = [];
  let level = firstLevel(held.ladder, side);
  while (level !== -1) {
    levels.push(level);
    level = levelAfter(held.ladder, held.pages.get(level) ?? -1, keys.get(level) ?? 0);
  }
  return levels;
}

function expectAgreement(held: Held): void {
  expect(isLadderSound(held.ladder)).toBe(true);
  for (const side of [1, 2]) {
    const sorted = [...held.sides[side - 1]].toSorted((a, b) => a[0] - b[0]).map(([, level]) => level);
    expect(walk(held, side)).toEqual(sorted);
  }
}

const key = fc.oneof(
  fc.integer({ min: -40, max: 40 }),
  fc.integer({ min: MIN, max: MIN + 40 }),
  fc.integer({ min: MAX - 40, max: MAX }),
  // A page each, all of them with one place in the cache.
  fc.integer({ min: -20, max: 20 }).map((k) => k * 4096),
  fc.integer({ min: MIN, max: MAX }),
);

// Fails where a bitmap is not cleared up the tree, an empty page is freed while the cache names it, or is never freed.
test.each(seeds(20_262))('it agrees with sorted keys, seed %i', (seed) => {
  const steps = fc.array(fc.tuple(fc.constantFrom(1, 2), key), { maxLength: 300 });
  checkProperty(
    seed,
    fc.property(steps, (list) => {
      const held = hold();
      for (const [side, each] of list) toggle(held, side, each);
      expectAgreement(held);
    }),
    300,
  );
});

test('the ends of the range are prices like others', () => {
  const held = hold();
  for (const each of [MAX, 0, MIN, -1, 1]) toggle(held, 1, each);
  expectAgreement(held);
  expect(walk(held, 1)).toEqual([2, 3, 1, 4, 0]);
});

// Fails where nodes of emptied pages are lost: what comes and goes at ever new prices then grows without end.
test('prices that come and go leave a bounded number of nodes', () => {
  const held = hold();
  for (let k = 0; k < 4000; k++) {
    const each = Math.imul(k, 0x9e3779b1);
    toggle(held, 1 + (k & 1), each);
    toggle(held, 1 + (k & 1), each);
  }
  expectAgreement(held);
  // Pages that the cache still names, with all the nodes above them.
  expect(held.ladder.used).toBeLessThan(2 + 2 * 128 * 6);
  expect(held.ladder.best).toEqual(new Int32Array(3).fill(-1));
});

// Fails where a node takes more than the layout says, or isolated prices cost more than the nodes below the last one they share.
test('isolated prices take some three nodes each', () => {
  const held = hold();
  const count = 8000;
  const apart = Math.floor((MAX - MIN) / count);
  for (let k = 0; k < count; k++) toggle(held, 2, MIN + k * apart);
  expect(isLadderSound(held.ladder)).toBe(true);
  expect(held.ladder.used / count).toBeLessThan(3.6);
  for (const each of held.sides[1].keys()) toggle(held, 2, each);
  expectAgreement(held);
});

test('a price that comes and goes builds its page once', () => {
  const held = hold();
  toggle(held, 1, 100);
  toggle(held, 1, 100);
  const { used } = held.ladder;
  for (let k = 0; k < 10; k++) toggle(held, 1, 100);
  expect(held.ladder.used).toBe(used);
  expect(held.ladder.free).toBe(-1);
});
