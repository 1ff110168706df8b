/** Archived segments, each held against its seal, and all of them against what follows. */
import { join } from 'node:path';
import { nodePorts, openInput } from '@truetape/host';
import type { OpenInput } from '@truetape/host';
import { addRunToChain, createDecoder, createLogChain, createReader, peekChain } from '@truetape/tape';
import type { HashChain, LogPlace, TapeReader } from '@truetape/tape';
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
  /** Hash of its own events. */
  readonly hash: string;
}

interface Archive {
  readonly path: string;
  /** Identity of the log. */
  readonly log: string;
  /** Hash of all events from the first one on; undefined where those are not here. */
  chain: HashChain | undefined;
  /** The seq behind the segment before; undefined for none. */
  nextSeq: number | undefined;
}

const FROM_BACKUP =
  'put the right one back from a backup: nothing but a recovery from the first event needs it';

function damaged(path: string, expected: string, found: string): CliFailure {
  return new CliFailure(EXIT.corrupt, `${path}: expected ${expected}, found ${found}`, FROM_BACKUP);
}

/** Reads all of the archive. `failure` is the first thing that is wrong with it. */
export function verifyArchive(
  { path, storage }: LogFolder,
  { log, segments }: RecoveryReport,
): { readonly archived: readonly ArchivedSegment[]; readonly failure: CliFailure | undefined } {
  const listed = storage.list();
  if (!listed.ok) throw walFailure(path, { code: 'storage', fault: listed.error });
  const archive: Archive = { path, log, chain: createLogChain(nodePorts), nextSeq: undefined };
  const archived: ArchivedSegment[] = [];
  for (const name of sortNames(listed.value).archived) {
    const read = readSegment(join(path, name), (input) => readArchived(archive, name, input));
    if (read instanceof CliFailure) return { archived, failure: read };
    archived.push(read);
    archive.nextSeq = read.nextSeq;
  }
  if (archived.length === 0) return { archived, failure: undefined };
  const first = join(path, segments[0].name);
  const failure = readSegment(first, (input) => {
    const reader = createReader(createDecoder({ ports: nodePorts }), input.source);
    reader.next();
    return placeFailure(archive, first, reader.decoder.header?.log);
  });
  return { archived, failure };
}

function readSegment<T>(path: string, read: (input: OpenInput) => T): T {
  const input = openInput(path);
  try {
    return read(input);
  } finally {
    input.close();
  }
}

/** Whether a segment follows those before it; where the first ones were deleted, the rest do. */
function placeFailure(
  { log, chain, nextSeq }: Archive,
  path: string,
  place: LogPlace | undefined,
): CliFailure | undefined {
  if (place?.id !== log) return damaged(path, `a segment of log ${log}`, place?.id ?? 'another tape');
  if (nextSeq !== undefined && nextSeq !== place.baseSeq)
    return damaged(path, `first seq ${nextSeq}`, String(place.baseSeq));
  const hash = chain === undefined ? place.prevHash : peekChain(chain);
  return hash === place.prevHash ? undefined : damaged(path, `events behind hash ${hash}`, place.prevHash);
}

function takeAll(reader: TapeReader, take: (place: LogPlace | undefined) => HashChain | undefined): void {
  let batch = reader.next();
  const chain = take(reader.decoder.header?.log);
  for (; batch !== undefined; batch = reader.next()) {
    const { records, from, to, firstSeq } = batch;
    if (chain !== undefined) addRunToChain(chain, records, from, to, firstSeq);
  }
}

function readArchived(archive: Archive, name: string, input: OpenInput): ArchivedSegment | CliFailure {
  const { path } = input;
  const reader = createReader(createDecoder({ ports: nodePorts, hash: true, verify: true }), input.source);
  let failure: CliFailure | undefined;
  takeAll(reader, (place) => {
    // The hash of all events is only known from the first one on.
    if (archive.nextSeq === undefined && place?.segment !== 1) archive.chain = undefined;
    failure = placeFailure(archive, path, place);
    return archive.chain;
  });
  if (reader.error !== undefined) return tapeFailure(path, reader.error);
  if (failure !== undefined) return failure;
  const { sealed, nextSeq, hash } = reader.end!;
  if (!sealed) return damaged(path, 'a seal', 'none');
  return { name, baseSeq: reader.decoder.header!.log!.baseSeq, nextSeq, hash: hash! };
}
