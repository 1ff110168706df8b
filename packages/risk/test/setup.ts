/** A gate with every limit in force, a view that it is content with, and an order that passes. */
import { NONE } from '@truetape/contracts';
import { createTerms } from '@truetape/kernel';
import type { ContractTerms } from '@truetape/kernel';
import { createGate, createProposal, createRiskView, createKillSignal } from '@truetape/risk';
import { setEquity, setOtherExposure, setStrategyPnl, watch } from '@truetape/risk';
import type { Gate, GateSetup, Proposal, RiskConfig, RiskView } from '@truetape/risk';

export const SECOND = 1_000_000_000;
export const DAY = 86_400 * SECOND;
/** 2026-01-02 12:00 UTC. */
export const EPOCH_NS = 1_767_355_200_000_000_000n;

/** A lot at a tick is worth one unit, unless it is said otherwise. */
export function termsOf(changes: Partial<Parameters<typeof createTerms>[0]> = {}): ContractTerms {
  const terms = createTerms({
    class: 'linear',
    priceStep: '1',
    qtyStep: '1',
    fineScale: 2,
    contractSize: '1',
    moneyScale: 0,
    ...changes,
  });
  if (!terms.ok) throw new Error(terms.error.field);
  return terms.value;
}

/** Every limit there is. */
export const ALL: RiskConfig = {
  limits: {
    maxOrderLots: 50,
    maxNotional: '6000',
    priceCollar: { bps: 1000, against: 'touch' },
    maxPositionLots: 100,
    maxOpenOrders: 10,
  },
  account: {
    maxLeverageBps: 30_000,
    orderRate: { orders: 5, perNs: SECOND, burst: 3 },
    maxDataAgeNs: 2 * SECOND,
  },
  strategies: {
    one: {
      maxPositionLots: 80,
      maxOpenOrders: 6,
      maxLoss: '500',
      orderRate: { orders: 4, perNs: SECOND, burst: 2 },
    },
  },
  kill: {
    loss: { amount: '1000', level: 'flatten' },
    drawdown: { amount: '800', level: 'cancelAll' },
    dailyLoss: { amount: '600', level: 'blockNew' },
    rejectSpike: { rejects: 3, withinNs: SECOND, level: 'blockNew' },
    staleData: { afterNs: 5 * SECOND, level: 'cancelAll' },
    uncertainData: { afterNs: 3 * SECOND, level: 'cancelAll' },
  },
  rememberedIds: 8,
};

export function setupOf(config: RiskConfig, changes: Partial<GateSetup> = {}): GateSetup {
  return {
    config,
    instruments: [{ index: 1, name: 'SIM', terms: termsOf(), asset: 1 }],
    strategies: ['one', 'two'],
    account: { asset: 1, scale: 0 },
    epochNs: EPOCH_NS,
    ...changes,
  };
}

export function gateOf(config: RiskConfig, changes: Partial<GateSetup> = {}): Gate {
  const made = createGate(setupOf(config, changes));
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
}

export type Numbers = {
  -readonly [key in keyof RiskView]?: RiskView[key];
};

/** A view, 10 s into the run: bid 99, ask 101, nothing held, 10,000 of equity. */
export function viewOf({ equity, otherExposure, strategyPnl, ...changes }: Numbers = {}): RiskView {
  const view = createRiskView();
  Object.assign(view, {
    timeNs: 10 * SECOND,
    instrument: 1,
    strategy: 0,
    bidTicks: 99,
    askTicks: 101,
    lastTicks: 100,
    marketTimeNs: 10 * SECOND,
    isCertain: true,
    positionLots: 0,
    openBuyLots: 0,
    openSellLots: 0,
    openOrders: 0,
    strategyPositionLots: 0,
    strategyOpenBuyLots: 0,
    strategyOpenSellLots: 0,
    strategyOpenOrders: 0,
  });
  setEquity(view, equity ?? 10_000n);
  setOtherExposure(view, otherExposure ?? 0n);
  setStrategyPnl(view, strategyPnl ?? 0n);
  return Object.assign(view, changes);
}

/** A limit buy of 10 at 100. */
export function orderOf(changes: Partial<Proposal> = {}): Proposal {
  return {
    ...createProposal(),
    strategy: 0,
    orderId: 1,
    instrument: 1,
    side: 1,
    type: 1,
    priceTicks: 100,
    qtyLots: 10,
    parentId: NONE,
    ...changes,
  };
}

/** A gate that has seen a view. */
export function watched(
  config: RiskConfig,
  view: RiskView = viewOf(),
  changes: Partial<GateSetup> = {},
): Gate {
  const gate = gateOf(config, changes);
  watch(gate, view, createKillSignal());
  return gate;
}
