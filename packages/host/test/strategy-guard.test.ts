import { afterEach, expect, test } from 'vitest';
import { ForbiddenInStrategy, installStrategyGuard } from '@truetape/host';
import type { InstalledGuard } from '@truetape/host';

let guard: InstalledGuard | undefined;
afterEach(() => {
  guard?.remove();
  guard = undefined;
});

const CHEATS: (readonly [used: string, cheat: () => unknown])[] = [
  ['Date.now', () => Date.now()],
  ['Date', () => new Date()],
  ['Date', () => Date()],
  ['Date', () => new (Object.getPrototypeOf(KEPT).constructor as DateConstructor)()],
  ['Math.random', () => Math.random()],
  ['performance.now', () => performance.now()],
  ['crypto.randomUUID', () => crypto.randomUUID()],
  ['process.hrtime', () => process.hrtime()],
  ['process.hrtime.bigint', () => process.hrtime.bigint()],
  ['Intl.DateTimeFormat', () => new Intl.DateTimeFormat('en').format()],
  ['Intl.DateTimeFormat', () => Intl.DateTimeFormat('en')],
  ['setTimeout', () => setTimeout(() => undefined, 0)],
  [
    'queueMicrotask',
    () => {
      queueMicrotask(() => undefined);
    },
  ],
];
const KEPT = new Date(0);

/** Some platforms have it, and its types are in none of ours. */
const { Temporal } = globalThis as { Temporal?: { readonly Now: { readonly instant: () => unknown } } };
if (Temporal !== undefined) CHEATS.push(['Temporal.Now.instant', () => Temporal.Now.instant()]);

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
    Intl.DateTimeFormat,
    Intl.DateTimeFormat.prototype.constructor,
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

// Fails when a strategy that catches what it is told goes on with what the clock or the dice of the process say.
test('what was used first is remembered, though the strategy caught it', () => {
  guard = installStrategyGuard();
  const { fault: before } = guard;
  guard.isInside = true;
  expect(() => Date.now()).toThrow('Date.now');
  guard.isInside = true;
  expect(() => Math.random()).toThrow('Math.random');
  expect([before, guard.fault]).toEqual([undefined, new ForbiddenInStrategy('Date.now')]);
});

test('dates go on working for everybody else', () => {
  guard = installStrategyGuard();
  expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
  expect(new Date() instanceof Date).toBe(true);
  expect(Date.UTC(1970, 0, 1)).toBe(0);
});
