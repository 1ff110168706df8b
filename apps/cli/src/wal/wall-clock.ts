/** The wall clock in ns: the system says ms, what has passed since says the rest. */
import type { ClockReading } from '@truetape/wal';

const MS_NS = 1_000_000n;

/**
 * A reader of the clock. Within a millisecond of the system's clock its time is that of a counter, so that it never
 * goes back while that does not, and steps when that steps.
 */
export function createWallClock(): () => ClockReading {
  let anchorNs = 0n;
  let anchorAt = 0n;
  return () => {
    const elapsedNs = process.hrtime.bigint();
    const systemNs = BigInt(Date.now()) * MS_NS;
    const counted = anchorNs + (elapsedNs - anchorAt);
    const isNear = counted >= systemNs && counted < systemNs + MS_NS;
    const late = systemNs + MS_NS - 1n;
    const isAhead = counted > late && counted - late < MS_NS * 1000n;
    const wallNs = isNear ? counted : isAhead ? late : systemNs;
    if (!isNear) {
      anchorNs = wallNs;
      anchorAt = elapsedNs;
    }
    return { wallNs, elapsedNs };
  };
}
