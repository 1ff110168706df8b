/** Configurations beside the one that was given: without what execution costs, with one cost alone, slower. */
import { parseConfig } from '@truetape/backtest';
import type { BacktestConfig } from '@truetape/backtest';
import { formatSpan } from '@truetape/tape';
import { configFailure } from './config-failure.ts';

type Latencies = BacktestConfig['latency'];
type LatencySpec = Latencies['feed'];
type InstrumentConfig = BacktestConfig['instrument'];
type Fees = NonNullable<InstrumentConfig['fees']>;

/** What stands between a strategy and the recorded book. */
interface Costs {
  readonly latency?: boolean;
  readonly slippage?: boolean;
  readonly fees?: boolean;
}

/** A configuration, and what it stands for. */
export interface Variant {
  readonly name: string;
  readonly what: string;
  readonly config: BacktestConfig;
}

const NO_FEES: Fees = {
  tiers: [{ fromTraded: '0', makerBps: '0', takerBps: '0' }],
  minimum: '0',
  rounding: 'ceiling',
};

/**
 * An order's way to the venue where latency is no cost. Not 0: a strategy that quotes around the middle of a market
 * which its own quotes move could answer itself without end.
 */
const SOON_NS = 100_000;

const soonNs = ({ latency }: BacktestConfig): number => Math.min(SOON_NS, typicalNs(latency.order));

function withCosts(config: BacktestConfig, { latency, slippage, fees }: Costs): BacktestConfig {
  const strip = (one: InstrumentConfig, isDefault: boolean): InstrumentConfig => {
    const { slippage: slips, fees: pays, ...rest } = one;
    return {
      ...rest,
      ...(slippage === true && slips !== undefined ? { slippage: slips } : {}),
      ...(fees === true && pays !== undefined ? { fees: pays } : {}),
      ...(fees === true || !isDefault ? {} : { fees: NO_FEES }),
    };
  };
  const instruments = Object.fromEntries(
    Object.entries(config.instruments).map(([id, one]) => [id, strip(one, false)]),
  );
  return {
    ...config,
    mode: config.mode === 'ideal' ? 'auto' : config.mode,
    instrument: strip(config.instrument, true),
    instruments,
    latency: (latency === true ? config : withLatency(config, soonNs(config))).latency,
  };
}

/** From ideal to all of it: each cost once alone. */
export function realismVariants(config: BacktestConfig): Variant[] {
  const of = (name: string, what: string, costs: Costs): Variant => ({
    name,
    what,
    config: withCosts(config, costs),
  });
  const soon = formatSpan(BigInt(soonNs(config)));
  return [
    {
      name: 'ideal',
      what: 'every order whole at the touch, at once',
      config: { ...config, mode: 'ideal' },
    },
    of('book', `queues and depth of the recorded market at no cost; orders take ${soon} to the venue`, {}),
    of('book + latency', 'and messages take the time that is configured', { latency: true }),
    of('book + slippage', 'and takers pay what is configured beyond the book', { slippage: true }),
    of('book + fees', 'and the venue is paid', { fees: true }),
    of('all', 'as backtest run has it', { latency: true, slippage: true, fees: true }),
  ];
}

/** True where some instrument has a model of slippage. */
export function hasSlippage({ instrument, instruments }: BacktestConfig): boolean {
  const all = [instrument, ...Object.values(instruments)];
  return all.some(({ slippage }) => slippage !== undefined && slippage.kind !== 'book');
}

/** The delay that stands for a latency, ns: its middle. */
function typicalNs(spec: LatencySpec): number {
  switch (spec.kind) {
    case 'fixed':
      return spec.ns;
    case 'uniform':
      return Math.floor((spec.minNs + spec.maxNs) / 2);
    case 'logNormal':
      return spec.medianNs;
    case 'empirical': {
      const sorted = spec.valuesNs.toSorted((a, b) => a - b);
      return sorted[Math.floor((sorted.length - 1) / 2)];
    }
  }
}

function scaled(spec: LatencySpec, toNs: number, fromNs: number): LatencySpec {
  if (fromNs === 0) return { kind: 'fixed', ns: toNs };
  // Rounded half up; exact before.
  const of = (ns: number): number =>
    Number((2n * BigInt(ns) * BigInt(toNs) + BigInt(fromNs)) / (2n * BigInt(fromNs)));
  switch (spec.kind) {
    case 'fixed':
      return { ...spec, ns: of(spec.ns) };
    case 'uniform':
      return { ...spec, minNs: of(spec.minNs), maxNs: of(spec.maxNs) };
    case 'logNormal':
      return { ...spec, medianNs: of(spec.medianNs) };
    case 'empirical':
      return { ...spec, valuesNs: spec.valuesNs.map(of) };
  }
}

/**
 * The configuration with an order on its way for this long, in the middle; every other latency keeps its proportion to
 * that, or is as long where orders take no time. Throws a usage failure for delays beyond what a latency may be.
 */
export function withLatency(config: BacktestConfig, toNs: number): BacktestConfig {
  const { feed, order, cancel, response } = config.latency;
  const fromNs = typicalNs(order);
  const of = (spec: LatencySpec): LatencySpec => scaled(spec, toNs, fromNs);
  const latency = { feed: of(feed), order: of(order), cancel: of(cancel), response: of(response) };
  const parsed = parseConfig({ ...config, latency });
  if (!parsed.ok) throw configFailure(parsed.error);
  return parsed.value;
}

/** What the latencies of a configuration come to, ns, each in its middle. */
export function typicalLatencies({ latency }: BacktestConfig): Readonly<Record<keyof Latencies, number>> {
  const { feed, order, cancel, response } = latency;
  return {
    feed: typicalNs(feed),
    order: typicalNs(order),
    cancel: typicalNs(cancel),
    response: typicalNs(response),
  };
}
