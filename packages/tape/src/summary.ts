/** The summary of a tape: counts, times, what was traded. One pass, constant memory. */
import { Kind, NONE, getN, kindName, nameOfIndex } from '@truetape/contracts';
import type { DefineTables, JsonObject, RecordBuffer } from '@truetape/contracts';
import {
  addProduct,
  addTo,
  createQuantum,
  createSum,
  formatNotional,
  formatQuanta,
  ratioFixed,
  sumValue,
} from '@truetape/kernel';
import type { Quantum, Sum } from '@truetape/kernel';
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
  readonly kinds: Float64Array;
  readonly instruments: Float64Array;
  readonly sources: Float64Array;
  readonly trades: (Traded | undefined)[];
  readonly fills: (Traded | undefined)[];
  events: number;
  firstHi: number;
  firstLo: number;
  lastHi: number;
  lastLo: number;
}

export function createSummaryFold(): SummaryFold {
  return {
    kinds: new Float64Array(256),
    instruments: new Float64Array(65536),
    sources: new Float64Array(65536),
    trades: [],
    fills: [],
    events: 0,
    firstHi: -1,
    firstLo: 0,
    lastHi: 0,
    lastLo: 0,
  };
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

/** Takes in the records of a batch; with a filter, only those that it wants (Defines too). */
export function foldBatch(fold: SummaryFold, batch: Batch, filter?: Filter): void {
  const { records, to } = batch;
  const { u32 } = records;
  const { kinds, instruments, sources } = fold;
  let seq = batch.firstSeq;
  let last = -1;
  let events = 0;
  for (let i = batch.from; i < to;) {
    const head = u32[i];
    const kind = (head >>> 16) & 0xff;
    if (kind === Kind.Skip) seq += getN(records, i + 4);
    else {
      if (filter === undefined || filterMatches(filter, records, i, seq)) {
        const names = u32[i + 1];
        kinds[kind] += 1;
        instruments[names & 0xffff] += 1;
        sources[names >>> 16] += 1;
        if (kind === Kind.Trade)
          addTraded(tradedOf(fold.trades, names & 0xffff), getN(records, i + 4), getN(records, i + 6));
        else if (kind === Kind.Fill)
          addTraded(tradedOf(fold.fills, names & 0xffff), getN(records, i + 8), getN(records, i + 10));
        if (fold.firstHi < 0) noteFirst(fold, records, i);
        events += 1;
        last = i;
      }
      seq += 1;
    }
    i += (head & 0xffff) * 2;
  }
  fold.events += events;
  if (last >= 0) {
    fold.lastLo = u32[last + 2];
    fold.lastHi = u32[last + 3];
  }
}

function noteFirst(fold: SummaryFold, b: RecordBuffer, i: number): void {
  fold.firstLo = b.u32[i + 2];
  fold.firstHi = b.u32[i + 3];
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
  const first = fold.firstHi < 0 ? undefined : unixNs(fold.firstHi, fold.firstLo);
  const last = unixNs(fold.lastHi, fold.lastLo);
  const instrument = (index: number): string => nameOfIndex(tables.instrument, index);
  const orders = fold.kinds[Kind.NewOrder];
  const canceled = fold.kinds[Kind.Canceled];
  return {
    events: fold.events,
    byKind: countsBy(fold.kinds, kindName),
    byInstrument: countsBy(fold.instruments, instrument),
    bySource: countsBy(fold.sources, (index) => nameOfIndex(tables.source, index)),
    firstTimeNs: first === undefined ? null : String(first),
    lastTimeNs: first === undefined ? null : String(last),
    traded: tradedByInstrument(fold, tables, instrument),
    orders,
    cancels: canceled,
    fills: fold.kinds[Kind.Fill],
    cancelRate: orders === 0 ? null : ratioFixed(BigInt(canceled), BigInt(orders), 6),
    eventsPerSecond: first === undefined ? null : eventRate(fold.events, first, last),
    hash: end.hash ?? null,
    seal: end.footer?.seal ?? null,
    sealed: end.sealed,
  };
}
