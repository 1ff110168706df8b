/** Reading and writing descriptors synchronously, also those that are not blocking. */
import { readSync, writeSync } from 'node:fs';
import { systemCode } from './input-error.ts';

/** Pause before a descriptor that had nothing to say is asked again. */
const RETRY_MS = 2;

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Waits without giving way to anything else on this thread. */
export function sleepSync(ms: number): void {
  Atomics.wait(pause, 0, 0, ms);
}

/**
 * Reads once; 0 at the end of the input. `position` null reads on where the descriptor stands.
 *
 * A terminal or pipe that another process has made non-blocking answers EAGAIN: it is asked again. Windows
 * says EOF where a pipe ends.
 */
export function readDescriptor(fd: number, into: Uint8Array, position: number | null): number {
  for (;;) {
    try {
      return readSync(fd, into, 0, into.length, position);
    } catch (error) {
      const code = systemCode(error);
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN' && code !== 'EINTR') throw error;
      sleepSync(RETRY_MS);
    }
  }
}

/** Writes all bytes, however many calls it takes. */
export function writeDescriptor(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at, bytes.length - at);
    } catch (error) {
      const code = systemCode(error);
      if (code !== 'EAGAIN' && code !== 'EINTR') throw error;
      sleepSync(RETRY_MS);
    }
  }
}
