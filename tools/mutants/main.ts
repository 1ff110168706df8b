// `npm run mutants`: puts faults into the sources, one at a time, and demands that its tests find each.
//
//   node tools/mutants/main.ts [id …]
//
// A fault that is not found within ten seconds, or thirty at a second try, fails the run, and so does one whose source
// has changed so that it no longer applies. The last line is `N caught, N failed`.

import { join } from 'node:path';
import type { Mutant } from './mutant.ts';
import { MUTANTS } from './mutants.ts';
import { createScratch } from './scratch.ts';
import { runTests, tryMutant, type Outcome } from './trial.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const LANES = 2;
/** All tests together, without a fault. */
const BASELINE_SECONDS_MAX = 400;

const asked = process.argv.slice(2);
const unknown = asked.filter((id) => !MUTANTS.some((mutant) => mutant.id === id));
if (unknown.length > 0) {
  process.stderr.write(`no such mutant: ${unknown.join(', ')}\n`);
  process.exit(2);
}
const chosen = asked.length === 0 ? MUTANTS : MUTANTS.filter(({ id }) => asked.includes(id));
const outcomes = await tryAll(chosen);
if (outcomes === undefined) process.exitCode = 1;
else close(outcomes);

/** Undefined when the tests fail without a fault: they would then fail with any. */
async function tryAll(mutants: readonly Mutant[]): Promise<readonly Outcome[] | undefined> {
  const scratches = Array.from({ length: Math.min(LANES, mutants.length) }, () => createScratch(ROOT));
  const removeAll = (): void => scratches.forEach((scratch) => scratch.remove());
  process.on('exit', removeAll);
  const files = [...new Set(mutants.flatMap(({ suite }) => suite))];
  const waiting = mutants.slice();
  const done: Outcome[] = [];
  let baseline: string | undefined;
  const work = async (folder: string, lane: number): Promise<void> => {
    if (lane === 0) baseline = await failureOf(folder, files);
    for (;;) {
      const next = baseline === undefined ? waiting.shift() : undefined;
      if (next === undefined) return;
      const outcome = await tryMutant(folder, next);
      tell(outcome);
      done.push(outcome);
    }
  };
  await Promise.all(scratches.map(({ folder }, lane) => work(folder, lane)));
  if (baseline !== undefined) {
    process.stdout.write(`without a fault: ${baseline}\n`);
    return undefined;
  }
  // The machine may be slow, or have had other things to do: what came late gets a second chance, alone.
  for (const late of done.filter(({ verdict }) => verdict === 'late')) {
    const again = await tryMutant(scratches[0].folder, late.mutant, 'second');
    tell(again);
    done[done.indexOf(late)] = again;
  }
  removeAll();
  process.off('exit', removeAll);
  return done;
}

async function failureOf(folder: string, files: readonly string[]): Promise<string | undefined> {
  const { isTimeUp, failed, unloaded } = await runTests(folder, files, { secondsMax: BASELINE_SECONDS_MAX });
  return isTimeUp ? 'the tests do not end' : (failed[0] ?? unloaded[0]);
}

function tell({ mutant, verdict, seconds, by }: Outcome): void {
  const columns = [verdict.padEnd(8), mutant.id.padEnd(30), `${seconds.toFixed(1).padStart(4)} s`, by];
  process.stdout.write(`${columns.join('  ')}\n`);
  if (verdict !== 'caught') process.stdout.write(`          ${mutant.file}: ${mutant.why}\n`);
}

function close(outcomes: readonly Outcome[]): void {
  const caught = outcomes.filter(({ verdict }) => verdict === 'caught').length;
  const failed = outcomes.length - caught;
  process.stdout.write(`${caught} caught, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
