/**
 * Commands with an id as bytes, the oldest first. Little-endian, texts in UTF-8:
 *
 *     byte  0  u32 commands
 *           4  commands: u64 seq | u32 code | u32 owner | u32 instrument | u32 reports
 *                        f64 orderId | f64 priceTicks | f64 qtyLots | f64 minQtyLots
 *                        u32 bytes, id | u32 bytes, unknown instrument
 *                        u32 names, each: u64 id | u16 instrument | u8 1 for a number | u8 0 | u32 bytes, text
 *                        reports, 64 bytes each: the cells as u32, see report.ts of @truetape/book
 */
import { OPS, REPORT_CELLS, REPORT_KINDS, REJECTED } from '@truetape/book';
import type { IdName, SnapshotError } from '@truetape/book';
import {
  FIRST_ASSIGNED_ID,
  N_MAX,
  NONE,
  TWO_32,
  decodeUtf8,
  err,
  isN,
  ok,
  utf8Length,
  writeUtf8,
} from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { REPORTS_PER_CMD, addEntry, createWindow, isCmdId, reportsOfEntry } from './window.ts';
import type { CmdEntry, CmdWindow } from './window.ts';
import type { BooksLimits } from './state.ts';

const ENTRY_BYTES = 56;
const NAME_BYTES = 12;
const REPORT_BYTES = REPORT_CELLS * 8;

const sizeOf = (text: string): number => 4 + utf8Length(text);

function entrySize({ cmdId, unknown, names, reports }: CmdEntry): number {
  const texts = sizeOf(cmdId) + sizeOf(unknown) + 4;
  return (
    names.reduce((sum, { key }) => sum + NAME_BYTES + sizeOf(String(key)), ENTRY_BYTES + texts) +
    reports.length * 4
  );
}

function setU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % TWO_32, true);
  view.setUint32(at + 4, Math.floor(value / TWO_32), true);
}

function putText(bytes: Uint8Array, view: DataView, at: number, text: string): number {
  const end = writeUtf8(bytes, at + 4, text);
  view.setUint32(at, end - at - 4, true);
  return end;
}

/** The canonical bytes of a window. Complexity: all of it. */
export function saveWindow(window: CmdWindow): Uint8Array {
  const entries = window.order.slice(window.head);
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + entrySize(entry), 4));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, entries.length, true);
  let at = 4;
  for (const entry of entries) at = putEntry(bytes, view, at, entry);
  return bytes;
}

function putEntry(bytes: Uint8Array, view: DataView, from: number, entry: CmdEntry): number {
  setU64(view, from, entry.seq);
  view.setUint32(from + 8, entry.code, true);
  view.setUint32(from + 12, entry.owner, true);
  view.setUint32(from + 16, entry.instrument, true);
  view.setUint32(from + 20, reportsOfEntry(entry), true);
  view.setFloat64(from + 24, entry.orderId, true);
  view.setFloat64(from + 32, entry.priceTicks, true);
  view.setFloat64(from + 40, entry.qtyLots, true);
  view.setFloat64(from + 48, entry.minQtyLots, true);
  let at = putText(bytes, view, from + ENTRY_BYTES, entry.cmdId);
  at = putText(bytes, view, at, entry.unknown);
  view.setUint32(at, entry.names.length, true);
  at += 4;
  for (const { id, instrument, key } of entry.names) {
    setU64(view, at, id);
    view.setUint16(at + 8, instrument, true);
    view.setUint8(at + 10, typeof key === 'number' ? 1 : 0);
    at = putText(bytes, view, at + NAME_BYTES, String(key));
  }
  for (const half of entry.reports) {
    view.setUint32(at, half, true);
    at += 4;
  }
  return at;
}

// ---- reading ------------------------------------------------------------------------------------------------

/** Where reading stands; what is wrong ends it. */
interface Reading {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  fault: SnapshotError | undefined;
}

function refuse(reading: Reading, expected: string, found: string): undefined {
  const { at: offsetBytes } = reading;
  reading.fault ??= { code: 'content', offsetBytes, expected, found };
  return undefined;
}

/** True when so many more bytes are there. */
function has(reading: Reading, size: number): boolean {
  const left = reading.bytes.length - reading.at;
  if (left < size) refuse(reading, `${size} bytes more`, String(left));
  return left >= size;
}

function readText(reading: Reading): string | undefined {
  if (!has(reading, 4)) return undefined;
  const size = reading.view.getUint32(reading.at, true);
  reading.at += 4;
  if (!has(reading, size)) return undefined;
  const text = decodeUtf8(reading.bytes, reading.at, reading.at + size);
  if (text === undefined) return refuse(reading, 'UTF-8', 'other bytes');
  reading.at += size;
  return text;
}

const getU64 = (view: DataView, at: number): number =>
  view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);

/** True for a number that a cell of a command or a report may hold. */
const isCell = (value: number): boolean => isN(value) || value === NONE;

function readName(reading: Reading): IdName | undefined {
  const { view, at } = reading;
  if (!has(reading, NAME_BYTES)) return undefined;
  const id = getU64(view, at);
  const instrument = view.getUint16(at + 8, true);
  const byNumber = view.getUint8(at + 10);
  if (id < FIRST_ASSIGNED_ID || id > N_MAX) return refuse(reading, 'an id of our own', String(id));
  if (byNumber > 1 || view.getUint8(at + 11) !== 0) return refuse(reading, 'a kind of id', String(byNumber));
  reading.at += NAME_BYTES;
  const text = readText(reading);
  if (text === undefined) return undefined;
  if (byNumber === 0) return { id, instrument, key: text };
  const key = Number(text);
  const isKey = Number.isSafeInteger(key) && String(key) === text;
  return isKey ? { id, instrument, key } : refuse(reading, 'a number', text);
}

function readReports(reading: Reading, count: number): Uint32Array | undefined {
  const { view } = reading;
  if (!has(reading, count * REPORT_BYTES)) return undefined;
  const halves = new Uint32Array(count * REPORT_CELLS * 2);
  for (let half = 0; half < halves.length; half++) halves[half] = view.getUint32(reading.at + half * 4, true);
  for (let k = 0; k < count; k++, reading.at += REPORT_BYTES) {
    const kind = view.getUint8(reading.at) & 15;
    const more = view.getUint32(reading.at + 12, true);
    if (kind < 1 || kind > REPORT_KINDS.length) return refuse(reading, 'a kind of report', String(kind));
    if (kind === REJECTED && (more < 1 || more > OPS.length))
      return refuse(reading, 'an operation', String(more));
    for (let cell = 2; cell < REPORT_CELLS; cell++) {
      const value = view.getFloat64(reading.at + cell * 8, true);
      if (!isCell(value)) return refuse(reading, 'an integer', String(value));
    }
  }
  return halves;
}

function readEntry(reading: Reading): CmdEntry | undefined {
  const { view, at } = reading;
  if (!has(reading, ENTRY_BYTES)) return undefined;
  const seq = getU64(view, at);
  const cells = [24, 32, 40, 48].map((offset) => view.getFloat64(at + offset, true));
  if (seq > N_MAX) return refuse(reading, 'a seq', String(seq));
  if (!cells.every(isCell)) return refuse(reading, 'integers', String(cells));
  const count = view.getUint32(at + 20, true);
  reading.at += ENTRY_BYTES;
  const cmdId = readText(reading);
  const unknown = readText(reading);
  if (cmdId === undefined || unknown === undefined) return undefined;
  if (!isCmdId(cmdId)) return refuse(reading, 'the id of a command', cmdId);
  if (!has(reading, 4)) return undefined;
  const nameCount = view.getUint32(reading.at, true);
  reading.at += 4;
  const names: IdName[] = [];
  while (names.length < nameCount) {
    const name = readName(reading);
    if (name === undefined) return undefined;
    names.push(name);
  }
  const reports = readReports(reading, count);
  if (reports === undefined) return undefined;
  const [orderId, priceTicks, qtyLots, minQtyLots] = cells;
  const asked = { orderId, priceTicks, qtyLots, minQtyLots };
  const code = view.getUint32(at + 8, true);
  const owner = view.getUint32(at + 12, true);
  const instrument = view.getUint32(at + 16, true);
  return { cmdId, seq, code, owner, instrument, ...asked, unknown, names, reports };
}

/** A window from the bytes of another. Errors: `content`, for bytes that are none within these limits. */
export function restoreWindow(bytes: Uint8Array, limits: BooksLimits): Result<CmdWindow, SnapshotError> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reading: Reading = { bytes, view, at: 0, fault: undefined };
  const window = createWindow();
  const count = has(reading, 4) ? view.getUint32(0, true) : 0;
  reading.at = 4;
  let last = -1;
  for (let k = 0; k < count && reading.fault === undefined; k++) {
    const entry = readEntry(reading);
    if (entry === undefined) break;
    if (entry.seq <= last || window.byId.has(entry.cmdId))
      refuse(reading, 'a later command', String(entry.seq));
    last = entry.seq;
    addEntry(window, entry, limits);
    if (window.head > 0)
      refuse(reading, `${limits.cmdIdsMax} commands, ${REPORTS_PER_CMD} reports each`, 'more');
  }
  if (reading.fault === undefined && reading.at !== bytes.length)
    refuse(reading, `${reading.at} bytes`, String(bytes.length));
  return reading.fault === undefined ? ok(window) : err(reading.fault);
}
