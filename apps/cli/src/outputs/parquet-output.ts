/**
 * Parquet: times are timestamps with ns, prices and quantities the integers of the tape. Compressed with
 * Snappy in JavaScript, so that the same events give the same bytes under every Node.
 */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { OpenSink } from '@truetape/host';
import { createTable, fillRow } from '@truetape/tape';
import type { Cell, TableColumn } from '@truetape/tape';
import type { EventOutput, OutputSetup } from './event-output.ts';

/** Rows of a group: what is held in memory at a time. */
const GROUP_ROWS = 32768;

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

function schemaElement({ name, type, always }: TableColumn): SchemaElement {
  const repetition_type = always ? ('REQUIRED' as const) : ('OPTIONAL' as const);
  if (type === 'int') return { name, type: 'INT64', repetition_type };
  if (type === 'time') {
    const logical_type = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' } as const;
    return { name, type: 'INT64', repetition_type, logical_type };
  }
  return { name, type: 'BYTE_ARRAY', repetition_type, converted_type: 'UTF8' };
}

/** A writer that passes its bytes on instead of keeping them. */
function sinkWriter(sink: OpenSink): ByteWriter {
  const writer = new ByteWriter(1 << 16);
  const flush = (): void => {
    sink.write(new Uint8Array(writer.buffer, 0, writer.index));
    writer.index = 0;
  };
  return Object.assign(writer, { flush, finish: flush });
}

function columnValue(cell: Cell, type: TableColumn['type']): Cell {
  return type === 'int' && cell !== undefined ? BigInt(cell) : cell;
}

/** Rows of a table under way. */
export interface RowsOutput {
  /** One cell a column. */
  readonly row: (cells: readonly Cell[]) => void;
  readonly end: () => void;
}

/** A file of rows; `name` is that of its schema. */
export function createParquetRows(
  sink: OpenSink,
  { name, columns }: { readonly name: string; readonly columns: readonly TableColumn[] },
): RowsOutput {
  const root: SchemaElement = { name, num_children: columns.length };
  const writer = new ParquetWriter({
    writer: sinkWriter(sink),
    schema: [root, ...columns.map(schemaElement)],
    createdBy: 'truetape',
  });
  let data: Cell[][] = columns.map(() => []);
  const writeGroup = (): void => {
    const columnData = columns.map((column, k) => ({
      name: column.name,
      data: data[k] as unknown[],
      // Rising numbers and times shrink best by their differences, and dictionaries of them cost much memory.
      ...(column.type === 'text' ? {} : { encoding: 'DELTA_BINARY_PACKED' as const }),
      // What is written of a group is kept until the end: bounds only where queries look for ranges.
      offsetIndex: false,
      statistics: column.name === 'seq' || column.name === 'timeNs',
    }));
    // The sink is synchronous, so nothing is left to wait for.
    void writer.write({ columnData, rowGroupSize: GROUP_ROWS });
    data = columns.map(() => []);
  };
  return {
    row: (cells) => {
      for (let k = 0; k < columns.length; k++) data[k].push(columnValue(cells[k], columns[k].type));
      if (data[0].length === GROUP_ROWS) writeGroup();
    },
    end: () => {
      if (data[0].length > 0) writeGroup();
      void writer.finish();
      sink.flush();
    },
  };
}

export function createParquetOutput(setup: OutputSetup): EventOutput {
  const { sink, tables } = setup;
  const table = createTable(setup.kinds);
  const { columns } = table;
  const rows = createParquetRows(sink, { name: 'events', columns });
  const row: Cell[] = [];
  return {
    event: (b, i, seq) => {
      fillRow(table, row, b, i, { seq, tables });
      rows.row(row);
    },
    flush: () => undefined,
    end: () => {
      rows.end();
      return undefined;
    },
  };
}
