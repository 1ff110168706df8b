/** What is wrong in a strategy's own file, told with its line: no fault of truetape's. */
import type { Backtest } from '@truetape/backtest';
import { isBarSpec } from '@truetape/engine';
import type { Listens, Strategy, StrategyDefinition } from '@truetape/engine';
import { CliFailure, EXIT } from '../failure.ts';

/** Where a definition comes from: the file as it was named, and the URLs of it and what it imports. */
export interface StrategyFile {
  readonly name: string;
  readonly urls: ReadonlySet<string>;
}

const files = new WeakMap<StrategyDefinition, StrategyFile>();

/** Remembers the file of a definition. */
export function rememberFile(definition: StrategyDefinition, file: StrategyFile): void {
  files.set(definition, file);
}

/** True where one of them is a file of one's own. */
export function hasOwnFile(strategies: readonly { readonly definition: StrategyDefinition }[]): boolean {
  return strategies.some(({ definition }) => files.has(definition));
}

/** `./my.ts:12`: the innermost place of a file's own in an error's stack. */
function placeOf({ name, urls }: StrategyFile, stack: string): string | undefined {
  const [first = ''] = urls;
  for (const line of stack.split('\n')) {
    for (const url of urls) {
      const [, at] = line.includes(`${url}:`) ? (/:(\d+):\d+\)?$/.exec(line) ?? []) : [];
      if (at === undefined) continue;
      return url === first ? `${name}:${at}` : `${url.slice(url.lastIndexOf('/') + 1)}:${at}`;
    }
  }
  return undefined;
}

/** The error as the failure of one strategy's own file; undefined where it is none. */
export function strategyFault(
  strategies: readonly { readonly definition: StrategyDefinition }[],
  error: unknown,
  next?: string,
): CliFailure | undefined {
  for (const { definition } of strategies) {
    const file = files.get(definition);
    const fault = file === undefined ? undefined : faultOf(file, error, next);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The error as the failure of a file; undefined where the file has no part in it. */
export function faultOf(
  file: StrategyFile,
  error: unknown,
  next = 'nothing is written',
): CliFailure | undefined {
  if (error instanceof CliFailure || !(error instanceof Error)) return undefined;
  const place = placeOf(file, error.stack ?? '');
  if (place === undefined) return undefined;
  const { name, message } = error;
  if (name === 'ForbiddenInStrategy') {
    const instead = 'context.timeNs is the time; context.random(purpose) draws, the same under the same seed';
    return new CliFailure(EXIT.failure, `${place}: ${message}`, instead);
  }
  return new CliFailure(EXIT.failure, `${place}: ${name}: ${message}`, `the strategy failed: ${next}`);
}

/** Path of the first thing in a value that is no plain data; undefined where all of it is. */
export function notPlain(
  value: unknown,
  path: string,
  live: ReadonlySet<object> = new Set(),
  seen: Set<object> = new Set(),
): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (typeof value !== 'object') return `${path} is of type ${typeof value}`;
  // A run that goes on would have a copy of it, or it twice.
  if (live.has(value)) return `${path} is an order at work: its orderId is enough`;
  if (seen.has(value)) return `${path} stands elsewhere in it as well`;
  seen.add(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  if (!isPlain) return `${path} is a ${value.constructor.name}`;
  for (const [key, inner] of Object.entries(value)) {
    const found = notPlain(inner, `${path}.${key}`, live, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Throws where a strategy of one's own keeps what cannot be saved, or one of the orders at work. */
export function checkState(
  definition: StrategyDefinition,
  { state }: Strategy,
  live?: ReadonlySet<object>,
): void {
  const file = files.get(definition);
  if (file === undefined) return;
  const isObject = typeof state === 'object' && state !== null;
  const found = isObject ? notPlain(state, 'state', live) : `state is ${String(state)}`;
  if (found === undefined) return;
  throw new CliFailure(
    EXIT.failure,
    `${file.name}: what a strategy remembers has to be plain data: ${found}`,
    'numbers, text, true, false, null, and lists and objects of those: a run is saved with it',
  );
}

/** The same of all strategies of a run. */
export function checkStates(
  strategies: readonly { readonly definition: StrategyDefinition }[],
  { engine }: Backtest,
): void {
  const live = new Set(engine.own.values());
  for (const [k, { definition }] of strategies.entries())
    checkState(definition, engine.runs[k].strategy, live);
}

/** Throws where a strategy of one's own listens to what there is not. */
export function checkListens(definition: StrategyDefinition, { bars }: Listens): void {
  const file = files.get(definition);
  if (file === undefined || bars === undefined || isBarSpec(bars)) return;
  throw new CliFailure(
    EXIT.usage,
    `${file.name}: there are no such bars: ${JSON.stringify(bars)}`,
    "by: 'time', 'count' or 'volume', and size: a whole number above zero",
  );
}
