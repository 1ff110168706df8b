/** What a books service writes into a log. */
import { RECORD_HALVES_MAX, SCOPE_NUMBER, SCOPE_STRING, putCommand, putFact } from '@truetape/book';
import type { IdName } from '@truetape/book';
import { BLANK, FLAG_LAST, defineFields } from '@truetape/contracts';
import type { Event, JsonObject, TableName } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { commitRecords, recordPlace, writeEvent, writeRecord } from '@truetape/tape';
import type { TapeError, TapeWriter } from '@truetape/tape';
import type { BookService } from './service-types.ts';
import { BOOK_SOURCE } from './state.ts';

/** Reports beyond which the facts of a command are written one by one: more may not fit into a frame. */
const REPORTS_IN_PLACE = 4096;

// Bound here: V8 reads and checks an imported constant at each use.
const LAST = FLAG_LAST;
const VENUE = BOOK_SOURCE;
const HALVES = RECORD_HALVES_MAX;

export function mustWrite(refused: TapeError | undefined): void {
  assert(refused === undefined, 'WAL-31', `records that a log takes: ${refused?.code} ${refused?.found}`);
}

export function write(writer: TapeWriter, event: Event): void {
  mustWrite(writeEvent(writer, event));
}

export function writeDefine(
  writer: TapeWriter,
  table: TableName,
  index: number,
  value: JsonObject,
  timeNs: number,
): void {
  write(writer, { ...BLANK.Define, ...defineFields(table, index, value), timeNs });
}

/** Writes what an id of ours stands for. */
export function writeAlias({ instrument, id, key }: IdName, timeNs: number, writer: TapeWriter): void {
  const scope = typeof key === 'string' ? SCOPE_STRING : SCOPE_NUMBER;
  write(writer, { ...BLANK.Alias, instrument, id, scope, text: String(key), timeNs });
}

/**
 * Writes the command that was executed, and the facts of its reports behind it: at a time and with the one of its
 * decision (NONE: none), both in ns since the writer's epoch.
 */
export function writeAnswer(
  service: BookService,
  writer: TapeWriter,
  timeNs: number,
  decidedNs: number,
  flags: number,
): void {
  const put = service.state.reports.count <= REPORTS_IN_PLACE ? writeInPlace : writeOneByOne;
  put(service, writer, timeNs, decidedNs, flags);
}

/** Writes the command that was executed, and its facts, straight into the writer's buffer. */
function writeInPlace(
  { state }: BookService,
  writer: TapeWriter,
  timeNs: number,
  decidedNs: number,
  flags: number,
): void {
  const { commands, reports } = state;
  const { count } = reports;
  const cause = writer.nextSeq;
  const start = recordPlace(writer, ((count + 1) * HALVES) / 2);
  const { i32, epoch } = writer.records;
  let at = putCommand(i32, start, commands, 0, timeNs, decidedNs, flags, epoch);
  state.timeLo = i32[start + 2];
  state.timeHi = i32[start + 3];
  for (let k = 0; k < count; k++) {
    // All have the command's time.
    i32[at + 2] = i32[start + 2];
    i32[at + 3] = i32[start + 3];
    at = putFact(i32, at, reports, k, VENUE, cause, k === count - 1 ? flags | LAST : flags);
  }
  mustWrite(commitRecords(writer, (at - start) / 2, count + 1));
}

/** The same, for more facts than fit into a frame. */
function writeOneByOne(
  service: BookService,
  writer: TapeWriter,
  timeNs: number,
  decidedNs: number,
  flags: number,
): void {
  const { state, own } = service;
  const { commands, reports } = state;
  const cause = writer.nextSeq;
  const last = reports.count - 1;
  putCommand(own.i32, 0, commands, 0, timeNs, decidedNs, flags, writer.records.epoch);
  state.timeLo = own.i32[2];
  state.timeHi = own.i32[3];
  mustWrite(writeRecord(writer, own, 0, cause));
  for (let k = 0; k <= last; k++) {
    own.i32[2] = state.timeLo;
    own.i32[3] = state.timeHi;
    putFact(own.i32, 0, reports, k, VENUE, cause, k === last ? flags | LAST : flags);
    mustWrite(writeRecord(writer, own, 0, writer.nextSeq));
  }
}
