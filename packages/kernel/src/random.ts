/**
 * Seeded random streams: one per agent and per purpose, derived from (seed, name).
 *
 * Each stream has a generator of its own, so adding a stream shifts no other stream's draws. The
 * generator is Alea (J. Baagøe, 2010; multiply-with-carry, period near 2^116) from seedrandom: only
 * additions, subtractions and products that IEEE 754 fixes to the bit, so draws agree on every platform.
 * Alternative considered: xoshiro128** by hand, 3 ns less a draw; kept for when a profile shows the need.
 */
import { err, ok, type Result } from '@truetape/contracts';
import type { State, StatefulPRNG } from 'seedrandom';
import alea from 'seedrandom/lib/alea.js';
import { assert } from './assert.ts';

const TWO_32 = 4294967296;
const TWO_MINUS_32 = 1 / TWO_32;
/** Multiplier of Alea; a carry is always below it. */
const MULTIPLIER = 2091639;

/**
 * Where a stream stands; plain JSON. `s0`, `s1`, `s2` are the last three draws as unsigned 32-bit
 * integers, `carry` is 0 … 2091638.
 */
export interface RandomState {
  readonly algorithm: 'alea';
  readonly s0: number;
  readonly s1: number;
  readonly s2: number;
  readonly carry: number;
}

/** A saved state that no stream can have; `field` names what is wrong with it. */
export interface RandomStateError {
  readonly kind: 'badRandomState';
  readonly field: 'state' | keyof RandomState;
}

/** A stream of random draws. Every method but `save` advances it. */
export interface RandomStream {
  /** A double in [0, 1), a multiple of 2^−32. One draw. */
  next(): number;
  /** An integer in 0 … 2^32 − 1. One draw. */
  uint32(): number;
  /**
   * An integer in 0 … bound − 1, each equally likely; `bound` is an integer in 1 … 2^32.
   *
   * Method: the 2^32 draws are cut into `bound` buckets of equal size; a draw in the remainder is
   * rejected and drawn again. So the count of draws varies, and is below 2 on average. Throws on
   * KERNEL-6 for any other bound.
   */
  nextInt(bound: number): number;
  /** The state after the draws so far; `restoreStream` continues from it. */
  save(): RandomState;
}

/**
 * The stream named `name` under `seed`.
 *
 * A number is the same seed as its decimal text. The seed's length goes in front, so that ("1", "2x")
 * and ("12", "x") differ. Throws on KERNEL-7 when a number is no safe integer.
 */
export function createStream(seed: string | number, name: string): RandomStream {
  assert(typeof seed === 'string' || Number.isSafeInteger(seed), 'KERNEL-7', 'a seed is text or an integer');
  const text = String(seed);
  return streamOver(alea(`${text.length}:${text}${name}`, { state: true }));
}

/**
 * The stream that a saved state continues, from untrusted JSON.
 *
 * Errors: `badRandomState` for anything but a state that a stream can reach; the two fixed points of the
 * generator, from which it would repeat one number for ever, are no such states.
 */
export function restoreStream(state: unknown): Result<RandomStream, RandomStateError> {
  if (typeof state !== 'object' || state === null) return err({ kind: 'badRandomState', field: 'state' });
  const { algorithm, s0, s1, s2, carry } = state as Partial<Record<keyof RandomState, unknown>>;
  if (algorithm !== 'alea') return err({ kind: 'badRandomState', field: 'algorithm' });
  if (!isBelow(s0, TWO_32)) return err({ kind: 'badRandomState', field: 's0' });
  if (!isBelow(s1, TWO_32)) return err({ kind: 'badRandomState', field: 's1' });
  if (!isBelow(s2, TWO_32)) return err({ kind: 'badRandomState', field: 's2' });
  if (!isBelow(carry, MULTIPLIER)) return err({ kind: 'badRandomState', field: 'carry' });
  const same = s0 === s1 && s1 === s2;
  const stuck = same && ((s0 === 0 && carry === 0) || (s0 === TWO_32 - 1 && carry === MULTIPLIER - 1));
  if (stuck) return err({ kind: 'badRandomState', field: 'state' });
  const from: State.Alea = {
    s0: s0 * TWO_MINUS_32,
    s1: s1 * TWO_MINUS_32,
    s2: s2 * TWO_MINUS_32,
    c: carry,
  };
  return ok(streamOver(alea('', { state: from })));
}

function isBelow(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < limit;
}

function streamOver(draw: StatefulPRNG<State.Alea>): RandomStream {
  return {
    next: draw,
    // Exact: a draw is a multiple of 2^−32.
    uint32: () => draw() * TWO_32,
    nextInt: (bound) => {
      assert(Number.isInteger(bound) && bound >= 1 && bound <= TWO_32, 'KERNEL-6', 'bound is 1 … 2^32');
      const bucketSize = Math.floor(TWO_32 / bound);
      let bucket = 0;
      do bucket = Math.floor((draw() * TWO_32) / bucketSize);
      while (bucket >= bound);
      return bucket;
    },
    save: () => {
      const { s0, s1, s2, c } = draw.state();
      return { algorithm: 'alea', s0: s0 * TWO_32, s1: s1 * TWO_32, s2: s2 * TWO_32, carry: c };
    },
  };
}
