/** Makes an engine, and begins and ends its run. */
import { BLANK, FLAG_LAST, NONE, defineFields } from '@truetape/contracts';
import type { Define, JsonObject, TableName } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import type { ContractTerms } from '@truetape/kernel';
import { createLedgerOut } from '@truetape/ledger';
import type { Ledger } from '@truetape/ledger';
import { createDepthBook } from '@truetape/marketdata';
import { createOrders } from '@truetape/orders';
import type { Gate as RiskGate } from '@truetape/risk';
import { moveCash } from './account.ts';
import { isBarSpec } from './bars.ts';
import { callStrategy } from './callbacks.ts';
import { createContext } from './context.ts';
import { watchRisk } from './control.ts';
import { SOURCE_STRATEGIES } from './emit.ts';
import { createEngineGate } from './gate.ts';
import { createScratch } from './scratch.ts';
import type { Engine, EnginePorts, MarketState, StrategyRun } from './state.ts';
import type { Listens, Strategy } from './strategy.ts';

/** A market that is traded: its place on the tape, and its Define as the run takes it. */
export interface EngineMarket {
  readonly index: number;
  readonly id: string;
  readonly terms: ContractTerms;
  readonly define: JsonObject;
}

/** A strategy that runs, made of its parameters. */
export interface EngineStrategy {
  readonly name: string;
  readonly strategy: Strategy;
  readonly listens: Listens;
}

export interface EngineConfig {
  readonly seed: string;
  readonly markets: readonly EngineMarket[];
  readonly strategies: readonly EngineStrategy[];
  readonly assets: readonly { readonly index: number; readonly code: string; readonly scale: number }[];
  readonly equityAsset: number;
  /** Money that the account begins with, in units of its asset. */
  readonly deposits: readonly { readonly asset: number; readonly amount: bigint }[];
  readonly ledger: Ledger;
  readonly risk: RiskGate;
}

function marketState({ index, id, terms }: EngineMarket): MarketState {
  return {
    index,
    id,
    terms,
    bidTicks: NONE,
    bidLots: 0,
    askTicks: NONE,
    askLots: 0,
    lastTicks: NONE,
    lastSide: 'buy',
    markFine: NONE,
    fundingE12: NONE,
    isCertain: false,
    book: createDepthBook(),
    seenNs: NONE,
    causeSeq: NONE,
    causeTape: 0,
    isDepthChanged: false,
    open: [],
  };
}

function strategyRun(engine: Engine, index: number, made: EngineStrategy): StrategyRun {
  const { bars } = made.listens;
  const isBar = bars === undefined || isBarSpec(bars);
  assert(isBar, 'ENGINE-5', 'bars by time, count or volume, of a whole size above zero');
  const run = {
    index,
    name: made.name,
    source: SOURCE_STRATEGIES + index,
    strategy: made.strategy,
    listens: made.listens,
    bars,
    positions: [],
    netValues: [],
    fundings: [],
    barStates: [],
    timers: new Map<number, number>(),
    streams: new Map(),
    targetIntents: [],
    targetLots: [],
    idleCodes: [],
    deniedCode: '',
  };
  // The context holds the run that it is of.
  const whole = run as unknown as StrategyRun;
  whole.context = createContext(engine, whole);
  return whole;
}

export function createEngine(config: EngineConfig, ports: EnginePorts): Engine {
  const { seed, ledger, risk, equityAsset } = config;
  const views = config.markets.map(marketState);
  const markets: (MarketState | undefined)[] = [];
  for (const view of views) {
    while (markets.length <= view.index) markets.push(undefined);
    markets[view.index] = view;
  }
  const engine: Engine = {
    ports,
    seed,
    runs: [],
    markets,
    views,
    update: { kind: 'depth', market: views[0], priceTicks: NONE, qtyLots: NONE, side: undefined },
    orders: createOrders(),
    own: new Map(),
    account: { ledger, out: createLedgerOut() },
    gate: createEngineGate(risk),
    scratch: createScratch(),
    parents: new Map(),
    equityAsset,
    timeNs: 0,
    causeSeq: NONE,
    causeTape: 0,
    killSeq: NONE,
    calls: 0,
    nextOrderId: 1,
    nextIntentId: 1,
    isStarted: false,
    isStray: false,
  };
  config.strategies.forEach((made, k) => engine.runs.push(strategyRun(engine, k, made)));
  return engine;
}

const ROLES = [
  ['engine', 'engine'],
  ['risk', 'risk'],
  ['venue', 'venue'],
  ['ledger', 'system'],
  ['operator', 'operator'],
] as const;

/** Begins: who is who, the money that there is, and the strategies. */
export function startEngine(engine: Engine, config: EngineConfig, timeNs: number): void {
  engine.timeNs = timeNs;
  engine.isStarted = true;
  const define = (table: TableName, index: number, value: JsonObject): void => {
    const fields = defineFields(table, index, value);
    const event: Define = { ...BLANK.Define, flags: FLAG_LAST, timeNs, ...fields };
    engine.ports.emit(event);
  };
  for (const { index, code, scale } of config.assets) define('asset', index, { code, scale });
  for (const { index, define: value } of config.markets) define('instrument', index, value);
  ROLES.forEach(([name, role], k) => define('source', k + 1, { name, role }));
  for (const { name, source } of engine.runs)
    define('source', source, { name: `strategy/${name}`, role: 'strategy' });
  define('account', 1, { name: 'account' });
  for (const { asset, amount } of config.deposits) moveCash(engine, { reason: 'deposit', asset, amount });
  // Limits on losses count from here.
  watchRisk(engine);
  for (const run of engine.runs) callStrategy(engine, NONE, 0, () => run.strategy.onStart?.(run.context));
}

/** Ends: the strategies have their last word. */
export function stopEngine(engine: Engine, timeNs: number): void {
  engine.timeNs = timeNs;
  for (const run of engine.runs) callStrategy(engine, NONE, 0, () => run.strategy.onStop?.(run.context));
}
