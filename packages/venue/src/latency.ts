/**
 * How long a message is on its way: a constant, or a draw of a seeded stream. Lanes keep the order of one channel; the
 * driver has those.
 *
 * A log-normal delay is median × e^(sigma × z), z a normal draw of the kernel's table. The power is taken by
 * integers: 2^(x / 65,536) is the product of those roots 2^(1/2), 2^(1/4), … that the binary digits of x ask for.
 */
import { assert, drawNormal, NORMAL_ONE } from '@truetape/kernel';
import type { RandomStream } from '@truetape/kernel';

export type LatencySpec =
  | { readonly kind: 'fixed'; readonly ns: number }
  | { readonly kind: 'uniform'; readonly minNs: number; readonly maxNs: number }
  | { readonly kind: 'logNormal'; readonly medianNs: number; readonly sigmaPermille: number }
  | { readonly kind: 'empirical'; readonly valuesNs: readonly number[] };

export interface Latency {
  readonly spec: LatencySpec;
  readonly stream: RandomStream;
}

/** Longest delay: 2^40 ns, 18 minutes. */
export const LATENCY_NS_MAX = 1_099_511_627_776;
/** 1 / ln 2 in 65,536ths. */
const PER_LN2 = 94_548;
const ONE = 65_536;

const isDelay = (ns: number): boolean => Number.isInteger(ns) && ns >= 0 && ns <= LATENCY_NS_MAX;

function isSound(spec: LatencySpec): boolean {
  switch (spec.kind) {
    case 'fixed':
      return isDelay(spec.ns);
    case 'uniform':
      return (
        isDelay(spec.minNs) &&
        isDelay(spec.maxNs) &&
        spec.minNs <= spec.maxNs &&
        spec.maxNs - spec.minNs < 4_294_967_296
      );
    case 'logNormal':
      return (
        isDelay(spec.medianNs) &&
        Number.isInteger(spec.sigmaPermille) &&
        spec.sigmaPermille >= 0 &&
        spec.sigmaPermille <= 2000
      );
    case 'empirical':
      return spec.valuesNs.length > 0 && spec.valuesNs.every(isDelay);
  }
}

/** Errors: `VENUE-6` for delays out of 0 … 2^40 ns, no values, a sigma out of 0 … 2,000 permille. */
export function createLatency(spec: LatencySpec, stream: RandomStream): Latency {
  assert(isSound(spec), 'VENUE-6', 'delays of 0 … 2^40 ns');
  return { spec, stream };
}

/** The delay of the next message, in ns: an integer from 0. A fixed one takes no draw. */
export function drawNs({ spec, stream }: Latency): number {
  switch (spec.kind) {
    case 'fixed':
      return spec.ns;
    case 'uniform':
      return spec.minNs + stream.nextInt(spec.maxNs - spec.minNs + 1);
    case 'logNormal': {
      // sigma × z ÷ ln 2 in 65,536ths of an octave; |z| < 6.3 × 65,536, so the product is below 2^47.
      const octaves = Math.floor((drawNormal(stream) * spec.sigmaPermille * PER_LN2) / (NORMAL_ONE * 1000));
      return Math.min(LATENCY_NS_MAX, timesPower(spec.medianNs, octaves));
    }
    case 'empirical':
      return spec.valuesNs[stream.nextInt(spec.valuesNs.length)];
  }
}

/** 2^(2^−k) in 2^26, for k = 1 … 16, rounded down. */
const ROOTS: readonly number[] = rootsOfTwo();

/** Square roots of one another, in integers. */
function rootsOfTwo(): number[] {
  const roots: number[] = [];
  // 2^26 × √(x / 2^26) = √(x × 2^26): the root of an integer below 2^53.
  let value = 134_217_728;
  for (let k = 0; k < 16; k++) {
    value = integerRoot(value * 67_108_864);
    roots.push(value);
  }
  return roots;
}

/** The largest integer whose square is at most an integer of up to 2^53. */
function integerRoot(value: number): number {
  let root = Math.floor(Math.sqrt(value));
  while (root * root > value) root -= 1;
  while ((root + 1) * (root + 1) <= value) root += 1;
  return root;
}

/** value × 2^(octaves / 65,536), rounded down. */
export function timesPower(value: number, octaves: number): number {
  const whole = Math.floor(octaves / ONE);
  const part = octaves - whole * ONE;
  // 2^26 ≤ mantissa < 2^27; a product with a root is below 2^54 and loses at most its last digit before the floor.
  let mantissa = 67_108_864;
  for (let k = 0; k < 16; k++)
    if (((part >>> (15 - k)) & 1) === 1) mantissa = Math.floor((mantissa * ROOTS[k]) / 67_108_864);
  if (whole >= 30) return Number.MAX_SAFE_INTEGER;
  if (whole < -60) return 0;
  // In two halves, so that no product goes beyond 2^53.
  const high = Math.floor(value / 67_108_864);
  const low = value - high * 67_108_864;
  const product = high * mantissa + Math.floor((low * mantissa) / 67_108_864);
  return whole >= 0
    ? Math.floor(product * (1 << whole))
    : Math.floor(product / (whole < -30 ? 1_073_741_824 * (1 << (-whole - 30)) : 1 << -whole));
}
