/** What can be wrong with a log, in words: its place, what was expected and found, and what to do next. */
import { join } from 'node:path';
import type { LockHeld } from '@truetape/host';
import type {
  ClockAhead,
  MachineStop,
  NotRepairable,
  RecoveryReport,
  RefusedSnapshot,
  StorageFault,
  StorageOp,
  TornSegment,
  WalError,
  WrongSegment,
} from '@truetape/wal';
import { formatSpan, utcDate, utcTime } from '@truetape/tape';
import { CliFailure, EXIT } from '../failure.ts';
import { quoted, systemText } from '../wording.ts';

const FAILED: Readonly<Record<StorageOp, string>> = {
  list: 'cannot be listed',
  read: 'cannot be read',
  create: 'cannot be made',
  open: 'cannot be opened',
  write: 'cannot be written',
  sync: 'cannot be made durable',
  truncate: 'cannot be cut',
  rename: 'cannot be renamed',
  unlink: 'cannot be removed',
  syncFolder: 'cannot be made durable',
  close: 'cannot be closed',
};

const CHANGES: readonly StorageOp[] = [
  'create',
  'write',
  'sync',
  'truncate',
  'rename',
  'unlink',
  'syncFolder',
];

/** A file of the folder as it is called in messages; the folder itself is `.`. */
function pathOf(folder: string, name: string): string {
  return name === '.' ? folder : join(folder, name);
}

function faultCause({ code, op }: StorageFault): string {
  if (code !== 'SHORT') return systemText(code);
  return op === 'write' ? 'the system took only a part: the disk may be full' : 'it ends before it should';
}

/** What an operator does about a disk that failed. */
function afterFault(folder: string, { op, code }: StorageFault): string {
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM')
    return 'check the path and its permissions';
  const shows = `truetape wal recover ${quoted(folder)} shows what is there`;
  if (code === 'ENOSPC' || (code === 'SHORT' && op === 'write'))
    return `make room, then start again; ${shows}`;
  return CHANGES.includes(op)
    ? `what was acknowledged stays: see to the disk, then start again; ${shows}`
    : `see to the disk, then try again; nothing was changed`;
}

/** A segment keeps the name of its beginning in the faults of its file, after it has got its own. */
const UNFINISHED = /(\.rpl)\.new$/;

function storageFailure(folder: string, fault: StorageFault): CliFailure {
  const message = `${pathOf(folder, fault.name.replace(UNFINISHED, '$1'))} ${FAILED[fault.op]}: ${faultCause(fault)}`;
  return new CliFailure(EXIT.failure, message, afterFault(folder, fault));
}

/** `no event`, `seq 7`, `seqs 7 to 9 at least`, `seqs from 7 on`. */
export function seqsText(firstSeq: number, nextSeq: number | undefined): string {
  if (nextSeq === undefined) return `seqs from ${firstSeq} on`;
  const count = nextSeq - firstSeq;
  if (count <= 0) return 'no event';
  return count === 1 ? `seq ${firstSeq}` : `seqs ${firstSeq} to ${nextSeq - 1}`;
}

/** A torn end, without the segment that it is of. */
export function tornEndText({ offsetBytes, bytes, firstSeq, nextSeq, reason }: TornSegment): string {
  return `at offset ${offsetBytes}: a bad ${reason}, ${bytes} bytes, with ${seqsText(firstSeq, nextSeq)}`;
}

/** Why a snapshot was passed over. */
export function refusedText({ name, expected, found }: RefusedSnapshot): string {
  return `${name}: expected ${expected}, found ${found}`;
}

/** What whoever goes on with a log should know of it: a line each. */
export function findingsOf(
  folder: string,
  { refused, torn }: Pick<RecoveryReport, 'refused' | 'torn'>,
): string[] {
  const passed = refused.map(
    (one) => `${folder} has a bad snapshot, which was passed over: ${refusedText(one)}`,
  );
  if (torn === undefined) return passed;
  const kept = `${torn.segment}.torn-${torn.offsetBytes}`;
  return [
    ...passed,
    `${folder}: ${torn.segment} was torn ${tornEndText(torn)}; cut off, and kept as ${kept}`,
  ];
}

const planOf = (folder: string): string => `truetape wal repair ${quoted(folder)} --dry-run`;

const repairPlan = (folder: string): string =>
  `nothing was changed; copy the folder, then see what can be saved: ${planOf(folder)}`;

const WRONG: Readonly<Record<WrongSegment['code'], string>> = {
  segmentMissing: 'is missing',
  segmentForeign: 'does not belong there',
  segmentGap: 'does not follow the segment before it',
  segmentMismatch: 'follows other events than those before it',
  segmentVersion: 'is of another format version',
};

/** The log of a backtest, which another command goes on with. */
const isOfRun = ({ found }: Pick<WrongSegment, 'found'>): boolean => found.endsWith('of a client');

function segmentFailure(folder: string, { code, segment, expected, found }: WrongSegment): CliFailure {
  const message = `${pathOf(folder, segment)} ${WRONG[code]}: expected ${expected}, found ${found}`;
  if (code === 'segmentVersion')
    return new CliFailure(EXIT.corrupt, message, 'read it with the version of truetape that wrote it');
  if (isOfRun({ found }))
    return new CliFailure(
      EXIT.corrupt,
      message,
      `it is the log of a run: truetape backtest resume ${quoted(folder)}`,
    );
  const back =
    code === 'segmentMissing'
      ? 'put it back from archive/ or a backup'
      : 'put the right one back from a backup';
  const next = `${back}; what can be saved without it: ${planOf(folder)}`;
  return new CliFailure(EXIT.corrupt, message, next);
}

const STOPPED: Readonly<Record<MachineStop['code'], string>> = {
  foreign: 'has an event that such a log does not have',
  fact: 'has a fact that its command does not give',
  state: 'has a Checkpoint of another state',
};

function stopFailure(
  folder: string,
  segment: string,
  { code, seq, expected, found }: MachineStop,
): CliFailure {
  const path = pathOf(folder, segment);
  const message = `${path} ${STOPPED[code]} at seq ${seq}: expected ${expected}, found ${found}`;
  const view = `truetape tape view ${quoted(path)} --from-seq ${Math.max(seq - 8, 0)} --limit 16 --pretty`;
  if (code === 'foreign')
    return new CliFailure(EXIT.corrupt, message, `it was not written by wal serve; see it: ${view}`);
  return new CliFailure(
    EXIT.mismatch,
    message,
    `the log is whole: recover it with the build that wrote it (its Session says which); see it: ${view}`,
  );
}

function noSnapshotFailure(folder: string, segment: string, refused: readonly RefusedSnapshot[]): CliFailure {
  const bad = refused.map((one) => `; ${refusedText(one)}`).join('');
  const message = `${folder} begins with ${segment}, and has no snapshot that leads on from there${bad}`;
  const next = `put a snapshot back from a backup, or the archived segments: ${planOf(folder)}`;
  return new CliFailure(EXIT.corrupt, message, next);
}

/** What is wrong with a log as the end of a command. */
export function walFailure(folder: string, error: WalError): CliFailure {
  switch (error.code) {
    case 'storage':
      return storageFailure(folder, error.fault);
    case 'corruptData': {
      const { segment, frame, seq, offsetBytes, expected, found } = error;
      const place = `frame ${frame}, seq ${seq}, offset ${offsetBytes}`;
      const message = `${pathOf(folder, segment)} is corrupt at ${place}: expected ${expected}, found ${found}`;
      return new CliFailure(EXIT.corrupt, message, repairPlan(folder));
    }
    case 'segmentMissing':
    case 'segmentForeign':
    case 'segmentGap':
    case 'segmentMismatch':
    case 'segmentVersion':
      return segmentFailure(folder, error);
    case 'tornTail': {
      const message = `${pathOf(folder, error.torn.segment)} is torn ${tornEndText(error.torn)}`;
      const next = 'a write was interrupted there: wal serve cuts it, and keeps the bytes beside the segment';
      return new CliFailure(EXIT.corrupt, message, next);
    }
    case 'noLog':
      return new CliFailure(
        EXIT.failure,
        `${folder} has no log`,
        `truetape wal serve ${quoted(folder)} begins one`,
      );
    case 'logExists':
      return new CliFailure(
        EXIT.failure,
        `${folder} has ${error.name} already`,
        'start again, to go on from it',
      );
    case 'snapshotAhead': {
      const { snapshot, seq, nextSeq } = error;
      const message =
        `${pathOf(folder, snapshot)} stands behind the end of the log: expected events up to seq ${seq - 1}, ` +
        `found them up to ${nextSeq - 1}`;
      const next = `acknowledged events have gone: put them back from a backup; what is left: ${planOf(folder)}`;
      return new CliFailure(EXIT.corrupt, message, next);
    }
    case 'noSnapshot':
      return noSnapshotFailure(folder, error.segment, error.refused);
    case 'snapshotContradicts': {
      const { snapshot, seq, expected, found } = error;
      const path = pathOf(folder, snapshot);
      const message = `${path} contradicts the log at seq ${seq}: expected ${expected}, found ${found}`;
      return new CliFailure(EXIT.corrupt, message, repairPlan(folder));
    }
    case 'contradiction':
      return stopFailure(folder, error.segment, error.stop);
    case 'endsEarly': {
      const { expectedSeq, nextSeq } = error;
      const found = nextSeq === 0 ? 'no event' : `seq ${nextSeq - 1} as the last`;
      const next = 'acknowledged events have gone: put their segments back from a backup';
      return new CliFailure(
        EXIT.corrupt,
        `${folder} ends early: expected seq ${expectedSeq}, found ${found}`,
        next,
      );
    }
    case 'failed':
      return walFailure(folder, error.first);
    case 'commitTooLarge': {
      const message = `a commit of ${error.bytes} bytes is more than a log takes: nothing of it is answered`;
      return new CliFailure(EXIT.failure, message, 'cancel orders in smaller parts, then start again');
    }
  }
}

/** Why a log cannot be compacted. */
export function compactionFailure(folder: string, error: WalError): CliFailure {
  if (error.code !== 'noSnapshot') return walFailure(folder, error);
  const dir = quoted(folder);
  const [bad] = error.refused;
  if (bad === undefined) {
    const next = `without one, all of it is needed; take one: truetape wal snapshot ${dir}`;
    return new CliFailure(EXIT.failure, `${folder} has no snapshot`, next);
  }
  const message = `${folder} has a snapshot that cannot be read: ${refusedText(bad)}`;
  return new CliFailure(EXIT.corrupt, message, `set it aside: truetape wal repair ${dir}`);
}

/** Damage that no setting aside mends, and what is no damage. */
export function notRepairable(folder: string, { damage }: NotRepairable): CliFailure {
  const failure = walFailure(folder, damage);
  if (damage.code === 'segmentForeign' && isOfRun(damage)) return failure;
  switch (damage.code) {
    case 'corruptData':
    case 'segmentMissing':
    case 'segmentForeign':
    case 'segmentGap':
    case 'segmentMismatch':
    case 'noSnapshot': {
      const message = `${failure.message}; nothing before it can be vouched for, so that no repair helps`;
      return new CliFailure(failure.exitCode, message, 'put what is missing back from a backup');
    }
    case 'storage':
    case 'segmentVersion':
    case 'tornTail':
    case 'noLog':
    case 'logExists':
    case 'snapshotAhead':
    case 'snapshotContradicts':
    case 'contradiction':
    case 'endsEarly':
    case 'failed':
    case 'commitTooLarge':
      return failure;
  }
}

/** A folder that another process has. */
export function lockFailure(folder: string, held: LockHeld): CliFailure {
  const path = pathOf(folder, held.file);
  switch (held.reason) {
    case 'held': {
      const message = `${folder} is in use by process ${held.pid} (${held.file})`;
      return new CliFailure(EXIT.failure, message, 'a log has one writer: end that one first');
    }
    case 'unknown': {
      const where = held.host === undefined ? 'a lock that says nothing' : `a process on ${held.host}`;
      const next = `if it does not run any more: rm ${quoted(path)}`;
      return new CliFailure(EXIT.failure, `${folder} is in use by ${where} (${held.file})`, next);
    }
    case 'unwritable': {
      const message = `${path} cannot be made: ${systemText(held.code)}`;
      return new CliFailure(EXIT.failure, message, 'check the folder, its permissions and its disk');
    }
  }
}

const timeText = (ns: bigint): string => `${utcDate(ns)}T${utcTime(ns)}Z`;

/** A clock that is further ahead than it can be. */
export function clockFailure({ wallNs, expectedNs }: ClockAhead): CliFailure {
  const message =
    `the clock says ${timeText(wallNs)}, ${formatSpan(wallNs - expectedNs)} later than can be: ` +
    `expected ${timeText(expectedNs)} at the latest`;
  const next =
    'time on a log never goes back: set the clock right; if it is right, start with --accept-clock';
  return new CliFailure(EXIT.failure, message, next);
}
