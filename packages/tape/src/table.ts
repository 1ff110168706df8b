/**
 * Events as rows of one table: what every event has, then the fields of the kinds concerned, each once, in
 * the order of the kinds. A field that an event lacks is empty.
 */
import {
  SIDE_BUY,
  SIDE_MASK,
  getRefSeq,
  getRefTape,
  kindName,
  layoutOfCode,
  NONE,
  recordFlags,
  recordInstrument,
  recordKind,
  recordSource,
  recordWords,
} from '@truetape/contracts';
import type { DefineTables, Field, KindLayout, RecordBuffer } from '@truetape/contracts';
import { fieldValue, indexName, payloadText, unixTimeAt, wordsHex } from './field-values.ts';
import { flagNames } from './json-lines.ts';

/** `int`: a number within ±2^53. `time`: absolute Unix ns, a bigint. `text`: a string. */
export type ColumnType = 'int' | 'time' | 'text';

export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Every row has a value. */
  readonly always: boolean;
}

/** Value of a column in a row, of its type; undefined for none. */
export type Cell = number | bigint | string | undefined;

interface PlacedField {
  readonly field: Field;
  readonly column: number;
  /** Column of the tape number of a cause; −1 for other fields. */
  readonly tapeColumn: number;
}

interface PlacedKind {
  readonly layout: KindLayout;
  readonly fields: readonly PlacedField[];
  readonly payloadColumn: number;
}

/** The columns of a table, and where the fields of each kind go. */
export interface EventTable {
  readonly columns: readonly TableColumn[];
  readonly kinds: ReadonlyMap<number, PlacedKind>;
}

const COMMON: readonly TableColumn[] = [
  { name: 'seq', type: 'int', always: true },
  { name: 'timeNs', type: 'time', always: true },
  { name: 'kind', type: 'text', always: true },
  { name: 'instrument', type: 'text', always: false },
  { name: 'source', type: 'text', always: false },
  { name: 'flags', type: 'text', always: false },
  { name: 'side', type: 'text', always: false },
];

/** Last column: words of a later version, and the body of kinds that this build does not know; hex. */
const EXTENSION: TableColumn = { name: 'ext', type: 'text', always: false };

function columnType(field: Field): ColumnType {
  if (field.type === 't') return 'time';
  if (field.type === 'm' || field.type === 'hash' || field.vocabulary !== undefined) return 'text';
  return 'int';
}

/** Lays out a table for kinds, by code. A name that means a number in one kind and a code in another is text. */
export function createTable(kinds: readonly number[]): EventTable {
  const columns: TableColumn[] = [...COMMON];
  const placed = new Map<number, PlacedKind>();
  const place = (name: string, type: ColumnType): number => {
    const known = columns.findIndex((column) => column.name === name);
    if (known < 0) return columns.push({ name, type, always: false }) - 1;
    if (columns[known].type !== type) columns[known] = { name, type: 'text', always: false };
    return known;
  };
  for (const code of kinds.toSorted((a, b) => a - b)) {
    const layout = layoutOfCode(code);
    if (layout === undefined) continue;
    const fields = layout.fields.map((field) => ({
      field,
      column: place(field.name, columnType(field)),
      tapeColumn: field.type === 'ref' ? place(`${field.name}Tape`, 'int') : -1,
    }));
    const payloadColumn = layout.payload === undefined ? -1 : place(layout.payload.name, 'text');
    placed.set(code, { layout, fields, payloadColumn });
  }
  columns.push(EXTENSION);
  return { columns, kinds: placed };
}

function fitted(value: Cell, type: ColumnType): Cell {
  if (value === undefined) return undefined;
  return type === 'text' ? String(value) : value;
}

function fillFields(table: EventTable, placed: PlacedKind, row: Cell[], b: RecordBuffer, i: number): void {
  const words = recordWords(b, i);
  for (const { field, column, tapeColumn } of placed.fields) {
    if (tapeColumn < 0) row[column] = fitted(fieldValue(b, i, field), table.columns[column].type);
    else if (field.word < words) {
      const at = i + field.word * 2;
      const seq = getRefSeq(b, at);
      const tape = getRefTape(b, at);
      row[column] = seq === NONE ? undefined : seq;
      row[tapeColumn] = tape === 0 ? undefined : tape;
    }
  }
}

/** Fills `row` with the cells of a checked record. The table must have been laid out for its kind. */
export function fillRow(
  table: EventTable,
  row: Cell[],
  b: RecordBuffer,
  i: number,
  at: { readonly seq: number; readonly tables: DefineTables },
): void {
  row.length = table.columns.length;
  row.fill(undefined);
  const flags = recordFlags(b, i);
  const side = flags & SIDE_MASK;
  const kind = recordKind(b, i);
  row[0] = at.seq;
  row[1] = unixTimeAt(b, i + 2);
  row[2] = kindName(kind);
  row[3] = indexName(at.tables.instrument, recordInstrument(b, i));
  row[4] = indexName(at.tables.source, recordSource(b, i));
  row[5] = flagNames(flags).join('+') || undefined;
  row[6] = side === 0 ? undefined : side === SIDE_BUY ? 'buy' : 'sell';
  const extension = table.columns.length - 1;
  const placed = table.kinds.get(kind);
  if (placed === undefined) {
    row[extension] = wordsHex(b, i, 2) || undefined;
    return;
  }
  fillFields(table, placed, row, b, i);
  if (placed.payloadColumn >= 0) row[placed.payloadColumn] = payloadText(b, i, placed.layout);
  else row[extension] = wordsHex(b, i, placed.layout.fullWords) || undefined;
}

const QUOTED = /[",\r\n]/;

function csvCell(cell: Cell): string {
  if (cell === undefined) return '';
  const text = String(cell);
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A row of CSV (RFC 4180, lines end with LF alone), without its LF. */
export function formatCsvLine(row: readonly Cell[]): string {
  return row.map(csvCell).join(',');
}

/** The heading of a CSV file, without its LF. */
export function formatCsvHeading(table: EventTable): string {
  return formatCsvLine(table.columns.map((column) => column.name));
}
