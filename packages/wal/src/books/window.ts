/**
 * Commands that were given an id of their own, and what came of them: whoever does not know whether a command was taken
 * gives it again, and is told what it did the first time. The latest so many are remembered; the oldest go first.
 */
import { INSTRUMENT_SHIFT, REPORT_CELLS, createReports } from '@truetape/book';
import type { CommandBuffer, IdName, Names, ReportBuffer } from '@truetape/book';
import { FIRST_ASSIGNED_ID, utf8Length } from '@truetape/contracts';
import type { BooksLimits } from './state.ts';

/** Bytes of a command's id in UTF-8. */
export const CMD_ID_BYTES_MAX = 128;
/** Reports that are remembered, for each command that may be. */
export const REPORTS_PER_CMD = 16;

/** True for a text that can be a command's id. */
export function isCmdId(text: string): boolean {
  const bytes = utf8Length(text);
  return bytes >= 1 && bytes <= CMD_ID_BYTES_MAX;
}

/** A command with an id, and its reports as they stood. */
export interface CmdEntry {
  readonly cmdId: string;
  readonly seq: number;
  /** The command's cells but for its tag, its time and its source, which are none of what it asks. */
  readonly code: number;
  readonly owner: number;
  readonly instrument: number;
  readonly orderId: number;
  readonly priceTicks: number;
  readonly qtyLots: number;
  readonly minQtyLots: number;
  /** What it called an instrument that has no book; empty where it did not. */
  readonly unknown: string;
  /** Names of ids of ours in its reports, in the order of their first place; one of them names the command's own. */
  readonly names: readonly IdName[];
  /** Cells of the reports. */
  readonly reports: Uint32Array;
}

export interface CmdWindow {
  readonly byId: Map<string, CmdEntry>;
  /** Entries in the order of their seqs, from `head` on. */
  order: CmdEntry[];
  head: number;
  /** Reports of all entries. */
  reports: number;
}

export function createWindow(): CmdWindow {
  return { byId: new Map(), order: [], head: 0, reports: 0 };
}

const HALVES = REPORT_CELLS * 2;

export const reportsOfEntry = (entry: CmdEntry): number => entry.reports.length / HALVES;

/** Adds the latest entry; the oldest go where there are too many, but never this one. */
export function addEntry(window: CmdWindow, entry: CmdEntry, { cmdIdsMax }: BooksLimits): void {
  window.byId.set(entry.cmdId, entry);
  window.order.push(entry);
  window.reports += reportsOfEntry(entry);
  const reportsMax = cmdIdsMax * REPORTS_PER_CMD;
  while (window.byId.size > cmdIdsMax || (window.reports > reportsMax && window.byId.size > 1)) {
    const oldest = window.order[window.head];
    window.head += 1;
    window.byId.delete(oldest.cmdId);
    window.reports -= reportsOfEntry(oldest);
  }
  if (window.head > 1024 && window.head * 2 > window.order.length) {
    window.order = window.order.slice(window.head);
    window.head = 0;
  }
}

/** What became of the command in the first place, before its ids are said to have ended. */
export function entryOf(
  cmdId: string,
  seq: number,
  commands: CommandBuffer,
  reports: ReportBuffer,
  names: Names,
): CmdEntry {
  const { f64, u32 } = commands;
  const instrument = u32[10];
  const known = new Map<number, IdName>();
  const note = (where: number, id: number): void => {
    if (id < FIRST_ASSIGNED_ID || known.has(id)) return;
    const name = names.ids.get(where)?.byId.get(id);
    if (name !== undefined) known.set(id, name);
  };
  for (let k = 0; k < reports.count; k++) {
    const cell = k * REPORT_CELLS;
    const where = reports.u32[cell * 2] >>> INSTRUMENT_SHIFT;
    note(where, reports.f64[cell + 2]);
    note(where, reports.f64[cell + 3]);
  }
  return {
    cmdId,
    seq,
    code: u32[0],
    owner: u32[1],
    instrument,
    orderId: f64[1],
    priceTicks: f64[2],
    qtyLots: f64[3],
    minQtyLots: f64[4],
    unknown: names.unknown,
    names: [...known.values()],
    reports: reports.u32.slice(0, reports.count * HALVES),
  };
}

/** The reports of an entry, as they stood. */
export function entryReports(entry: CmdEntry): ReportBuffer {
  const count = reportsOfEntry(entry);
  const reports = createReports(count);
  reports.u32.set(entry.reports);
  reports.count = count;
  return reports;
}
