/** Log segments as `wal` will write them: one frame or MORE chain a commit, each a witness of what was durable before it. */
import { createHash } from 'node:crypto';
import { addFrame, fileOf, forge, record, timer } from './forge.ts';
import type { Forge } from './forge.ts';

const LOG = {
  baseSeq: 100,
  basePage: createHash('sha256').update('page').digest('hex'),
  id: 'l',
  pageFirstSeq: 0,
  prevHash: createHash('sha256').update('previous').digest('hex'),
  segment: 3,
};

export const LOG_HEADER =
  `{"epochNs":"1764547200000000000","log":${JSON.stringify(LOG)},"observer":"client","producer":{"name":"forge"}}`
    // Canonical: keys in order.
    .replace(
      /"log":\{[^}]*\}/,
      () =>
        `"log":${JSON.stringify(Object.fromEntries(Object.entries(LOG).sort(([a], [b]) => (a < b ? -1 : 1))))}`,
    );

/** Small and middling records in turn, so that frames have many sizes. */
export function logRecord(seq: number): Buffer {
  const time = BigInt(seq);
  const words = Array.from({ length: (seq * 7) % 23 }, (_, k) => BigInt(k + 1));
  return seq % 3 === 0 ? record(words, { kind: 0x5f, time }) : timer(time);
}

/** Adds a commit of the given numbers of records a frame; with several frames it is a MORE chain. */
export function addCommit(tape: Forge, sizes: readonly number[], durableSeq: number): void {
  for (const [k, size] of sizes.entries()) {
    const from = Number(tape.seq);
    const records = Array.from({ length: size }, (_, n) => logRecord(from + n));
    addFrame(tape, { records, more: k < sizes.length - 1, durableSeq });
  }
}

export interface LogSample {
  readonly bytes: Buffer;
  /** Where the acknowledged commits end: the next frame says that they were durable. */
  readonly acknowledgedBytes: number;
}

/**
 * A log of at least `bytes`, synced every `commitsPerSync` commits, with a mark behind the last: everything before
 * the mark was acknowledged.
 */
export function logOf(bytes: number, commitsPerSync: number): LogSample {
  const tape = forge(LOG_HEADER);
  let durableSeq = Number(tape.seq);
  for (let commit = 0; tape.offset < bytes; commit++) {
    if (commit % commitsPerSync === 0) durableSeq = Number(tape.seq);
    // Every fifth commit is a chain of two or three frames.
    addCommit(
      tape,
      commit % 5 === 4 ? [2, 1 + (commit % 4), 3].slice(commit % 2) : [1 + ((commit * 5) % 9)],
      durableSeq,
    );
  }
  const acknowledgedBytes = tape.offset;
  addFrame(tape, { type: 5, durableSeq: Number(tape.seq) });
  return { bytes: fileOf(tape), acknowledgedBytes };
}
