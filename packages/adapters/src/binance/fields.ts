/** Fields of messages as the numbers of the tape. What is refused leaves its reason in `state.fault`. */
import { NONE } from '@truetape/contracts';
import { parseQuanta, toQuanta, type Quantum } from '@truetape/kernel';
import type { Wire } from './frame.ts';
import { foundText } from './import-error.ts';
import type { ImportState, InstrumentState } from './import-state.ts';
import { LevelSpan, onGrid } from './level-cells.ts';
import { optionalTime } from './local-time.ts';
import { isOwnId } from './trade-ids.ts';

/** Refuses the line for a field; returns NaN, which no field can be. */
export function refuse(state: ImportState, field: string, expected: string, found: unknown): number {
  state.fault ??= { code: 'badField', line: state.line, field, expected, found: foundText(found) };
  return NaN;
}

/** A price or quantity on its grid; NaN with a fault otherwise. Hot: no allocation when it is fine. */
export function quantaField(state: ImportState, quantum: Quantum, field: string, value: unknown): number {
  if (typeof value !== 'string') return refuse(state, field, 'a decimal string', value);
  const quanta = toQuanta(quantum, value);
  return quanta >= 0 ? quanta : refuseQuanta(state, quantum, field, value);
}

function refuseQuanta(state: ImportState, quantum: Quantum, field: string, text: string): number {
  const parsed = parseQuanta(quantum, text);
  if (parsed.ok || parsed.error.kind === 'malformed') {
    return refuse(state, field, 'a decimal string from 0', text);
  }
  state.fault ??= { code: 'offGrid', line: state.line, field, text, step: quantum.step };
  return NaN;
}

/** A signed decimal on a grid, for rates. */
export function signedField(state: ImportState, quantum: Quantum, field: string, value: unknown): number {
  if (typeof value !== 'string') return refuse(state, field, 'a decimal string', value);
  const quanta = toQuanta(quantum, value);
  return Number.isNaN(quanta) ? refuseQuanta(state, quantum, field, value) : quanta;
}

/** An update id; NaN with a fault when it is none, or one of the size that is reserved for ours. */
export function updateIdField(state: ImportState, field: string, value: unknown): number {
  if (isOwnId(value)) return value;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) {
    state.fault ??= { code: 'unsafeId', line: state.line, field, text: String(value) };
    return NaN;
  }
  return refuse(state, field, 'an integer from 0', value);
}

/** An exchange time that may be absent (NONE); NaN with a fault when it is no time. */
export function timeField(state: ImportState, field: string, value: unknown): number {
  const time = optionalTime(value, state.epoch);
  if (!Number.isNaN(time)) return time;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) {
    state.fault ??= { code: 'timeOutOfRange', line: state.line, field };
    return NaN;
  }
  return refuse(state, field, 'a time in ms', value);
}

/**
 * Reads levels `[["price", "qty"], …]` into the scratch arrays from position `from` on. Returns how many,
 * −1 with a fault. A snapshot lists what is there: levels without quantity are left out of it.
 */
export function levelsField(
  state: ImportState,
  instrument: InstrumentState,
  field: string,
  value: unknown,
  from: number,
  snapshot: boolean,
): number {
  if (value instanceof LevelSpan) return spanField(state, instrument, field, value, from);
  if (!Array.isArray(value)) {
    refuse(state, field, 'an array of levels', value);
    return -1;
  }
  const levels: readonly unknown[] = value;
  if (from + levels.length > state.ticks.length) growScratch(state, from + levels.length);
  const { ticks, lots } = state;
  let to = from;
  for (let at = 0; at < levels.length; at++) {
    const level = levels[at] as readonly unknown[];
    if (!Array.isArray(level)) return -refuseLevel(state, field, level);
    const price = quantaField(state, instrument.price, field, level[0]);
    const qty = quantaField(state, instrument.qty, field, level[1]);
    if (!(price > 0) || !(qty >= 0)) return -refuseLevel(state, field, level);
    if (snapshot && qty === 0) continue;
    ticks[to] = price;
    lots[to] = qty;
    to++;
  }
  return to - from;
}

/** The same for levels read without JSON.parse; they are never a snapshot's. */
function spanField(
  state: ImportState,
  instrument: InstrumentState,
  field: string,
  span: LevelSpan,
  from: number,
): number {
  const { count } = span;
  if (from + count > state.ticks.length) growScratch(state, from + count);
  const { ticks, lots } = state;
  const { price, qty } = instrument;
  const { cells } = span;
  for (let at = 0; at < count; at++) {
    const row = span.from + at;
    const priceTicks = onGrid(price, cells.price[row], cells.pricePlaces[row]);
    const qtyLots = onGrid(qty, cells.qty[row], cells.qtyPlaces[row]);
    // The line is then read again by JSON.parse, which has the texts to tell what is wrong.
    if (!(priceTicks > 0) || !(qtyLots >= 0)) return -refuseLevel(state, field, at);
    ticks[from + at] = priceTicks;
    lots[from + at] = qtyLots;
  }
  return count;
}

function refuseLevel(state: ImportState, field: string, level: unknown): number {
  refuse(state, field, 'a level ["price", "qty"] with a price above 0', level);
  return 1;
}

function growScratch(state: ImportState, size: number): void {
  const grown = Math.max(size, state.ticks.length * 2);
  const ticks = new Float64Array(grown);
  const lots = new Float64Array(grown);
  ticks.set(state.ticks);
  lots.set(state.lots);
  state.ticks = ticks;
  state.lots = lots;
}

/** Measures the collector's clock against a message's time of publication. */
export function noteLatency(state: ImportState, sendTime: number): void {
  if (sendTime === NONE) return;
  const latency = state.rawTimeNs - sendTime;
  if (latency < state.minLatencyNs) state.minLatencyNs = latency;
}

/** The symbol of a message; undefined with a fault. */
export function symbolField(state: ImportState, message: Wire): string | undefined {
  const { s } = message;
  if (typeof s === 'string' && s !== '') return s;
  refuse(state, 's', 'a symbol', s);
  return undefined;
}
