/**
 * The time of a log's events, from a wall clock that may be wrong. One that went back is clamped to the last event,
 * and what is written is flagged; one that jumped far ahead is refused, for time on a log never goes back: it would
 * stand still until the wall has caught up.
 */
import { err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';

/** A reading of the wall clock, and of one that only counts on. */
export interface ClockReading {
  /** Unix ns. */
  readonly wallNs: bigint;
  /** ns since any moment, never less than before. */
  readonly elapsedNs: bigint;
}

export interface LogClock {
  /** Further ahead than this no reading is believed. */
  readonly aheadMaxNs: bigint;
  /** Unix ns of the last event. */
  lastNs: bigint;
  before: ClockReading;
}

/** A wall clock that is further ahead than it can be. */
export interface ClockAhead {
  readonly code: 'clockAhead';
  readonly wallNs: bigint;
  /** Where it was expected. */
  readonly expectedNs: bigint;
}

/** How far a clock may be ahead of the time that has passed: an hour. */
export const CLOCK_AHEAD_MAX_NS = 3_600_000_000_000n;
/** How long a log may have been left alone before its restart asks whether the clock is right: 30 days. */
export const RESTART_AHEAD_MAX_NS = 2_592_000_000_000_000n;

/**
 * Starts the clock of a process. `lastNs` is the time of the log's last event, undefined for a new log.
 *
 * Errors: `clockAhead` where the log ended longer ago than `restartMaxNs`.
 */
export function startClock(
  now: ClockReading,
  lastNs: bigint | undefined,
  limits: { readonly aheadMaxNs?: bigint; readonly restartMaxNs?: bigint } = {},
): Result<LogClock, ClockAhead> {
  const { aheadMaxNs = CLOCK_AHEAD_MAX_NS, restartMaxNs = RESTART_AHEAD_MAX_NS } = limits;
  if (lastNs !== undefined && now.wallNs - lastNs > restartMaxNs)
    return err({ code: 'clockAhead', wallNs: now.wallNs, expectedNs: lastNs + restartMaxNs });
  return ok({ aheadMaxNs, lastNs: lastNs ?? now.wallNs, before: now });
}

/**
 * The time of what is logged now. Errors: `clockAhead` for a wall clock that went further than the time that has
 * passed, by more than it may; nothing changes then.
 */
export function readClock(
  clock: LogClock,
  now: ClockReading,
): Result<{ readonly timeNs: bigint; readonly isClamped: boolean }, ClockAhead> {
  const expectedNs = clock.before.wallNs + (now.elapsedNs - clock.before.elapsedNs);
  if (now.wallNs - expectedNs > clock.aheadMaxNs)
    return err({ code: 'clockAhead', wallNs: now.wallNs, expectedNs });
  clock.before = now;
  const isClamped = now.wallNs < clock.lastNs;
  if (!isClamped) clock.lastNs = now.wallNs;
  return ok({ timeNs: clock.lastNs, isClamped });
}
