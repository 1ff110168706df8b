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

/** Lines are turned into bytes this many characters at a time. */
const GATHER_CHARS = 65536;

interface Lines {
  readonly add: (line: string) => void;
  readonly flush: () => void;
}

function gatherLines(sink: OpenSink): Lines {
  let text = '';
  const pass = (): void => {
    if (text !== '') sink.write(Buffer.from(text, 'utf8'));
    text = '';
  };
  return {
    add: (line) => {
      text += line;
      text += '\n';
      if (text.length >= GATHER_CHARS) pass();
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
