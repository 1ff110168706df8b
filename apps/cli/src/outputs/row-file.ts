/** Rows of a table in a file: CSV, JSON Lines or Parquet, by the file's name. */
import type { OpenSink } from '@truetape/host';
import { formatCsvLine } from '@truetape/tape';
import type { Cell, TableColumn } from '@truetape/tape';
import { usageFailure } from '../failure.ts';
import type { RowsOutput } from './parquet-output.ts';

/** A column; `always` says that each row has it. */
export const column = (name: string, type: TableColumn['type'], always: boolean = true): TableColumn => ({
  name,
  type,
  always,
});

export interface RowTable {
  readonly name: string;
  readonly columns: readonly TableColumn[];
}

/** Begins rows in an open output. */
export type RowsMaker = (sink: OpenSink, table: RowTable) => RowsOutput;

const ROW_FORMATS = ['csv', 'jsonl', 'parquet'] as const;

/** The form of a file of rows, loaded with what it needs. Throws a usage failure for a name that says none. */
export async function loadRows(path: string, option: string): Promise<RowsMaker> {
  const format = ROW_FORMATS.find((one) => path.toLowerCase().endsWith(`.${one}`));
  if (format === 'parquet') return (await import('./parquet-output.ts')).createParquetRows;
  const { gatherLines } = await import('./line-outputs.ts');
  if (format === 'csv') {
    return (sink, { columns }) => {
      const lines = gatherLines(sink);
      lines.add(formatCsvLine(columns.map(({ name }) => name)));
      return { row: (cells) => lines.add(formatCsvLine(cells)), end: lines.flush };
    };
  }
  if (format === 'jsonl') {
    return (sink, { columns }) => {
      const lines = gatherLines(sink);
      // Times have more digits than a number of JSON holds.
      const value = (cell: Cell): number | string | undefined =>
        typeof cell === 'bigint' ? String(cell) : cell;
      const row = (cells: readonly Cell[]): void => {
        lines.add(JSON.stringify(Object.fromEntries(columns.map(({ name }, k) => [name, value(cells[k])]))));
      };
      return { row, end: lines.flush };
    };
  }
  throw usageFailure(`${option} ${path}: expected a name that ends in .csv, .jsonl or .parquet`);
}
