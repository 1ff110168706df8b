/** Runs the real command line in folders of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { testBundle } from '../tools/test-bundle.ts';
import { fitsInProcess, runInProcess } from './in-process.ts';

/** What is published. */
export const BIN: string = await testBundle();
/** The same from the sources, as a checkout has it. */
export const SOURCES: string = join(import.meta.dirname, '..', 'bin', 'truetape.mjs');
export const ROOT: string = join(import.meta.dirname, '..', '..', '..');
export const CAPTURES: string = join(ROOT, 'fixtures', 'captures');
export const LOBSTER: string = join(ROOT, 'fixtures', 'lobster');

/** How a command ended, and what it said. */
export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Standard input; nothing by default. */
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** `SOURCES`, where the difference matters. */
  readonly bin?: string;
  /** In a process of its own, where that is what is tested. */
  readonly own?: true;
}

/** A folder with blanks in its name, removed behind the tests of the file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'truetape cli '));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Nothing of the caller's settings reaches a command; the home folder is nowhere. */
function environment(given: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = ['PATH', 'TMPDIR', 'TZ', 'LANG', 'LC_ALL', 'SystemRoot', 'NODE_COMPILE_CACHE'].flatMap(
    (name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    },
  );
  return { ...Object.fromEntries(kept), HOME: join(tmpdir(), 'no-home-of-truetape'), TERM: 'dumb', ...given };
}

/** Starts a command. */
export function start(args: readonly string[], { cwd, env, bin = BIN }: RunOptions = {}): ChildProcess {
  const child = spawn(process.execPath, [bin, ...args], { cwd: cwd ?? ROOT, env: environment(env) });
  // A command that is killed or leaves early reads no more: what a test still writes is lost, and that is fine.
  child.stdin.on('error', () => {});
  return child;
}

/** What a process says until it ends. */
export async function ended(child: ChildProcess): Promise<Run> {
  const said = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...said }));
  });
}

/** Runs a command to its end: in this process, unless it asks for one of its own. */
export async function truetape(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { cwd = ROOT, env, bin = BIN, own } = options;
  const input = Buffer.from(options.input ?? '');
  if (bin === BIN && own !== true && fitsInProcess(input)) {
    const said = await runInProcess({ bin, args, cwd, env: environment(env), input });
    return { signal: null, ...said };
  }
  const child = start(args, options);
  // A command may end before it has read what it is given.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return ended(child);
}

/** Runs a shell command line in which `truetape` is the command. */
export async function shell(line: string, cwd: string): Promise<Run> {
  const env = environment({ TRUETAPE_BIN: BIN, TRUETAPE_HOST: process.execPath });
  const script = `truetape() { "$TRUETAPE_HOST" "$TRUETAPE_BIN" "$@"; }\n${line}`;
  return ended(spawn('bash', ['-c', script], { cwd, env }));
}
