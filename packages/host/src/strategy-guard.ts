/**
 * Keeps clocks and dice of the process from strategies: while one runs, Date, Temporal.Now, formats of dates,
 * Math.random, performance, crypto's random draws and timers throw, and a strategy that catches that fails all the
 * same. What a strategy may know of time and chance is in its context.
 *
 * The globals are replaced once, for the time of a run; the replacements look at a flag that the engine sets
 * around each call. Everything else in the process goes on as before. It finds mistakes; it is no jail for
 * code that means harm.
 */

/** Thrown by what a strategy must not use. */
export class ForbiddenInStrategy extends Error {
  readonly used: string;

  constructor(used: string) {
    super(`a strategy used ${used}: simulated time and seeded draws are in its context`);
    this.name = 'ForbiddenInStrategy';
    this.used = used;
  }
}

/**
 * `isInside` is set by the engine; `remove` gives the process its own clocks and dice back. `fault` is what was thrown
 * first: it stays where the strategy catches it.
 */
export interface InstalledGuard {
  isInside: boolean;
  fault: ForbiddenInStrategy | undefined;
  remove(): void;
}

interface Replaced {
  readonly owner: object;
  readonly key: string;
  /** undefined: it was inherited. */
  readonly descriptor: PropertyDescriptor | undefined;
}

/** Temporal's clock, where the platform has it; its types are not in the library yet. */
const temporalNow = (globalThis as { Temporal?: { readonly Now: object } }).Temporal?.Now ?? {};

/** Functions that throw inside a strategy. Those that a platform lacks are passed over. */
const FUNCTIONS: readonly (readonly [owner: object, name: string, keys: readonly string[]])[] = [
  [Math, 'Math', ['random']],
  [globalThis, '', ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']],
  [globalThis.performance, 'performance', ['now', 'mark', 'measure', 'timerify', 'eventLoopUtilization']],
  [globalThis.crypto, 'crypto', ['getRandomValues', 'randomUUID']],
  [process, 'process', ['hrtime', 'uptime', 'cpuUsage', 'memoryUsage', 'nextTick']],
  [
    temporalNow,
    'Temporal.Now',
    ['instant', 'timeZoneId', 'plainDateISO', 'plainTimeISO', 'plainDateTimeISO', 'zonedDateTimeISO'],
  ],
];

/** Classes that tell the time of the process. */
const CLASSES: readonly (readonly [owner: object, key: string, used: string])[] = [
  [globalThis, 'Date', 'Date'],
  [Intl, 'DateTimeFormat', 'Intl.DateTimeFormat'],
];

/** The one in place: what a strategy has kept of an earlier one looks here as well. */
let active: InstalledGuard | undefined;

/** Installs the guard. There is one at a time: remove it before another is made. */
export function installStrategyGuard(): InstalledGuard {
  const replaced: Replaced[] = [];
  const guard: InstalledGuard = {
    isInside: false,
    fault: undefined,
    remove: () => {
      for (const { owner, key, descriptor } of replaced.toReversed()) {
        if (descriptor === undefined) Reflect.deleteProperty(owner, key);
        else Object.defineProperty(owner, key, descriptor);
      }
      replaced.length = 0;
      if (active === guard) active = undefined;
    },
  };
  active = guard;
  const replace = (owner: object, key: string, value: unknown): void => {
    replaced.push({ owner, key, descriptor: Object.getOwnPropertyDescriptor(owner, key) });
    Object.defineProperty(owner, key, { configurable: true, enumerable: true, writable: true, value });
  };
  for (const [owner, name, keys] of FUNCTIONS) {
    for (const key of keys) {
      const original: unknown = Reflect.get(owner, key);
      if (typeof original !== 'function') continue;
      const used = name === '' ? key : `${name}.${key}`;
      replace(owner, key, guarded(original, used));
    }
  }
  // A format without a date is of now; the constructor of what there is already is a way to the clock as well.
  for (const [owner, key, used] of CLASSES) {
    const original = Reflect.get(owner, key) as ClockClass;
    const put = guardedClass(original, used);
    replace(owner, key, put);
    replace(original.prototype, 'constructor', put);
  }
  return guard;
}

function check(used: string): void {
  if (active?.isInside !== true) return;
  // What handles the error may need them.
  active.isInside = false;
  const error = new ForbiddenInStrategy(used);
  active.fault ??= error;
  throw error;
}

/** The same function, with all that hangs on it. */
function guarded(original: object, used: string): unknown {
  return new Proxy(original, {
    apply: (target, self, args) => {
      check(used);
      const result: unknown = Reflect.apply(target as (...given: unknown[]) => unknown, self, args);
      return result;
    },
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' && key !== 'prototype'
        ? guarded(value, `${used}.${String(key)}`)
        : value;
    },
  });
}

type ClockClass = new (...args: unknown[]) => object;

/** Neither made, nor called, nor asked for anything. */
function guardedClass(original: ClockClass, used: string): unknown {
  return new Proxy(original, {
    construct: (target, args, created) => {
      check(used);
      return Reflect.construct(target, args, created) as object;
    },
    apply: (target, self, args) => {
      check(used);
      return Reflect.apply(target as unknown as (...given: unknown[]) => unknown, self, args);
    },
    get: (target, key) => {
      const member = `${used}.${String(key)}`;
      check(member);
      const value: unknown = Reflect.get(target, key);
      // What is kept now may be called from inside.
      return typeof value === 'function' && key !== 'prototype' ? guarded(value, member) : value;
    },
  });
}
