/** The worker that decompresses: chunks go out over a port, one credit each, so that memory stays bounded. */
import { read } from 'node:fs';
import { workerData, type MessagePort } from 'node:worker_threads';
import { expandChunks } from './byte-input.ts';
import { InputError, systemCode } from './input-error.ts';

/** What the worker is started with. */
export interface ExpandTask {
  readonly fd: number;
  /** Names the input in errors. */
  readonly path: string;
  /** What was read already. */
  readonly head: Uint8Array;
  readonly port: MessagePort;
  /** Messages sent, and KiB of input read. */
  readonly signal: Int32Array;
  /** Messages that may be on their way. */
  readonly credits: number;
}

/** What it answers. */
export type ExpandMessage =
  | { readonly type: 'ready' | 'end' }
  | { readonly type: 'chunk'; readonly bytes: Uint8Array }
  /** Without a code it is no fault of the input. */
  | { readonly type: 'error'; readonly code: InputError['code'] | undefined; readonly detail: string };

const READ_BYTES = 262144;
const RETRY_MS = 2;

const { fd, path, head, port, signal, credits } = workerData as ExpandTask;

function send(message: ExpandMessage, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}

function readSome(into: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    const attempt = (): void => {
      read(fd, into, 0, into.length, null, (error, bytes) => {
        if (error === null) resolve(bytes);
        else if (error.code === 'EOF') resolve(0);
        else if (error.code === 'EAGAIN') setTimeout(attempt, RETRY_MS);
        else reject(new InputError('unreadable', path, systemCode(error)));
      });
    };
    attempt();
  });
}

async function* readAll(): AsyncGenerator<Uint8Array, void, undefined> {
  let bytesIn = head.length;
  yield head;
  for (;;) {
    const block = new Uint8Array(READ_BYTES);
    const size = await readSome(block);
    if (size === 0) return;
    bytesIn += size;
    Atomics.store(signal, 1, bytesIn / 1024);
    yield block.subarray(0, size);
  }
}

/** Resolves when a chunk may be sent. Each message of the other thread is one more credit. */
function createGate(): () => Promise<void> {
  let left = credits;
  let wake: (() => void) | undefined;
  port.on('message', () => {
    left += 1;
    wake?.();
  });
  return async () => {
    if (left === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    left -= 1;
  };
}

async function expand(): Promise<void> {
  const maySend = createGate();
  send({ type: 'ready' });
  for await (const chunk of expandChunks(readAll(), path)) {
    await maySend();
    // The decoder goes on writing into the memory that this chunk is a view of: a copy is given away. (The
    // slice of a Buffer is none.)
    const bytes = new Uint8Array(chunk);
    send({ type: 'chunk', bytes }, [bytes.buffer]);
  }
}

// Nothing may escape: the other thread waits for a message and would wait for ever.
try {
  await expand();
  send({ type: 'end' });
} catch (error) {
  const code = error instanceof InputError ? error.code : undefined;
  const detail = error instanceof InputError ? error.detail : systemCode(error);
  send({ type: 'error', code, detail });
}
port.close();
