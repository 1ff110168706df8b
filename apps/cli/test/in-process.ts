/**
 * Runs the command line inside this process, which spares a start of Node: what it reads of the system, and what it
 * says, is given and taken here. One command at a time, since a folder and an environment belong to the process.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

/** What a command is given. */
export interface Given {
  /** The bundle that is run. */
  readonly bin: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly input: Uint8Array;
}

/** What it said, and its exit code. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const STDIN = 0;
const STDERR = 2;
/** What standard input is told to be. */
const PIPE = { size: 0, isFile: () => false, isDirectory: () => false };

/** False where a thread of the command's own would read what is given, past all that stands in here. */
export function fitsInProcess(input: Uint8Array): boolean {
  const isGzip = input[0] === 0x1f && input[1] === 0x8b;
  const isZstd = input[0] === 0x28 && input[1] === 0xb5;
  return !isGzip && !isZstd;
}

let last: Promise<unknown> = Promise.resolve();

/** Runs a command when those before it have ended. */
export function runInProcess(given: Given): Promise<Said> {
  const run = last.then(() => runNow(given));
  last = run.catch(() => undefined);
  return run;
}

async function runNow({ bin, args, cwd, env, input }: Given): Promise<Said> {
  const { main } = (await import(pathToFileURL(join(dirname(bin), 'main.js')).href)) as {
    readonly main: (args: readonly string[]) => Promise<number>;
  };
  const before = { cwd: process.cwd(), env: process.env };
  const descriptors = standInDescriptors(input);
  const stdin = standInStdin(input);
  process.chdir(cwd);
  process.env = env;
  try {
    const code = await main(args);
    return { code, stdout: descriptors.said(1), stderr: descriptors.said(STDERR) };
  } finally {
    process.env = before.env;
    process.chdir(before.cwd);
    stdin.restore();
    descriptors.restore();
  }
}

/** Descriptors 0 to 2 without a pipe behind them: Node's own functions know about them until `restore`. */
function standInDescriptors(input: Uint8Array): { said(fd: number): string; restore(): void } {
  const { writeSync, readSync, fstatSync } = fs;
  const written: Buffer[][] = [[], [], []];
  let at = 0;
  const write = (
    fd: number,
    data: string | Uint8Array,
    from = 0,
    size?: number,
    position?: number,
  ): number => {
    if (fd > STDERR) return Reflect.apply(writeSync, fs, [fd, data, from, size, position]) as number;
    const bytes = Buffer.from(data as Uint8Array);
    const part = bytes.subarray(from, from + (size ?? bytes.length - from));
    written[fd].push(part);
    return part.length;
  };
  const read = (fd: number, into: Uint8Array, ...rest: readonly unknown[]): number => {
    if (fd !== STDIN) return Reflect.apply(readSync, fs, [fd, into, ...rest]) as number;
    const [from = 0, size = into.length] = rest as readonly (number | undefined)[];
    const part = input.subarray(at, at + size);
    into.set(part, from);
    at += part.length;
    return part.length;
  };
  const stat = (fd: number, ...rest: readonly unknown[]): unknown =>
    fd === STDIN ? PIPE : Reflect.apply(fstatSync, fs, [fd, ...rest]);
  Object.assign(fs, { writeSync: write, readSync: read, fstatSync: stat });
  syncBuiltinESMExports();
  return {
    said: (fd) => Buffer.concat(written[fd]).toString('utf8'),
    restore: () => {
      Object.assign(fs, { writeSync, readSync, fstatSync });
      syncBuiltinESMExports();
    },
  };
}

function standInStdin(input: Uint8Array): { restore(): void } {
  const own = Object.getOwnPropertyDescriptor(process, 'stdin');
  const value = Readable.from(input.length === 0 ? [] : [Buffer.from(input)], { objectMode: false });
  Object.defineProperty(process, 'stdin', { value, configurable: true, enumerable: true });
  return {
    restore: () => {
      if (own !== undefined) Object.defineProperty(process, 'stdin', own);
    },
  };
}
