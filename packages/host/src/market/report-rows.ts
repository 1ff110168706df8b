/**
 * Reports on their way back to a producer: rows of 128 bytes, two cache lines, of which the second is the
 * book's report as it is.
 *
 *     cell 0  u32 type     1 answer, 2 own order, 3 loss | u32 last   1: the last answer to its command
 *          1  f64 tag      of the command that is answered; own order, loss: NONE
 *          2  f64 order    of the command, in the sequencer's order, from 1; loss: 0
 *          3  f64 number   of this report among those for this producer, from 1; loss: the first lost
 *          4  f64 lostTo   loss: the last lost; else NONE
 *          5  f64 seq      of the fact on the tape; loss: of the first lost; NONE without a tape
 *          6  f64 seqTo    loss: of the last lost; else NONE
 *          7  f64 timeNs
 *          8  a report of @truetape/book; loss: zeros
 */
import { REPORT_CELLS, createReports, decodeReport, type Report } from '@truetape/book';
import { NONE } from '@truetape/contracts';

export const ROW_CELLS = 16;
export const ROW_BYTES: number = ROW_CELLS * 8;
export const REPORT_AT: number = ROW_CELLS - REPORT_CELLS;

/** An answer to a command of this producer. */
export const ROW_ANSWER = 1;
/** What a command of somebody else did to an order of this producer. */
export const ROW_OWN_ORDER = 2;
/** This producer read too late: rows from `number` to `lostTo` are on the tape alone. */
export const ROW_LOSS = 3;

/** Rows in a row, which their owner empties by setting `count` to 0. */
export interface ReportRows {
  readonly f64: Float64Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly capacity: number;
  count: number;
}

export function createRows(capacity: number): ReportRows {
  const buffer = new ArrayBuffer(capacity * ROW_BYTES);
  const [f64, i32, u32] = [new Float64Array(buffer), new Int32Array(buffer), new Uint32Array(buffer)];
  return { f64, i32, u32, capacity, count: 0 };
}

/** A row as an object. */
export type Row =
  | {
      readonly type: 'answer';
      readonly tag: number;
      readonly last: boolean;
      readonly order: number;
      readonly number: number;
      readonly seq: number;
      readonly timeNs: number;
      readonly report: Report;
    }
  | {
      readonly type: 'ownOrder';
      readonly order: number;
      readonly number: number;
      readonly seq: number;
      readonly timeNs: number;
      readonly report: Report;
    }
  | {
      readonly type: 'loss';
      readonly number: number;
      readonly lostTo: number;
      readonly seq: number;
      readonly seqTo: number;
      readonly timeNs: number;
    };

const one = createReports(1);

/** Reads row `k` as an object. Complexity: an allocation; for boundaries, not for hot loops. */
export function decodeRow(rows: ReportRows, k: number): Row {
  const { f64, i32, u32 } = rows;
  const cell = k * ROW_CELLS;
  const place = { number: f64[cell + 3], seq: f64[cell + 5], timeNs: f64[cell + 7] };
  const type = u32[cell * 2];
  if (type === ROW_LOSS) return { type: 'loss', ...place, lostTo: f64[cell + 4], seqTo: f64[cell + 6] };
  for (let half = 0; half < REPORT_CELLS * 2; half++) one.i32[half] = i32[(cell + REPORT_AT) * 2 + half];
  const report = decodeReport(one, 0);
  const order = f64[cell + 2];
  if (type === ROW_OWN_ORDER) return { type: 'ownOrder', ...place, order, report };
  return { type: 'answer', ...place, order, tag: f64[cell + 1], last: u32[cell * 2 + 1] === 1, report };
}

/** Writes the head of row `k` with what a loss alone has left absent. */
export function setRow(
  rows: ReportRows,
  k: number,
  head: {
    readonly type: number;
    readonly last: number;
    readonly tag: number;
    readonly order: number;
    readonly number: number;
    readonly seq: number;
    readonly timeNs: number;
  },
): void {
  const { f64, u32 } = rows;
  const cell = k * ROW_CELLS;
  u32[cell * 2] = head.type;
  u32[cell * 2 + 1] = head.last;
  f64[cell + 1] = head.tag;
  f64[cell + 2] = head.order;
  f64[cell + 3] = head.number;
  f64[cell + 4] = NONE;
  f64[cell + 5] = head.seq;
  f64[cell + 6] = NONE;
  f64[cell + 7] = head.timeNs;
}
