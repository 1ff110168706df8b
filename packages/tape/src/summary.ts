/** The summary of a tape: counts, times, what was traded. One pass, constant memory. */
import { Kind, NONE, getN, kindName, nameOfIndex } from '@truetape/contracts';
import type { DefineTables, JsonObject, RecordBuffer } from '@truetape/contracts';
import {
  addProduct,
  addTo,
  assert,
  createQuantum,
  createSum,
  formatNotional,
  formatQuanta,
  ratioFixed,
  sumValue,
} from '@truetape/kernel';
import type { Quantum, Sum } from '@truetape/kernel';
import { TRADED, countEvent, createCensus, settleCensus } from './census.ts';
import type { Census } from './census.ts';
import { filterMatches } from './filter.ts';
import type { Filter } from './filter.ts';
import type { Batch, EndOfTape } from './step.ts';

/** Sums over trades or fills of one instrument, in ticks and lots. */
interface Traded {
  count: number;
  readonly qtyLots: Sum;
  readonly notional: Sum;
  /** Events whose price is not on the instrument's grid: their quantity counts, their notional does not. */
  offGrid: number;
}

export interface SummaryFold {
  /** Give it to a decoder (`census`), and the walk that checks the records also counts them. */
  readonly census: Census;
  readonly trades: (Traded | undefined)[];
  readonly fills: (Traded | undefined)[];
  /** Time of the first event: halves of absolute ns, −1 before there is one. */
  firstHi: number;
  firstLo: number;
}

export function createSummaryFold(): SummaryFold {
  return { census: createCensus(), trades: [], fills: [], firstHi: -1, firstLo: 0 };
}

function tradedOf(list: (Traded | undefined)[], instrument: number): Traded {
  return (list[instrument] ??= { count: 0, qtyLots: createSum(), notional: createSum(), offGrid: 0 });
}

function addTraded(traded: Traded, priceTicks: number, qtyLots: number): void {
  traded.count += 1;
  addTo(traded.qtyLots, qtyLots);
  if (priceTicks === NONE) traded.offGrid += 1;
  else addProduct(traded.notional, priceTicks, qtyLots);
}

/** Adds what a Trade or Fill moved. */
function addRecord(fold: SummaryFold, b: RecordBuffer, i: number): void {
  const instrument = b.u32[i + 1] & 0xffff;
  const isTrade = ((b.u32[i] >>> 16) & 0xff) === Kind.Trade;
  const at = isTrade ? i + 4 : i + 8;
  addTraded(tradedOf(isTrade ? fold.trades : fold.fills, instrument), getN(b, at), getN(b, at + 2));
}

function noteFirst(fold: SummaryFold, b: RecordBuffer, i: number): void {
  fold.firstLo = b.u32[i + 2];
  fold.firstHi = b.u32[i + 3];
}

/** Takes in a batch that its decoder has counted into the fold's census: only what was traded is left to add. */
function foldCounted(fold: SummaryFold, batch: Batch): void {
  const { census } = fold;
  // A Skip in front has the time of the event behind it.
  if (fold.firstHi < 0) noteFirst(fold, batch.records, batch.from);
  for (let k = 0; k < census.tradedSize; k++) addRecord(fold, batch.records, census.traded[k]);
}

/** Takes in the records of a batch; with a filter, only those that it wants (Defines too). */
export function foldBatch(fold: SummaryFold, batch: Batch, filter?: Filter): void {
  const { census } = fold;
  if (batch.counted === census) {
    assert(filter === undefined, 'TAPE-14', 'a decoder that counts knows no filter');
    foldCounted(fold, batch);
    return;
  }
  const { records, to } = batch;
  const { u32 } = records;
  let seq = batch.firstSeq;
  for (let i = batch.from; i < to;) {
    const head = u32[i];
    const kind = (head >>> 16) & 0xff;
    if (kind === Kind.Skip) seq += getN(records, i + 4);
    else {
      if (filter === undefined || filterMatches(filter, records, i, seq)) {
        countEvent(census, kind, u32[i + 1]);
        if (TRADED[kind] !== 0) addRecord(fold, records, i);
        if (fold.firstHi < 0) noteFirst(fold, records, i);
        census.lastLo = u32[i + 2];
        census.lastHi = u32[i + 3];
      }
      seq += 1;
    }
    i += (head & 0xffff) * 2;
  }
}

function unixNs(hi: number, lo: number): bigint {
  return (BigInt(hi) << 32n) + BigInt(lo);
}

function quantumOf(
  tables: DefineTables,
  instrument: number,
  key: 'priceStep' | 'qtyStep',
): Quantum | undefined {
  const step = tables.instrument.byIndex[instrument]?.value[key];
  const quantum = typeof step === 'string' ? createQuantum(step) : undefined;
  return quantum?.ok ? quantum.value : undefined;
}

function tradedJson(traded: Traded, tables: DefineTables, instrument: number): JsonObject {
  const price = quantumOf(tables, instrument, 'priceStep');
  const qty = quantumOf(tables, instrument, 'qtyStep');
  const lots = sumValue(traded.qtyLots);
  const notional = sumValue(traded.notional);
  return {
    count: traded.count,
    qtyLots: String(lots),
    notionalTicksLots: String(notional),
    ...(qty === undefined ? {} : { qty: formatQuanta(qty, lots) }),
    ...(price === undefined || qty === undefined ? {} : { notional: formatNotional(price, qty, notional) }),
    ...(traded.offGrid === 0 ? {} : { offGrid: traded.offGrid }),
  };
}

/** Counts by name, in the order of the indexes. Two indexes of one name are told apart by `#`. */
function countsBy(counts: Float64Array, name: (index: number) => string): JsonObject {
  const entries: [string, number][] = [];
  for (let index = 0; index < counts.length; index++) {
    if (counts[index] > 0) entries.push([name(index), counts[index]]);
  }
  return Object.fromEntries(entries);
}

/** What a summary says. Counts are numbers; times, quantities and sums are decimal strings. */
export interface TapeSummary extends JsonObject {
  readonly events: number;
  readonly byKind: JsonObject;
  readonly byInstrument: JsonObject;
  readonly bySource: JsonObject;
  readonly firstTimeNs: string | null;
  readonly lastTimeNs: string | null;
}

function tradedByInstrument(
  fold: SummaryFold,
  tables: DefineTables,
  name: (index: number) => string,
): JsonObject {
  const entries: [string, JsonObject][] = [];
  for (let index = 0; index < Math.max(fold.trades.length, fold.fills.length); index++) {
    const trades = fold.trades[index];
    const fills = fold.fills[index];
    if (trades === undefined && fills === undefined) continue;
    entries.push([
      name(index),
      {
        ...(trades === undefined ? {} : { trades: tradedJson(trades, tables, index) }),
        ...(fills === undefined ? {} : { fills: tradedJson(fills, tables, index) }),
      },
    ]);
  }
  return Object.fromEntries(entries);
}

/** Events per second of tape time, with three decimals; null when no time passes. */
function eventRate(events: number, first: bigint, last: bigint): string | null {
  return last > first ? ratioFixed(BigInt(events) * 1000000000n, last - first, 3) : null;
}

/** The summary's JSON, once everything has been folded. `end` is that of the tape, `tables` its Defines. */
export function summaryJson(fold: SummaryFold, tables: DefineTables, end: EndOfTape): TapeSummary {
  const { census } = fold;
  settleCensus(census);
  const { kinds, instruments, sources } = census;
  const events = kinds.reduce((sum, count) => sum + count, 0);
  const first = fold.firstHi < 0 ? undefined : unixNs(fold.firstHi, fold.firstLo);
  const last = unixNs(census.lastHi, census.lastLo);
  const instrument = (index: number): string => nameOfIndex(tables.instrument, index);
  const orders = kinds[Kind.NewOrder];
  const canceled = kinds[Kind.Canceled];
  return {
    events,
    byKind: countsBy(kinds, kindName),
    byInstrument: countsBy(instruments, instrument),
    bySource: countsBy(sources, (index) => nameOfIndex(tables.source, index)),
    firstTimeNs: first === undefined ? null : String(first),
    lastTimeNs: first === undefined ? null : String(last),
    traded: tradedByInstrument(fold, tables, instrument),
    orders,
    cancels: canceled,
    fills: kinds[Kind.Fill],
    cancelRate: orders === 0 ? null : ratioFixed(BigInt(canceled), BigInt(orders), 6),
    eventsPerSecond: first === undefined ? null : eventRate(events, first, last),
    hash: end.hash ?? null,
    seal: end.footer?.seal ?? null,
    sealed: end.sealed,
  };
}
