/** Archived segments, each held against its seal, and against the one that follows it. */
import { join } from 'node:path';
import { nodePorts, openInput } from '@truetape/host';
import { createDecoder, createReader } from '@truetape/tape';
import type { TapeHeader } from '@truetape/tape';
import { sortNames } from '@truetape/wal';
import type { RecoveryReport } from '@truetape/wal';
import { CliFailure, EXIT } from '../failure.ts';
import { tapeFailure } from '../wording.ts';
import type { LogFolder } from './open-folder.ts';
import { walFailure } from './wording.ts';

/** A segment in the archive, all of which was read. */
export interface ArchivedSegment {
  readonly name: string;
  readonly baseSeq: number;
  readonly nextSeq: number;
  /** Hash of all events of the log up to its end. */
  readonly hash: string;
}

interface ReadSegment extends ArchivedSegment {
  readonly prevHash: string;
}

/** Reads all of the archive. `failure` is the first thing that is wrong with it. */
export function verifyArchive(
  { path, storage }: LogFolder,
  report: RecoveryReport,
): { readonly archived: readonly ArchivedSegment[]; readonly failure: CliFailure | undefined } {
  const listed = storage.list();
  if (!listed.ok) throw walFailure(path, { code: 'storage', fault: listed.error });
  const archived: ArchivedSegment[] = [];
  let before: ReadSegment | undefined;
  for (const name of sortNames(listed.value).archived) {
    const read = readArchived(join(path, name), name, report.log);
    if (read instanceof CliFailure) return { archived, failure: read };
    const failure = before === undefined ? undefined : breakBetween(path, before, read);
    if (failure !== undefined) return { archived, failure };
    const { baseSeq, nextSeq, hash } = read;
    archived.push({ name, baseSeq, nextSeq, hash });
    before = read;
  }
  const { baseSeq, name } = report.segments[0];
  const isBehind = before === undefined || before.nextSeq === baseSeq;
  const failure = isBehind
    ? undefined
    : damaged(join(path, name), `first seq ${before!.nextSeq}`, String(baseSeq));
  return { archived, failure };
}

const FROM_BACKUP =
  'put the right one back from a backup: nothing but a recovery from the first event needs it';

function damaged(path: string, expected: string, found: string): CliFailure {
  return new CliFailure(EXIT.corrupt, `${path}: expected ${expected}, found ${found}`, FROM_BACKUP);
}

function readArchived(path: string, name: string, log: string): ReadSegment | CliFailure {
  const input = openInput(path);
  try {
    const reader = createReader(createDecoder({ ports: nodePorts, hash: true, verify: true }), input.source);
    while (reader.next() !== undefined);
    if (reader.error !== undefined) return tapeFailure(path, reader.error);
    const { sealed, nextSeq, hash } = reader.end!;
    if (!sealed) return damaged(path, 'a seal', 'none');
    const place = placeOf(reader.decoder.header!);
    if (place?.id !== log) return damaged(path, `a segment of log ${log}`, place?.id ?? 'another tape');
    return { name, baseSeq: place.baseSeq, nextSeq, hash: hash!, prevHash: place.prevHash };
  } finally {
    input.close();
  }
}

const placeOf = ({ log }: TapeHeader): TapeHeader['log'] => log;

/** Segments that were put away one by one follow each other; where the first ones were deleted, the rest do. */
function breakBetween(path: string, before: ReadSegment, next: ReadSegment): CliFailure | undefined {
  const place = join(path, next.name);
  if (next.baseSeq !== before.nextSeq)
    return damaged(place, `first seq ${before.nextSeq}`, String(next.baseSeq));
  return next.prevHash === before.hash
    ? undefined
    : damaged(place, `events behind hash ${before.hash}`, next.prevHash);
}
