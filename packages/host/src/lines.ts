/**
 * Chunks of bytes as lines with numbers, a block of lines at a time: an iteration a line would cost more
 * than reading it (node:readline takes 400 to 600 ns a line, this 50).
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { readChunks, type InputOptions } from './byte-input.ts';
import { InputError } from './input-error.ts';

/** Longest line in bytes, without its line feed. */
export const LINE_BYTES_MAX = 16777216;

const LF = 10;

export interface LineOptions {
  /** Names the input in errors. */
  readonly path: string;
  readonly lineBytesMax?: number;
}

/** Consecutive lines, without their line ends; `lines[0]` has the number `firstLine`, counted from 1. */
export interface LineBlock {
  readonly firstLine: number;
  readonly lines: readonly string[];
}

/** The lines of `path` (`-`: standard input), plain or compressed. See `readChunks` and `splitLines`. */
export function readLines(
  path: string,
  options: InputOptions & { readonly lineBytesMax?: number } = {},
): AsyncGenerator<LineBlock, void, undefined> {
  return splitLines(readChunks(path, options), { ...options, path });
}

/**
 * Splits chunks of UTF-8 into lines. A line ends with LF or CRLF; the last one may lack it; a byte order mark
 * at the start is left out.
 *
 * Throws `InputError` `lineTooLong` or `badText`, with the line. Memory: a chunk and a line.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  options: LineOptions,
): AsyncGenerator<LineBlock, void, undefined> {
  const { path, lineBytesMax = LINE_BYTES_MAX } = options;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let firstLine = 1;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LF);
    const kept = end < 0 ? chunk : chunk.subarray(end + 1);
    if (end >= 0) {
      // The line that began in earlier chunks ends at this one's first line feed.
      if (pendingBytes + chunk.indexOf(LF) > lineBytesMax) throw tooLong(path, lineBytesMax, firstLine);
      const block = joined(pending, chunk.subarray(0, end));
      const lines = linesOf(block, path, lineBytesMax, firstLine);
      yield { firstLine, lines };
      firstLine += lines.length;
      pending = [];
      pendingBytes = 0;
    }
    if (kept.length > 0) pending.push(kept);
    pendingBytes += kept.length;
    if (pendingBytes > lineBytesMax) throw tooLong(path, lineBytesMax, firstLine);
  }
  if (pendingBytes === 0) return;
  yield { firstLine, lines: linesOf(joined(pending, new Uint8Array(0)), path, lineBytesMax, firstLine) };
}

function joined(pending: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  return pending.length === 0 ? last : Buffer.concat([...pending, last]);
}

/** The lines of a block that ends where a line does. */
function linesOf(block: Uint8Array, path: string, lineBytesMax: number, firstLine: number): string[] {
  const buffer = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const ascii = isAscii(buffer);
  if (!ascii && !isUtf8(buffer)) throw badText(buffer, path, firstLine);
  let text = ascii ? buffer.toString('latin1') : buffer.toString('utf8');
  if (firstLine === 1 && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  const lines = text.split('\n');
  const long = text.length > lineBytesMax ? lines.findIndex((line) => line.length > lineBytesMax) : -1;
  if (long >= 0) throw tooLong(path, lineBytesMax, firstLine + long);
  if (!text.includes('\r')) return lines;
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

function tooLong(path: string, lineBytesMax: number, line: number): InputError {
  return new InputError('lineTooLong', path, `more than ${lineBytesMax} bytes`, line);
}

/** Finds the line that is no UTF-8: bytes of LF are never part of another character. */
function badText(block: Buffer, path: string, firstLine: number): InputError {
  let line = firstLine;
  let from = 0;
  for (let end = block.indexOf(LF); end >= 0; end = block.indexOf(LF, from)) {
    if (!isUtf8(block.subarray(from, end))) break;
    from = end + 1;
    line++;
  }
  return new InputError('badText', path, 'no UTF-8', line);
}
