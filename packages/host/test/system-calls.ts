/** Node's file calls, watched or made to fail: named imports of loaded modules follow `syncBuiltinESMExports`. */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';

type Call = (...args: readonly unknown[]) => unknown;

const fs = createRequire(import.meta.url)('node:fs') as Record<string, Call>;

/** Calls that change a folder or a file, sync it or read it. */
const WATCHED = [
  'readSync',
  'fdatasyncSync',
  'fsyncSync',
  'ftruncateSync',
  'mkdirSync',
  'openSync',
  'renameSync',
];
WATCHED.push('unlinkSync', 'writeSync', 'writevSync');

/** A path's name, what a descriptor stands for (Linux only), or the value itself. */
function told(argument: unknown, position: number): string {
  if (typeof argument === 'string') return basename(argument);
  if (typeof argument !== 'number' || position > 0) return '';
  return basename(readlinkSync(`/proc/self/fd/${argument}`));
}

/** What the system would have thrown. */
export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code, syscall: 'test' });
}

/**
 * Runs something and tells the calls that it made, such as `fsync log`. `instead` takes the place of calls: it
 * is given the real one.
 */
export function traceCalls(
  run: () => void,
  instead: Readonly<Record<string, (call: Call, args: readonly unknown[]) => unknown>> = {},
): readonly string[] {
  const calls: string[] = [];
  const real = new Map(WATCHED.map((name) => [name, fs[name]]));
  for (const [name, call] of real) {
    fs[name] = (...args) => {
      calls.push([name.replace('Sync', ''), ...args.slice(0, 2).map(told)].join(' ').trim());
      const other = instead[name];
      return other === undefined ? call(...args) : other(call, args);
    };
  }
  syncBuiltinESMExports();
  try {
    run();
  } finally {
    for (const [name, call] of real) fs[name] = call;
    syncBuiltinESMExports();
  }
  return calls;
}
