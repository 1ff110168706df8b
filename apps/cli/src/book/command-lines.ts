/**
 * Chunks of bytes as lines of commands. Unlike the lines of a capture, a line that is no text stops nothing
 * before it: what was asked up to there has been answered, wherever the chunks end.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import type { LineFault } from './command-json.ts';

/** Longest line in bytes; a command takes a few hundred. */
export const COMMAND_BYTES_MAX = 1_048_576;

const LF = 10;

/** Consecutive lines; `lines[0]` has the number `firstLine`, counted from 1. */
export interface CommandBlock {
  readonly firstLine: number;
  readonly lines: readonly (string | LineFault)[];
}

const TOO_LONG: LineFault = { field: '', expected: 'a line of at most 1 MiB', found: 'a longer one' };
const NO_TEXT: LineFault = { field: '', expected: 'UTF-8', found: 'other bytes' };

function lineOf(bytes: Buffer): string | LineFault {
  if (bytes.length > COMMAND_BYTES_MAX) return TOO_LONG;
  return isUtf8(bytes) ? bytes.toString('utf8') : NO_TEXT;
}

function linesOf(bytes: Buffer): (string | LineFault)[] {
  if (bytes.length <= COMMAND_BYTES_MAX) {
    if (isAscii(bytes)) return bytes.toString('latin1').split('\n');
    if (isUtf8(bytes)) return bytes.toString('utf8').split('\n');
  }
  const lines: (string | LineFault)[] = [];
  let from = 0;
  for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, from)) {
    lines.push(lineOf(bytes.subarray(from, end)));
    from = end + 1;
  }
  lines.push(lineOf(bytes.subarray(from)));
  return lines;
}

const BYTE_ORDER_MARK = '\ufeff';

function withoutMark(block: CommandBlock): CommandBlock {
  const [first, ...rest] = block.lines;
  if (block.firstLine !== 1 || typeof first !== 'string' || !first.startsWith(BYTE_ORDER_MARK)) return block;
  return { firstLine: 1, lines: [first.slice(1), ...rest] };
}

/** Splits chunks into lines; the last one may lack its line feed. Memory: a chunk and a line. */
export async function* commandLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<CommandBlock, void, undefined> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let firstLine = 1;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LF);
    if (end >= 0) {
      const lines = linesOf(Buffer.concat([...pending, chunk.subarray(0, end)]));
      yield withoutMark({ firstLine, lines });
      firstLine += lines.length;
      pending = [];
      pendingBytes = 0;
    }
    const rest = chunk.subarray(end + 1);
    // Of a line without end only its length counts: two halves above the bound are as good as all of it.
    if (pendingBytes > COMMAND_BYTES_MAX) continue;
    if (rest.length > 0) pending.push(rest);
    pendingBytes += rest.length;
  }
  if (pendingBytes > 0) yield withoutMark({ firstLine, lines: linesOf(Buffer.concat(pending)) });
}
