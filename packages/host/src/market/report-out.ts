/**
 * The book's end of a producer's reports. The book never waits for a reader: rows are gathered, published
 * once a turn, and what does not fit is lost, with a row that says so as soon as there is room, and an
 * Overrun on the tape. One cell is kept free for that row, so that even a producer that reads at the very
 * end is told.
 */
import { NONE } from '@truetape/contracts';
import { closeRing, offerCells, openRingProducer, ringDoorbell, unreadCells } from '@truetape/kernel';
import type { RingProducer } from '@truetape/kernel';
import type { ProducerHandle } from './handles.ts';
import { ROW_CELLS, ROW_LOSS, createRows, setRow, type ReportRows } from './report-rows.ts';

/** A range of rows that a producer lost. */
export interface Loss {
  readonly from: number;
  readonly to: number;
  readonly seqFrom: number;
  readonly seqTo: number;
}

/** Reports to one producer. */
export interface ReportOut {
  readonly handle: ProducerHandle;
  readonly ring: RingProducer;
  readonly rows: ReportRows;
  readonly lossRow: ReportRows;
  /** Rows so far, those that were lost among them. */
  numbered: number;
  lost: number;
  /** What was lost and not told yet. */
  pending: Loss | undefined;
  /** What was told and does not stand on the tape yet. */
  readonly told: Loss[];
}

/** Rows gathered before they are published in the middle of a turn. */
const GATHERED_MAX = 256;

/** Opens the reports to a producer; undefined when it wants none. */
export function openReportOut(handle: ProducerHandle, nowNs: () => number): ReportOut | undefined {
  if (handle.reports === undefined) return undefined;
  const ring = openRingProducer(handle.reports, { overflow: 'reject', nowNs, bell: handle.reportBell });
  const rows = createRows(GATHERED_MAX);
  return { handle, ring, rows, lossRow: createRows(1), numbered: 0, lost: 0, pending: undefined, told: [] };
}

/** Puts the row that tells of the pending loss into the ring. */
function tellLoss(out: ReportOut, loss: Loss, timeNs: number): void {
  const head = { type: ROW_LOSS, last: 0, tag: NONE, order: 0, number: loss.from, seq: loss.seqFrom, timeNs };
  setRow(out.lossRow, 0, head);
  const { f64, i32 } = out.lossRow;
  f64[4] = loss.to;
  f64[6] = loss.seqTo;
  offerCells(out.ring, i32);
  out.told.push(loss);
  out.pending = undefined;
}

function lose(out: ReportOut, first: number): void {
  const { f64, count } = out.rows;
  const from = first * ROW_CELLS;
  const to = (count - 1) * ROW_CELLS;
  const { pending } = out;
  out.lost += count - first;
  out.pending = {
    from: pending?.from ?? f64[from + 3],
    to: f64[to + 3],
    seqFrom: pending?.seqFrom ?? f64[from + 5],
    seqTo: f64[to + 5],
  };
}

/** Publishes what was gathered, behind what was lost before. */
export function publishReports(out: ReportOut, timeNs: number): void {
  const { rows, ring, pending } = out;
  if (rows.count === 0 && pending === undefined) return;
  let room = ring.ring.capacity - unreadCells(ring) - 1;
  if (pending !== undefined && room > 0) {
    tellLoss(out, pending, timeNs);
    room -= 1;
  }
  const size = out.pending === undefined ? Math.min(room, rows.count) : 0;
  if (size > 0) offerCells(ring, rows.i32, 0, size);
  if (size < rows.count) lose(out, size);
  rows.count = 0;
}

/** Ends the reports: a loss that is not told yet has the cell that was kept for it. */
export function endReports(out: ReportOut, timeNs: number): void {
  publishReports(out, timeNs);
  if (out.pending !== undefined) tellLoss(out, out.pending, timeNs);
  closeRing(out.ring.ring);
  ringDoorbell(out.handle.reportBell);
}
