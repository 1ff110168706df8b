/** What an import holds between two lines: clock, definitions made so far, one state per instrument. */
import {
  BLANK,
  defineFields,
  NONE,
  type Alias,
  type BookReset,
  type BookUpdate,
  type Clock,
  type Define,
  type Event,
  type FeedStatus,
  type FundingRate,
  type JsonObject,
  type Level,
  type Mark,
  type Quote,
  type TableName,
  type Trade,
} from '@truetape/contracts';
import { assert, createQuantum, createSum, type Quantum, type Sum } from '@truetape/kernel';
import {
  createBacklog,
  createDepthBook,
  createDrift,
  createSequence,
  createTopOracle,
  type Backlog,
  type DepthBook,
  type DepthSequence,
  type Drift,
  type Held,
  type Top,
  type TopOracle,
} from '@truetape/marketdata';
import type { ImportError } from './import-error.ts';
import type { CaptureEpoch } from './local-time.ts';
import { defineInstrument, venueOf, type BinanceMarket, type InstrumentScale } from './market.ts';
import { createAliasTable, type AliasTable } from './trade-ids.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One event object a kind, filled anew for every event: the receiver encodes it before it returns. */
export interface EventScratch {
  readonly define: Mutable<Define>;
  readonly alias: Mutable<Alias>;
  readonly trade: Mutable<Trade>;
  readonly quote: Mutable<Quote>;
  readonly level: Mutable<Level>;
  readonly update: Mutable<BookUpdate>;
  readonly reset: Mutable<BookReset>;
  readonly mark: Mutable<Mark>;
  readonly funding: Mutable<FundingRate>;
  readonly status: Mutable<FeedStatus>;
  readonly clock: Mutable<Clock>;
}

function createScratch(): EventScratch {
  return {
    define: { ...BLANK.Define },
    alias: { ...BLANK.Alias },
    trade: { ...BLANK.Trade },
    quote: { ...BLANK.Quote },
    level: { ...BLANK.Level },
    update: { ...BLANK.BookUpdate },
    reset: { ...BLANK.BookReset },
    mark: { ...BLANK.Mark },
    funding: { ...BLANK.FundingRate },
    status: { ...BLANK.FeedStatus },
    clock: { ...BLANK.Clock },
  };
}

/** Who emits: one source a stream, and the import itself. Indices by Define; 0 while undefined. */
export type SourceName = 'depth' | 'trade' | 'aggTrade' | 'bookTicker' | 'markPrice' | 'import';

/** Running totals of trades. */
export interface TradeTotals {
  count: number;
  readonly lots: Sum;
  /** Sum of price ticks × lots. */
  readonly notional: Sum;
  /** Sum of fine prices × lots, for the trades off the grid. */
  readonly fineNotional: Sum;
  /** Ids as text; undefined while there is no trade. */
  firstId: string | undefined;
  lastId: string | undefined;
  /** Last id that is a number, for finding gaps; NONE before. */
  lastNumber: number;
  /** Places where the ids jumped, and how many ids are missing there. */
  idGaps: number;
  idsMissing: number;
  /** Ids that did not rise: repeats, or trades out of order. */
  notRising: number;
  /** Messages of the trade stream that report no trade. */
  placeholders: number;
  /** Aggregates left out because the trades themselves are there, and trades that an aggregate had told. */
  leftOut: number;
}

/** Counts of depth messages: each is one of applied, dropped and doubted. */
export interface DepthTotals {
  updates: number;
  snapshots: number;
  staleSnapshots: number;
  applied: number;
  dropped: number;
  doubted: number;
  crossed: number;
  unknownDeletes: number;
}

export interface InstrumentState {
  readonly symbol: string;
  /** Id by which the tape names it, `BINANCE-USDM:BTCUSDT`. */
  readonly id: string;
  readonly index: number;
  readonly price: Quantum;
  readonly qty: Quantum;
  readonly fine: Quantum;
  readonly scale: InstrumentScale;
  readonly book: DepthBook;
  readonly sequence: DepthSequence;
  readonly backlog: Backlog;
  readonly oracle: TopOracle;
  readonly drift: Drift;
  readonly depth: DepthTotals;
  readonly trades: TradeTotals;
  readonly aliases: AliasTable;
  quotes: number;
  marks: number;
  /** Name of the one depth stream that is followed; undefined before its first message. */
  depthStream: string | undefined;
  /** Whether the single trades are in the capture; `unknown` until one was seen. */
  tradeStream: 'yes' | 'no' | 'unknown';
  crossed: boolean;
  /** Whether a gap or a missing snapshot waits to be told as over. */
  resyncing: boolean;
  /** Code of the last FeedStatus. */
  status: number;
  /** Time of the last depth message applied without doubt. */
  lastGoodTime: number;
}

export interface ImportState {
  readonly market: BinanceMarket;
  readonly epoch: CaptureEpoch;
  readonly emit: (event: Event) => void;
  readonly scaleOf: (symbol: string) => InstrumentScale;
  readonly hasTrades: (symbol: string) => 'yes' | 'no' | 'unknown';
  /** Symbols to import; all when undefined. */
  readonly wanted: ReadonlySet<string> | undefined;
  /** The symbols with depth seen so far, wanted or not: whose a depth body without symbol may be. */
  readonly depthSymbols: Set<string>;
  readonly scratch: EventScratch;
  readonly instruments: Map<string, InstrumentState>;
  readonly sources: { [name in SourceName]: number };
  sourceCount: number;
  /** Message counts of streams that are not imported. */
  readonly unknown: Map<string, number>;
  /** Added to every local time. */
  readonly offsetNs: number;
  /** Number of the line in progress, its local time (clamped, with the offset), flags that it gives. */
  line: number;
  timeNs: number;
  timeFlags: number;
  /** Local time of the line as it was written. */
  rawTimeNs: number;
  lastTimeNs: number;
  minLatencyNs: number;
  lines: number;
  skippedLines: number;
  backward: number;
  /** Messages of symbols that are not wanted. */
  filtered: number;
  /** The message in progress: its levels are the first ones of these arrays. */
  readonly held: Held;
  ticks: Float64Array;
  lots: Float64Array;
  readonly top: Top;
  readonly quoteTop: Top;
  /** Why the line in progress is refused. */
  fault: ImportError | undefined;
}

/** The parts of an import's state that differ from one import to another. */
export type ImportSetup = Pick<
  ImportState,
  'market' | 'epoch' | 'emit' | 'scaleOf' | 'hasTrades' | 'wanted' | 'depthSymbols' | 'offsetNs'
>;

/** `startNs` is the local time of the first line: definitions carry it. */
export function createImportState(setup: ImportSetup, startNs: number): ImportState {
  return {
    ...setup,
    scratch: createScratch(),
    instruments: new Map(),
    sources: { depth: 0, trade: 0, aggTrade: 0, bookTicker: 0, markPrice: 0, import: 0 },
    sourceCount: 0,
    unknown: new Map(),
    line: 0,
    timeNs: startNs + setup.offsetNs,
    timeFlags: 0,
    rawTimeNs: startNs,
    lastTimeNs: startNs,
    minLatencyNs: Infinity,
    lines: 0,
    skippedLines: 0,
    backward: 0,
    filtered: 0,
    held: createHeld(),
    ticks: new Float64Array(1024),
    lots: new Float64Array(1024),
    top: { bidTicks: NONE, bidLots: 0, askTicks: NONE, askLots: 0 },
    quoteTop: { bidTicks: NONE, bidLots: 0, askTicks: NONE, askLots: 0 },
    fault: undefined,
  };
}

function createHeld(): Held {
  return {
    firstId: NONE,
    lastId: NONE,
    prevId: NONE,
    matchTime: NONE,
    sendTime: NONE,
    timeNs: 0,
    bids: 0,
    asks: 0,
    state: 0,
    from: 0,
  };
}

/** The state of a symbol; defines its instrument on first sight. */
export function instrumentOf(state: ImportState, symbol: string): InstrumentState {
  const known = state.instruments.get(symbol);
  if (known !== undefined) return known;
  const scale = state.scaleOf(symbol);
  const index = state.instruments.size + 1;
  const created: InstrumentState = {
    symbol,
    id: `${venueOf(state.market)}:${symbol}`,
    index,
    price: quantumOf(scale.priceStep),
    qty: quantumOf(scale.qtyStep),
    fine: quantumOf(`0.${'0'.repeat(scale.fineScale - 1)}1`),
    scale,
    book: createDepthBook(),
    sequence: createSequence(state.market === 'spot' ? 'spot' : 'futures'),
    backlog: createBacklog(),
    oracle: createTopOracle(),
    drift: createDrift(),
    depth: {
      updates: 0,
      snapshots: 0,
      staleSnapshots: 0,
      applied: 0,
      dropped: 0,
      doubted: 0,
      crossed: 0,
      unknownDeletes: 0,
    },
    trades: createTradeTotals(),
    aliases: createAliasTable(),
    quotes: 0,
    marks: 0,
    depthStream: undefined,
    tradeStream: state.hasTrades(symbol),
    crossed: false,
    resyncing: false,
    status: 0,
    lastGoodTime: NONE,
  };
  state.instruments.set(symbol, created);
  emitDefine(state, 'instrument', index, defineInstrument(state.market, symbol, scale));
  return created;
}

/** Index of a source; defines it on first use. */
export function sourceOf(state: ImportState, name: SourceName): number {
  const known = state.sources[name];
  if (known !== 0) return known;
  const index = ++state.sourceCount;
  state.sources[name] = index;
  emitDefine(state, 'source', index, {
    name: `binance-${state.market}:${name}`,
    role: name === 'import' ? 'system' : 'marketFeed',
    venue: venueOf(state.market),
  });
  return index;
}

function emitDefine(state: ImportState, table: TableName, index: number, definition: JsonObject): void {
  const event = state.scratch.define;
  Object.assign(event, defineFields(table, index, definition));
  event.timeNs = state.timeNs;
  event.flags = state.timeFlags;
  state.emit(event);
}

/** A step that was checked before: made by the scan, or checked with the configuration. */
function quantumOf(step: string): Quantum {
  const quantum = createQuantum(step);
  assert(quantum.ok, 'BINANCE-1', 'a step is a positive decimal');
  return quantum.value;
}

function createTradeTotals(): TradeTotals {
  return {
    count: 0,
    lots: createSum(),
    notional: createSum(),
    fineNotional: createSum(),
    firstId: undefined,
    lastId: undefined,
    lastNumber: NONE,
    idGaps: 0,
    idsMissing: 0,
    notRising: 0,
    placeholders: 0,
    leftOut: 0,
  };
}
