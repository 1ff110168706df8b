/**
 * Compressed input as a synchronous source. A worker decompresses ahead; this thread takes its chunks from a
 * port, and sleeps while there is none. Zlib's streams have no synchronous form, and one call for the whole
 * input would not be bounded in memory.
 */
import {
  MessageChannel,
  Worker,
  receiveMessageOnPort,
  type MessagePort as WorkerPort,
} from 'node:worker_threads';
import { assert } from '@truetape/kernel';
import type { ExpandMessage, ExpandTask } from './expand-worker.ts';
import type { FileSource } from './file-source.ts';
import { InputError } from './input-error.ts';

/** Chunks that may wait: enough to overlap, little enough to forget about. */
const CREDITS = 8;
/** A worker that has not started by then will never. */
const START_MS = 30_000;

/** The worker's file: TypeScript in a checkout, JavaScript beside the bundle. */
function workerUrl(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('./expand-worker.ts', import.meta.url)
    : new URL('./expand-worker.js', import.meta.url);
}

/** A source over a worker; `close` ends the worker. */
export interface ExpandedSource extends FileSource {
  close(): void;
}

/** Sleeps until a message is there. */
function take(port: WorkerPort, signal: Int32Array, limitMs: number): ExpandMessage | undefined {
  for (;;) {
    const seen = Atomics.load(signal, 0);
    const received = receiveMessageOnPort(port);
    if (received !== undefined) return received.message as ExpandMessage;
    if (Atomics.wait(signal, 0, seen, limitMs) === 'timed-out') return undefined;
  }
}

/**
 * Decompresses what a descriptor gives behind `head`; `path` names it in errors.
 *
 * Throws `InputError` while reading: `truncated`, `corrupt`, `expandsWithoutEnd`, `unreadable`.
 */
export function createExpandedSource(fd: number, path: string, head: Uint8Array): ExpandedSource {
  const signal = new Int32Array(new SharedArrayBuffer(8));
  const { port1: port, port2 } = new MessageChannel();
  const task: ExpandTask = { fd, path, head, port: port2, signal, credits: CREDITS };
  // Flags of the main thread, such as those of a script on the command line, are not the worker's.
  const worker = new Worker(workerUrl(), { workerData: task, transferList: [port2], execArgv: [] });
  worker.unref();
  port.unref();
  let started = false;
  let ended = false;
  const next = (): Uint8Array | undefined => {
    if (ended) return undefined;
    const message = take(port, signal, started ? Infinity : START_MS);
    assert(message !== undefined, 'HOST-1', 'the worker that decompresses starts and answers');
    switch (message.type) {
      case 'ready':
        started = true;
        return next();
      case 'chunk':
        port.postMessage(1);
        return message.bytes;
      case 'end':
        ended = true;
        return undefined;
      case 'error':
        ended = true;
        assert(message.code !== undefined, 'HOST-1', message.detail);
        throw new InputError(message.code, path, message.detail);
    }
  };
  let rest: Uint8Array | undefined;
  const read = (): Uint8Array | undefined => {
    const bytes = rest ?? next();
    rest = undefined;
    return bytes;
  };
  return {
    get positionBytes() {
      return Atomics.load(signal, 1) * 1024;
    },
    read,
    skip: (bytes) => {
      let left = bytes;
      while (left > 0) {
        const chunk = read();
        if (chunk === undefined) return;
        if (chunk.length > left) rest = chunk.subarray(left);
        left -= chunk.length;
      }
    },
    close: () => {
      ended = true;
      port.close();
      void worker.terminate();
    },
  };
}
