/** Facts of a log against those that its commands give now: word by word, and field by field where they differ. */
import { isFactOf, putFact } from '@truetape/book';
import type { ReportBuffer } from '@truetape/book';
import { FLAG_LAST, decodeEvent, kindName, viewRecords } from '@truetape/contracts';
import type { Epoch, Event, RecordBuffer } from '@truetape/contracts';
import type { MachineStop } from '../machine.ts';
import { BOOK_SOURCE } from './state.ts';

/** The facts of the command that was folded last. */
export interface FactsDue {
  /** The fact that is next, and how many there are. */
  next: number;
  count: number;
  /** Seq of the command. */
  cause: number;
  /** Time of the command, as it stands in records, and flags that its facts share with it. */
  timeHi: number;
  timeLo: number;
  flags: number;
  /** Where a fact is made to be compared. */
  readonly scratch: RecordBuffer;
}

const SCRATCH_BYTES = 256;
// Bound here: V8 reads and checks an imported constant at each use.
const LAST = FLAG_LAST;
const SOURCE = BOOK_SOURCE;

export function createFactsDue(): FactsDue {
  const scratch = viewRecords(new Uint8Array(SCRATCH_BYTES));
  return { next: 0, count: 0, cause: 0, timeHi: 0, timeLo: 0, flags: 0, scratch };
}

function makeFact(due: FactsDue, reports: ReportBuffer): void {
  const { scratch, next } = due;
  const flags = due.flags | (next === due.count - 1 ? LAST : 0);
  scratch.i32[2] = due.timeLo;
  scratch.i32[3] = due.timeHi;
  putFact(scratch.i32, 0, reports, next, SOURCE, due.cause, flags);
}

/** True when the record is the fact that is due, which is then the one behind it. */
export function takeFact(due: FactsDue, reports: ReportBuffer, records: RecordBuffer, i: number): boolean {
  const { i32 } = records;
  const { next } = due;
  const flags = next === due.count - 1 ? due.flags | LAST : due.flags;
  if (i32[i + 2] !== due.timeLo || i32[i + 3] !== due.timeHi) return false;
  if (!isFactOf(records, i, reports, next, SOURCE, due.cause, flags)) return false;
  due.next = next + 1;
  return true;
}

function fieldText(event: Event, field: string): string {
  const value = (event as unknown as Record<string, unknown>)[field];
  return `${kindName(event.kind)} with ${field} ${String(value)}`;
}

/** What is wrong with the record that stands where a fact is due: the first field that differs. */
export function differingFact(
  due: FactsDue,
  reports: ReportBuffer,
  place: {
    readonly records: RecordBuffer;
    readonly i: number;
    readonly seq: number;
    readonly epoch: Epoch;
  },
): MachineStop {
  const { records, i, seq, epoch } = place;
  makeFact(due, reports);
  const wanted = decodeEvent(due.scratch, 0, epoch, seq);
  const found = decodeEvent(records, i, epoch, seq);
  const kinds = [kindName(wanted.kind), kindName(found.kind)] as const;
  if (kinds[0] !== kinds[1])
    return { code: 'fact', seq, expected: `${kinds[0]} of command ${due.cause}`, found: kinds[1] };
  const fields = Object.keys(wanted) as (keyof Event)[];
  const field = fields.find((key) => wanted[key] !== found[key]) ?? 'ext';
  return { code: 'fact', seq, expected: fieldText(wanted, field), found: fieldText(found, field) };
}

/** What is missing where the facts of a command end too early. */
export function missingFact(due: FactsDue, reports: ReportBuffer, seq: number, epoch: Epoch): MachineStop {
  makeFact(due, reports);
  const { kind } = decodeEvent(due.scratch, 0, epoch, seq);
  return { code: 'fact', seq, expected: `${kindName(kind)} of command ${due.cause}`, found: 'the end' };
}
