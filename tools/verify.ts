// `npm test` and `npm run proofs`: runs their steps on two lanes, shows each step as it ends, and closes with
// one line.
//
//   node tools/verify.ts test|proofs [vitest arguments]
//
// A check (types, lint, format, layers) counts as one pass or failure, vitest's tests count one by one, and a
// test file that fails to load counts as a failure. TRUETAPE_TALLY names a file to which `passed failed` is
// appended, for .ci/run.

import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

type Step = { readonly name: string; readonly command: string; readonly args: readonly string[] };
type StepOutcome = {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
};
type VitestReport = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
};

const CHECKS: readonly Step[] = [
  { name: 'types', command: 'tsc', args: ['-b'] },
  { name: 'lint', command: 'oxlint', args: [] },
  { name: 'format', command: 'oxfmt', args: ['--check'] },
  { name: 'layers', command: 'node', args: ['tools/architecture/main.ts'] },
  { name: 'generated', command: 'node', args: ['tools/generate.ts', '--check'] },
];

const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
/**
 * Goldens run a second time under the other Node, a zone with a quarter-hour offset and a locale with another
 * i.
 */
const OTHER_MAJOR = process.versions.node.startsWith('26.') ? '24' : '26';
const OTHER_ENVIRONMENT = { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };

/** The pages show many commands: the second run of those is among the proofs. */
const PAGES = 'tests/docs.golden.test.ts';

const [suite, ...vitestArgs] = process.argv.slice(2);
if (suite !== 'test' && suite !== 'proofs') {
  process.stderr.write('usage: node tools/verify.ts test|proofs [vitest arguments]\n');
  process.exit(2);
}
const startMs = performance.now();
const lanes =
  suite === 'test'
    ? [checksLane(), runVitest('tests', 'unit')]
    : [runVitest('proofs', 'proofs'), ...(vitestArgs.length === 0 ? [runElsewhere('pages', [PAGES])] : [])];
const outcomes = (await Promise.all(lanes)).flat();
close(outcomes);

async function checksLane(): Promise<readonly StepOutcome[]> {
  const done: StepOutcome[] = [];
  for (const step of CHECKS) {
    const stepStartMs = performance.now();
    const { code, output } = await runCommand(step.command, step.args);
    const ok = code === 0;
    const seconds = secondsSince(stepStartMs);
    process.stdout.write(`${ok ? '' : output}${ok ? 'ok  ' : 'FAIL'} ${step.name} ${seconds.toFixed(1)} s\n`);
    done.push({ name: step.name, passed: Number(ok), failed: Number(!ok), seconds });
  }
  return [...done, ...(await runElsewhere('goldens', ['.golden.', '--exclude', PAGES]))];
}

/** Goldens once more, under the other Node and in another place. */
async function runElsewhere(what: string, filters: readonly string[]): Promise<readonly StepOutcome[]> {
  const node = process.env[`TRUETAPE_NODE_${OTHER_MAJOR}`] ?? '';
  return runVitest(`${what} on Node ${OTHER_MAJOR}`, 'unit', { node, env: OTHER_ENVIRONMENT, filters });
}

/** Where vitest runs; without it, here and as it is. */
type Elsewhere = {
  readonly node: string;
  readonly env: Readonly<Record<string, string>>;
  readonly filters: readonly string[];
};

async function runVitest(
  name: string,
  project: 'unit' | 'proofs',
  elsewhere?: Elsewhere,
): Promise<readonly StepOutcome[]> {
  const stepStartMs = performance.now();
  const scratch = mkdtempSync(join(tmpdir(), 'truetape-verify-'));
  const reportFile = join(scratch, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const filters = elsewhere?.filters ?? [];
  const args = [
    VITEST,
    'run',
    '--project',
    project,
    '--passWithNoTests',
    ...reporters,
    ...filters,
    ...vitestArgs,
  ];
  const { code, output } = await runCommand(elsewhere?.node ?? 'node', args, {
    live: elsewhere === undefined,
    env: elsewhere?.env,
  });
  const { passed, failed } = countTests(reportFile, code);
  rmSync(scratch, { recursive: true });
  const seconds = secondsSince(stepStartMs);
  if (elsewhere !== undefined) {
    process.stdout.write(`${code === 0 ? 'ok  ' : `${output}FAIL`} ${name} ${seconds.toFixed(1)} s\n`);
  }
  return [{ name, passed, failed, seconds }];
}

/** A run that ends badly has at least one failure, whatever the report says. */
function countTests(reportFile: string, code: number): { passed: number; failed: number } {
  let report: VitestReport;
  try {
    report = JSON.parse(readFileSync(reportFile, 'utf8')) as VitestReport;
  } catch {
    return { passed: 0, failed: Number(code !== 0) };
  }
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = report.numFailedTests + unloaded.length;
  return { passed: report.numPassedTests, failed: code === 0 ? failed : Math.max(1, failed) };
}

/** Runs a command with nothing on stdin; `live` shows its output as it comes. */
function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly live?: boolean; readonly env?: Readonly<Record<string, string>> | undefined } = {},
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
    const child = spawn(command === 'node' ? process.execPath : command, args, {
      cwd: ROOT,
      env: { ...process.env, ...color, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command !== 'node',
    });
    let output = '';
    const take = (chunk: Buffer): void => {
      if (options.live === true) process.stdout.write(chunk);
      else output += chunk.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => resolve({ code: 127, output: `${command}: ${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function close(steps: readonly StepOutcome[]): void {
  const passed = steps.reduce((sum, step) => sum + step.passed, 0);
  const failed = steps.reduce((sum, step) => sum + step.failed, 0);
  const times = steps.map((step) => `${step.name} ${step.seconds.toFixed(1)}`).join(', ');
  const bad = steps.filter((step) => step.failed > 0).map((step) => step.name);
  const verdict = bad.length === 0 ? '' : `, in ${bad.join(' and ')}`;
  const total = secondsSince(startMs).toFixed(1);
  process.stdout.write(`${suite}: ${passed} passed, ${failed} failed${verdict}, in ${total} s (${times})\n`);
  const tally = process.env['TRUETAPE_TALLY'];
  if (tally !== undefined) appendFileSync(tally, `${passed} ${failed}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function secondsSince(fromMs: number): number {
  return (performance.now() - fromMs) / 1000;
}
