/** Files of a run are different ones: an output never takes the place of what is read, or of another output. */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { usageFailure } from '../failure.ts';
import { strategyFileOf } from './strategy-source.ts';

const realOf = (path: string): string => (existsSync(path) ? realpathSync(path) : resolve(path));

/** Where a file is, or will be. */
const placeOf = (path: string): string =>
  existsSync(path) ? realpathSync(path) : join(realOf(dirname(path)), basename(path));

/** What a run reads, each with what it is called, and its log. */
export interface RunInputs {
  readonly files: readonly (readonly [path: string, what: string])[];
  readonly log?: string | undefined;
}

/** Tapes and strategies of one's own. */
export function filesRead(tapes: readonly string[], strategies: readonly string[]): RunInputs['files'] {
  const own = strategies.flatMap((text) => strategyFileOf(text) ?? []);
  return [
    ...tapes.map((path) => [path, 'the tape that is read'] as const),
    ...own.map((path) => [path, 'the strategy'] as const),
  ];
}

/** Throws a usage failure for an output that is read, or lies in the log, or two that are one file. */
export function refuseSameFiles(
  { files, log }: RunInputs,
  outputs: readonly (readonly [option: string, path: string | undefined])[],
): void {
  const taken = new Map<string, string>();
  for (const [path, what] of files) if (path !== '-') taken.set(placeOf(path), what);
  const folder = log === undefined ? undefined : placeOf(log);
  for (const [option, path] of outputs) {
    if (path === undefined || path === '-') continue;
    const place = placeOf(path);
    const other = dirname(place) === folder ? `in the log ${log}` : taken.get(place);
    if (other !== undefined) throw usageFailure(`${option} ${path} is ${other}`, 'name another file');
    taken.set(place, `also the file of ${option}`);
  }
}
