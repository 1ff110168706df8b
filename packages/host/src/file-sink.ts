/**
 * Outputs. A file is written beside its place under another name and moved there when all of it is written,
 * so that a command that fails, or is killed, leaves no half tape under the final name.
 */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, realpathSync } from 'node:fs';
import { renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { assert } from '@truetape/kernel';
import type { ByteSink } from '@truetape/tape';
import { writeDescriptor } from './descriptor.ts';
import { systemCode } from './input-error.ts';
import { OutputError } from './output-error.ts';

/** Small writes are gathered up to this. */
const BUFFER_BYTES = 262144;

/** An output under way: it counts once `commit` has returned. */
export interface OpenSink extends ByteSink {
  readonly path: string;
  /** Hands on what was gathered. */
  flush(): void;
  /** Puts the output in its place. */
  commit(): void;
  /** Drops it; does nothing behind `commit`. */
  abandon(): void;
}

function failure(error: unknown, path: string): OutputError {
  const code = systemCode(error);
  return new OutputError(code === 'EPIPE' ? 'closed' : 'unwritable', path, code);
}

interface Gathered {
  readonly write: (bytes: Uint8Array) => void;
  readonly flush: () => void;
}

/** Gathers small writes to a descriptor. */
function gather(fd: number, path: string): Gathered {
  const buffer = new Uint8Array(BUFFER_BYTES);
  let size = 0;
  const send = (bytes: Uint8Array): void => {
    try {
      writeDescriptor(fd, bytes);
    } catch (error) {
      throw failure(error, path);
    }
  };
  const flush = (): void => {
    const gathered = buffer.subarray(0, size);
    size = 0;
    if (gathered.length > 0) send(gathered);
  };
  return {
    flush,
    write: (bytes) => {
      if (size + bytes.length > BUFFER_BYTES) flush();
      if (bytes.length > BUFFER_BYTES / 2) {
        flush();
        send(bytes);
        return;
      }
      buffer.set(bytes, size);
      size += bytes.length;
    },
  };
}

/**
 * Standard output, or another descriptor that is open. Throws `OutputError` `closed` when its reader has gone.
 */
export function createStreamSink(fd: number = 1): OpenSink {
  const { write, flush } = gather(fd, '-');
  return { path: '-', write, flush, commit: flush, abandon: () => undefined };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** Removes what killed processes left behind of the same output. */
function removeStale(folder: string, name: string): void {
  for (const entry of readdirSync(folder)) {
    if (!entry.startsWith(`.${name}.`) || !entry.endsWith('.partial')) continue;
    const pid = Number(entry.slice(name.length + 2, -'.partial'.length));
    if (Number.isInteger(pid) && !isAlive(pid)) rmSync(join(folder, entry), { force: true });
  }
}

function openTarget(path: string, force: boolean): { readonly target: string; readonly special: boolean } {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { target: path, special: false };
  if (stat.isDirectory()) throw new OutputError('unwritable', path, 'EISDIR');
  if (!stat.isFile()) return { target: path, special: true };
  if (!force) throw new OutputError('exists', path, 'EEXIST');
  // A link stays a link: what it points to is replaced.
  return { target: realpathSync(path), special: false };
}

/**
 * Starts writing a file; with `force` an existing one is replaced at the end. A device or a pipe is written
 * directly. Throws `OutputError`.
 */
export function createFileSink(path: string, options: { readonly force?: boolean } = {}): OpenSink {
  try {
    const { target, special } = openTarget(path, options.force === true);
    if (special) return createDeviceSink(path);
    return createReplacement(path, target, options.force === true);
  } catch (error) {
    throw error instanceof OutputError ? error : failure(error, path);
  }
}

function createDeviceSink(path: string): OpenSink {
  const fd = openSync(path, 'w');
  const { write, flush } = gather(fd, path);
  const commit = (): void => {
    flush();
    closeSync(fd);
  };
  return { path, write, flush, commit, abandon: () => undefined };
}

function createReplacement(path: string, target: string, force: boolean): OpenSink {
  const folder = dirname(target);
  const name = basename(target);
  removeStale(folder, name);
  const partial = join(folder, `.${name}.${process.pid}.partial`);
  const fd = openSync(partial, 'w');
  const { write, flush } = gather(fd, path);
  let open = true;
  const close = (): void => {
    open = false;
    process.off('exit', abandon);
    closeSync(fd);
  };
  const abandon = (): void => {
    if (!open) return;
    close();
    rmSync(partial, { force: true });
  };
  // A signal that ends the process through `process.exit` drops what is half written.
  process.on('exit', abandon);
  const commit = (): void => {
    assert(open, 'HOST-2', 'an output is put in place once');
    flush();
    try {
      if (!force && existsSync(target)) throw new OutputError('exists', path, 'EEXIST');
      fstatSync(fd);
      renameSync(partial, target);
    } catch (error) {
      abandon();
      throw error instanceof OutputError ? error : failure(error, path);
    }
    close();
  };
  return { path, write, flush, commit, abandon };
}
