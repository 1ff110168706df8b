/** Exit codes, stable: scripts rely on them. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  /** A verification did not match, or two tapes differ. */
  mismatch: 3,
  credentials: 4,
  corrupt: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT] | 143;

/** What ends a command: one line for people, and what to do next. */
export class CliFailure extends Error {
  readonly exitCode: ExitCode;
  /** What the user can do about it; empty when there is nothing to say. */
  readonly next: string;

  constructor(exitCode: ExitCode, message: string, next = '') {
    super(message);
    this.name = 'CliFailure';
    this.exitCode = exitCode;
    this.next = next;
  }
}

/** The failure of a command line that cannot be carried out as it is written. */
export function usageFailure(message: string, next = ''): CliFailure {
  return new CliFailure(EXIT.usage, message, next);
}

/** A failure as it is told. */
export function explained({ message, next }: CliFailure): string {
  return `truetape: ${message}\n${next === '' ? '' : `  ${next}\n`}`;
}
