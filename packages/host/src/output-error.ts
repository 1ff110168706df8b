/**
 * Why an output could not be written.
 *
 * - `exists`: the file is there already, and may not be replaced;
 * - `unwritable`: it cannot be made, written or put in place; `detail` has the system's code;
 * - `closed`: whoever read the pipe has gone; not a failure.
 */
export type OutputErrorCode = 'exists' | 'unwritable' | 'closed';

/** A failure to write. It is thrown: the pure code that calls a sink has no other way to end early. */
export class OutputError extends Error {
  readonly code: OutputErrorCode;
  /** As the caller named it; `-` for standard output. */
  readonly path: string;
  readonly detail: string;

  constructor(code: OutputErrorCode, path: string, detail: string) {
    super(`${path}: ${code} (${detail})`);
    this.name = 'OutputError';
    this.code = code;
    this.path = path;
    this.detail = detail;
  }
}
