/** What a log is the log of: a state that is a fold of its records, and nothing else. */
import type { Epoch, Result } from '@truetape/contracts';
import type { Batch } from '@truetape/tape';

/** Why a log's records cannot be folded. */
export interface MachineStop {
  readonly code:
    /** The record is of a kind, or in a place, that such a log does not have. */
    | 'foreign'
    /** A fact is not the one that its command gives; or one is missing, or too many. */
    | 'fact'
    /** A Checkpoint has another hash than the state. */
    | 'state';
  readonly seq: number;
  readonly expected: string;
  readonly found: string;
}

export interface LogMachine {
  /** Commands that were folded since it was created or restored. */
  readonly foldedCommands: number;
  /** Folds records, as the decoder of a segment hands them out (they are valid during the call). */
  fold(batch: Batch, from: { readonly epoch: Epoch }): MachineStop | undefined;
  /** The log ends here: what is still missing. */
  end(nextSeq: number): MachineStop | undefined;
  /** Deterministic bytes of the state: equal states have equal bytes. */
  save(): Uint8Array;
  /** SHA-256 over a prefix of its own and `save()`, as hexadecimal text. */
  hash(): string;
}

export interface MachineKind {
  /** Whose account such a log is; a venue's where it is not said. */
  readonly observer?: 'venue' | 'client';
  /** Names the layout of the state's bytes; a snapshot of another one is not read. */
  readonly stateVersion: string;
  create(): LogMachine;
  restore(bytes: Uint8Array): Result<LogMachine, { readonly expected: string; readonly found: string }>;
}
