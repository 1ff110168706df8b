/**
 * Names of a run and the numbers that stand for them in books and on tapes. An order id that is a number below
 * 2^52 stands for itself; every other one gets a number of ours, by instrument, in the order of first sight.
 * `1` and `"1"` are two ids, as they are two values in JSON.
 *
 * Names of orders that have ended are kept for a while, so that a late cancel is seen to mean the same
 * order; of those the oldest are forgotten, so that memory does not grow with the input. They go by generations:
 * taking the oldest of a large Map again and again reads over all that were taken before (1 M ids: 109 s).
 */
import { FIRST_ASSIGNED_ID, quoteText } from '@truetape/contracts';
import { bookOf } from './market.ts';
import type { Market } from './market.ts';
import { CANCELED, FILL, INSTRUMENT_SHIFT, REJECTED, REPORT_CELLS } from './report.ts';
import type { ReportBuffer } from './report.ts';

/** Names of ended orders of a generation; the latest one or two of them are kept. */
export const ENDED_MAX = 131_072;

/** Scopes of an Alias: a string is a client's, a number the venue's own. */
export const SCOPE_STRING = 1;
export const SCOPE_NUMBER = 2;

/** An order id with a number of ours. */
export interface IdName {
  readonly instrument: number;
  readonly id: number;
  readonly key: string | number;
}

interface InstrumentIds {
  readonly byKey: Map<string | number, IdName>;
  readonly byId: Map<number, IdName>;
}

export interface Names {
  readonly ids: Map<number, InstrumentIds>;
  /** Ended or not yet used: of this generation, and of the one before. */
  young: Set<IdName>;
  old: Set<IdName>;
  /** Index of each owner; the empty one is 0. */
  readonly owners: Map<string, number>;
  /** Names of instruments by index. */
  readonly instruments: (string | undefined)[];
  readonly instrumentOf: Map<string, number>;
  /** What the last command called an instrument that has no book. */
  unknown: string;
  nextId: number;
}

export function createNames(): Names {
  return {
    ids: new Map(),
    young: new Set(),
    old: new Set(),
    owners: new Map([['', 0]]),
    instruments: [undefined],
    instrumentOf: new Map(),
    unknown: '',
    nextId: FIRST_ASSIGNED_ID,
  };
}

/** The names of an instrument's orders. */
export function idsOf(names: Names, instrument: number): InstrumentIds {
  let ids = names.ids.get(instrument);
  if (ids === undefined) {
    ids = { byKey: new Map(), byId: new Map() };
    names.ids.set(instrument, ids);
  }
  return ids;
}

/** Takes in what an id stands for. */
export function addIdName(names: Names, name: IdName): void {
  const ids = idsOf(names, name.instrument);
  const before = ids.byId.get(name.id);
  if (before !== undefined) forget(names, before);
  ids.byKey.set(name.key, name);
  ids.byId.set(name.id, name);
}

function keep(names: Names, name: IdName): void {
  names.young.delete(name);
  names.old.delete(name);
}

function forget(names: Names, name: IdName): void {
  const { byKey, byId } = idsOf(names, name.instrument);
  keep(names, name);
  byId.delete(name.id);
  if (byKey.get(name.key) === name) byKey.delete(name.key);
}

/** The name of an id that is none itself; a new one is handed to `onNew`. */
export function nameId(
  names: Names,
  instrument: number,
  key: string | number,
  onNew: (name: IdName) => void,
): number {
  const known = idsOf(names, instrument).byKey.get(key);
  if (known !== undefined) {
    keep(names, known);
    return known.id;
  }
  const name: IdName = { instrument, id: names.nextId, key };
  names.nextId += 1;
  addIdName(names, name);
  onNew(name);
  return name.id;
}

/** Says that an id with a name is asked for again: it is not forgotten before it ends. False for one without. */
export function keepId(names: Names, instrument: number, id: number): boolean {
  const name = names.ids.get(instrument)?.byId.get(id);
  if (name === undefined) return false;
  keep(names, name);
  return true;
}

/** Says that an id is in no book: from now on its name may be forgotten. */
export function endId(names: Names, instrument: number, id: number): void {
  const name = names.ids.get(instrument)?.byId.get(id);
  if (name === undefined) return;
  names.old.delete(name);
  names.young.add(name);
  if (names.young.size < ENDED_MAX) return;
  const { old } = names;
  names.old = names.young;
  names.young = new Set();
  for (const oldest of old) forget(names, oldest);
}

/** Says of each order with a name of ours that it ended, if these reports of one command say so. */
export function endNames(names: Names, market: Market, { count, f64, u32 }: ReportBuffer): void {
  for (let k = 0; k < count; k++) {
    const cell = k * REPORT_CELLS;
    const id = f64[cell + 2];
    const contra = f64[cell + 3];
    if (id < FIRST_ASSIGNED_ID && contra < FIRST_ASSIGNED_ID) continue;
    const code = u32[cell * 2];
    const instrument = code >>> INSTRUMENT_SHIFT;
    const kind = code & 15;
    if (kind === CANCELED) endId(names, instrument, id);
    else if (kind === REJECTED) {
      if (bookOf(market, instrument)?.order(id) === undefined) endId(names, instrument, id);
    } else if (kind === FILL) {
      if (f64[cell + 6] === 0) endId(names, instrument, id);
      if (f64[cell + 7] === 0) endId(names, instrument, contra);
    }
  }
}

/** An id as JSON, as it was given. */
export function idJson(names: Names, instrument: number, id: number): string {
  if (id < FIRST_ASSIGNED_ID) return String(id);
  const key = names.ids.get(instrument)?.byId.get(id)?.key;
  return JSON.stringify(key ?? id);
}

/** An id for people: a string that would look like a number is in quotes. */
export function idText(names: Names, instrument: number, id: number): string {
  if (id < FIRST_ASSIGNED_ID) return String(id);
  const key = names.ids.get(instrument)?.byId.get(id)?.key;
  if (typeof key !== 'string') return String(key ?? id);
  return /^[0-9]/.test(key) ? JSON.stringify(key) : quoteText(key);
}

/** Stands for all instruments without a book that lines name: no tape defines it. */
export const UNKNOWN_INSTRUMENT_INDEX = 65_535;

/** Gives the next index to an instrument. */
export function addInstrument(names: Names, name: string): number {
  const index = names.instruments.length;
  names.instruments.push(name);
  names.instrumentOf.set(name, index);
  return index;
}
