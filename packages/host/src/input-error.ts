/**
 * Why an input could not be read.
 *
 * - `notFound`, `unreadable`: the file is not there, or cannot be opened or read; `detail` has the system's code;
 * - `truncated`: compressed input that ends in the middle;
 * - `corrupt`: compressed input that is damaged, or followed by something else;
 * - `expandsWithoutEnd`: compressed input that grows beyond all measure; see `InputOptions`;
 * - `lineTooLong`: a line beyond the cap; `badText`: a line that is no UTF-8; both name the line.
 */
export type InputErrorCode =
  | 'notFound'
  | 'unreadable'
  | 'truncated'
  | 'corrupt'
  | 'expandsWithoutEnd'
  | 'lineTooLong'
  | 'badText';

/** Bad input or I/O, as thrown by the readers of this package: an iteration has no other way to end early. */
export class InputError extends Error {
  readonly code: InputErrorCode;
  /** As the caller named it; `-` for standard input. */
  readonly path: string;
  readonly detail: string;
  /** Line that it belongs to, from 1; undefined when it is none. */
  readonly line: number | undefined;

  constructor(code: InputErrorCode, path: string, detail: string, line?: number) {
    super(`${path}${line === undefined ? '' : `:${line}`}: ${code} (${detail})`);
    this.name = 'InputError';
    this.code = code;
    this.path = path;
    this.detail = detail;
    this.line = line;
  }
}

/** The code that Node gives its errors, or their text. */
export function systemCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return String(error);
}
