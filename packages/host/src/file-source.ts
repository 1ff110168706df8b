/** A descriptor as a source of bytes: regular files by position, everything else as it comes. */
import type { ByteSource } from '@truetape/tape';
import { readDescriptor } from './descriptor.ts';
import { InputError, systemCode } from './input-error.ts';

/** Block that is read at a time. */
export const BLOCK_BYTES = 1048576;
/**
 * Block that is read behind a skip: a frame's header and little more, since the next frame is likely to be
 * skipped as well. It doubles with each block that is wanted.
 */
const BLOCK_BYTES_SKIPPING = 4096;

/** A source that knows how far it is. After `read` has returned undefined, a later call may find more. */
export interface FileSource extends ByteSource {
  readonly positionBytes: number;
  read(): Uint8Array | undefined;
  skip(bytes: number): void;
}

function readOrThrow(fd: number, into: Uint8Array, position: number | null, path: string): number {
  try {
    return readDescriptor(fd, into, position);
  } catch (error) {
    throw new InputError('unreadable', path, systemCode(error));
  }
}

/** A regular file from its beginning: skipping moves the position and reads nothing. Throws `InputError`. */
export function createFileSource(fd: number, path: string): FileSource {
  const block = new Uint8Array(BLOCK_BYTES);
  let position = 0;
  let size = BLOCK_BYTES;
  return {
    get positionBytes() {
      return position;
    },
    read: () => {
      const bytes = readOrThrow(fd, block.subarray(0, size), position, path);
      size = Math.min(size * 2, BLOCK_BYTES);
      position += bytes;
      return bytes === 0 ? undefined : block.subarray(0, bytes);
    },
    readInto: (target) => {
      const bytes = readOrThrow(fd, target.subarray(0, size), position, path);
      size = Math.min(size * 2, BLOCK_BYTES);
      position += bytes;
      return bytes;
    },
    skip: (bytes) => {
      position += bytes;
      size = BLOCK_BYTES_SKIPPING;
    },
  };
}

/** A pipe, terminal or socket: `head` was read from it already. Skipping reads. Throws `InputError`. */
export function createStreamSource(fd: number, path: string, head: Uint8Array): FileSource {
  const block = new Uint8Array(BLOCK_BYTES);
  let rest: Uint8Array | undefined = head.length > 0 ? head : undefined;
  let position = 0;
  const read = (): Uint8Array | undefined => {
    let bytes = rest;
    rest = undefined;
    if (bytes === undefined) {
      const size = readOrThrow(fd, block, null, path);
      if (size > 0) bytes = block.subarray(0, size);
    }
    position += bytes?.length ?? 0;
    return bytes;
  };
  return {
    get positionBytes() {
      return position;
    },
    read,
    skip: (bytes) => {
      let left = bytes;
      while (left > 0) {
        const next = read();
        if (next === undefined) return;
        if (next.length > left) rest = next.subarray(left);
        position -= rest?.length ?? 0;
        left -= next.length;
      }
    },
  };
}
