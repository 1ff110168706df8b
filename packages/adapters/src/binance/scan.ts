/**
 * The first pass over a capture: what the second one must know before its first event. Market, symbols,
 * the smallest decimal steps that are exact for every price and quantity, first time, clock offset.
 */
import { err, ok, type Result } from '@truetape/contracts';
import { scaleOf } from '@truetape/kernel';
import { createFrameReader, readFrame, type Frame, type FrameReader, type Wire } from './frame.ts';
import type { ImportError } from './import-error.ts';
import { LevelSpan, wider } from './level-cells.ts';
import {
  captureEpoch,
  exchangeNs,
  isExchangeTime,
  localNs,
  localUnixNs,
  type CaptureEpoch,
} from './local-time.ts';
import { isCoinSymbol, marketCandidates, type BinanceMarket, type MarketEvidence } from './market.ts';

/** Fraction digits of mark and index prices as Binance publishes them; more are taken where they occur. */
export const FINE_SCALE_MIN = 8;

/** Most fraction digits of a step: what a definition can hold. A finer text is refused by the second pass. */
export const STEP_PLACES_MAX = 20;

/** What a capture shows of one symbol. */
export interface ScannedSymbol {
  readonly symbol: string;
  /** Smallest decimal step that is exact for every price, such as "0.1". */
  readonly priceStep: string;
  readonly qtyStep: string;
  /** Fraction digits of off-grid prices. */
  readonly fineScale: number;
  /** Which streams there are. */
  readonly depth: boolean;
  readonly trade: boolean;
  readonly aggTrade: boolean;
  readonly bookTicker: boolean;
  readonly markPrice: boolean;
}

/** What a capture shows before it is imported. */
export interface BinanceScan {
  /** Whether the whole capture was seen; of a part, a missing stream means nothing. */
  readonly complete: boolean;
  readonly lines: number;
  readonly skippedLines: number;
  /** Local time of the first line, ns since 1970; undefined for a capture without lines. */
  readonly firstTimeNs: bigint | undefined;
  /** Markets that something speaks for; the market is known when it is one. */
  readonly candidates: readonly BinanceMarket[];
  readonly market: BinanceMarket | undefined;
  /** In order of first sight. */
  readonly symbols: readonly ScannedSymbol[];
  /** Smallest local − exchange time in ns; undefined where no message has an exchange time. */
  readonly minLatencyNs: number | undefined;
}

export interface BinanceScanConfig {
  readonly onBadLine?: 'fail' | 'skip';
}

/** The first pass. */
export interface BinanceScanner {
  /** Takes one line. Errors: `malformedLine`, unless bad lines are skipped. */
  readonly line: (text: string, lineNumber: number) => Result<void, ImportError>;
  readonly finish: () => BinanceScan;
}

interface SymbolState {
  readonly symbol: string;
  priceScale: number;
  qtyScale: number;
  fineScale: number;
  depth: boolean;
  trade: boolean;
  aggTrade: boolean;
  bookTicker: boolean;
  markPrice: boolean;
}

interface ScanState {
  readonly symbols: Map<string, SymbolState>;
  readonly evidence: MarketEvidence;
  epoch: CaptureEpoch | undefined;
  lines: number;
  skippedLines: number;
  minLatencyNs: number;
  /** Depth bodies without a symbol: they belong to the one symbol with depth, known at the end. */
  bodyPriceScale: number;
  bodyQtyScale: number;
}

const OK: Result<void, ImportError> = ok(undefined);

export function createBinanceScan(config: BinanceScanConfig = {}): BinanceScanner {
  const reader = createFrameReader();
  const skip = config.onBadLine === 'skip';
  const state: ScanState = {
    symbols: new Map(),
    evidence: { spot: 0, usdm: 0, coinm: 0 },
    epoch: undefined,
    lines: 0,
    skippedLines: 0,
    minLatencyNs: Infinity,
    bodyPriceScale: 0,
    bodyQtyScale: 0,
  };
  return {
    line: (text, lineNumber) => scanLine(state, reader, text, lineNumber, skip),
    finish: () => finishScan(state),
  };
}

function scanLine(
  state: ScanState,
  reader: FrameReader,
  text: string,
  line: number,
  skip: boolean,
): Result<void, ImportError> {
  state.lines++;
  if (text === '') return OK;
  const fault = readFrame(reader, text);
  if (fault !== undefined) {
    if (!skip) return err({ code: 'malformedLine', line, ...fault });
    state.skippedLines++;
    return OK;
  }
  const { frame } = reader;
  state.epoch ??= captureEpoch(localUnixNs(frame));
  if (frame.kind === 'other') return OK;
  for (const message of frame.messages) scanMessage(state, frame, message);
  return OK;
}

function scanMessage(state: ScanState, frame: Frame, message: Wire): void {
  if (isExchangeTime(message.E) && state.epoch !== undefined) {
    const latency = localNs(frame, state.epoch) - exchangeNs(message.E, state.epoch);
    if (latency < state.minLatencyNs) state.minLatencyNs = latency;
  }
  if (frame.kind === 'snapshot') {
    scanSnapshot(state, frame, message);
    return;
  }
  if (typeof message.s !== 'string') return;
  const symbol = symbolState(state, message.s);
  switch (frame.kind) {
    case 'depth':
      symbol.depth = true;
      scanLevels(symbol, message.b);
      scanLevels(symbol, message.a);
      // Spot's messages have neither the id before nor a transaction time.
      count(state, symbol, message.pu !== undefined || message.T !== undefined);
      return;
    case 'trade':
    case 'aggTrade':
      symbol[frame.kind] = true;
      symbol.priceScale = widest(symbol.priceScale, message.p);
      symbol.qtyScale = widest(symbol.qtyScale, message.q);
      // Spot alone keeps the field M that "may be ignored".
      count(state, symbol, message.M === undefined);
      return;
    case 'bookTicker':
      symbol.bookTicker = true;
      symbol.priceScale = widest(widest(symbol.priceScale, message.b), message.a);
      symbol.qtyScale = widest(widest(symbol.qtyScale, message.B), message.A);
      count(state, symbol, message.e !== undefined);
      return;
    case 'markPrice':
      symbol.markPrice = true;
      symbol.fineScale = widest(widest(widest(symbol.fineScale, message.p), message.i), message.P);
      count(state, symbol, true);
      return;
    case 'other':
      return;
  }
}

function scanSnapshot(state: ScanState, frame: Frame, body: Wire): void {
  const name = snapshotSymbol(frame, body);
  if (name !== undefined) {
    const symbol = symbolState(state, name);
    scanLevels(symbol, body.bids);
    scanLevels(symbol, body.asks);
    return;
  }
  const scales = { priceScale: state.bodyPriceScale, qtyScale: state.bodyQtyScale };
  scanLevels(scales, body.bids);
  scanLevels(scales, body.asks);
  state.bodyPriceScale = scales.priceScale;
  state.bodyQtyScale = scales.qtyScale;
}

/** The symbol that a depth body, or the stream that it came under, names. */
export function snapshotSymbol(frame: Frame, body: Wire): string | undefined {
  if (typeof body.symbol === 'string') return body.symbol;
  if (!frame.named) return undefined;
  return frame.name.slice(0, frame.name.indexOf('@')).toUpperCase();
}

function scanLevels(scales: { priceScale: number; qtyScale: number }, levels: unknown): void {
  if (levels instanceof LevelSpan) {
    scanSpan(scales, levels);
    return;
  }
  if (!Array.isArray(levels)) return;
  let price = scales.priceScale;
  let qty = scales.qtyScale;
  for (const level of levels as unknown[]) {
    if (!Array.isArray(level)) continue;
    price = widest(price, level[0]);
    qty = widest(qty, level[1]);
  }
  scales.priceScale = price;
  scales.qtyScale = qty;
}

function scanSpan(scales: { priceScale: number; qtyScale: number }, span: LevelSpan): void {
  const { price, pricePlaces, qty, qtyPlaces } = span.cells;
  let { priceScale, qtyScale } = scales;
  const end = span.from + span.count;
  for (let row = span.from; row < end; row++) {
    if (pricePlaces[row] > priceScale) priceScale = wider(priceScale, price[row], pricePlaces[row]);
    if (qtyPlaces[row] > qtyScale) qtyScale = wider(qtyScale, qty[row], qtyPlaces[row]);
  }
  scales.priceScale = Math.min(priceScale, STEP_PLACES_MAX);
  scales.qtyScale = Math.min(qtyScale, STEP_PLACES_MAX);
}

/** The larger of a scale and that of a decimal text; what is no decimal is the second pass's to refuse. */
function widest(scale: number, text: unknown): number {
  if (typeof text !== 'string') return scale;
  const own = scaleOf(text);
  return own > scale ? Math.min(own, STEP_PLACES_MAX) : scale;
}

function symbolState(state: ScanState, symbol: string): SymbolState {
  let known = state.symbols.get(symbol);
  if (known === undefined) {
    known = {
      symbol,
      priceScale: 0,
      qtyScale: 0,
      fineScale: FINE_SCALE_MIN,
      depth: false,
      trade: false,
      aggTrade: false,
      bookTicker: false,
      markPrice: false,
    };
    state.symbols.set(symbol, known);
  }
  return known;
}

function count(state: ScanState, symbol: SymbolState, futures: boolean): void {
  if (!futures) state.evidence.spot++;
  else if (isCoinSymbol(symbol.symbol)) state.evidence.coinm++;
  else state.evidence.usdm++;
}

function finishScan(state: ScanState): BinanceScan {
  const candidates = marketCandidates(state.evidence);
  return {
    complete: true,
    lines: state.lines,
    skippedLines: state.skippedLines,
    firstTimeNs: state.epoch?.ns,
    candidates,
    market: candidates.length === 1 ? candidates[0] : undefined,
    symbols: [...state.symbols.values()].map((symbol) => scannedSymbol(state, symbol)),
    minLatencyNs: state.minLatencyNs === Infinity ? undefined : state.minLatencyNs,
  };
}

function scannedSymbol(state: ScanState, symbol: SymbolState): ScannedSymbol {
  const { depth } = symbol;
  return {
    symbol: symbol.symbol,
    priceStep: decimalStep(Math.max(symbol.priceScale, depth ? state.bodyPriceScale : 0)),
    qtyStep: decimalStep(Math.max(symbol.qtyScale, depth ? state.bodyQtyScale : 0)),
    fineScale: symbol.fineScale,
    depth,
    trade: symbol.trade,
    aggTrade: symbol.aggTrade,
    bookTicker: symbol.bookTicker,
    markPrice: symbol.markPrice,
  };
}

/** 0 → "1", 1 → "0.1", 3 → "0.001". */
function decimalStep(scale: number): string {
  return scale === 0 ? '1' : `0.${'0'.repeat(scale - 1)}1`;
}
