/** Who has seen enough of standard output has still asked for a file. */
import { OutputError } from '@truetape/host';
import { CliFailure, EXIT } from '../failure.ts';

/** What ends a command that also writes the file of a path; what is no closed pipe, as it is. */
export function withoutFile(error: unknown, path: string): unknown {
  if (!(error instanceof OutputError) || error.code !== 'closed') return error;
  const text = `standard output was closed before the end: ${path} is not written`;
  return new CliFailure(EXIT.failure, text, 'to have the tape alone: > /dev/null');
}
