/** A gate, a view and an order as a command line draws them: what it leaves out of a view is flat, fresh and empty. */
import { MONEY_NONE, NONE } from '@truetape/contracts';
import { createTerms, parseDecimal, parseQuanta, scaleOf } from '@truetape/kernel';
import type { ContractTerms, Quantum } from '@truetape/kernel';
import {
  KILL_LEVELS,
  createGate,
  createKillSignal,
  createProposal,
  createRiskView,
  noteReject,
  operate,
  setEquity,
  setOtherExposure,
  setStrategyPnl,
  watch,
} from '@truetape/risk';
import type { Gate, Proposal, RiskConfig, RiskView } from '@truetape/risk';
import { EXIT, usageFailure } from '../failure.ts';
import { problemsFailure } from '../sim/config-source.ts';
import { readAssignments } from './assignments.ts';
import { ORDER_NAMES, TERMS_NAMES, VIEW_NAMES } from './scene-names.ts';

type Values<Name extends string> = ReadonlyMap<Name, string>;

export interface Scene {
  readonly gate: Gate;
  readonly view: RiskView;
  readonly order: Proposal;
  readonly terms: ContractTerms;
  readonly instrument: string;
  readonly strategy: string;
}

/** What the command line says, by option. */
export interface SceneOptions {
  readonly order: string;
  readonly view?: string;
  readonly terms?: string;
}

const DAY_NS = 86_400_000_000_000;
/** Two days on, so that yesterday's equity can be told. */
const NOW_NS = 2 * DAY_NS;

function readTerms(text: string | undefined): ContractTerms {
  const values = text === undefined ? new Map() : readAssignments('--terms', text, TERMS_NAMES);
  const priceStep = values.get('priceStep') ?? '1';
  const made = createTerms({
    class: values.get('class') ?? 'linear',
    priceStep,
    qtyStep: values.get('qtyStep') ?? '1',
    fineScale: Math.max(0, scaleOf(priceStep)),
    contractSize: values.get('contractSize') ?? '1',
    moneyScale: integer('--terms moneyScale', values.get('moneyScale') ?? '8'),
  });
  if (made.ok) return made.value;
  throw usageFailure(`--terms: ${made.error.field} cannot be ${made.error.found}`);
}

function quanta(where: string, quantum: Quantum, text: string | undefined): number {
  if (text === undefined) return NONE;
  const parsed = parseQuanta(quantum, text);
  if (parsed.ok) return parsed.value;
  throw usageFailure(`${where}: expected a decimal in steps of ${quantum.step}, found ${text}`);
}

function moneyOf(where: string, scale: number, text: string | undefined): bigint {
  if (text === undefined) return MONEY_NONE;
  const parsed = parseDecimal(text);
  if (parsed.ok && parsed.value.scale <= scale)
    return parsed.value.mantissa * BigInt(`1${'0'.repeat(scale - parsed.value.scale)}`);
  throw usageFailure(`${where}: expected a decimal with at most ${scale} digits, found ${text}`);
}

function integer(where: string, text: string): number {
  if (/^(0|[1-9][0-9]{0,14})$/.test(text)) return Number(text);
  throw usageFailure(`${where}: expected an integer from 0, found ${text}`);
}

function oneOf<Name extends string>(where: string, names: readonly Name[], text: string): Name {
  const name = names.find((one) => one === text);
  if (name !== undefined) return name;
  throw usageFailure(`${where}: expected one of ${names.join(', ')}, found ${text}`);
}

const isYes = (where: string, text: string): boolean => oneOf(where, ['true', 'false'], text) === 'true';

function readOrder(values: Values<(typeof ORDER_NAMES)[number]>, terms: ContractTerms): Proposal {
  const where = (name: string): string => `--order ${name}`;
  const price = values.get('price');
  const type = values.get('type') ?? (price === undefined ? 'market' : 'limit');
  const parent = values.get('parentQty');
  if (!values.has('qty')) throw usageFailure('--order: expected side and qty at least, found no qty');
  return Object.assign(createProposal(), {
    strategy: 0,
    orderId: 1,
    instrument: 1,
    side: oneOf(where('side'), ['buy', 'sell'], values.get('side') ?? '') === 'buy' ? 1 : 2,
    type: oneOf(where('type'), ['limit', 'market'], type) === 'limit' ? 1 : 2,
    priceTicks: quanta(where('price'), terms.price, price),
    qtyLots: quanta(where('qty'), terms.qty, values.get('qty')),
    parentId: parent === undefined ? NONE : 0,
    parentQtyLots: quanta(where('parentQty'), terms.qty, parent),
    parentSentLots: quanta(where('parentSent'), terms.qty, values.get('parentSent') ?? '0'),
    reduceOnly: isYes(where('reduceOnly'), values.get('reduceOnly') ?? 'false'),
    flatten: isYes(where('flatten'), values.get('flatten') ?? 'false'),
    replacedLots: quanta(where('replaced'), terms.qty, values.get('replaced')),
    replacedTicks: quanta(where('replacedPrice'), terms.price, values.get('replacedPrice')),
  });
}

type ViewValues = Values<(typeof VIEW_NAMES)[number]>;

function readView(values: ViewValues, terms: ContractTerms): RiskView {
  const view = createRiskView();
  const where = (name: string): string => `--view ${name}`;
  const price = (name: 'bid' | 'ask' | 'last'): number => quanta(where(name), terms.price, values.get(name));
  const lots = (name: (typeof VIEW_NAMES)[number]): number =>
    quanta(where(name), terms.qty, values.get(name) ?? '0');
  const count = (name: (typeof VIEW_NAMES)[number]): number => integer(where(name), values.get(name) ?? '0');
  const money = (name: (typeof VIEW_NAMES)[number], otherwise?: string): bigint =>
    moneyOf(where(name), terms.moneyScale, values.get(name) ?? otherwise);
  Object.assign(view, {
    timeNs: NOW_NS,
    instrument: 1,
    strategy: 0,
    bidTicks: price('bid'),
    askTicks: price('ask'),
    lastTicks: price('last'),
    marketTimeNs: NOW_NS - count('dataAgeNs'),
    isCertain: isYes(where('certain'), values.get('certain') ?? 'true'),
    positionLots: lots('position'),
    openBuyLots: lots('openBuy'),
    openSellLots: lots('openSell'),
    openOrders: count('openOrders'),
    strategyPositionLots: lots('strategyPosition'),
    strategyOpenBuyLots: lots('strategyOpenBuy'),
    strategyOpenSellLots: lots('strategyOpenSell'),
    strategyOpenOrders: count('strategyOpenOrders'),
  });
  setEquity(view, money('equity'));
  setOtherExposure(view, money('otherExposure', '0'));
  setStrategyPnl(view, money('strategyPnl', '0'));
  return view;
}

/** Lets a gate live through what the view says of its past; then the switch is where the view has it. */
function liveThrough(gate: Gate, view: RiskView, values: ViewValues, scale: number): void {
  const signal = createKillSignal();
  const { equity, marketTimeNs, isCertain } = view;
  const names = ['startEquity', 'peakEquity', 'dayEquity'] as const;
  const seen = names.flatMap((name) => {
    const text = values.get(name);
    return text === undefined ? [] : [moneyOf(`--view ${name}`, scale, text)];
  });
  Object.assign(view, { isCertain: true });
  for (const money of [...seen, ...(values.has('dayEquity') ? [] : [equity])]) {
    Object.assign(view, { timeNs: 0, marketTimeNs: 0 });
    setEquity(view, money);
    watch(gate, view, signal);
  }
  Object.assign(view, { timeNs: NOW_NS, marketTimeNs, isCertain });
  watch(gate, view, signal);
  setEquity(view, equity);
  operate(gate, { command: 'resume' }, signal);
  const rejects = integer('--view rejects', values.get('rejects') ?? '0');
  // More than this are too many for any limit.
  for (let k = 0; k < Math.min(rejects, 200_000); k++) noteReject(gate, NOW_NS);
  const kill = values.get('kill');
  if (kill !== undefined)
    operate(gate, { command: 'kill', level: oneOf('--view kill', KILL_LEVELS, kill) }, signal);
}

/** Draws the scene. Throws a usage failure for what is no order, no view, or limits that nothing has. */
export function createScene(config: RiskConfig, options: SceneOptions): Scene {
  const terms = readTerms(options.terms);
  const ordered = readAssignments('--order', options.order, ORDER_NAMES);
  const viewed: ViewValues =
    options.view === undefined ? new Map() : readAssignments('--view', options.view, VIEW_NAMES);
  const instrument = ordered.get('instrument') ?? 'any';
  const strategy = ordered.get('strategy') ?? 'any';
  // The order's own are the first; limits of others are checked with the same terms.
  const others = Object.keys(config.instruments ?? {}).filter((name) => name !== instrument);
  const budgets = Object.keys(config.strategies ?? {}).filter((name) => name !== strategy);
  const made = createGate({
    config,
    instruments: [instrument, ...others].map((name, k) => ({ index: k + 1, name, terms, asset: 1 })),
    strategies: [strategy, ...budgets],
    account: { asset: 1, scale: terms.moneyScale },
    epochNs: 0n,
  });
  if (!made.ok)
    throw problemsFailure('--config', made.error, { exitCode: EXIT.usage, next: 'digits of money: --terms' });
  const gate = made.value;
  const order = readOrder(ordered, terms);
  const view = readView(viewed, terms);
  liveThrough(gate, view, viewed, terms.moneyScale);
  return { gate, view, order, terms, instrument, strategy };
}
