/**
 * The absent number: −2^53, exact both as i64 on the wire and as a double in memory, so that
 * no codec needs a branch for it. It lies just outside the range of a safe integer.
 */
export const NONE: number = -9007199254740992;

/** The absent money amount: the smallest i128. */
export const MONEY_NONE: bigint = -(1n << 127n);

/** Largest value of an `n`: 2^53−1. The smallest is its negative; only NONE lies beyond. */
export const N_MAX: number = Number.MAX_SAFE_INTEGER;

/** Ids below this are the venue's own numbers; from here on they are ours, and an Alias precedes them. */
export const FIRST_ASSIGNED_ID: number = 4503599627370496;

/** Highest parent number of a `ref`: 11 bits, and all ones is the absent reference. */
export const REF_TAPE_MAX = 2046;

/** 2^32. */
export const TWO_32 = 4294967296;

/** True for a number that an `n` field can hold, NONE not included. */
export function isN(value: number): boolean {
  return Number.isSafeInteger(value);
}

/**
 * The zero of a reader's clock as the two halves of an absolute Unix time in ns. In memory, times are
 * numbers of ns since it, exact for 104 days around it; it is part of no byte that is hashed.
 */
export interface Epoch {
  readonly hi: number;
  readonly lo: number;
}

/** 1970-01-01: usable where all times are small, as in simulations. */
export const UNIX_EPOCH: Epoch = { hi: 0, lo: 0 };

/** An epoch at the given absolute ns since 1970 (0 ≤ ns < 2^64−1). */
export function epochAt(unixNs: bigint): Epoch {
  return { hi: Number(unixNs >> 32n), lo: Number(unixNs & 0xffffffffn) };
}

/** Absolute ns since 1970 of a time in memory. */
export function toUnixNs(timeNs: number, epoch: Epoch): bigint {
  return (BigInt(epoch.hi) << 32n) + BigInt(epoch.lo) + BigInt(timeNs);
}

/** A time in memory for absolute ns since 1970; undefined beyond 104 days from the epoch. */
export function fromUnixNs(unixNs: bigint, epoch: Epoch): number | undefined {
  const timeNs = Number(unixNs - ((BigInt(epoch.hi) << 32n) + BigInt(epoch.lo)));
  return Number.isSafeInteger(timeNs) ? timeNs : undefined;
}
