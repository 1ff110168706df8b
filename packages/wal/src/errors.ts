/** Everything that can be wrong with a log. Codes are stable; wording is the application's. */
import type { MachineStop } from './machine.ts';
import type { StorageFault } from './storage.ts';

/** What was durable is damaged. */
export interface CorruptData {
  readonly code: 'corruptData';
  readonly segment: string;
  /** Frames of the segment that stand before the place, from 0. */
  readonly frame: number;
  /** Seq of the event concerned, or the next one expected there. */
  readonly seq: number;
  readonly offsetBytes: number;
  readonly expected: string;
  readonly found: string;
}

/** A segment that is not the one that should stand there. */
export interface WrongSegment {
  readonly code:
    /** Its number is missing between others, or before the first. */
    | 'segmentMissing'
    /** It belongs to another log, or is no segment. */
    | 'segmentForeign'
    /** Its first seq is not the one behind the segment before it: a gap or an overlap. */
    | 'segmentGap'
    /** It follows other events than those that stand before it. */
    | 'segmentMismatch'
    /** Written in a version of the format that this build does not read. */
    | 'segmentVersion';
  readonly segment: string;
  readonly expected: string;
  readonly found: string;
}

export type WalError =
  /** The disk failed: what is on it is unknown until it is read again. */
  | { readonly code: 'storage'; readonly fault: StorageFault }
  | CorruptData
  | WrongSegment
  /** The end is torn, and that is not accepted here. */
  | { readonly code: 'tornTail'; readonly torn: TornSegment }
  | { readonly code: 'noLog' }
  | { readonly code: 'logExists'; readonly name: string }
  /** A snapshot stands behind the end of the log: acknowledged events have gone. */
  | {
      readonly code: 'snapshotAhead';
      readonly snapshot: string;
      readonly seq: number;
      readonly nextSeq: number;
    }
  /** The log's beginning is archived, and no snapshot that can be read leads on from there. */
  | { readonly code: 'noSnapshot'; readonly segment: string; readonly refused: readonly RefusedSnapshot[] }
  /** Snapshot and log are whole, and contradict each other. */
  | {
      readonly code: 'snapshotContradicts';
      readonly snapshot: string;
      readonly seq: number;
      readonly expected: string;
      readonly found: string;
    }
  /** The log is whole, and does not give what it says. */
  | { readonly code: 'contradiction'; readonly segment: string; readonly stop: MachineStop }
  /** The log ends before an event that it must have. */
  | { readonly code: 'endsEarly'; readonly expectedSeq: number; readonly nextSeq: number }
  /** Something failed before: nothing is done behind that. */
  | { readonly code: 'failed'; readonly first: WalError }
  /** What one command caused is larger than what readers take. */
  | { readonly code: 'commitTooLarge'; readonly bytes: number };

/** What was cut, or would be, off the end of the last segment. */
export interface TornSegment {
  readonly segment: string;
  readonly offsetBytes: number;
  readonly bytes: number;
  readonly firstSeq: number;
  /** Seq behind the last that is known to be cut; undefined when the damage hides it. */
  readonly nextSeq: number | undefined;
  readonly reason: string;
}

/** A snapshot that could not be used, and why. */
export interface RefusedSnapshot {
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

export const storageError = (fault: StorageFault): WalError => ({ code: 'storage', fault });
