/**
 * What is broken to prove that it holds: a log, the machine under it, and commands that follow from its
 * state.
 */
import type { Result } from '@truetape/contracts';
import type { TapePorts } from '@truetape/tape';
import type { WalError } from '../errors.ts';
import type { MachineKind } from '../machine.ts';
import type { RecoveryReport } from '../recover.ts';
import type { LogStorage } from '../storage.ts';

export interface ChaosSetup {
  readonly storage: LogStorage;
  readonly ports: TapePorts;
  /** What the commands depend on, besides the state that they come to. */
  readonly seed: string;
  readonly segmentBytes: number;
  readonly reserveBytes: number;
  /** Commits are not synced: nothing of them is promised, but that a prefix is found. */
  readonly isVolatile: boolean;
  /** Is told where the log stands behind each commit of a start, whether that went well or not. */
  readonly tell: (run: Pick<ChaosRun, 'nextSeq' | 'hash' | 'stateHash'>) => void;
}

/** What became of the last commands that had ids of their own, by id. */
export type Answers = Map<string, string>;

/** A process that writes to a log. What returns undefined was done, and is durable. */
export interface ChaosRun {
  /** What it found; undefined where there was no log. */
  readonly report: RecoveryReport | undefined;
  /** Where the log stands, with what is not durable yet. */
  nextSeq(): number;
  /** Hash of all events up to there. */
  hash(): string;
  stateHash(): string;
  /** Commands that the state comes of. */
  commands(): number;
  /** The next commit: one command, or a few that waited together. */
  put(): WalError | undefined;
  mark(): WalError | undefined;
  snapshot(keep: number): WalError | undefined;
  /** Keeps the last few snapshots; all where it is not said. */
  compact(policy: 'archive' | 'delete', keep?: number): WalError | undefined;
  close(): WalError | undefined;
  /** Answers to commands with ids that were put in this life; the caller keeps what was acknowledged. */
  readonly answers: Answers;
  /**
   * Puts commands again that were answered before: what differs from those answers; undefined when nothing
   * does.
   */
  repeat(answers: Answers): string | undefined;
}

export interface ChaosSubject {
  readonly name: string;
  readonly kind: MachineKind;
  /** Recovers what is there, or begins a log; a process of its own. */
  start(setup: ChaosSetup): Result<ChaosRun, WalError>;
}
