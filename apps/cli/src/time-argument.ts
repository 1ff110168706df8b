/** Times on the command line: ISO 8601, ns since 1970, or a span from the tape's start. */
import { usageFailure } from './failure.ts';

/** `start`: a span in ns from the tape's first event. `unix`: absolute. */
export interface TimeArgument {
  readonly from: 'start' | 'unix';
  readonly ns: bigint;
}

const UNIT_SCALES: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const SPAN = /^\+([0-9]{1,18})(?:\.([0-9]{1,18}))?(ns|us|ms|s|m|h)$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?$/;
/** Largest time that a tape can hold. */
const UNIX_NS_MAX = 0xffff_ffff_ffff_fffen;

function spanNs(whole: string, fraction: string, unit: string): bigint | undefined {
  const scale = UNIT_SCALES[unit];
  const numerator = BigInt(fraction === '' ? '0' : fraction) * scale;
  const denominator = 10n ** BigInt(fraction.length);
  // A part of a ns is no time.
  return numerator % denominator === 0n ? BigInt(whole) * scale + numerator / denominator : undefined;
}

function isoNs(match: RegExpExecArray): bigint | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const parts = [year, month, day, hour, minute, second].map(Number);
  const ms = Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5]);
  const back = new Date(ms);
  const given = [back.getUTCFullYear(), back.getUTCMonth() + 1, back.getUTCDate(), back.getUTCHours()];
  const isReal = [...given, back.getUTCMinutes(), back.getUTCSeconds()].every((part, k) => part === parts[k]);
  const [zoneHours, zoneMinutes] = zone === 'Z' ? [0, 0] : zone.slice(1).split(':').map(Number);
  if (!isReal || zoneHours > 23 || zoneMinutes > 59) return undefined;
  const offsetMs = (zone.startsWith('-') ? -1 : 1) * (zoneHours * 60 + zoneMinutes) * 60_000;
  return BigInt(ms - offsetMs) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** Reads the time of an option. A date or time without a zone is UTC. Throws a usage failure. */
export function parseTime(text: string, name: string): TimeArgument {
  const span = SPAN.exec(text);
  const iso = ISO.exec(text);
  let ns: bigint | undefined;
  if (span !== null) ns = spanNs(span[1], span[2] ?? '', span[3]);
  else if (iso !== null) ns = isoNs(iso);
  else if (/^[0-9]{1,20}$/.test(text)) ns = BigInt(text);
  if (ns === undefined || ns < 0n || ns > UNIX_NS_MAX) {
    throw usageFailure(
      `${name}: expected 2024-08-08T09:00:00.5Z, ns since 1970, or +5s from the start (ns us ms s m h); found ${text}`,
    );
  }
  return { from: span === null ? 'unix' : 'start', ns };
}

/** Longest span of simulated time: what a clock of ns counts exactly, less what is under way at its end. */
const SPAN_NS_MAX = 90n * 24n * 3_600_000_000_000n;

/** Reads a span such as `10s` or `1.5ms`, in ns from 1 on. Throws a usage failure. */
export function parseSpan(text: string, name: string): number {
  const span = SPAN.exec(text.startsWith('+') ? text : `+${text}`);
  const ns = span === null ? undefined : spanNs(span[1], span[2] ?? '', span[3]);
  if (ns !== undefined && ns > 0n && ns <= SPAN_NS_MAX) return Number(ns);
  throw usageFailure(`${name}: expected 10s or 1.5ms (ns us ms s m h), up to 2160h, found ${text}`);
}

/** Absolute Unix ns of a time; `startNs` is that of the tape's first event. */
export function absoluteTime(time: TimeArgument, startNs: bigint): bigint {
  return time.from === 'unix' ? time.ns : time.ns + startNs;
}
