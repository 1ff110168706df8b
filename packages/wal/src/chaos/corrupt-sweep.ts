/**
 * Corruption: a byte of a log that was durable becomes another one. It is refused, or it was in the last
 * frame, which is then cut and told of. A log with a witness behind its last commit is never cut.
 */
import { assert } from '@truetape/kernel';
import { recoverLog } from '../recover.ts';
import type { RecoverConfig } from '../outline.ts';
import type { RecoveryReport } from '../recover.ts';
import { corrupt } from '../sim-disk.ts';
import type { CorruptLog } from './corrupt-log.ts';
import { guarded, judgeReport, wordsOf } from './life.ts';
import type { Arena, Wrong } from './life.ts';

/** Each of the 8 bits flipped, then all bits cleared, then all set. */
export const CHANGES = 10;

const changed = (byte: number, change: number): number =>
  change < 8 ? byte ^ (1 << change) : change === 8 ? 0 : 0xff;

export interface CorruptTally {
  cases: number;
  /** The byte has that value anyway. */
  same: number;
  refused: number;
  cut: number;
  /** The end of a seal in the middle of the log: told of, and no event is missing. */
  stray: number;
  /** A snapshot that was passed over, and named. */
  fellBack: number;
}

export const createCorruptTally = (): CorruptTally => {
  return { cases: 0, same: 0, refused: 0, cut: 0, stray: 0, fellBack: 0 };
};

export interface CorruptCase {
  readonly file: string;
  readonly offsetBytes: number;
  readonly change: number;
}

/** How many cases a log has. */
export function corruptCases({ ranges }: CorruptLog): number {
  return ranges.reduce((sum, { from, to }) => sum + (to - from) * CHANGES, 0);
}

/** Case `k` of a log: changes of a byte one after the other, bytes in the order of the files. */
export function corruptCaseAt({ ranges }: CorruptLog, k: number): CorruptCase {
  let left = k;
  for (const { file, from, to } of ranges) {
    const cases = (to - from) * CHANGES;
    if (left < cases) return { file, offsetBytes: from + Math.floor(left / CHANGES), change: left % CHANGES };
    left -= cases;
  }
  assert(false, 'WAL-71', 'a case that the log has');
}

/** Reads beyond those of a log that is whole: the place of an error is counted frame by frame. */
const READS_MORE = 2_000;

/** Changes a byte, reads the log, and puts the byte back. Returns what is wrong. */
export function tryCorrupt(
  arena: Arena,
  log: CorruptLog,
  { file, offsetBytes, change }: CorruptCase,
  tally: CorruptTally,
): Wrong {
  const { disk } = log;
  const byte = new Uint8Array(1);
  disk.read(file, offsetBytes, byte);
  const [before] = byte;
  const after = changed(before, change);
  tally.cases += 1;
  if (after === before) {
    tally.same += 1;
    return undefined;
  }
  corrupt(disk, file, offsetBytes, () => after);
  const wrong = judgeAll(arena, log, { file, offsetBytes }, tally);
  corrupt(disk, file, offsetBytes, () => before);
  return wrong;
}

function judgeAll(
  { subject, ports }: Arena,
  log: CorruptLog,
  at: { readonly file: string; readonly offsetBytes: number },
  tally: CorruptTally,
): Wrong {
  const config = { storage: log.disk, ports, kind: subject.kind };
  if (log.name !== 'snapshots') return judgeOne(config, log, at, tally);
  // An older snapshot is only read when all of them are.
  const isNewest = at.file === log.ranges.at(-1)!.file;
  return judgeOne(isNewest ? config : { ...config, everything: true }, log, at, tally);
}

function judgeOne(
  config: RecoverConfig,
  log: CorruptLog,
  at: { readonly file: string; readonly offsetBytes: number },
  tally: CorruptTally,
): Wrong {
  const { counts } = log.disk.state;
  const reads = counts.read;
  const read = guarded(() => recoverLog(config));
  if (counts.read - reads > log.reads + READS_MORE) return `${counts.read - reads} reads`;
  if ('thrown' in read) return read.thrown;
  if (!read.value.ok) {
    const { error } = read.value;
    tally.refused += 1;
    return error.code === 'storage' ? `a disk that works: ${wordsOf(error)}` : undefined;
  }
  const { report } = read.value.value;
  if (log.name === 'snapshots') return judgeFallback(log, report, at.file, tally);
  if (report.torn === undefined) return judgeStray(log, report, at.file, tally);
  tally.cut += 1;
  const { segment, offsetBytes } = report.torn;
  if (segment !== log.last || offsetBytes < log.cutFrom || at.offsetBytes < offsetBytes)
    return `cut at ${offsetBytes} of ${segment}, and may be cut from ${log.cutFrom} of ${log.last} on`;
  return judgeReport(log.told, log.keptSeq, report);
}

function isWhole(log: CorruptLog, { nextSeq, hash, stateHash }: RecoveryReport): boolean {
  return nextSeq === log.nextSeq && hash === log.hash && stateHash === log.stateHash;
}

/** The end of a segment that another one follows: a seal, since no event may be missing there. */
function judgeStray(log: CorruptLog, report: RecoveryReport, file: string, tally: CorruptTally): Wrong {
  tally.stray += 1;
  if (!report.segments.some(({ name, strayBytes }) => name === file && strayBytes !== undefined))
    return 'it went unnoticed';
  return isWhole(log, report) ? undefined : `another end, seq ${report.nextSeq} with ${report.stateHash}`;
}

function judgeFallback(log: CorruptLog, report: RecoveryReport, file: string, tally: CorruptTally): Wrong {
  tally.fellBack += 1;
  if (!report.refused.some(({ name }) => name === file)) return `${file} went unnoticed`;
  const isSame = isWhole(log, report) && report.torn === undefined;
  return isSame ? undefined : `another end, seq ${report.nextSeq} with ${report.stateHash}`;
}
