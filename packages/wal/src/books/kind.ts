/** Logs of commands to books, as a log sees them. */
import { ok } from '@truetape/contracts';
import type { Epoch, Result } from '@truetape/contracts';
import type { Sha256 } from '@truetape/kernel';
import type { Batch } from '@truetape/tape';
import type { LogMachine, MachineKind, MachineStop } from '../machine.ts';
import { createFold, endFold, foldRecords } from './fold.ts';
import { BOOKS_STATE_VERSION, hashBooks, restoreBooks, saveBooks } from './snapshot.ts';
import type { StateFault } from './snapshot.ts';
import { createState } from './state.ts';
import type { BooksState } from './state.ts';

/** A state that records are folded into, and that commands may then be submitted to; see `createBookService`. */
export interface BooksMachine extends LogMachine {
  readonly state: BooksState;
}

export interface BooksKind extends MachineKind {
  create(): BooksMachine;
  restore(bytes: Uint8Array): Result<BooksMachine, StateFault>;
}

function machineOf(state: BooksState): BooksMachine {
  const fold = createFold(state);
  return {
    state,
    get foldedCommands() {
      return state.commandCount - fold.commandsBefore;
    },
    fold: (batch: Batch, from: { readonly epoch: Epoch }) => foldRecords(fold, batch, from.epoch),
    end: (nextSeq: number): MachineStop | undefined => endFold(fold, nextSeq),
    save: () => saveBooks(state),
    hash: () => hashBooks(state),
  };
}

/** The kind of log that `createBookService` writes. */
export function booksKind(sha256: Sha256): BooksKind {
  return {
    stateVersion: BOOKS_STATE_VERSION,
    create: () => machineOf(createState(sha256)),
    restore: (bytes) => {
      const state = restoreBooks(bytes, sha256);
      return state.ok ? ok(machineOf(state.value)) : state;
    },
  };
}
