/**
 * A token bucket in integers: no clock drifts, whatever the rate.
 *
 * It holds units of which an order takes `perOrder` and a ns brings `perTick`: the rate orders ÷ perNs in its
 * lowest terms. What has come in is worked out when it is asked for, from the level and the time of the last
 * taking. Beside the burst there is room for what is left of a ns in which an order became possible: who
 * sends whenever he may, sends at exactly the rate. The alternative, a time for each token, has to round
 * where perNs is no multiple of orders, and drifts.
 */
import { NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import type { OrderRate } from './config.ts';
import { lowestTerms } from './config-schema.ts';

export interface TokenBucket {
  readonly perTick: number;
  readonly perOrder: number;
  /** Units that it has room for, at most 2^53 − 1. */
  readonly capacity: number;
  /** Units at `sinceNs`. */
  level: number;
  /** NONE before the first taking: its burst is there. */
  sinceNs: number;
}

/** A bucket with its whole burst in it. */
export function createBucket(rate: OrderRate): TokenBucket {
  const { perTick, perOrder, level, capacity } = lowestTerms(rate);
  assert(Number.isSafeInteger(capacity), 'RISK-1', 'a bucket that integers hold');
  return { perTick, perOrder, capacity, level, sinceNs: NONE };
}

/** Units at a time; NaN for a time before the last taking. */
export function levelAt(bucket: TokenBucket, timeNs: number): number {
  const { level, capacity, sinceNs } = bucket;
  if (sinceNs === NONE) return level;
  const passed = timeNs - sinceNs;
  if (!(passed >= 0)) return NaN;
  // A product that is rounded lies beyond 2^53, and so beyond the room there is.
  const came = passed * bucket.perTick;
  return came >= capacity - level ? capacity : level + came;
}

/** Ns until an order may go; 0: now. NaN for a time before the last taking. */
export function waitNs(bucket: TokenBucket, timeNs: number): number {
  const missing = bucket.perOrder - levelAt(bucket, timeNs);
  if (missing <= 0) return 0;
  const rest = missing % bucket.perTick;
  return (missing - rest) / bucket.perTick + (rest === 0 ? 0 : 1);
}

/** Takes an order's units. Throws on RISK-2 where they are not there. */
export function takeToken(bucket: TokenBucket, timeNs: number): void {
  const level = levelAt(bucket, timeNs);
  assert(level >= bucket.perOrder, 'RISK-2', 'an admitted order has its token');
  bucket.level = level - bucket.perOrder;
  bucket.sinceNs = timeNs;
}
