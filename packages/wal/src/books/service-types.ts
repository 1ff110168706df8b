/** What the live side of a books machine is given, and what it says. */
import type { CommandBuffer, Names, ReportBuffer } from '@truetape/book';
import type { RecordBuffer } from '@truetape/contracts';
import type { BooksMachine } from './kind.ts';
import type { BooksLimits, BooksState } from './state.ts';

/** The instrument of commands that name none, where the configuration names none either. */
export const DEFAULT_INSTRUMENT_NAME = 'BOOK';
export const DEFAULT_INDEX = 1;

export interface BooksConfig {
  /** The instruments there are, the default one first; empty: those that commands name. */
  readonly instruments: readonly string[];
  /** Of a new log; one that is there has its own. */
  readonly limits?: Partial<BooksLimits>;
}

/** What a command asks for. */
export interface AskedCommand {
  /** Cell 0 of a command. */
  readonly code: number;
  /** As it was given; undefined for cancelAll. */
  readonly id: string | number | undefined;
  readonly owner: string;
  readonly instrument: string | undefined;
  readonly priceTicks: number;
  readonly qtyLots: number;
  readonly minQtyLots: number;
}

/** What becomes of a command; the same object each time, valid until the next one. */
export interface BooksAnswer {
  /**
   * `done`: it was executed. `repeat`: it was before, with this id, and nothing was written; the answer is what it was.
   * `cmdIdReused`: another command had its id, the one at `seq`; nothing was done and nothing written.
   */
  readonly status: 'done' | 'repeat' | 'cmdIdReused';
  /** Seq of the command. */
  readonly seq: number;
  readonly reports: ReportBuffer;
  /** Names of the ids and instruments in the reports. */
  readonly names: Names;
}

export interface BookService {
  readonly machine: BooksMachine;
  readonly state: BooksState;
  readonly config: BooksConfig;
  /** A command's own record, from which it is executed. */
  readonly own: RecordBuffer;
  /** A command that is held against an earlier one. */
  readonly again: CommandBuffer;
  readonly answer: { -readonly [Key in keyof BooksAnswer]: BooksAnswer[Key] };
}

/** Why a configuration is none of the log that is there. */
export interface BooksMismatch {
  readonly expected: string;
  readonly found: string;
}
