/**
 * What was held, and for how long: weighted by the time between two fills, as the client knew of them, so that no
 * sample can miss it.
 */
import { addProduct, createSum, sumValue } from '@truetape/kernel';
import type { Sum } from '@truetape/kernel';

/** Of one instrument. Changed by the functions of this file alone. */
export interface Exposure {
  /** Signed lots now, and since when. */
  lots: number;
  sinceNs: number;
  longNs: number;
  shortNs: number;
  flatNs: number;
  /** Σ lots × ns of long and of short times; both from 0 on. */
  readonly longSum: Sum;
  readonly shortSum: Sum;
  mostLongLots: number;
  mostShortLots: number;
}

export interface SavedExposure extends Omit<Exposure, 'longSum' | 'shortSum'> {
  readonly longSum: bigint;
  readonly shortSum: bigint;
}

const FLAT: SavedExposure = {
  lots: 0,
  sinceNs: 0,
  longNs: 0,
  shortNs: 0,
  flatNs: 0,
  longSum: 0n,
  shortSum: 0n,
  mostLongLots: 0,
  mostShortLots: 0,
};

/** Flat from time 0 on, or what was saved. */
export function createExposure(saved: SavedExposure = FLAT): Exposure {
  return { ...saved, longSum: createSum(saved.longSum), shortSum: createSum(saved.shortSum) };
}

export function saveExposure(exposure: Exposure): SavedExposure {
  const { longSum, shortSum } = exposure;
  return { ...exposure, longSum: sumValue(longSum), shortSum: sumValue(shortSum) };
}

/** Holds so many lots from a time on. */
export function holdFrom(exposure: Exposure, timeNs: number, lots: number): void {
  const { lots: before, sinceNs } = exposure;
  const spanNs = timeNs - sinceNs;
  if (before > 0) {
    exposure.longNs += spanNs;
    addProduct(exposure.longSum, before, spanNs);
  } else if (before < 0) {
    exposure.shortNs += spanNs;
    addProduct(exposure.shortSum, -before, spanNs);
  } else exposure.flatNs += spanNs;
  exposure.lots = lots;
  exposure.sinceNs = timeNs;
  if (lots > exposure.mostLongLots) exposure.mostLongLots = lots;
  if (-lots > exposure.mostShortLots) exposure.mostShortLots = -lots;
}
