/** Opens an input of tapes: a file, standard input or a pipe, plain or compressed. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import type { ByteSource, RandomAccess } from '@truetape/tape';
import { formatOf } from './byte-input.ts';
import { readDescriptor } from './descriptor.ts';
import { createExpandedSource } from './expanded-source.ts';
import { createFileSource, createStreamSource } from './file-source.ts';
import { InputError, systemCode } from './input-error.ts';

/** An input that is open, at its beginning. */
export interface OpenInput {
  /** As the caller named it; `-` for standard input. */
  readonly path: string;
  readonly source: ByteSource;
  /** Random access to the bytes of the tape; only a plain regular file has it. */
  readonly access: RandomAccess | undefined;
  readonly compression: 'plain' | 'gzip' | 'zstd';
  /** Size on disk; undefined where that is not known. */
  readonly sizeBytes: number | undefined;
  /** How much of the size on disk has been read. */
  readonly positionBytes: number;
  /** Opens it once more, from its beginning; undefined for what can be read once only. */
  readonly reopen: (() => OpenInput) | undefined;
  close(): void;
}

/** Random access to an open descriptor; the size is looked up at each question, since a log grows. */
export function createRandomAccess(fd: number): RandomAccess {
  return {
    get sizeBytes() {
      return fstatSync(fd).size;
    },
    read: (offset, into) => {
      let size = 0;
      while (size < into.length) {
        const bytes = readDescriptor(fd, into.subarray(size), offset + size);
        if (bytes === 0) break;
        size += bytes;
      }
      return size;
    },
  };
}

function openDescriptor(path: string): number {
  if (path === '-') return 0;
  try {
    return openSync(path, 'r');
  } catch (error) {
    const code = systemCode(error);
    throw new InputError(code === 'ENOENT' ? 'notFound' : 'unreadable', path, code);
  }
}

/** The first bytes, up to four: a pipe may deliver them one by one. */
function readHead(fd: number, path: string): Uint8Array {
  const head = new Uint8Array(4);
  let size = 0;
  try {
    while (size < head.length) {
      const bytes = readDescriptor(fd, head.subarray(size), null);
      if (bytes === 0) break;
      size += bytes;
    }
  } catch (error) {
    throw new InputError('unreadable', path, systemCode(error));
  }
  return head.subarray(0, size);
}

/** Opens `path` (`-`: standard input). Throws `InputError`; its source throws the same while it is read. */
export function openInput(path: string): OpenInput {
  const fd = openDescriptor(path);
  const close = (): void => {
    if (fd !== 0) closeSync(fd);
  };
  try {
    const stat = fstatSync(fd);
    if (stat.isDirectory()) throw new InputError('unreadable', path, 'EISDIR');
    const sizeBytes = stat.isFile() ? stat.size : undefined;
    const head = readHead(fd, path);
    const compression = formatOf(head);
    if (compression !== 'plain') {
      const source = createExpandedSource(fd, path, head);
      const reopen = stat.isFile() && path !== '-' ? () => openInput(path) : undefined;
      const open = { path, source, access: undefined, compression, sizeBytes, reopen };
      // The worker may be reading: the descriptor stays open until the process ends.
      return withPosition(open, source, () => source.close());
    }
    if (stat.isFile() && path !== '-') return openPlainFile(fd, path, close);
    const source = createStreamSource(fd, path, head);
    return withPosition(
      { path, source, access: undefined, compression, sizeBytes, reopen: undefined },
      source,
      close,
    );
  } catch (error) {
    close();
    throw error;
  }
}

/** A plain file that is open, from its beginning. */
export function openPlainFile(fd: number, path: string, close: () => void): OpenInput {
  const source = createFileSource(fd, path);
  const access = createRandomAccess(fd);
  const reopen = (): OpenInput => openPlainFile(fd, path, () => undefined);
  const { sizeBytes } = access;
  return withPosition({ path, source, access, compression: 'plain', sizeBytes, reopen }, source, close);
}

function withPosition(
  open: Omit<OpenInput, 'positionBytes' | 'close'>,
  source: { readonly positionBytes: number },
  close: () => void,
): OpenInput {
  return {
    ...open,
    get positionBytes() {
      return source.positionBytes;
    },
    close,
  };
}
