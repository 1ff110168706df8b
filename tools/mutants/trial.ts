/** One trial: a fault is put into a copy, its tests run, and the copy is as before. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyMutant, type Mutant } from './mutant.ts';

/** In which the tests have to have noticed. */
const SECONDS_MAX = 10;
/** A slow machine has this much more of it, when nothing else runs. */
const SECONDS_FACTOR = 3;

/** How a trial ended. `survived` and `late` say that the tests are too weak; `broken` that the mutant is. */
export interface Outcome {
  readonly mutant: Mutant;
  readonly verdict: 'caught' | 'survived' | 'late' | 'broken';
  readonly seconds: number;
  /** The test that noticed, or what is wrong. */
  readonly by: string;
}

/** What a run of test files showed. */
export interface TestRun {
  readonly isTimeUp: boolean;
  readonly seconds: number;
  readonly passed: number;
  /** Names of tests that failed. */
  readonly failed: readonly string[];
  /** Not one test ran of it: what stood in the way. */
  readonly unloaded: readonly string[];
}

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
  }[];
}

/** Runs test files of a copy in a process of their own, and ends it when the time is up. */
export async function runTests(
  folder: string,
  files: readonly string[],
  { secondsMax, named }: { readonly secondsMax: number; readonly named?: string | undefined },
): Promise<TestRun> {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs');
  const how = ['--project', 'unit', '--bail', '1', '--no-file-parallelism'];
  if (named !== undefined) how.push('--testNamePattern', named);
  const args = [vitest, 'run', ...how, '--reporter=json', `--outputFile=${report}`, ...files];
  const startMs = performance.now();
  // A group of its own: what the tests started ends with them.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, '.compiled') };
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore', detached: true });
  let isTimeUp = false;
  const timer = setTimeout(() => {
    isTimeUp = true;
    process.kill(-child.pid!, 'SIGKILL');
  }, secondsMax * 1000);
  await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
  clearTimeout(timer);
  return { isTimeUp, seconds: (performance.now() - startMs) / 1000, ...readReport(report) };
}

function readReport(path: string): Pick<TestRun, 'passed' | 'failed' | 'unloaded'> {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    return { passed: 0, failed: [], unloaded: ['no report'] };
  }
  const { testResults, numPassedTests: passed } = report;
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ title }) => title),
  );
  const unloaded = testResults
    .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
    .map(({ name, message }) => `${name}: ${message.split('\n', 1)[0]}`);
  return { passed, failed, unloaded };
}

/** Tries a mutant in a copy that nobody else uses meanwhile. */
export async function tryMutant(
  folder: string,
  mutant: Mutant,
  chance: 'first' | 'second' = 'first',
): Promise<Outcome> {
  const path = join(folder, mutant.file);
  const before = readFileSync(path, 'utf8');
  const made = applyMutant(mutant, before);
  if ('why' in made) return { mutant, verdict: 'broken', seconds: 0, by: made.why };
  writeFileSync(path, made.text);
  try {
    const { suite, named } = mutant;
    const secondsMax = chance === 'first' ? SECONDS_MAX : SECONDS_MAX * SECONDS_FACTOR;
    return judge(mutant, secondsMax, await runTests(folder, suite, { secondsMax, named }));
  } finally {
    writeFileSync(path, before);
  }
}

function judge(
  mutant: Mutant,
  secondsMax: number,
  { isTimeUp, seconds, passed, failed, unloaded }: TestRun,
): Outcome {
  const of = (verdict: Outcome['verdict'], by: string): Outcome => ({ mutant, verdict, seconds, by });
  if (isTimeUp) {
    const by = `the tests did not end within ${secondsMax} s`;
    return of(mutant.mayHang === true ? 'caught' : 'late', by);
  }
  if (failed.length > 0) return of('caught', failed[0]);
  // A source that cannot be read is no fault that a test has found.
  if (unloaded.length > 0) return of('broken', unloaded[0]);
  return of('survived', `${passed} tests passed`);
}
