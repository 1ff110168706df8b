import { afterEach, expect, test } from 'vitest';
import { ForbiddenInStrategy, installStrategyGuard } from '@truetape/host';
import type { InstalledGuard } from '@truetape/host';

let guard: InstalledGuard | undefined;
afterEach(() => {
  guard?.remove();
  guard = undefined;
});

const CHEATS: readonly (readonly [used: string, cheat: () => unknown])[] = [
  ['Date.now', () => Date.now()],
  ['Date', () => new Date()],
  ['Date', () => Date()],
  ['Date', () => new (Object.getPrototypeOf(KEPT).constructor as DateConstructor)()],
  ['Math.random', () => Math.random()],
  ['performance.now', () => performance.now()],
  ['crypto.randomUUID', () => crypto.randomUUID()],
  ['process.hrtime', () => process.hrtime()],
  ['process.hrtime.bigint', () => process.hrtime.bigint()],
  ['setTimeout', () => setTimeout(() => undefined, 0)],
  [
    'queueMicrotask',
    () => {
      queueMicrotask(() => undefined);
    },
  ],
];
const KEPT = new Date(0);

test.each(CHEATS)('%s throws inside a strategy', (used, cheat) => {
  guard = installStrategyGuard();
  guard.isInside = true;
  expect(cheat).toThrow(new ForbiddenInStrategy(used));
});

test.each(CHEATS)('%s is what it was outside of one, and behind the run', (_, cheat) => {
  guard = installStrategyGuard();
  expect(cheat).not.toThrow();
  guard.remove();
  expect(cheat).not.toThrow();
});

test('a run leaves every global as it found it', () => {
  const globals = (): unknown[] => [
    Date,
    Math.random,
    Reflect.get(performance, 'now'),
    setTimeout,
    process.hrtime,
    KEPT.constructor,
  ];
  const before = globals();
  installStrategyGuard().remove();
  expect(globals()).toEqual(before);
  expect(Object.hasOwn(performance, 'now')).toBe(false);
});

// Fails when what was taken while a file was loaded is a way around the guard of its run.
test('a clock that was kept under an earlier guard throws under the next', () => {
  guard = installStrategyGuard();
  const kept = { now: Date.now, draw: Math.random, Clock: Date };
  guard.remove();
  expect(kept.now()).toBeGreaterThan(0);
  guard = installStrategyGuard();
  guard.isInside = true;
  expect(() => kept.draw()).toThrow(new ForbiddenInStrategy('Math.random'));
  guard.isInside = true;
  expect(() => new kept.Clock()).toThrow(new ForbiddenInStrategy('Date'));
  guard.isInside = true;
  expect(() => kept.now()).toThrow(new ForbiddenInStrategy('Date.now'));
});

test('dates go on working for everybody else', () => {
  guard = installStrategyGuard();
  expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
  expect(new Date() instanceof Date).toBe(true);
  expect(Date.UTC(1970, 0, 1)).toBe(0);
});
