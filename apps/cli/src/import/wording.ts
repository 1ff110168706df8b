/** Errors of an import in words: place, expected, found, and what to do next. */
import type { ImportError } from '@truetape/adapters';
import { CliFailure, EXIT } from '../failure.ts';
import type { ExitCode } from '../failure.ts';

const REASONS = {
  noTime: 'a local time in ns, a blank, then JSON',
  badTime: 'a local time in ns since 1970',
  badJson: 'one JSON object',
  notAMessage: 'a message or a depth body of Binance',
} as const;

const SKIP = '--on-bad-line skip passes over such lines and counts them';

interface Wording {
  readonly exitCode: ExitCode;
  readonly text: string;
  readonly next: string;
}

function wordingOf(error: ImportError): Wording {
  switch (error.code) {
    case 'malformedLine':
      return {
        exitCode: EXIT.corrupt,
        text: `expected ${REASONS[error.reason]}, found ${error.detail === '' ? 'nothing' : error.detail}`,
        next: SKIP,
      };
    case 'badField':
      return {
        exitCode: EXIT.corrupt,
        text: `field ${error.field}: expected ${error.expected}, found ${error.found}`,
        next: SKIP,
      };
    case 'offGrid':
      return {
        exitCode: EXIT.failure,
        text: `field ${error.field}: expected a multiple of ${error.step}, found ${error.text}`,
        next: 'give a finer --tick or --lot, or leave them out: then the smallest exact ones are taken',
      };
    case 'unsafeId':
      return {
        exitCode: EXIT.corrupt,
        text: `field ${error.field}: expected an id below 2^53, found ${error.text}`,
        next: SKIP,
      };
    case 'ambiguousSnapshot':
      return {
        exitCode: EXIT.usage,
        text:
          'expected a depth body that names its symbol, found one without; ' +
          `symbols with depth: ${error.symbols.join(', ') || 'none'}`,
        next: 'import one symbol at a time: --symbol',
      };
    case 'timeOutOfRange':
      return {
        exitCode: EXIT.corrupt,
        text: `field ${error.field}: expected a time within 104 days of the first line, found one beyond`,
        next: SKIP,
      };
    case 'bookFull':
      return {
        exitCode: EXIT.failure,
        text: `expected a book with at most 262144 levels a side, found more (${error.symbol})`,
        next: 'leave the symbol out: --symbol',
      };
    case 'ambiguousMarket':
      return {
        exitCode: EXIT.usage,
        text:
          error.candidates.length === 0
            ? 'expected messages that tell their market, found none'
            : `expected messages of one market, found some of ${error.candidates.join(' and ')}`,
        next: 'name it: --market spot, usdm or coinm',
      };
    case 'badConfig': {
      const flag = {
        priceStep: '--tick',
        qtyStep: '--lot',
        contractSize: '--contract-size',
        clockOffset: '--clock-offset',
      };
      const name = error.field in flag ? flag[error.field as keyof typeof flag] : error.field;
      return { exitCode: EXIT.usage, text: `${name}: expected ${error.expected}`, next: '' };
    }
  }
}

/** The error as the end of a command; `place` is the file and line that it belongs to. */
export function importFailure(error: ImportError, place: string): CliFailure {
  const { exitCode, text, next } = wordingOf(error);
  return new CliFailure(exitCode, error.code === 'badConfig' ? text : `${place}: ${text}`, next);
}
