/** Forms of one line an event: JSON Lines, CSV, pretty. */
import {
  PLAIN_STYLES,
  createPretty,
  createTable,
  fillRow,
  formatCsvHeading,
  formatCsvLine,
  formatJsonLine,
  formatPretty,
} from '@truetape/tape';
import type { Cell, PrettyStyles } from '@truetape/tape';
import type { OpenSink } from '@truetape/host';
import { styler } from '../terminal.ts';
import type { EventOutput, OutputSetup } from './event-output.ts';

/** Lines are gathered up to this. */
const GATHER_BYTES = 262144;
/** Bytes of a UTF-16 unit at most. */
const UTF8_BYTES_MAX = 3;
const LF = 10;

/** Lines under way. */
export interface Lines {
  readonly add: (line: string) => void;
  readonly flush: () => void;
}

/** Gathers lines into large writes. */
export function gatherLines(sink: OpenSink): Lines {
  // One buffer for all, and no strings that live longer than their line: either is garbage that is collected late.
  const buffer = Buffer.allocUnsafeSlow(GATHER_BYTES);
  let size = 0;
  const pass = (): void => {
    if (size > 0) sink.write(buffer.subarray(0, size));
    size = 0;
  };
  return {
    add: (line) => {
      const most = line.length * UTF8_BYTES_MAX + 1;
      if (size + most > GATHER_BYTES) pass();
      if (most > GATHER_BYTES) {
        sink.write(Buffer.from(`${line}\n`));
        return;
      }
      size += buffer.write(line, size);
      buffer[size++] = LF;
    },
    flush: () => {
      pass();
      sink.flush();
    },
  };
}

function lineOutput(lines: Lines, event: EventOutput['event']): EventOutput {
  return {
    event,
    flush: lines.flush,
    end: () => {
      lines.flush();
      return undefined;
    },
  };
}

export function createJsonLinesOutput(setup: OutputSetup): EventOutput {
  const lines = gatherLines(setup.sink);
  return lineOutput(lines, (b, i, seq) => lines.add(formatJsonLine(b, i, seq, setup.tables)));
}

export function createCsvOutput(setup: OutputSetup): EventOutput {
  const { tables } = setup;
  const lines = gatherLines(setup.sink);
  const table = createTable(setup.kinds);
  const row: Cell[] = [];
  lines.add(formatCsvHeading(table));
  return lineOutput(lines, (b, i, seq) => {
    fillRow(table, row, b, i, { seq, tables });
    lines.add(formatCsvLine(row));
  });
}

function coloredStyles(): PrettyStyles {
  const style = styler(true);
  return {
    faint: (text) => style('gray', text),
    kind: (text) => style('cyan', text),
    buy: (text) => style('green', text),
    sell: (text) => style('red', text),
    alarm: (text) => style('yellow', text),
  };
}

export function createPrettyOutput(setup: OutputSetup): EventOutput {
  const { tables } = setup;
  const lines = gatherLines(setup.sink);
  const pretty = createPretty(setup.color ? coloredStyles() : PLAIN_STYLES);
  return lineOutput(lines, (b, i, seq) => lines.add(formatPretty(pretty, b, i, { seq, tables })));
}
