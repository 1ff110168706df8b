/**
 * Times of a capture: the collector's local time, ns since 1970 at the start of a line, and the exchange's
 * own times in ms (or µs, where a collector asked for them), both as ns relative to an epoch.
 */
import { NONE } from '@truetape/contracts';

const NS_PER_SECOND = 1e9;

/** Exchange times from here on are µs: as ms they would lie 1,100 years ahead. */
const FIRST_MICROSECONDS = 1e14;

/** The zero of a capture's times, in the parts that the conversions need. */
export interface CaptureEpoch {
  readonly ns: bigint;
  readonly seconds: number;
  /** Rest of the second in ns. */
  readonly nanos: number;
  readonly millis: number;
  /** Rest of the millisecond in ns. */
  readonly subMillis: number;
}

export function captureEpoch(ns: bigint): CaptureEpoch {
  return {
    ns,
    seconds: Number(ns / 1_000_000_000n),
    nanos: Number(ns % 1_000_000_000n),
    millis: Number(ns / 1_000_000n),
    subMillis: Number(ns % 1_000_000n),
  };
}

/** Seconds and rest of a local time: neither loses a digit. */
export interface LocalTime {
  seconds: number;
  nanos: number;
}

/** Longest local time: 2^63 ns has 19 digits. */
const TIME_DIGITS_MAX = 19;

/**
 * Reads the local time at the start of a line. Returns the position of the blank behind it; −1 when the
 * line does not begin with a digit, −2 when what begins with one is no time in ns.
 */
export function readLocalTime(text: string, out: LocalTime): number {
  let end = 0;
  while (end < text.length && end <= TIME_DIGITS_MAX) {
    const digit = text.charCodeAt(end) - 48;
    if (digit < 0 || digit > 9) break;
    end++;
  }
  if (end === 0) return -1;
  if (end > TIME_DIGITS_MAX || text.charCodeAt(end) !== 32) return -2;
  let seconds = 0;
  let nanos = 0;
  const split = end - 9;
  for (let at = 0; at < split; at++) seconds = seconds * 10 + (text.charCodeAt(at) - 48);
  for (let at = split < 0 ? 0 : split; at < end; at++) nanos = nanos * 10 + (text.charCodeAt(at) - 48);
  out.seconds = seconds;
  out.nanos = nanos;
  return end;
}

/** A local time as ns since 1970. */
export function localUnixNs(time: LocalTime): bigint {
  return BigInt(time.seconds) * 1_000_000_000n + BigInt(time.nanos);
}

/** A local time relative to the epoch; no safe integer beyond 104 days from it. */
export function localNs(time: LocalTime, epoch: CaptureEpoch): number {
  return (time.seconds - epoch.seconds) * NS_PER_SECOND + (time.nanos - epoch.nanos);
}

/** An exchange time relative to the epoch; no safe integer beyond 104 days from it. */
export function exchangeNs(time: number, epoch: CaptureEpoch): number {
  if (time < FIRST_MICROSECONDS) return (time - epoch.millis) * 1e6 - epoch.subMillis;
  const millis = Math.floor(time / 1000);
  return (millis - epoch.millis) * 1e6 + (time - millis * 1000) * 1000 - epoch.subMillis;
}

/** Whether a field can be an exchange time. */
export function isExchangeTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** An optional exchange time: NONE where the field is absent, NaN where it is no time. */
export function optionalTime(value: unknown, epoch: CaptureEpoch): number {
  if (value === undefined) return NONE;
  if (!isExchangeTime(value)) return NaN;
  const ns = exchangeNs(value, epoch);
  return Number.isSafeInteger(ns) ? ns : NaN;
}
