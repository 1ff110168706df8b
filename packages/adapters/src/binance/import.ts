/**
 * A capture of Binance streams into events: one call a line, events in arrival order.
 *
 * Two ways to know what must be known before the first event (market, grids, which streams there are):
 * - with a scan (see `scan.ts`) of the whole capture: two passes, no guessing;
 * - with explicit steps: one pass. The first `HEAD_LINES` lines are kept back, scanned, and then imported; a
 *   symbol or a stream that appears later is taken in when it comes.
 */
import { err, FLAG_LAST, ok, type Event, type Result } from '@truetape/contracts';
import { createQuantum } from '@truetape/kernel';
import { closeOracle } from '@truetape/marketdata';
import { giveUp } from './depth-import.ts';
import { takeLine } from './dispatch.ts';
import { createFrameReader } from './frame.ts';
import type { ImportError } from './import-error.ts';
import {
  createImportState,
  instrumentOf,
  sourceOf,
  type ImportSetup,
  type ImportState,
  type SourceName,
} from './import-state.ts';
import { captureEpoch } from './local-time.ts';
import {
  BINANCE_MARKETS,
  contractSizeOf,
  splitSymbol,
  type BinanceMarket,
  type InstrumentScale,
} from './market.ts';
import { reportOf, type ClockReport, type ImportReport } from './report.ts';
import {
  createBinanceScan,
  FINE_SCALE_MIN,
  STEP_PLACES_MAX,
  type BinanceScan,
  type ScannedSymbol,
} from './scan.ts';

/** Lines (and characters) that an import without a scan looks at before its first event. */
export const HEAD_LINES = 1024;
export const HEAD_CHARS = 16777216;

/** Codes of the vocabulary `clockMethod`. */
const CLOCK_AUTO = 1;
const CLOCK_GIVEN = 2;

export interface BinanceImportConfig {
  /** Takes each event; the object is reused, so it is encoded or copied before the call returns. */
  readonly emit: (event: Event) => void;
  /** Called once, before the first event, with what the import has settled on. */
  readonly begin?: (start: ImportStart) => void;
  /** The first pass; without it `priceStep` and `qtyStep` are needed. */
  readonly scan?: BinanceScan;
  /** Taken instead of the scan's guess. */
  readonly market?: BinanceMarket;
  /** Symbols to import; all when absent. */
  readonly symbols?: readonly string[];
  /** Steps for all symbols, as exact decimals; taken instead of the scan's. */
  readonly priceStep?: string;
  readonly qtyStep?: string;
  /** Contract size for all symbols; taken instead of what the market's rules say. */
  readonly contractSize?: string;
  /** Zero of the times in memory, ns since 1970; the first line's local time when absent. */
  readonly epochNs?: bigint;
  /**
   * `measure` (default) records the offset and changes no time; `auto` adds the scan's offset to all local
   * times; a number of ns adds that.
   */
  readonly clockOffset?: 'measure' | 'auto' | number;
  /** `fail` (default) ends the import at a bad line; `skip` counts it and goes on. */
  readonly onBadLine?: 'fail' | 'skip';
}

/** What an import has settled on before its first event. */
export interface ImportStart {
  readonly market: BinanceMarket;
  /** Whether the market was given, and not guessed from the messages. */
  readonly marketGiven: boolean;
  /** The epoch that all times are relative to, ns since 1970. */
  readonly epochNs: bigint;
}

/** An import in progress. After an error nothing more may be called. */
export interface BinanceImport {
  /** Takes one line, without its line feed; an error names the line it belongs to. */
  readonly line: (text: string, lineNumber: number) => Result<void, ImportError>;
  /** Ends the import: the last events, then the report. */
  readonly finish: () => Result<ImportReport, ImportError>;
}

const OK: Result<void, ImportError> = ok(undefined);

/**
 * Starts an import.
 *
 * Errors: `badConfig` for steps that are none, for missing steps without a scan, and for the offset `auto`
 * without one; `ambiguousMarket` when the scan does not tell the market and the configuration neither.
 */
export function createBinanceImport(config: BinanceImportConfig): Result<BinanceImport, ImportError> {
  const bad = badConfig(config);
  if (bad !== undefined) return err(bad);
  if (config.scan !== undefined) {
    const started = startImport(config, config.scan);
    if (!started.ok) return started;
    return ok(importOver(started.value, config));
  }
  return ok(importWithHead(config));
}

function badConfig(config: BinanceImportConfig): ImportError | undefined {
  const bad = (field: string, expected: string): ImportError => ({
    code: 'badConfig',
    line: 0,
    field,
    expected,
  });
  for (const field of ['priceStep', 'qtyStep', 'contractSize'] as const) {
    const step = config[field];
    if (step === undefined) {
      if (config.scan === undefined && field !== 'contractSize') return bad(field, 'a step, or a scan');
    } else if (shortStep(step) === undefined) return bad(field, 'a positive decimal');
  }
  const { clockOffset, market } = config;
  if (clockOffset === 'auto' && config.scan === undefined) return bad('clockOffset', 'a scan for auto');
  if (typeof clockOffset === 'number' && !Number.isSafeInteger(clockOffset)) {
    return bad('clockOffset', 'an integer of ns');
  }
  if (market !== undefined && !BINANCE_MARKETS.includes(market))
    return bad('market', BINANCE_MARKETS.join(', '));
  return undefined;
}

/** A step in its shortest form; undefined when it is none that a definition can hold. */
function shortStep(step: string | undefined): string | undefined {
  const quantum = step === undefined ? undefined : createQuantum(step);
  return quantum?.ok === true && quantum.value.scale <= STEP_PLACES_MAX ? quantum.value.step : undefined;
}

function importOver(state: ImportState, config: BinanceImportConfig): BinanceImport {
  const reader = createFrameReader();
  const skip = config.onBadLine === 'skip';
  return {
    line: (text, lineNumber) => {
      const fault = takeLine(state, reader, text, lineNumber, skip);
      return fault === undefined ? OK : err(fault);
    },
    finish: () => ok(finishImport(state, config)),
  };
}

/** Keeps the first lines back until they have shown what the import needs. */
function importWithHead(config: BinanceImportConfig): BinanceImport {
  const texts: string[] = [];
  const numbers: number[] = [];
  let chars = 0;
  let running: BinanceImport | undefined;
  const start = (): Result<BinanceImport, ImportError> => {
    const scanner = createBinanceScan({ onBadLine: 'skip' });
    texts.forEach((text, at) => scanner.line(text, numbers[at]));
    const started = startImport(config, { ...scanner.finish(), complete: false });
    if (!started.ok) return started;
    running = importOver(started.value, config);
    for (let at = 0; at < texts.length; at++) {
      const done = running.line(texts[at], numbers[at]);
      if (!done.ok) return done;
    }
    texts.length = 0;
    return ok(running);
  };
  return {
    line: (text, lineNumber) => {
      if (running !== undefined) return running.line(text, lineNumber);
      texts.push(text);
      numbers.push(lineNumber);
      chars += text.length;
      if (texts.length < HEAD_LINES && chars < HEAD_CHARS) return OK;
      const started = start();
      return started.ok ? OK : started;
    },
    finish: () => {
      if (running !== undefined) return running.finish();
      const started = start();
      return started.ok ? started.value.finish() : started;
    },
  };
}

function startImport(config: BinanceImportConfig, scan: BinanceScan): Result<ImportState, ImportError> {
  const market = config.market ?? scan.market;
  if (market === undefined) return err({ code: 'ambiguousMarket', line: 0, candidates: scan.candidates });
  const epochNs = config.epochNs ?? scan.firstTimeNs ?? 0n;
  const wanted = config.symbols === undefined ? undefined : new Set(config.symbols);
  const known = scan.symbols.filter(({ symbol }) => wanted === undefined || wanted.has(symbol));
  const bySymbol = new Map(known.map((one) => [one.symbol, one]));
  const startNs = Number((scan.firstTimeNs ?? epochNs) - epochNs);
  if (!Number.isSafeInteger(startNs)) {
    return err({
      code: 'badConfig',
      line: 0,
      field: 'epochNs',
      expected: 'at most 104 days from the first line',
    });
  }
  const setup: ImportSetup = {
    market,
    epoch: captureEpoch(epochNs),
    emit: config.emit,
    scaleOf: (symbol) => scaleFor(config, market, symbol, bySymbol.get(symbol)),
    hasTrades: (symbol) => {
      if (bySymbol.get(symbol)?.trade === true) return 'yes';
      return scan.complete ? 'no' : 'unknown';
    },
    wanted,
    depthSymbols: new Set(scan.symbols.filter(({ depth }) => depth).map(({ symbol }) => symbol)),
    offsetNs: config.clockOffset === 'auto' ? offsetOf(scan.minLatencyNs) : numberOr(config.clockOffset, 0),
  };
  const state = createImportState(setup, startNs);
  config.begin?.({ market, marketGiven: config.market !== undefined, epochNs });
  for (const { symbol } of known) instrumentOf(state, symbol);
  for (const name of ['depth', 'trade', 'aggTrade', 'bookTicker', 'markPrice'] as const) {
    if (known.some((one) => isUsed(one, name))) sourceOf(state, name);
  }
  if (config.clockOffset === 'auto' || typeof config.clockOffset === 'number') emitClock(state, config);
  return ok(state);
}

/** Aggregates are used only where there are no single trades. */
function isUsed(symbol: ScannedSymbol, name: Exclude<SourceName, 'import'>): boolean {
  return name === 'aggTrade' ? symbol.aggTrade && !symbol.trade : symbol[name];
}

function scaleFor(
  config: BinanceImportConfig,
  market: BinanceMarket,
  symbol: string,
  scanned: ScannedSymbol | undefined,
): InstrumentScale {
  return {
    priceStep: shortStep(config.priceStep) ?? scanned?.priceStep ?? '1',
    qtyStep: shortStep(config.qtyStep) ?? scanned?.qtyStep ?? '1',
    fineScale: scanned?.fineScale ?? FINE_SCALE_MIN,
    contractSize: shortStep(config.contractSize) ?? contractSizeOf(market, splitSymbol(symbol).base),
  };
}

function numberOr(value: string | number | undefined, other: number): number {
  return typeof value === 'number' ? value : other;
}

/** How far the collector's clock is at least behind: no message arrives before it was sent. */
function offsetOf(minLatencyNs: number | undefined): number {
  return minLatencyNs === undefined || minLatencyNs >= 0 ? 0 : -minLatencyNs;
}

/** The offset in force, or measured so far. */
function clockReport(state: ImportState, config: BinanceImportConfig): ClockReport {
  const minLatencyNs = state.minLatencyNs === Infinity ? undefined : state.minLatencyNs;
  const { clockOffset } = config;
  const applied = clockOffset === 'auto' || typeof clockOffset === 'number';
  return {
    offsetNs: applied ? state.offsetNs : offsetOf(minLatencyNs),
    method: clockOffset === 'auto' ? 'auto' : typeof clockOffset === 'number' ? 'given' : 'measure',
    applied,
    minLatencyNs: minLatencyNs ?? null,
    backward: state.backward,
  };
}

function emitClock(state: ImportState, config: BinanceImportConfig): void {
  const { offsetNs, method, applied } = clockReport(state, config);
  const { clock } = state.scratch;
  clock.source = sourceOf(state, 'import');
  clock.timeNs = state.timeNs;
  clock.flags = state.timeFlags | FLAG_LAST;
  clock.wallTime = state.timeNs - state.offsetNs;
  clock.offsetNs = offsetNs;
  clock.method = method === 'given' ? CLOCK_GIVEN : CLOCK_AUTO;
  clock.applied = applied ? 1 : 0;
  state.emit(clock);
}

function finishImport(state: ImportState, config: BinanceImportConfig): ImportReport {
  state.timeFlags = 0;
  for (const instrument of state.instruments.values()) {
    giveUp(state, instrument);
    closeOracle(instrument.oracle);
  }
  const clock = clockReport(state, config);
  if (!clock.applied && state.lines > 0) emitClock(state, config);
  return reportOf(state, clock);
}
