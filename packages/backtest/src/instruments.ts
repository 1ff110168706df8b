/**
 * From the Defines of a tape and a configuration to what ledger, venue, gate and engine have to know of assets
 * and instruments. Whatever is missing or contradicts is told with its place; nothing is guessed in silence.
 */
import { err, ok } from '@truetape/contracts';
import type { Definition, JsonObject, JsonValue, Result } from '@truetape/contracts';
import { ROUNDINGS, createTerms, parseDecimal, scaleOf } from '@truetape/kernel';
import type { ContractTerms, Rounding } from '@truetape/kernel';
import type { BacktestConfig, InstrumentConfig } from './config.ts';
import type { ConfigProblem } from './config-schema.ts';

export interface Asset {
  readonly index: number;
  readonly code: string;
  readonly scale: number;
}

/** An instrument as this run takes it. */
export interface Instrument {
  readonly index: number;
  readonly id: string;
  readonly terms: ContractTerms;
  /** Indices of assets. */
  readonly base: number;
  readonly quote: number;
  readonly settle: number;
  readonly roundPer: 'fill' | 'contract';
  readonly rounding: Rounding;
  readonly config: InstrumentConfig;
  /** Its Define on the output tape. */
  readonly define: JsonObject;
}

export interface Universe {
  readonly assets: readonly Asset[];
  readonly instruments: readonly Instrument[];
  readonly equityAsset: Asset;
}

const SCALE_MIN = 8;
const SCALE_MAX = 18;
const SIZE_ONE = '1';

const textOf = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** What a Define and the configuration say together. */
interface Described extends HowRounded {
  readonly index: number;
  readonly id: string;
  readonly config: InstrumentConfig;
  readonly class: string;
  readonly base: string;
  readonly quote: string;
  readonly settle: string;
  readonly priceStep: string;
  readonly qtyStep: string;
  readonly contractSize: string;
  readonly fineScale: number;
  readonly define: JsonObject;
}

function describe({ index, name, value }: Definition, config: BacktestConfig): Described {
  const own = Object.hasOwn(config.instruments, name) ? config.instruments[name] : {};
  const settings = { ...config.instrument, ...own };
  const symbol = textOf(value['symbol']) ?? name;
  const kind = settings.class ?? textOf(value['class']) ?? 'linear';
  const base = textOf(value['base']) ?? symbol;
  const quote = textOf(value['quote']) ?? 'QUOTE';
  const settle = kind === 'inverse' ? base : kind === 'spot' ? quote : (textOf(value['settle']) ?? quote);
  const priceStep = textOf(value['priceStep']) ?? '1';
  const fine = value['fineScale'];
  const described = {
    class: kind,
    base,
    quote,
    settle,
    priceStep,
    qtyStep: textOf(value['qtyStep']) ?? '1',
    contractSize: settings.contractSize ?? textOf(value['contractSize']) ?? SIZE_ONE,
    fineScale: Math.max(typeof fine === 'number' ? fine : 0, Math.max(scaleOf(priceStep), 0)),
  };
  // Whoever has the output tape makes the same ledger of it.
  const told = value['rules'];
  const isObject = typeof told === 'object' && told !== null && !Array.isArray(told);
  const rules = isObject ? (told as JsonObject) : {};
  const how = roundingOf(settings, rules);
  const define = { ...value, ...described, rules: { ...rules, ...how } };
  return { index, id: name, config: settings, ...described, ...how, define };
}

interface HowRounded {
  readonly roundPer: 'fill' | 'contract';
  readonly rounding: Rounding;
}

/** How values are rounded: as is configured, or as the Define says; else once a fill, a half away from zero. */
function roundingOf(settings: InstrumentConfig, rules: JsonObject): HowRounded {
  const per = rules['roundPer'] === 'contract' ? 'contract' : 'fill';
  const told = ROUNDINGS.find((one) => one === rules['rounding']);
  return { roundPer: settings.roundPer ?? per, rounding: settings.rounding ?? told ?? 'halfUp' };
}

/** Digits that an asset needs for the values of its instruments to be exact, where that is possible. */
function scaleFor(code: string, all: readonly Described[]): number {
  let scale = SCALE_MIN;
  for (const one of all) {
    const lot = Math.max(scaleOf(one.qtyStep), 0) + Math.max(scaleOf(one.contractSize), 0);
    if (one.base === code && one.class === 'spot') scale = Math.max(scale, lot);
    const isValue = one.settle === code && one.class !== 'inverse';
    if (isValue) scale = Math.max(scale, lot + Math.max(scaleOf(one.priceStep), 0));
  }
  return Math.min(scale, SCALE_MAX);
}

/** Assets in the order in which they are first named, those of deposits behind them. */
function assetsOf(all: readonly Described[], config: BacktestConfig): Asset[] {
  const codes = new Set(all.flatMap(({ base, quote, settle }) => [base, quote, settle]));
  for (const code of Object.keys(config.deposits)) codes.add(code);
  if (config.equityAsset !== undefined) codes.add(config.equityAsset);
  return [...codes].map((code, k) => ({
    index: k + 1,
    code,
    scale: Object.hasOwn(config.assets, code) ? config.assets[code] : scaleFor(code, all),
  }));
}

/** Makes the universe of a run. Errors: every problem with its path. */
export function createUniverse(
  definitions: readonly Definition[],
  config: BacktestConfig,
): Result<Universe, readonly ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  if (definitions.length === 0) problems.push({ path: '', problem: 'the tape defines no instrument' });
  const names = new Set(definitions.map(({ name }) => name));
  for (const name of Object.keys(config.instruments))
    if (!names.has(name))
      problems.push({ path: `instruments.${name}`, problem: 'the tape has no such instrument' });
  const all = definitions.map((definition) => describe(definition, config));
  const assets = assetsOf(all, config);
  const byCode = new Map(assets.map((asset) => [asset.code, asset] as const));
  const instruments: Instrument[] = [];
  for (const one of all) {
    const settle = byCode.get(one.settle)!;
    const terms = createTerms({ ...one, moneyScale: settle.scale });
    if (!terms.ok) {
      const { field, found } = terms.error;
      problems.push({ path: `instruments.${one.id}.${field}`, problem: `cannot be traded with ${found}` });
      continue;
    }
    const { index, id, config: settings, roundPer, rounding, define } = one;
    const [base, quote] = [byCode.get(one.base)!.index, byCode.get(one.quote)!.index];
    const assetsOfIt = { base, quote, settle: settle.index };
    const how = { roundPer, rounding };
    instruments.push({ index, id, terms: terms.value, ...assetsOfIt, ...how, config: settings, define });
  }
  const equityAsset =
    config.equityAsset === undefined ? byCode.get(all[0]?.settle ?? '') : byCode.get(config.equityAsset);
  if (config.equityAsset !== undefined && all.every(({ settle }) => settle !== config.equityAsset))
    problems.push({ path: 'equityAsset', problem: 'no instrument is settled in it' });
  if (problems.length > 0 || equityAsset === undefined) return err(problems);
  return ok({ assets, instruments, equityAsset });
}

/** Decimal text as units of an asset; undefined where it has more digits. */
export function unitsOf(text: string, scale: number): bigint | undefined {
  const parsed = parseDecimal(text);
  if (!parsed.ok || parsed.value.scale > scale) return undefined;
  return parsed.value.mantissa * BigInt(`1${'0'.repeat(scale - parsed.value.scale)}`);
}

/** What the account begins with where nothing is said: of each asset that settles, and of the base of spot. */
const MONEY_DEFAULT = '1000000';
const BASE_DEFAULT = '1000';

/** Deposits in units. Errors: amounts with more digits than their asset. */
export function depositsOf(
  { assets, instruments }: Universe,
  config: BacktestConfig,
): Result<readonly { readonly asset: number; readonly amount: bigint }[], readonly ConfigProblem[]> {
  const told = Object.entries(config.deposits);
  const byCode = new Map(assets.map((asset) => [asset.code, asset] as const));
  const bases = new Set(instruments.filter(({ terms }) => terms.class === 'spot').map(({ base }) => base));
  const settles = new Set(instruments.map(({ settle }) => settle));
  const traded = new Set(instruments.flatMap(({ base, quote, settle }) => [base, quote, settle]));
  const usual = assets
    .filter(({ index }) => settles.has(index) || bases.has(index))
    .map(({ index, code }) => [code, settles.has(index) ? MONEY_DEFAULT : BASE_DEFAULT] as const);
  const problems: ConfigProblem[] = [];
  const deposits = (told.length > 0 ? told : usual).flatMap(([code, text]) => {
    const asset = byCode.get(code)!;
    if (!traded.has(asset.index)) {
      const known = assets.filter(({ index }) => traded.has(index)).map((one) => one.code);
      problems.push({ path: `deposits.${code}`, problem: `no instrument has it: ${known.join(', ')}` });
      return [];
    }
    const amount = unitsOf(text, asset.scale);
    if (amount !== undefined && amount > 0n) return [{ asset: asset.index, amount }];
    if (amount === undefined)
      problems.push({ path: `deposits.${code}`, problem: `at most ${asset.scale} digits: ${text}` });
    return [];
  });
  return problems.length > 0 ? err(problems) : ok(deposits);
}
