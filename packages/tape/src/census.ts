/** What a decoder can count while it checks records, for a summary that asks for no more: one walk instead of two. */
import { Kind } from '@truetape/contracts';

export interface Census {
  /** Events by kind, instrument and source; Skips are none. */
  readonly kinds: Float64Array;
  readonly instruments: Float64Array;
  readonly sources: Float64Array;
  /** Half words of the Trades and Fills of the batch handed out last: what a summary looks into. */
  traded: Int32Array;
  tradedSize: number;
  /** Events in a row with the same instrument and source, not yet in the tables: `sameNames` of `lastNames`. */
  lastNames: number;
  sameNames: number;
  /** Time of the last event: halves of absolute ns. */
  lastHi: number;
  lastLo: number;
}

export function createCensus(): Census {
  return {
    kinds: new Float64Array(256),
    instruments: new Float64Array(65536),
    sources: new Float64Array(65536),
    traded: new Int32Array(1024),
    tradedSize: 0,
    lastNames: 0,
    sameNames: 0,
    lastHi: 0,
    lastLo: 0,
  };
}

/** Kinds whose fields a summary reads. */
export const TRADED: Uint8Array = Uint8Array.from({ length: 256 }, (_, kind) =>
  kind === Kind.Trade || kind === Kind.Fill ? 1 : 0,
);

/** Counts one event in; `names` is the word half that holds instrument and source. */
export function countEvent(census: Census, kind: number, names: number): void {
  census.kinds[kind] += 1;
  if (names === census.lastNames) census.sameNames += 1;
  else {
    settleCensus(census);
    census.lastNames = names;
    census.sameNames = 1;
  }
}

/** Puts the run of equal names into the tables. */
export function settleCensus(census: Census): void {
  census.instruments[census.lastNames & 0xffff] += census.sameNames;
  census.sources[census.lastNames >>> 16] += census.sameNames;
  census.sameNames = 0;
}

export function noteTraded(census: Census, i: number): void {
  if (census.tradedSize === census.traded.length) {
    const grown = new Int32Array(census.traded.length * 2);
    grown.set(census.traded);
    census.traded = grown;
  }
  census.traded[census.tradedSize] = i;
  census.tradedSize += 1;
}
