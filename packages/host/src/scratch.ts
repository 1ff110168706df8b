/** Scratch files: inputs that must be read twice, tapes on their way. They never outlive the process. */
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSink } from '@truetape/tape';
import { writeDescriptor } from './descriptor.ts';
import { readChunks } from './byte-input.ts';
import { systemCode } from './input-error.ts';
import { openPlainFile, type OpenInput } from './open-input.ts';
import { OutputError } from './output-error.ts';

/** A file of the process's own. */
export interface Scratch extends ByteSink {
  /** Where it lies; one made with `named` can be opened by it. */
  readonly path: string;
  /** Reads it from the beginning; `name` stands for it in errors. */
  open(name: string): OpenInput;
  /** Removes it. */
  dispose(): void;
}

function makeFile(): { readonly folder: string; readonly path: string; readonly fd: number } {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'truetape-'));
    const path = join(folder, 'scratch');
    return { folder, path, fd: openSync(path, 'w+') };
  } catch (error) {
    throw new OutputError('unwritable', tmpdir(), systemCode(error));
  }
}

/**
 * Makes a scratch file. Unless it must have a name, its name goes at once where the system allows that: then
 * it is gone however the process ends. Throws `OutputError` where the folder cannot be written.
 */
export function createScratch({ named = false }: { readonly named?: boolean } = {}): Scratch {
  const { folder, path, fd } = makeFile();
  if (!named && process.platform !== 'win32') rmSync(folder, { recursive: true, force: true });
  let open = true;
  const dispose = (): void => {
    if (!open) return;
    open = false;
    process.off('exit', dispose);
    closeSync(fd);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', dispose);
  return {
    path,
    write: (bytes) => {
      try {
        writeDescriptor(fd, bytes);
      } catch (error) {
        throw new OutputError('unwritable', path, systemCode(error));
      }
    },
    open: (name) => openPlainFile(fd, name, () => undefined),
    dispose,
  };
}

/**
 * Copies an input that cannot be read twice, decompressed, into a scratch file. Throws `InputError`,
 * `OutputError`.
 */
export async function spoolInput(path: string): Promise<Scratch> {
  const scratch = createScratch({ named: true });
  for await (const chunk of readChunks(path)) scratch.write(chunk);
  return scratch;
}
