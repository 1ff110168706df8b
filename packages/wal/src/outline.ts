/** What can be known of a log before an event of it is read: which files there are, their heads, good snapshots. */
import { err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import type { FileHeader, TapePorts } from '@truetape/tape';
import type { CheckRequest, SegmentCheck } from './beside.ts';
import { storageError } from './errors.ts';
import type { RefusedSnapshot, WalError } from './errors.ts';
import type { LogMachine, MachineKind } from './machine.ts';
import { numberOfName, segmentName, sortNames } from './names.ts';
import type { LogFiles } from './names.ts';
import { readSegmentHeader } from './scan.ts';
import { decodeSnapshot } from './snapshot-file.ts';
import type { Snapshot, SnapshotFault, SnapshotHead } from './snapshot-file.ts';
import { readWhole } from './snapshots.ts';
import type { LogStorage } from './storage.ts';

export interface RecoverConfig {
  readonly storage: LogStorage;
  readonly ports: TapePorts;
  readonly kind: MachineKind;
  /** Somebody who checks segments on another thread, where that is worth it; undefined: nobody. */
  readonly beside?: (request: CheckRequest, sizeBytes: number) => SegmentCheck | undefined;
  /** Read every event that there is, and hold each snapshot against the state: for `verify`. */
  readonly everything?: boolean;
  /** Recompute what is redundant too. */
  readonly deep?: boolean;
  /** Refuse a torn end instead of reporting it. */
  readonly strictTail?: boolean;
  /** The last seq that the log must have. */
  readonly expectSeq?: number;
}

export interface GoodSnapshot {
  readonly name: string;
  readonly head: SnapshotHead;
  readonly machine: LogMachine;
}

export interface Outline {
  readonly files: LogFiles;
  readonly headers: readonly FileHeader[];
  /** Good ones, ascending. */
  readonly snapshots: readonly GoodSnapshot[];
  readonly refused: readonly RefusedSnapshot[];
  /** Those of the refused that are good, and from before the first segment: nothing leads on from there. */
  readonly outlived: readonly string[];
}

/** Lists the segments, without a gap between them, and reads their headers: all of one log. */
function readHeaders(
  config: RecoverConfig,
  { segments, snapshots }: LogFiles,
): Result<FileHeader[], WalError> {
  const headers: FileHeader[] = [];
  if (segments.length === 0 && snapshots.length === 0) return err({ code: 'noLog' });
  const first = segments.length === 0 ? 1 : numberOfName(segments[0]);
  for (let number = first; headers.length < Math.max(1, segments.length); number++) {
    const name = segmentName(number);
    if (segments[headers.length] !== name)
      return err({
        code: 'segmentMissing',
        segment: name,
        expected: name,
        found: segments[headers.length] ?? 'none',
      });
    const read = readSegmentHeader(config.storage, config.ports, name);
    if (!read.ok) return read;
    const { observer } = read.value.header;
    const expected = `segment ${number} of a ${config.kind.observer ?? 'venue'}`;
    const found = `${number} of a ${observer}`;
    if (!expected.endsWith(found)) return err({ code: 'segmentForeign', segment: name, expected, found });
    const { id } = read.value.header.log!;
    const own = headers[0]?.header.log!.id ?? id;
    if (id !== own)
      return err({ code: 'segmentForeign', segment: name, expected: `log ${own}`, found: `log ${id}` });
    headers.push(read.value);
  }
  return ok(headers);
}

/** Reads snapshots: the newest good one, or all of them. A bad one is passed over, and named. */
function readSnapshots(
  config: RecoverConfig,
  files: LogFiles,
  headers: readonly FileHeader[],
): Result<Pick<Outline, 'snapshots' | 'refused' | 'outlived'>, WalError> {
  const snapshots: GoodSnapshot[] = [];
  const refused: RefusedSnapshot[] = [];
  const outlived: string[] = [];
  for (const name of files.snapshots.toReversed()) {
    if (config.everything !== true && snapshots.length > 0) break;
    const bytes = readWhole(config.storage, name);
    if (!bytes.ok) return err(storageError(bytes.error));
    const read = decodeSnapshot(bytes.value, config.ports.sha256);
    const good: Result<GoodSnapshot, Unusable> = read.ok
      ? restoreSnapshot(config, name, read.value, headers)
      : read;
    if (good.ok) {
      snapshots.unshift(good.value);
      continue;
    }
    const { expected, found, isOutlived } = good.error;
    refused.push({ name, expected, found });
    if (isOutlived === true) outlived.push(name);
  }
  return ok({ snapshots, refused, outlived });
}

/** Why a snapshot cannot be used; `isOutlived` where nothing is wrong with it but that its segments have gone. */
interface Unusable extends SnapshotFault {
  readonly isOutlived?: true;
}

function restoreSnapshot(
  { kind, everything }: RecoverConfig,
  name: string,
  { head, state }: Snapshot,
  headers: readonly FileHeader[],
): Result<GoodSnapshot, Unusable> {
  const fault = misplaced(head, name, kind, headers);
  if (fault !== undefined) return err(fault);
  const machine = kind.restore(state);
  if (!machine.ok) return machine;
  // The one that is used meets its hash at its seq: the others only here, before segments go on their word.
  const { stateHash } = head;
  const found = everything === true ? machine.value.hash() : stateHash;
  if (found !== stateHash) return err({ expected: `a state of hash ${stateHash}`, found: `hash ${found}` });
  return ok({ name, head, machine: machine.value });
}

/** Why a snapshot that is whole cannot be used here. */
function misplaced(
  { log, seq, pageEnd, stateVersion }: SnapshotHead,
  name: string,
  kind: MachineKind,
  headers: readonly FileHeader[],
): Unusable | undefined {
  const { id, baseSeq } = headers[0].header.log!;
  if (log !== id) return { expected: `a snapshot of log ${id}`, found: `one of log ${log}` };
  if (seq !== numberOfName(name))
    return { expected: `seq ${numberOfName(name)}, as its name says`, found: `seq ${seq}` };
  if (stateVersion !== kind.stateVersion)
    return { expected: `a state of ${kind.stateVersion}`, found: stateVersion };
  if (pageEnd < baseSeq)
    return { expected: `a page from seq ${baseSeq} on`, found: `one from ${pageEnd} on`, isOutlived: true };
  return undefined;
}

/** Reads headers and snapshots. */
export function readOutline(config: RecoverConfig): Result<Outline, WalError> {
  const listed = config.storage.list();
  if (!listed.ok) return err(storageError(listed.error));
  const files = sortNames(listed.value);
  const headers = readHeaders(config, files);
  if (!headers.ok) return headers;
  const snapshots = readSnapshots(config, files, headers.value);
  return snapshots.ok ? ok({ files, headers: headers.value, ...snapshots.value }) : snapshots;
}
