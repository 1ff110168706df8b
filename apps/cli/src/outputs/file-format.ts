/** The form that a file is written in: the one that is named, or what its name says. */
import { usageFailure } from '../failure.ts';
import type { Format } from './event-output.ts';

export const FILE_FORMATS: readonly Format[] = ['rpl', 'text', 'jsonl', 'csv', 'parquet'];

/** Longest extension first: `.txt.rpl` is no `.rpl`. */
const EXTENSIONS: readonly (readonly [extension: string, format: Format])[] = [
  ['.txt.rpl', 'text'],
  ['.rpl', 'rpl'],
  ['.jsonl', 'jsonl'],
  ['.csv', 'csv'],
  ['.parquet', 'parquet'],
];

/** Reads `--format`. Throws a usage failure. */
export function parseFormat(text: string): Format {
  const format = FILE_FORMATS.find((one) => one === text);
  if (format !== undefined) return format;
  throw usageFailure(`--format: expected ${FILE_FORMATS.join(', ')}, found ${text}`);
}

/** The form of an output; text on stdout by default. Throws a usage failure for a name that says none. */
export function formatOf(
  output: string,
  named: Format | undefined,
  next: string | undefined = 'or name the form: --format',
): Format {
  if (named !== undefined) return named;
  if (output === '-') return 'text';
  const known = EXTENSIONS.find(([extension]) => output.toLowerCase().endsWith(extension));
  if (known !== undefined) return known[1];
  throw usageFailure(
    `${output}: expected a name that ends in ${EXTENSIONS.map(([extension]) => extension).join(', ')}`,
    next,
  );
}
