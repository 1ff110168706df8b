/**
 * Programmer errors: a broken invariant throws, and nothing in the core catches it.
 *
 * The shell stops trading, writes down state and the last inputs, and exits non-zero. Business outcomes
 * and bad input are values instead (`Result`), never this.
 */

/** A broken invariant, named by its row in INVARIANTS.md. */
export class InvariantError extends Error {
  /** Id of the invariant, such as `KERNEL-1`. */
  readonly invariant: string;

  constructor(invariant: string, detail?: string) {
    super(detail === undefined ? invariant : `${invariant}: ${detail}`);
    this.name = 'InvariantError';
    this.invariant = invariant;
  }
}

/**
 * Throws an `InvariantError` unless `condition` is truthy.
 *
 * `detail` is evaluated by the caller even when the condition holds, so a hot path passes a literal or
 * nothing.
 */
export function assert(condition: unknown, invariant: string, detail?: string): asserts condition {
  if (!condition) throw new InvariantError(invariant, detail);
}
