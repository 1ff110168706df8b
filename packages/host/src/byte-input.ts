/**
 * Bytes of a file or of standard input, in large chunks; gzip and zstd are told by their first bytes and
 * read through, also when several members or frames follow each other (what `cat a.gz b.gz` gives).
 *
 * Decompression runs in Node's thread pool, so it overlaps with what the caller does between two chunks.
 * Memory is bounded by a few chunks, whatever the input: the expansion limit guards time and disk.
 */
import { open } from 'node:fs/promises';
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { InputError, systemCode } from './input-error.ts';

/** Limits of a reading; the defaults are below. */
export interface InputOptions {
  /** Size of a chunk in bytes; the last one, and those of a pipe, are smaller. */
  readonly chunkBytes?: number;
  /** Output below this is never refused. */
  readonly expandFreeBytes?: number;
  /** Above it, output may be at most this many times the input read so far. */
  readonly expandRatioMax?: number;
}

export const CHUNK_BYTES = 262144;
export const EXPAND_FREE_BYTES = 67108864;
/**
 * Captures and tapes shrink to a fifth, a synthetic one to a fiftieth at most. gzip cannot pass 1,032 and
 * zstd 32,000, so a file that was made to expand is beyond this from its first megabytes on.
 */
export const EXPAND_RATIO_MAX = 500;

const NOTHING = new Uint8Array(0);

/**
 * The bytes of `path` (`-`: standard input), decompressed. Each chunk is the caller's to keep.
 *
 * Throws `InputError`: `notFound`, `unreadable`, `truncated`, `corrupt`, `expandsWithoutEnd`.
 */
export async function* readChunks(
  path: string,
  options: InputOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const raw = path === '-' ? readStandardInput() : readFileChunks(path, options.chunkBytes ?? CHUNK_BYTES);
  yield* expandChunks(raw, path, options);
}

/** The same for chunks that come from elsewhere; `path` names them in errors. */
export async function* expandChunks(
  raw: AsyncIterable<Uint8Array>,
  path: string,
  options: InputOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = raw[Symbol.asyncIterator]();
  try {
    // A pipe may deliver its first bytes one by one.
    let head: Uint8Array = NOTHING;
    while (head.length < 4) {
      const next = await source.next();
      if (next.done === true) break;
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    }
    const format = formatOf(head);
    if (format === 'plain') {
      if (head.length > 0) yield head;
      for (let next = await source.next(); next.done !== true; next = await source.next()) {
        if (next.value.length > 0) yield next.value;
      }
      return;
    }
    yield* decompress(source, head, format, path, options);
  } finally {
    // Not awaited: a source that waits for its next byte answers only when that comes.
    source.return?.().catch(() => undefined);
  }
}

/** gzip by 1f 8b; zstd by 28 b5 2f fd, or by a skippable frame 5x 2a 4d 18. */
export function formatOf(head: Uint8Array): 'plain' | 'gzip' | 'zstd' {
  if (head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.length < 4) return 'plain';
  const [a, b, c, d] = head;
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  return (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18 ? 'zstd' : 'plain';
}

async function* readFileChunks(
  path: string,
  chunkBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path, 'r').catch((error: unknown) => {
    const code = systemCode(error);
    throw new InputError(code === 'ENOENT' ? 'notFound' : 'unreadable', path, code);
  });
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(chunkBytes);
      const { bytesRead } = await file.read(chunk, 0, chunkBytes, null).catch((error: unknown) => {
        throw new InputError('unreadable', path, systemCode(error));
      });
      if (bytesRead === 0) return;
      yield bytesRead === chunkBytes ? chunk : chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* readStandardInput(): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    throw new InputError('unreadable', '-', systemCode(error));
  }
}

async function* decompress(
  source: AsyncIterator<Uint8Array>,
  head: Uint8Array,
  format: 'gzip' | 'zstd',
  path: string,
  options: InputOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { chunkBytes: chunkSize = CHUNK_BYTES, expandFreeBytes = EXPAND_FREE_BYTES } = options;
  const { expandRatioMax = EXPAND_RATIO_MAX } = options;
  const progress = { bytesIn: head.length };
  let bytesOut = 0;
  let rest: Uint8Array | undefined = head;
  while (rest !== undefined) {
    const decoder = format === 'gzip' ? createGunzip({ chunkSize }) : createZstdDecompress({ chunkSize });
    const pumped: Promise<Uint8Array | undefined> = pump(source, rest, decoder, format, progress);
    // Whatever goes wrong there ends the decoder, and with it the loop below.
    pumped.catch((error: unknown) =>
      decoder.destroy(error instanceof Error ? error : new Error(String(error))),
    );
    try {
      for await (const chunk of decoder as AsyncIterable<Uint8Array>) {
        bytesOut += chunk.length;
        if (bytesOut > expandFreeBytes && bytesOut > progress.bytesIn * expandRatioMax) {
          throw new InputError('expandsWithoutEnd', path, `${progress.bytesIn} bytes gave over ${bytesOut}`);
        }
        yield chunk;
      }
      rest = await pumped;
    } catch (error) {
      if (error instanceof InputError) throw error;
      const code = systemCode(error);
      throw new InputError(code === 'Z_BUF_ERROR' ? 'truncated' : 'corrupt', path, code);
    } finally {
      decoder.destroy();
    }
  }
}

/**
 * Writes `chunk` and what follows it into a decoder, to the end of the source or of what the decoder takes.
 *
 * Node's decoders drop, without a word, what follows the end of a zstd frame or of a gzip stream (whose
 * members they do take up) within a chunk. It is returned instead, as the start of what another decoder
 * reads: the next frame, or something that it refuses.
 */
async function pump(
  source: AsyncIterator<Uint8Array>,
  start: Uint8Array,
  decoder: Gunzip | ZstdDecompress,
  format: 'gzip' | 'zstd',
  progress: { bytesIn: number },
): Promise<Uint8Array | undefined> {
  let chunk: Uint8Array | undefined = start;
  while (chunk !== undefined) {
    const before = decoder.bytesWritten;
    await write(decoder, chunk);
    const taken = decoder.bytesWritten - before;
    if (taken < chunk.length) return behindPadding(source, chunk.subarray(taken), format, progress);
    chunk = await nextOf(source, progress);
  }
  decoder.end();
  return undefined;
}

/** gzip files may be filled up with zeros to a block of tape or disk. */
async function behindPadding(
  source: AsyncIterator<Uint8Array>,
  start: Uint8Array,
  format: 'gzip' | 'zstd',
  progress: { bytesIn: number },
): Promise<Uint8Array | undefined> {
  if (format === 'zstd') return start;
  for (
    let chunk: Uint8Array | undefined = start;
    chunk !== undefined;
    chunk = await nextOf(source, progress)
  ) {
    const from = chunk.findIndex((byte) => byte !== 0);
    if (from >= 0) return chunk.subarray(from);
  }
  return undefined;
}

async function nextOf(
  source: AsyncIterator<Uint8Array>,
  progress: { bytesIn: number },
): Promise<Uint8Array | undefined> {
  for (;;) {
    const next = await source.next();
    if (next.done === true) return undefined;
    progress.bytesIn += next.value.length;
    // An empty chunk would look like one that the decoder refuses.
    if (next.value.length > 0) return next.value;
  }
}

function write(decoder: Gunzip | ZstdDecompress, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    decoder.write(chunk, (error) => (error === null || error === undefined ? resolve() : reject(error)));
  });
}
