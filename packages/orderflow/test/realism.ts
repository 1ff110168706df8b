/** The facts of a simulated market, taken while it runs: nothing of it is kept. */
import { Kind, decodeEvent } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import { createFactsFold, createSim, endFacts, foldFacts, runSim } from '@truetape/orderflow';
import type { AgentType, Facts, Sim, SimConfig } from '@truetape/orderflow';
import { autocorrelations, momentsOf } from '../src/facts-statistics.ts';
import type { Moments } from '../src/facts-statistics.ts';
import { returnsOf } from '../src/facts-json.ts';

export const SECOND = 1_000_000_000;

/** What agents of one type did, as the venue tells it. */
export interface TypeCounts {
  orders: number;
  cancels: number;
  fills: number;
}

export interface Market {
  readonly sim: Sim;
  readonly facts: Facts;
  readonly types: ReadonlyMap<AgentType, TypeCounts>;
  readonly spanSeconds: number;
  readonly twoSidedShare: number;
  /** Of returns of an interval. */
  readonly returns: Moments;
  /** At lags 1 … 10. */
  readonly absoluteLags: readonly number[];
}

export interface MarketOptions {
  readonly config: SimConfig;
  readonly seed: number;
  readonly seconds: number;
  readonly intervalNs?: number;
}

/** Runs a market of one symbol. */
export function runMarket({ config, seed, seconds, intervalNs = SECOND }: MarketOptions): Market {
  const epoch = { hi: 0, lo: 0 };
  const fold = createFactsFold(intervalNs);
  const types = new Map<AgentType, TypeCounts>();
  const countsOf = (account: number): TypeCounts => {
    const { type } = sim.agents[account - 1].config;
    const counts = types.get(type) ?? { orders: 0, cancels: 0, fills: 0 };
    types.set(type, counts);
    return counts;
  };
  const write = (records: RecordBuffer, at: number, seq: number): void => {
    const event = decodeEvent(records, at, epoch, seq);
    if (event.instrument !== 1) return;
    foldFacts(fold, event);
    if (event.kind === Kind.NewOrder) countsOf(event.account).orders += 1;
    else if (event.kind === Kind.CancelOrder) countsOf(event.account).cancels += 1;
    else if (event.kind === Kind.Fill) {
      countsOf(event.makerAccount).fills += 1;
      countsOf(event.takerAccount).fills += 1;
    }
  };
  const sim = createSim({ config: { ...config, checkOrders: false }, seed, port: { epoch, write } });
  runSim(sim, { untilNs: seconds * SECOND });
  endFacts(fold);
  const { facts } = fold;
  const returns = returnsOf(facts.middles);
  return {
    sim,
    facts,
    types,
    spanSeconds: (facts.timeNs - facts.startNs) / SECOND,
    twoSidedShare: facts.twoSidedNs / (facts.timeNs - facts.startNs),
    returns: momentsOf(returns),
    absoluteLags: autocorrelations(
      returns.map((value) => Math.abs(value)),
      10,
    ),
  };
}

/** A count of a market's metrics, by second. */
export function rateOf({ sim, spanSeconds }: Market, counter: 'orders' | 'cancels'): number {
  return sim.metrics.regimes.reduce((sum, counts) => sum + counts[counter], 0) / spanSeconds;
}
