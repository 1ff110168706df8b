/** An engine on the bench: one market, one strategy, no venue. What it writes and sends is kept. */
import type { Event } from '@truetape/contracts';
import { NONE } from '@truetape/contracts';
import { createEngine, startEngine, takeMarket } from '@truetape/engine';
import type {
  Engine,
  EngineCommand,
  EngineConfig,
  ExecutionReport,
  Listens,
  MarketView,
  Strategy,
  StrategyGuard,
} from '@truetape/engine';
import { createTerms } from '@truetape/kernel';
import type { ContractTerms } from '@truetape/kernel';
import { createLedger } from '@truetape/ledger';
import type { InstrumentConfig } from '@truetape/ledger';
import { createGate } from '@truetape/risk';
import type { RiskConfig } from '@truetape/risk';

export interface Bench {
  readonly engine: Engine;
  readonly events: Event[];
  readonly commands: EngineCommand[];
  readonly market: MarketView;
}

export interface BenchOptions {
  readonly class?: 'spot' | 'linear';
  readonly risk?: RiskConfig;
  readonly strategy?: Partial<Strategy>;
  readonly listens?: Listens;
  readonly guard?: StrategyGuard;
  readonly deposit?: bigint;
  /** Of the base. */
  readonly baseDeposit?: bigint;
  /** A second market, of derivatives: index 2. */
  readonly second?: {
    readonly class: 'linear' | 'inverse';
    readonly settle: number;
    readonly roundPer?: 'fill' | 'contract';
  };
}

function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; error: unknown },
): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** A bench acts in a strategy's place at any time. */
const CALLED = {
  get isInside(): boolean {
    return true;
  },
  set isInside(_: boolean) {
    // It stays inside.
  },
};

/** Ticks of 1, lots of 1, money in whole units with two digits. */
export function createBench(options: BenchOptions = {}): Bench {
  const { class: kind = 'linear', risk = {}, strategy = {}, listens = {}, deposit = 100_000_00n } = options;
  const steps = { priceStep: '1', qtyStep: '1', contractSize: '1' };
  const terms: ContractTerms = must(createTerms({ class: kind, ...steps, fineScale: 2, moneyScale: 2 }));
  const assets = [
    { index: 1, code: 'BTC', scale: 2 },
    { index: 2, code: 'USD', scale: 2 },
  ];
  const rounding = 'halfUp';
  const instruments: InstrumentConfig[] = [
    { index: 1, terms, base: 1, quote: 2, settle: 2, roundPer: 'fill', rounding },
  ];
  const markets = [
    { index: 1, id: 'BTC', terms, define: { id: 'BTC', symbol: 'BTC', ...steps, fineScale: 2 } },
  ];
  if (options.second !== undefined) {
    const { class: other, settle, roundPer = 'fill' } = options.second;
    const made = must(createTerms({ class: other, ...steps, fineScale: 2, moneyScale: 2 }));
    instruments.push({ index: 2, terms: made, base: 0, quote: 0, settle, roundPer, rounding });
    const define = { id: 'ETH', symbol: 'ETH', ...steps, fineScale: 2 };
    markets.push({ index: 2, id: 'ETH', terms: made, define });
  }
  const ledger = must(createLedger({ account: 1, equityOn: 'last', assets, instruments }));
  const setup = {
    config: risk,
    instruments: instruments.map((one, k) => ({
      index: one.index,
      name: markets[k].id,
      terms: one.terms,
      asset: one.settle,
    })),
    strategies: ['test'],
    account: { asset: 2, scale: 2 },
    epochNs: 0n,
  };
  const config: EngineConfig = {
    seed: '1',
    markets,
    strategies: [{ name: 'test', strategy: { state: {}, ...strategy }, listens }],
    assets,
    equityAsset: 2,
    deposits: [
      { asset: 2, amount: deposit },
      { asset: 1, amount: options.baseDeposit ?? 0n },
    ].filter(({ amount }) => amount > 0n),
    ledger,
    risk: must(createGate(setup)),
  };
  const events: Event[] = [];
  const commands: EngineCommand[] = [];
  const engine = createEngine(config, {
    emit: (event) => events.push({ ...event, seq: events.length }) - 1,
    send: (command) => void commands.push(command),
    guard: options.guard ?? CALLED,
  });
  startEngine(engine, config, 0);
  // Nothing is traded where the market is not certain, or has no prices.
  takeMarket(engine, ...message('status', { qtyLots: 1 }));
  takeMarket(engine, ...message('quote', { priceTicks: 99, qtyLots: 10, askTicks: 101 }));
  return { engine, events, commands, market: engine.views[0] };
}

/** A report with nothing in it but what is told. */
export function report(
  fields: Partial<ExecutionReport> & Pick<ExecutionReport, 'kind' | 'orderId'>,
): ExecutionReport {
  return {
    timeNs: 0,
    priceTicks: NONE,
    qtyLots: 0,
    leavesLots: 0,
    code: 0,
    command: 0,
    priorityKept: 0,
    liquidity: 0,
    basis: 0,
    tradeId: NONE,
    aheadLots: NONE,
    fee: undefined,
    causeSeq: NONE,
    causeTape: 0,
    ...fields,
  };
}

const TYPES = { level: 1, trade: 2, quote: 3, reset: 4, end: 5, status: 6 } as const;

/** A market message in cells of its own. */
export function message(
  type: keyof typeof TYPES,
  fields: {
    side?: 1 | 2;
    priceTicks?: number;
    qtyLots?: number;
    seq?: number;
    isEnd?: boolean;
    askTicks?: number;
    market?: number;
  } = {},
): readonly [Float64Array, Uint32Array, number] {
  const f64 = new Float64Array(8);
  const u32 = new Uint32Array(f64.buffer);
  u32[0] = TYPES[type] | ((fields.side ?? 0) << 8) | (fields.isEnd === true ? 1 << 16 : 0);
  u32[1] = fields.market ?? 1;
  f64[1] = fields.priceTicks ?? NONE;
  f64[2] = fields.qtyLots ?? 0;
  f64[3] = fields.seq ?? 7;
  f64[6] = fields.askTicks ?? 0;
  f64[7] = fields.qtyLots ?? 0;
  u32[8] = 1;
  return [f64, u32, 0];
}
