// Captures in tests: from files, from messages written by hand, and the import of both.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createRecordOut, encodeEvent, epochAt, Kind, type Event } from '@truetape/contracts';
import {
  createBinanceImport,
  createBinanceScan,
  type BinanceImportConfig,
  type BinanceScan,
  type ImportError,
  type ImportReport,
  type InstrumentReport,
} from '@truetape/adapters';

const ROOT = join(import.meta.dirname, '../../..');
export const FIXTURES: string = join(ROOT, 'fixtures/captures');
/** Real captures lie beside the checkout, or are absent. */
export const REAL: string = join(ROOT, '../shared/data/binance');

export function readCapture(path: string): string[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return text.split('\n').slice(0, -1);
}

/** Says why a test over real captures is skipped; undefined when they are there. */
export function missingReal(): string | undefined {
  return existsSync(REAL) ? undefined : `skipped: no real captures in ${REAL}`;
}

export interface Imported {
  readonly scan: BinanceScan | undefined;
  readonly events: readonly Event[];
  readonly report: ImportReport | undefined;
  readonly error: ImportError | undefined;
}

type Settings = Omit<BinanceImportConfig, 'emit'> & { readonly passes?: 1 | 2 };

/** Imports lines in two passes, or in one when `passes` says so; keeps a copy of every event. */
export function importLines(lines: readonly string[], settings: Settings = {}): Imported {
  const { passes = 2, ...config } = settings;
  const events: Event[] = [];
  const failed = (error: ImportError, scan?: BinanceScan): Imported => ({
    scan,
    events,
    report: undefined,
    error,
  });
  let scan: BinanceScan | undefined;
  if (passes === 2) {
    const scanner = createBinanceScan(config.onBadLine === undefined ? {} : { onBadLine: config.onBadLine });
    for (const [at, line] of lines.entries()) {
      const done = scanner.line(line, at + 1);
      if (!done.ok) return failed(done.error);
    }
    scan = scanner.finish();
  }
  const emit = (event: Event): void => void events.push({ ...event });
  const started = createBinanceImport({ ...(scan === undefined ? {} : { scan }), ...config, emit });
  if (!started.ok) return failed(started.error, scan);
  for (const [at, line] of lines.entries()) {
    const done = started.value.line(line, at + 1);
    if (!done.ok) return failed(done.error, scan);
  }
  const finished = started.value.finish();
  if (!finished.ok) return failed(finished.error, scan);
  return { scan, events, report: finished.value, error: undefined };
}

/** The report of the only instrument, or of the named one. */
export function reportOf(imported: Imported, symbol?: string): InstrumentReport & ImportReport {
  const { report } = imported;
  if (report === undefined) throw new Error(`no report: ${JSON.stringify(imported.error)}`);
  if ('instruments' in report) return { ...report, ...report.instruments[symbol ?? ''] };
  return report;
}

/** SHA-256 over the records as a tape holds them; a field that cannot be written throws. */
export function hashEvents(events: readonly Event[], epochNs: bigint): string {
  const out = createRecordOut(epochAt(epochNs));
  const hash = createHash('sha256');
  for (const event of events) {
    encodeEvent(out, event);
    if (out.fault !== undefined) throw new Error(`${out.fault} of ${JSON.stringify(event)}`);
    hash.update(out.u8.subarray(0, out.words * 8));
    out.words = 0;
  }
  return hash.digest('hex');
}

const KIND_NAMES = new Map<number, string>(Object.entries(Kind).map(([name, code]) => [code, name]));

export function countKinds(events: readonly Event[]): { [kind: string]: number } {
  const counts: { [kind: string]: number } = {};
  for (const { kind } of events) {
    const name = KIND_NAMES.get(kind) ?? '';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

export const T0 = 1_700_000_000_000;

/** A line whose local time is `ms` after T0. */
export function line(ms: number, json: object | string): string {
  return `${BigInt(T0 + ms) * 1_000_000n} ${typeof json === 'string' ? json : JSON.stringify(json)}`;
}

type Levels = readonly (readonly [price: string, qty: string])[];

const framed = (ms: number, stream: string, data: object): string => line(ms, { stream, data });

/** A futures depth message. */
export function depth(
  ms: number,
  [U, u, pu]: readonly [number, number, number],
  b: Levels,
  a: Levels = [],
): string {
  const data = { e: 'depthUpdate', E: T0 + ms, T: T0 + ms, s: 'BTCUSDT', U, u, pu, b, a };
  return framed(ms, 'btcusdt@depth@0ms', data);
}

export function snapshot(ms: number, lastUpdateId: number, bids: Levels, asks: Levels): string {
  return line(ms, { lastUpdateId, E: T0 + ms, T: T0 + ms, bids, asks });
}

export function quote(
  ms: number,
  u: number,
  bid: readonly [string, string],
  ask: readonly [string, string],
): string {
  const data = {
    e: 'bookTicker',
    u,
    s: 'BTCUSDT',
    b: bid[0],
    B: bid[1],
    a: ask[0],
    A: ask[1],
    T: T0 + ms,
    E: T0 + ms,
  };
  return framed(ms, 'btcusdt@bookTicker', data);
}

export function trade(ms: number, fields: object): string {
  const data = {
    e: 'trade',
    E: T0 + ms,
    T: T0 + ms,
    s: 'BTCUSDT',
    t: 1,
    p: '100.5',
    q: '2',
    X: 'MARKET',
    m: false,
  };
  return framed(ms, 'btcusdt@trade', { ...data, ...fields });
}

export function aggregate(ms: number, fields: object): string {
  const data = {
    e: 'aggTrade',
    E: T0 + ms,
    s: 'BTCUSDT',
    a: 1,
    p: '100.5',
    q: '2',
    f: 1,
    l: 1,
    T: T0 + ms,
    m: false,
  };
  return framed(ms, 'btcusdt@aggTrade', { ...data, ...fields });
}
