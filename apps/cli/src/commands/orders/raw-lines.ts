/**
 * Lines as bytes, so that one that is no text fails as a line, behind the output of those before it: the
 * lines of a whole block at once would take them along.
 */
import { readChunks } from '@truetape/host';

/** Longest line in bytes: an event has a few hundred, of which an id or a reason takes a thousand at most. */
export const EVENT_LINE_BYTES_MAX = 65_536;

const LF = 10;

/**
 * Blocks of lines without their line feeds, as they arrive. `undefined` stands for a line that is too long;
 * it comes as soon as that is known, and what remains of the line is passed over. Memory: a chunk and a line.
 */
export async function* readRawLines(path: string): AsyncGenerator<readonly (Uint8Array | undefined)[]> {
  let pending: Uint8Array = new Uint8Array(0);
  let passesOver = false;
  for await (const chunk of readChunks(path)) {
    // What is pending has no line feed.
    const bytes = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    const lines: (Uint8Array | undefined)[] = [];
    let from = 0;
    for (let end = bytes.indexOf(LF, pending.length); end >= 0; end = bytes.indexOf(LF, from)) {
      if (!passesOver) lines.push(limited(bytes.subarray(from, end)));
      passesOver = false;
      from = end + 1;
    }
    pending = passesOver ? new Uint8Array(0) : bytes.subarray(from);
    if (pending.length > EVENT_LINE_BYTES_MAX) {
      lines.push(undefined);
      passesOver = true;
      pending = new Uint8Array(0);
    }
    if (lines.length > 0) yield lines;
  }
  if (pending.length > 0) yield [pending];
}

function limited(line: Uint8Array): Uint8Array | undefined {
  return line.length > EVENT_LINE_BYTES_MAX ? undefined : line;
}
