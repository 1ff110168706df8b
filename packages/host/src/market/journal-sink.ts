/**
 * A file that is written in its place, unlike an output that a command makes: what was written stays, however
 * its writer ends. A tape in it is unsealed until its end is written.
 */
import { closeSync, openSync } from 'node:fs';
import type { ByteSink } from '@truetape/tape';
import { writeDescriptor } from '../descriptor.ts';
import { systemCode } from '../input-error.ts';
import { OutputError } from '../output-error.ts';

export interface JournalSink extends ByteSink {
  close(): void;
}

/** Starts a file. Throws `OutputError`: `exists` for one that is there, `unwritable`. */
export function createJournalSink(path: string): JournalSink {
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const code = systemCode(error);
      throw new OutputError(code === 'EEXIST' ? 'exists' : 'unwritable', path, code);
    }
  };
  const fd = attempt(() => openSync(path, 'wx'));
  return {
    write: (bytes) => {
      attempt(() => {
        writeDescriptor(fd, bytes);
      });
    },
    close: () => {
      closeSync(fd);
    },
  };
}
