/** A ledger from its configuration, and assets and instruments that come later. */
import { NONE, err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { ROUNDINGS } from '@truetape/kernel';
import type { ContractTerms, Rounding } from '@truetape/kernel';
import { badConfig } from './errors.ts';
import type { LedgerError } from './errors.ts';
import { BALANCE_REASONS } from './state.ts';
import type { AssetState, Ledger, PositionState } from './state.ts';
import { readTiers } from './tiers.ts';
import type { MarginConfig } from './tiers.ts';

export interface AssetConfig {
  /** From 1, as its Define has it. */
  readonly index: number;
  readonly code: string;
  readonly scale: number;
}

export interface InstrumentConfig {
  readonly index: number;
  /** Its `moneyScale` is the scale of the settle asset. */
  readonly terms: ContractTerms;
  /**
   * Indices of assets. 0 for one that the ledger has not: spot has base and quote, derivatives what settles
   * them.
   */
  readonly base: number;
  readonly quote: number;
  readonly settle: number;
  /** Whether a value is rounded once a fill, or for one contract and then multiplied. */
  readonly roundPer: 'fill' | 'contract';
  /** Of a quantity above zero at its price. */
  readonly rounding: Rounding;
  /** Absent: leverage 1, no maintenance margin. */
  readonly margin?: MarginConfig;
}

export interface LedgerConfig {
  readonly account: number;
  readonly equityOn: 'last' | 'mark';
  readonly assets: readonly AssetConfig[];
  readonly instruments: readonly InstrumentConfig[];
  /** Fills by trade id that are known again, for each instrument: 4,096 by default. */
  readonly tradesKept?: number;
}

const TRADES_KEPT = 4096;
const INDEX_MAX = 0xffff;
const SCALE_MAX = 38;

/** A ledger without balances. Errors: `badConfig` with the field. */
export function createLedger(config: LedgerConfig): Result<Ledger, LedgerError> {
  const { account, equityOn, tradesKept = TRADES_KEPT } = config;
  if (!isCount(account)) return err(badConfig('account', account));
  if (!isCount(tradesKept)) return err(badConfig('tradesKept', tradesKept));
  const worth = { asset: 0, value: undefined, traded: undefined, isStale: true };
  const ledger: Ledger = { account, equityOn, tradesKept, assets: [], positions: [], worth };
  for (const asset of config.assets) {
    const error = addAsset(ledger, asset);
    if (error !== undefined) return err(error);
  }
  for (const instrument of config.instruments) {
    const error = addInstrument(ledger, instrument);
    if (error !== undefined) return err(error);
  }
  return ok(ledger);
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isIndex = (value: number): boolean => Number.isSafeInteger(value) && value >= 1 && value <= INDEX_MAX;

/** Adds an asset. Errors: `badConfig` for an index that is none or is taken, a scale out of range. */
export function addAsset(ledger: Ledger, { index, code, scale }: AssetConfig): LedgerError | undefined {
  if (!isIndex(index) || ledger.assets[index] !== undefined) return badConfig('index', index);
  if (!isCount(scale) || scale > SCALE_MAX) return badConfig('scale', scale);
  while (ledger.assets.length < index) ledger.assets.push(undefined);
  ledger.assets[index] = {
    index,
    code,
    scale,
    balance: 0n,
    totals: BALANCE_REASONS.map(() => 0n),
    timeNs: -Number.MAX_SAFE_INTEGER,
    spots: [],
    settled: [],
    isCashOnly: true,
    equity: 0n,
    isStale: false,
  };
  return undefined;
}

/**
 * Adds an instrument. Errors: `badConfig` for an index that is none or is taken, an asset that is missing or
 * of another scale than the terms, a lot that is no whole number of units of its base (spot) or of contracts
 * (rounding per contract).
 */
export function addInstrument(ledger: Ledger, config: InstrumentConfig): LedgerError | undefined {
  const { index, terms, roundPer, rounding } = config;
  if (!isIndex(index) || ledger.positions[index] !== undefined) return badConfig('index', index);
  if (!ROUNDINGS.includes(rounding)) return badConfig('rounding', rounding);
  const isSpot = terms.class === 'spot';
  const [base, quote] = [ledger.assets[config.base], ledger.assets[config.quote]];
  const settle = ledger.assets[config.settle];
  if (base === undefined && (isSpot || config.base !== 0)) return badConfig('base', config.base);
  if (quote === undefined && (isSpot || config.quote !== 0)) return badConfig('quote', config.quote);
  if (settle === undefined || (isSpot && (settle !== quote || base === quote)))
    return badConfig('settle', config.settle);
  if (settle.scale !== terms.moneyScale) return badConfig('moneyScale', terms.moneyScale);
  const baseUnitsPerLot = isSpot ? unitsPerLot(terms, base!.scale) : 0n;
  if (baseUnitsPerLot === undefined) return badConfig('qtyStep', terms.qty.step);
  if (isSpot && !Number.isSafeInteger(Number(base!.balance / baseUnitsPerLot)))
    return { code: 'tooLarge', instrument: index };
  if (roundPer === 'contract' && terms.qty.scale !== 0) return badConfig('roundPer', roundPer);
  const margin = config.margin ?? { leverage: 1, tiers: [] };
  const tiers = readTiers(margin);
  if ('code' in tiers) return tiers;
  const position: PositionState = {
    index,
    terms,
    base,
    quote,
    settle,
    roundPer,
    rounding,
    isSpot,
    gain: terms.class === 'inverse' ? -1n : 1n,
    contractsPerLot: roundPer === 'contract' ? BigInt(terms.qty.mantissa) : 0n,
    baseUnitsPerLot,
    ...blankPosition(),
    leverage: margin.leverage,
    tiers,
  };
  while (ledger.positions.length < index) ledger.positions.push(undefined);
  ledger.positions[index] = position;
  link(ledger, position);
  return undefined;
}

type Blank = Omit<
  PositionState,
  | 'index'
  | 'terms'
  | 'base'
  | 'quote'
  | 'settle'
  | 'roundPer'
  | 'rounding'
  | 'isSpot'
  | 'gain'
  | 'contractsPerLot'
  | 'baseUnitsPerLot'
  | 'leverage'
  | 'tiers'
>;

function blankPosition(): Blank {
  return {
    positionLots: 0,
    tradedLots: 0,
    cost: 0n,
    realised: 0n,
    funding: 0n,
    settlement: 0n,
    boughtLots: 0n,
    soldLots: 0n,
    settledLots: 0n,
    netValue: 0n,
    timeNs: -Number.MAX_SAFE_INTEGER,
    lastTicks: NONE,
    lastFine: NONE,
    isOwnLast: true,
    markFine: NONE,
    unrealised: 0n,
    isStale: false,
    taken: new Map(),
  };
}

/** Units of the base asset in a lot of a spot instrument; undefined when they are no whole number. */
function unitsPerLot(terms: ContractTerms, baseScale: number): bigint | undefined {
  // numerator ÷ denominator = lot × 10^(moneyScale − fineScale).
  const units = terms.numerator * tenTo(baseScale + terms.fineScale);
  const parts = terms.denominator * tenTo(terms.moneyScale);
  return units % parts === 0n ? units / parts : undefined;
}

export function tenTo(exponent: number): bigint {
  return BigInt(`1${'0'.repeat(exponent)}`);
}

function link(ledger: Ledger, position: PositionState): void {
  const { settle, base, isSpot } = position;
  ledger.worth.isStale = true;
  if (isSpot) {
    base!.spots.push(position);
    setSpotPositions(base!);
    return;
  }
  settle.settled.push(position);
  settle.isCashOnly = false;
}

/** Whole lots of the balance, for each spot instrument whose base it is. */
export function setSpotPositions(asset: AssetState): void {
  for (const spot of asset.spots) spot.positionLots = Number(asset.balance / spot.baseUnitsPerLot);
}

/** Another leverage or other tiers. Errors: `unknownInstrument`; `badClass` for spot; `badConfig`. */
export function setMargin(ledger: Ledger, instrument: number, margin: MarginConfig): LedgerError | undefined {
  const position = ledger.positions[instrument];
  if (position === undefined) return { code: 'unknownInstrument', instrument };
  if (position.isSpot) return { code: 'badClass', instrument };
  const tiers = readTiers(margin);
  if ('code' in tiers) return tiers;
  position.leverage = margin.leverage;
  position.tiers = tiers;
  return undefined;
}
