/** What an import of LOBSTER files says to people: its report, and its errors. */
import type { LobsterError, LobsterReport } from '@truetape/adapters';
import { CliFailure, EXIT } from '../failure.ts';
import type { ExitCode } from '../failure.ts';
import type { LobsterImported } from './run-lobster.ts';

const line = (title: string, text: string): string => `${title.padEnd(12)} ${text}`;

const WHO = {
  option: '--date',
  fileName: "the file's name",
  nowhere: 'nobody said which: --date',
} as const;

function typesText({ types }: LobsterReport): string {
  return [
    `${types.newOrder} new`,
    `${types.partialCancel} reduced`,
    `${types.deletion} deleted`,
    `${types.execution} executed`,
    `${types.hiddenExecution} hidden`,
    `${types.crossTrade} cross`,
    `${types.tradingStatus} of trading status`,
  ].join(', ');
}

function orderbookLines({ orderbook }: LobsterReport): string[] {
  if (orderbook === null) return [];
  const { depth, checked, equal, revealed, different, differences, inferred } = orderbook;
  const rest = different - differences.length;
  return [
    line(
      'order book',
      `${depth} levels; ${checked} transitions checked: ${equal} equal, ${revealed} revealed a level, ` +
        `${different} different`,
    ),
    line('inferred', `${inferred} events that follow from its rows alone`),
    ...differences.map((one) =>
      line(
        'difference',
        `line ${one.line}, order book line ${one.orderbookLine}: ${one.side} ${one.level}: ` +
          `expected ${one.expected}, found ${one.found}`,
      ),
    ),
    ...(rest > 0 ? [line('', `and ${rest} more`)] : []),
  ];
}

const depthText = ({ bidLevels, askLevels, orders }: LobsterReport['book']): string =>
  `${bidLevels} and ${askLevels} levels, ${orders} orders`;

/** Lines without LF. */
export function lobsterLines({ report, tape }: LobsterImported, output: string): string[] {
  const { book, misfits, backward } = report;
  const best = ({ bid, ask }: LobsterReport['book']): string =>
    [bid, ask].map((level) => (level === null ? 'none' : `${level.qty} @ ${level.price}`)).join(', ask ');
  return [
    line('instrument', `${report.instrument}, tick ${report.priceStep}, lot 1`),
    line('day', `${report.date} (${WHO[report.dateFrom]}), midnight at UTC${report.utcOffset}`),
    line('messages', `${report.messages}: ${typesText(report)}`),
    line('executed', `${report.executedQty}, hidden ${report.hiddenQty}, crossed ${report.crossQty}`),
    line('unknown', `${report.unknownIds} messages of orders from before the file or beyond its levels`),
    ...(misfits === 0 ? [] : [line('misfits', `${misfits} messages do not fit the order that they name`)]),
    ...(backward === 0 ? [] : [line('clock', `${backward} messages backward in time, clamped`)]),
    ...orderbookLines(report),
    line('book', `${book.status}, bid ${best(book)}, ${depthText(book)}`),
    line('tape', `${output}, ${tape.count} events`),
    line('hash', tape.hash),
    line('seal', tape.seal),
  ];
}

interface Wording {
  readonly exitCode: ExitCode;
  readonly text: string;
  readonly next: string;
}

const FLAGS = {
  priceStep: '--tick',
  symbol: '--symbol',
  date: '--date',
  utcOffset: '--utc-offset',
};

const SHAPES = {
  messages: 'a message file has rows of time,type,id,size,price,direction',
  orderbook: 'an order book file has rows of ask price,ask size,bid price,bid size for each level',
} as const;

function wordingOf(error: LobsterError): Wording {
  switch (error.code) {
    case 'badColumns': {
      const text = `expected ${error.expected} columns, found ${error.found}`;
      return { exitCode: EXIT.corrupt, text, next: SHAPES[error.file] };
    }
    case 'badField': {
      const text = `${error.field}: expected ${error.expected}, found ${error.found}`;
      return { exitCode: EXIT.corrupt, text, next: '' };
    }
    case 'badOrder': {
      const text = `${error.field}: expected levels sorted best first, empty ones last`;
      return { exitCode: EXIT.corrupt, text, next: '' };
    }
    case 'offGrid': {
      const text = `${error.field}: expected a multiple of ${error.step} dollars, found ${error.found}`;
      return {
        exitCode: EXIT.failure,
        text,
        next: 'give a finer --tick, or leave it out: then an exact one is taken',
      };
    }
    case 'rowCount': {
      const other = error.file === 'messages' ? 'the order book file' : 'the message file';
      const text = `expected as many rows as ${other} has, which ends after ${error.rows}`;
      return { exitCode: EXIT.corrupt, text, next: 'the two files must belong to each other, row by row' };
    }
    case 'badConfig': {
      const name = error.field in FLAGS ? FLAGS[error.field as keyof typeof FLAGS] : error.field;
      return { exitCode: EXIT.usage, text: `${name}: expected ${error.expected}`, next: '' };
    }
  }
}

/** The error as the end of a command; `place` is the file and line that it belongs to. */
export function lobsterFailure(error: LobsterError, place: string): CliFailure {
  const { exitCode, text, next } = wordingOf(error);
  return new CliFailure(exitCode, error.code === 'badConfig' ? text : `${place}: ${text}`, next);
}
