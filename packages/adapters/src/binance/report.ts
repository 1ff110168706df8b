/** What an import found, as plain JSON: counts are numbers; prices, quantities and sums decimal strings. */
import { NONE } from '@truetape/contracts';
import {
  formatDecimal,
  formatNotional,
  formatQuanta,
  parseDecimal,
  sumValue,
  type Decimal,
} from '@truetape/kernel';
import { summarizeDrift, topOf, type DriftSummary } from '@truetape/marketdata';
import type { ImportState, InstrumentState } from './import-state.ts';
import type { BinanceMarket } from './market.ts';

export interface TradeReport {
  readonly count: number;
  /** Sum of quantities; in COIN-M, contracts. */
  readonly qty: string;
  readonly qtyLots: string;
  /** Sum of price × quantity in the quote asset; in COIN-M, contracts × contract size. */
  readonly notional: string;
  readonly firstId: string | number | null;
  readonly lastId: string | number | null;
  /** Places where the ids jumped. */
  readonly idGaps: number;
  readonly idsMissing: number;
  readonly notRising: number;
  /** Messages that used an id for no trade (X: NA). */
  readonly placeholders: number;
  /** Messages left out because another stream tells the same trades. */
  readonly leftOut: number;
}

export interface DepthReport {
  /** Snapshots that a message continued. */
  readonly bridged: number;
  /** Messages older than the snapshot, or repeated. */
  readonly dropped: number;
  readonly applied: number;
  /** Messages applied while the book was uncertain: after a gap, or without a snapshot. */
  readonly doubted: number;
  readonly gaps: number;
  readonly unknownDeletes: number;
  /** Messages that left the book crossed. */
  readonly crossed: number;
  /** Snapshots that came too late to be of use. */
  readonly staleSnapshots: number;
  readonly lastUpdateId: number | null;
}

export interface LevelReport {
  readonly price: string;
  readonly qty: string;
  readonly priceTicks: number;
  readonly qtyLots: number;
}

/** The book at the end. */
export interface BookReport {
  readonly status: 'empty' | 'live' | 'uncertain';
  readonly bid: LevelReport | null;
  readonly ask: LevelReport | null;
  readonly bidLevels: number;
  readonly askLevels: number;
  readonly knownLow: string | null;
  readonly knownHigh: string | null;
}

export interface OracleReport {
  /** equal + outside + different. */
  readonly checked: number;
  readonly equal: number;
  readonly outside: number;
  readonly different: number;
  /** Applied messages for which the exchange's quote is not known for certain. */
  readonly unmatched: number;
  readonly firstDifferentId: number | null;
}

export interface DriftReport {
  /** Quotes compared with the book at their arrival; two differences each, bid and ask. */
  readonly quotes: number;
  /** Quotes that came while the book was not to be trusted. */
  readonly skipped: number;
  readonly ticks: DriftSummary | null;
  readonly lots: DriftSummary | null;
}

/** What was found of one instrument. */
export interface InstrumentReport {
  readonly symbol: string;
  readonly instrument: string;
  readonly priceStep: string;
  readonly qtyStep: string;
  readonly depthUpdates: number;
  readonly quotes: number;
  readonly marks: number;
  readonly trades: TradeReport;
  readonly snapshots: number;
  readonly depth: DepthReport;
  readonly book: BookReport;
  readonly oracle: OracleReport;
  readonly drift: DriftReport;
}

export interface ClockReport {
  /** Offset measured or given: how far the collector's clock is at least behind the exchange's. */
  readonly offsetNs: number;
  readonly method: 'measure' | 'auto' | 'given';
  /** Whether the times of the tape contain it. */
  readonly applied: boolean;
  /** Smallest local − exchange time, as written. */
  readonly minLatencyNs: number | null;
  /** Lines whose local time ran backward and was clamped. */
  readonly backward: number;
}

interface CaptureReport {
  readonly market: BinanceMarket;
  readonly lines: number;
  readonly skippedLines: number;
  /** Messages of streams that are not imported, by stream. */
  readonly unknown: { readonly [name: string]: number };
  /** Messages of symbols that were not asked for. */
  readonly filtered: number;
  readonly clock: ClockReport;
}

/**
 * The report: with one symbol its findings stand beside those of the capture, with several (or none) under
 * `instruments`, by symbol.
 */
export type ImportReport =
  | (CaptureReport & InstrumentReport)
  | (CaptureReport & { readonly instruments: { readonly [symbol: string]: InstrumentReport } });

export function reportOf(state: ImportState, clock: ClockReport): ImportReport {
  const capture: CaptureReport = {
    market: state.market,
    lines: state.lines,
    skippedLines: state.skippedLines,
    unknown: Object.fromEntries(state.unknown),
    filtered: state.filtered,
    clock,
  };
  const reports = [...state.instruments.values()].map((one) => instrumentReport(state.market, one));
  if (reports.length === 1) return { ...capture, ...reports[0] };
  return { ...capture, instruments: Object.fromEntries(reports.map((one) => [one.symbol, one])) };
}

function instrumentReport(market: BinanceMarket, instrument: InstrumentState): InstrumentReport {
  const { depth, sequence, oracle, drift } = instrument;
  return {
    symbol: instrument.symbol,
    instrument: instrument.id,
    priceStep: instrument.price.step,
    qtyStep: instrument.qty.step,
    depthUpdates: depth.updates,
    quotes: instrument.quotes,
    marks: instrument.marks,
    trades: tradeReport(market, instrument),
    snapshots: depth.snapshots,
    depth: {
      bridged: sequence.bridged,
      dropped: depth.dropped,
      applied: depth.applied,
      doubted: depth.doubted,
      gaps: sequence.gaps,
      unknownDeletes: depth.unknownDeletes,
      crossed: depth.crossed,
      staleSnapshots: depth.staleSnapshots,
      lastUpdateId: orNull(instrument.book.lastUpdateId),
    },
    book: bookReport(instrument),
    oracle: {
      checked: oracle.checked,
      equal: oracle.equal,
      outside: oracle.outside,
      different: oracle.different,
      unmatched: oracle.unmatched,
      firstDifferentId: orNull(oracle.firstDifferentId),
    },
    drift: {
      quotes: drift.quotes,
      skipped: drift.skipped,
      ticks: summarizeDrift(drift.ticks) ?? null,
      lots: summarizeDrift(drift.lots) ?? null,
    },
  };
}

function tradeReport(market: BinanceMarket, instrument: InstrumentState): TradeReport {
  const { trades, qty } = instrument;
  const lots = sumValue(trades.lots);
  return {
    count: trades.count,
    qty: formatQuanta(qty, lots),
    qtyLots: String(lots),
    notional: notionalText(market, instrument),
    firstId: idOf(trades.firstId),
    lastId: idOf(trades.lastId),
    idGaps: trades.idGaps,
    idsMissing: trades.idsMissing,
    notRising: trades.notRising,
    placeholders: trades.placeholders,
    leftOut: trades.leftOut,
  };
}

function notionalText(market: BinanceMarket, instrument: InstrumentState): string {
  const { trades, price, qty, fine, scale } = instrument;
  if (market === 'coinm') {
    const contracts = exact(formatQuanta(qty, sumValue(trades.lots)));
    const size = exact(scale.contractSize);
    return formatDecimal(contracts.mantissa * size.mantissa, contracts.scale + size.scale);
  }
  const onGrid = exact(formatNotional(price, qty, sumValue(trades.notional)));
  const offGrid = exact(formatNotional(fine, qty, sumValue(trades.fineNotional)));
  const places = Math.max(onGrid.scale, offGrid.scale);
  return formatDecimal(atScale(onGrid, places) + atScale(offGrid, places), places);
}

function exact(text: string): Decimal {
  const parsed = parseDecimal(text);
  return parsed.ok ? parsed.value : { mantissa: 0n, scale: 0 };
}

function atScale(decimal: Decimal, scale: number): bigint {
  let mantissa = decimal.mantissa;
  for (let place = decimal.scale; place < scale; place++) mantissa *= 10n;
  return mantissa;
}

/** An id below 2^53 as a number, any other as text. */
function idOf(text: string | undefined): string | number | null {
  if (text === undefined) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) && String(number) === text ? number : text;
}

function bookReport(instrument: InstrumentState): BookReport {
  const { book, price } = instrument;
  const top = topOf(book);
  return {
    status: book.status,
    bid: levelReport(instrument, top.bidTicks, top.bidLots),
    ask: levelReport(instrument, top.askTicks, top.askLots),
    bidLevels: book.bids.count,
    askLevels: book.asks.count,
    knownLow: book.knownLowTicks === NONE ? null : formatQuanta(price, book.knownLowTicks),
    knownHigh: book.knownHighTicks === NONE ? null : formatQuanta(price, book.knownHighTicks),
  };
}

function levelReport(instrument: InstrumentState, priceTicks: number, qtyLots: number): LevelReport | null {
  if (priceTicks === NONE) return null;
  return {
    price: formatQuanta(instrument.price, priceTicks),
    qty: formatQuanta(instrument.qty, qtyLots),
    priceTicks,
    qtyLots,
  };
}

function orNull(value: number): number | null {
  return value === NONE ? null : value;
}
