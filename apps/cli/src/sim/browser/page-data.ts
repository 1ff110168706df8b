/** What the page was given, as `seriesJson` writes it, and its columns as numbers. */

export type Packed = readonly (number | null)[] | null;

export interface SymbolData {
  readonly name: string;
  readonly priceStep: string;
  readonly bidTicks: Packed;
  readonly askTicks: Packed;
  readonly lastTicks: Packed;
  readonly valueTenths: Packed;
  readonly spreadTenths: Packed;
  readonly spreadMax: Packed;
  readonly bidLots: Packed;
  readonly askLots: Packed;
}

export type CounterName =
  | 'events'
  | 'orders'
  | 'cancels'
  | 'amends'
  | 'fills'
  | 'rejects'
  | 'gatewayRejects'
  | 'queueRejects'
  | 'dropped'
  | 'faults';

export interface PageData {
  readonly startNs: number;
  readonly endNs: number;
  readonly stepNs: number;
  readonly count: number;
  readonly regimes: readonly string[];
  /** Colour of each regime, by its number. */
  readonly slots: readonly number[];
  /** From when on which regime was in force. */
  readonly changes: readonly (readonly [timeNs: number, regime: number])[];
  readonly bursts: readonly (readonly [fromNs: number, toNs: number])[];
  readonly queueTenths: Packed;
  readonly queueMax: Packed;
  readonly counters: Readonly<Record<CounterName, Packed>>;
  readonly symbols: readonly SymbolData[];
}

/** A value for each sample; NaN where there is none. */
export type Values = Float64Array;

export function unpack(packed: Packed, count: number): Values {
  const values = new Float64Array(count);
  let sum = 0;
  packed?.forEach((difference, k) => {
    if (difference !== null) sum += difference;
    values[k] = difference === null ? Number.NaN : sum;
  });
  return values;
}
