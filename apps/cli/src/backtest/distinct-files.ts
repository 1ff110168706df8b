/** Files of a run are different ones: an output never takes the place of what is read, or of another output. */
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { usageFailure } from '../failure.ts';

const placeOf = (path: string): string => (existsSync(path) ? realpathSync(path) : resolve(path));

/** Throws a usage failure for an output that is one of the tapes, or two that are one file. */
export function refuseSameFiles(
  tapes: readonly string[],
  outputs: readonly (readonly [option: string, path: string | undefined])[],
): void {
  const taken = new Map<string, string>();
  for (const path of tapes) taken.set(placeOf(path), 'the tape that is read');
  for (const [option, path] of outputs) {
    if (path === undefined || path === '-') continue;
    const other = taken.get(placeOf(path));
    if (other !== undefined) throw usageFailure(`${option} ${path} is ${other}`, 'name another file');
    taken.set(placeOf(path), `also the file of ${option}`);
  }
}
