/** Errors of the packages in words: place, expected, found, and what to do next. */
import type { InputError, OutputError } from '@truetape/host';
import type { MergeError, TapeError, TapeErrorCode, TornTail } from '@truetape/tape';
import { CliFailure, EXIT } from './failure.ts';
import type { ExitCode } from './failure.ts';

const WHAT: Readonly<Record<TapeErrorCode, string>> = {
  notATape: 'is not a tape',
  unsupportedVersion: 'is a tape of another format version',
  headerTooLarge: 'has a header of absurd size',
  badHeader: 'has a damaged header',
  corrupt: 'is corrupt',
  torn: 'is torn',
  badFrame: 'has a frame that contradicts the format',
  badRecord: 'has a bad event',
  badSkip: 'has a bad gap',
  timeBackwards: 'has a time that runs backward',
  badDefine: 'has a bad Define',
  draftKind: 'has an event of a draft kind',
  chainTooLong: 'has a message that does not end',
  trailingBytes: 'goes on behind its end',
  badIndex: 'has a bad index',
  badSeal: 'has a bad seal',
  badLine: 'has a bad line',
  lineTooLong: 'has a line that is too long',
  seqBackwards: 'has a seq that runs backward',
  countMismatch: 'has another number of events than its end says',
  hashMismatch: 'has another hash than its end says',
  sealMismatch: 'has another seal than its end says',
  sealed: 'is sealed',
  unsealed: 'is not sealed',
  mergeConflict: 'cannot be merged',
};

const MISMATCHES: readonly TapeErrorCode[] = ['countMismatch', 'hashMismatch', 'sealMismatch'];

/** Exit code of a tape's fault. */
export function exitOf(code: TapeErrorCode): ExitCode {
  if (MISMATCHES.includes(code)) return EXIT.mismatch;
  return code === 'mergeConflict' ? EXIT.failure : EXIT.corrupt;
}

/** `offset 65656, seq 1024` or `line 12, seq 10`. */
export function placeText(error: Pick<TapeError, 'offsetBytes' | 'seq' | 'line'>): string {
  const where = error.line > 0 ? `line ${error.line}` : `offset ${error.offsetBytes}`;
  return `${where}, seq ${error.seq}`;
}

function viewBefore(path: string, error: TapeError): string {
  return `truetape tape view ${quoted(path)} --to-seq ${Math.max(error.seq - 1, 0)}`;
}

function nextOf(path: string, error: TapeError): string {
  switch (error.code) {
    case 'notATape':
      return 'a tape begins with 89 52 50 4c or "rpl-text 1"; a capture becomes one with: truetape import';
    case 'unsupportedVersion':
      return 'read it with the version of truetape that wrote it';
    case 'countMismatch':
    case 'hashMismatch':
    case 'sealMismatch':
      return 'its events were changed after it was sealed: take it from where it came from again';
    case 'mergeConflict':
      return 'merge tapes that define the same things alike, or one at a time';
    case 'badLine':
    case 'badRecord':
    case 'seqBackwards':
    case 'timeBackwards':
      if (error.seq === 0) return 'correct it there';
      return `correct it there, or see what comes before: ${viewBefore(path, error)}`;
    default:
      if (error.seq === 0) return 'nothing comes before it: take the tape from where it came from again';
      return `what comes before is good: ${viewBefore(path, error)}`;
  }
}

/** A path as a shell takes it. */
export function quoted(path: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** A tape's fault as the end of a command. */
export function tapeFailure(path: string, error: TapeError): CliFailure {
  const place = error.code === 'notATape' ? '' : ` at ${placeText(error)}`;
  const message = `${path} ${WHAT[error.code]}${place}: expected ${error.expected}, found ${error.found}`;
  return new CliFailure(exitOf(error.code), message, nextOf(path, error));
}

/** What is missing of a torn tape, in words. */
export function tornText(torn: TornTail): string {
  const lost =
    torn.nextSeq === undefined
      ? `events from seq ${torn.firstSeq} on are lost`
      : torn.nextSeq === torn.firstSeq
        ? 'no event is lost'
        : `events from seq ${torn.firstSeq} on are lost, up to ${torn.nextSeq - 1} at least`;
  const found = `expected a whole frame or line, found a ${torn.reason} (${torn.bytes} bytes)`;
  return `is torn at offset ${torn.offsetBytes}: ${found}; ${lost}`;
}

/** A torn end as the end of a command. */
export function tornFailure(path: string, torn: TornTail): CliFailure {
  const keep = `truetape tape convert ${quoted(path)} --allow-torn -o good.rpl`;
  const next = `a write was interrupted there; what comes before is good: ${keep}`;
  return new CliFailure(EXIT.corrupt, `${path} ${tornText(torn)}`, next);
}

/** Inputs that cannot be merged, or one that cannot be read. */
export function mergeFailure(paths: readonly string[], error: MergeError): CliFailure {
  return tapeFailure(paths[error.tape], error.error);
}

const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is no folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many files are open',
  ENXIO: 'nothing is there to talk to',
  EFBIG: 'it would be larger than files may be here',
  EIO: 'the device failed',
};

/** What the system's code means; the code itself where it is not a usual one. */
export function systemText(code: string): string {
  return SYSTEM[code] ?? code;
}

/** An input that could not be read, as the end of a command. */
export function inputFailure(error: InputError): CliFailure {
  const name = error.path === '-' ? 'standard input' : error.path;
  const where = error.line === undefined ? name : `${name}:${error.line}`;
  switch (error.code) {
    case 'notFound':
      return new CliFailure(EXIT.failure, `${name}: there is no such file`, 'check the path');
    case 'unreadable': {
      const next = error.detail === 'EISDIR' ? 'name the files in it' : 'check the path and its permissions';
      return new CliFailure(EXIT.failure, `${name} cannot be read: ${systemText(error.detail)}`, next);
    }
    case 'truncated':
      return new CliFailure(
        EXIT.corrupt,
        `${where}: compressed data that ends in the middle`,
        'copy or download the file again',
      );
    case 'corrupt':
      return new CliFailure(
        EXIT.corrupt,
        `${where}: damaged compressed data (${error.detail})`,
        'copy or download the file again',
      );
    case 'expandsWithoutEnd':
      return new CliFailure(
        EXIT.corrupt,
        `${where}: compressed data that expands beyond all measure: ${error.detail}`,
        'if it is meant to, decompress it first',
      );
    case 'lineTooLong':
      return new CliFailure(
        EXIT.corrupt,
        `${where}: a line of ${error.detail}`,
        'a capture has one message a line',
      );
    case 'badText':
      return new CliFailure(
        EXIT.corrupt,
        `${where}: expected UTF-8, found other bytes`,
        'check the encoding',
      );
  }
}

/** An output that could not be written, as the end of a command. */
export function outputFailure(error: OutputError): CliFailure {
  const name = error.path === '-' ? 'standard output' : error.path;
  if (error.code === 'exists')
    return new CliFailure(EXIT.failure, `${name} exists already`, '--force replaces it');
  const next =
    error.detail === 'ENOSPC' ? 'make room, or write elsewhere' : 'check the path and its permissions';
  return new CliFailure(EXIT.failure, `${name} cannot be written: ${systemText(error.detail)}`, next);
}
