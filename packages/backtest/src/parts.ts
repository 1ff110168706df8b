/** Makes venue, ledger and gate of a universe and a configuration. */
import { err, ok } from '@truetape/contracts';
import type { JsonValue, Result } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import { createLedger, restoreLedger } from '@truetape/ledger';
import type { Ledger, MarginConfig } from '@truetape/ledger';
import { createGate, parseRiskConfig, restoreGate } from '@truetape/risk';
import type { Gate } from '@truetape/risk';
import { createLatency, createVenue, restoreVenue } from '@truetape/venue';
import type { FeeSchedule, Take, Venue, VenueMode, VenueOrder } from '@truetape/venue';
import type { BacktestConfig, FeesConfig, MarginTierSetting } from './config.ts';
import type { ConfigProblem } from './config-schema.ts';
import { unitsOf } from './instruments.ts';
import type { Instrument, Universe } from './instruments.ts';
import type { Latencies } from './state.ts';

/** Digits of a basis point in 10^−12. */
const BPS_DIGITS = 8;
const PERCENT_DIGITS = 10;

interface Reading {
  readonly universe: Universe;
  readonly problems: ConfigProblem[];
}

function rate(reading: Reading, path: string, text: string, digits: number): number {
  const units = unitsOf(text, digits);
  if (units === undefined)
    reading.problems.push({ path, problem: `at most ${digits} digits behind the point: ${text}` });
  return Number(units ?? 0n);
}

function money(reading: Reading, path: string, text: string, asset: number): bigint {
  const { scale } = reading.universe.assets[asset - 1];
  const units = unitsOf(text, scale);
  if (units === undefined) reading.problems.push({ path, problem: `at most ${scale} digits: ${text}` });
  return units ?? 0n;
}

function feesOf(reading: Reading, { id, settle }: Instrument, fees: FeesConfig): FeeSchedule {
  const path = `instruments.${id}.fees`;
  const tiers = fees.tiers.map(({ fromTraded, makerBps, takerBps }, k) => ({
    fromTraded: money(reading, `${path}.tiers.${k}.fromTraded`, fromTraded, settle),
    makerE12: rate(reading, `${path}.tiers.${k}.makerBps`, makerBps, BPS_DIGITS),
    takerE12: rate(reading, `${path}.tiers.${k}.takerBps`, takerBps, BPS_DIGITS),
  }));
  for (const [k, { fromTraded }] of tiers.entries()) {
    const isNext = k === 0 ? fromTraded === 0n : fromTraded > tiers[k - 1].fromTraded;
    if (!isNext)
      reading.problems.push({
        path: `${path}.tiers.${k}.fromTraded`,
        problem: k === 0 ? 'the first tier begins at 0' : 'tiers rise, each from more than the one before',
      });
  }
  return {
    tiers,
    minimum: money(reading, `${path}.minimum`, fees.minimum, settle),
    rounding: fees.rounding,
  };
}

function marginOf(
  reading: Reading,
  { id, settle }: Instrument,
  leverage: number,
  tiers: readonly MarginTierSetting[],
): MarginConfig {
  const path = `instruments.${id}.marginTiers`;
  return {
    leverage,
    tiers: tiers.map(({ floor, maintenancePercent, leverageMax }, k) => ({
      floor: money(reading, `${path}.${k}.floor`, floor, settle),
      maintenanceE12: rate(reading, `${path}.${k}.maintenancePercent`, maintenancePercent, PERCENT_DIGITS),
      ...(leverageMax === undefined ? {} : { leverageMax }),
    })),
  };
}

/** What is paid where nothing is said: the usual rates of a first tier. */
const FEES_DEFAULT: FeesConfig = {
  tiers: [{ fromTraded: '0', makerBps: '2', takerBps: '5' }],
  minimum: '0',
  rounding: 'ceiling',
};

/** What a tape is, as far as the venue has to know. */
export interface TapeKind {
  readonly mode: VenueMode;
  /** The tape is a venue's own: its books begin empty. */
  readonly startsEmpty: boolean;
  /** Sources of roles venue and marketFeed; empty: all count. */
  readonly sources: readonly number[];
}

/** Makes the venue. Errors: every problem with its path. */
export function venueOf(
  universe: Universe,
  config: BacktestConfig,
  kind: TapeKind & { readonly firstNs: number },
  canAfford: (order: VenueOrder, takes: readonly Take[]) => boolean,
  saved: JsonValue | undefined,
): Result<Venue, readonly ConfigProblem[]> {
  const reading: Reading = { universe, problems: [] };
  const instruments = universe.instruments.map((one) => {
    const { index, terms, settle, config: own } = one;
    const { slippage, minQtyLots, maxQtyLots, qtyMultipleLots, priceMultipleTicks } = own;
    return {
      index,
      terms,
      feeAsset: settle,
      startsEmpty: kind.startsEmpty,
      ...(kind.mode === 'ideal' ? {} : { fees: feesOf(reading, one, own.fees ?? FEES_DEFAULT) }),
      ...(slippage === undefined ? {} : { slippage }),
      ...(minQtyLots === undefined ? {} : { minQtyLots }),
      ...(maxQtyLots === undefined ? {} : { maxQtyLots }),
      ...(qtyMultipleLots === undefined ? {} : { qtyMultipleLots }),
      ...(priceMultipleTicks === undefined ? {} : { priceMultipleTicks }),
    };
  });
  if (reading.problems.length > 0) return err(reading.problems);
  const { queue } = config;
  const { mode, sources, firstNs } = kind;
  const outages = config.outages.map((one) => ({
    ...one,
    fromNs: firstNs + one.fromNs,
    toNs: firstNs + one.toNs,
  }));
  const venueConfig = { mode, instruments, queue, outages, ...(sources.length === 0 ? {} : { sources }) };
  if (saved === undefined) return ok(createVenue(venueConfig, { canAfford }));
  const restored = restoreVenue(venueConfig, saved, { canAfford });
  return restored.ok ? restored : err([{ path: 'state.venue', problem: restored.error.field }]);
}

/** Makes the ledger. Errors: every problem with its path. */
export function ledgerOf(
  universe: Universe,
  config: BacktestConfig,
  saved: JsonValue | undefined,
): Result<Ledger, readonly ConfigProblem[]> {
  const reading: Reading = { universe, problems: [] };
  const instruments = universe.instruments.map((one) => {
    const { index, terms, base, quote, settle, roundPer, rounding, config: own } = one;
    const { leverage = 1, marginTiers = [] } = own;
    const margin = marginOf(reading, one, leverage, marginTiers);
    return { index, terms, base, quote, settle, roundPer, rounding, margin };
  });
  if (reading.problems.length > 0) return err(reading.problems);
  const { equityOn } = config;
  // The venue tells each fill once.
  const ledgerConfig = { account: 1, equityOn, assets: universe.assets, instruments, tradesKept: 0 };
  const ledger = saved === undefined ? createLedger(ledgerConfig) : restoreLedger(ledgerConfig, saved);
  if (ledger.ok) return ledger;
  const { error } = ledger;
  const what = error.code === 'badConfig' ? `${error.field} cannot be ${error.found}` : error.code;
  return err([{ path: 'instruments', problem: what }]);
}

/** Makes the gate. Errors: every problem with its path below `risk`. */
export function gateOf(
  universe: Universe,
  config: BacktestConfig,
  strategies: readonly string[],
  epochNs: bigint,
  saved: JsonValue | undefined,
): Result<Gate, readonly ConfigProblem[]> {
  const below = (problems: readonly ConfigProblem[]): ConfigProblem[] =>
    problems.map(({ path, problem }) => ({ path: path === '' ? 'risk' : `risk.${path}`, problem }));
  const parsed = parseRiskConfig(config.risk);
  if (!parsed.ok) return err(below(parsed.error));
  const instruments = universe.instruments.map(({ index, id, terms, settle }) => ({
    index,
    name: id,
    terms,
    asset: settle,
  }));
  const { index: asset, scale } = universe.equityAsset;
  const setup = { config: parsed.value, instruments, strategies, account: { asset, scale }, epochNs };
  if (saved === undefined) {
    const made = createGate(setup);
    return made.ok ? made : err(below(made.error));
  }
  const restored = restoreGate(setup, saved);
  return restored.ok ? restored : err([{ path: `state.risk.${restored.error.path}`, problem: 'cannot be' }]);
}

/** Delays of each kind of message; none of them in `ideal` mode. */
export function latenciesOf(config: BacktestConfig, seed: string, isIdeal: boolean): Latencies {
  const of = (kind: keyof Latencies): Latencies[keyof Latencies] =>
    createLatency(
      isIdeal ? { kind: 'fixed', ns: 0 } : config.latency[kind],
      createStream(seed, `latency/${kind}`),
    );
  return { feed: of('feed'), order: of('order'), cancel: of('cancel'), response: of('response') };
}
