/**
 * What a run leaves behind, in the order in which it happened: acknowledgements, overruns and changes of
 * state, a row of a typed array each. Its room is known before the run begins, so that the hot path
 * allocates nothing.
 */
import { BLANK, Kind, codeOfName } from '@truetape/contracts';
import type { Ack, Lifecycle, Overrun } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import type { BusPolicy, LifecycleState } from '@truetape/kernel';

const ROW = 5;

/** Why a controller changed the state, by its code in a Lifecycle event. */
export const REASONS = {
  start: 1,
  warm: 2,
  failure: 3,
  overrun: 4,
  failureEnded: 5,
  clean: 6,
  shutdown: 7,
} as const;

export type Reason = keyof typeof REASONS;

const REASON_NAMES = Object.keys(REASONS) as Reason[];

export interface Journal {
  readonly rows: Float64Array<ArrayBuffer>;
  count: number;
}

export type JournalEntry =
  | {
      readonly kind: typeof Kind.Ack;
      readonly step: number;
      readonly seq: number;
      readonly decidedStep: number;
      readonly provisional: boolean;
    }
  | {
      readonly kind: typeof Kind.Overrun;
      readonly step: number;
      readonly lostFrom: number;
      readonly lostTo: number;
    }
  | {
      readonly kind: typeof Kind.Lifecycle;
      readonly step: number;
      readonly from: LifecycleState;
      readonly to: LifecycleState;
      readonly reason: Reason;
    };

export function createJournal(rows: number): Journal {
  return { rows: new Float64Array(rows * ROW), count: 0 };
}

/** Writes a row. Throws on LAB-1 where there is no room: the run is not as long as was said. */
function write(journal: Journal, kind: number, step: number, a: number, b: number, c: number): void {
  const { rows } = journal;
  const at = journal.count * ROW;
  assert(at < rows.length, 'LAB-1', 'a journal has room for its run');
  rows[at] = kind;
  rows[at + 1] = step;
  rows[at + 2] = a;
  rows[at + 3] = b;
  rows[at + 4] = c;
  journal.count += 1;
}

/** An event was completed in `step`; no allocation. */
export function journalAck(
  journal: Journal,
  step: number,
  seq: number,
  decidedStep: number,
  provisional: number,
): void {
  write(journal, Kind.Ack, step, seq, decidedStep, provisional);
}

export function journalOverrun(journal: Journal, step: number, lostFrom: number, lostTo: number): void {
  write(journal, Kind.Overrun, step, lostFrom, lostTo, 0);
}

export function journalChange(
  journal: Journal,
  step: number,
  from: LifecycleState,
  to: LifecycleState,
  reason: Reason,
): void {
  write(journal, Kind.Lifecycle, step, from, to, REASONS[reason]);
}

/** A row as an object. */
export function journalEntry(journal: Journal, row: number): JournalEntry {
  const [kind, step, a, b, c] = journal.rows.subarray(row * ROW, row * ROW + ROW);
  if (kind === Kind.Ack) return { kind, step, seq: a, decidedStep: b, provisional: c === 1 };
  if (kind === Kind.Overrun) return { kind, step, lostFrom: a, lostTo: b };
  return {
    kind: Kind.Lifecycle,
    step,
    from: a as LifecycleState,
    to: b as LifecycleState,
    reason: REASON_NAMES[c - 1],
  };
}

/** All rows, in order. */
export function journalEntries(journal: Journal): JournalEntry[] {
  return Array.from({ length: journal.count }, (_, row) => journalEntry(journal, row));
}

/** An entry as an event of a tape; `head` has what the entry does not know: time, source and cause. */
export function journalEvent(
  entry: JournalEntry,
  policy: BusPolicy,
  head: { readonly timeNs: number; readonly source: number; readonly cause?: number },
): Ack | Overrun | Lifecycle {
  switch (entry.kind) {
    case Kind.Ack: {
      const { seq, decidedStep, step, provisional } = entry;
      const steps = { ofSeq: seq, decidedStep, completedStep: step };
      return { ...BLANK.Ack, ...head, ...steps, provisional: provisional ? 1 : 0 };
    }
    case Kind.Overrun: {
      const { lostFrom, lostTo } = entry;
      return { ...BLANK.Overrun, ...head, lostFrom, lostTo, policy: codeOfName('overrunPolicy', policy)! };
    }
    case Kind.Lifecycle: {
      const { from, to, reason } = entry;
      return { ...BLANK.Lifecycle, ...head, from, to, reason: REASONS[reason] };
    }
  }
}
