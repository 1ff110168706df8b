// The runaway agent of the simulator, before the gate: after how many orders it is stopped, and for good.
import {
  Kind,
  NONE,
  SIDE_SELL,
  createRecordOut,
  decodeEvent,
  nameOfCode,
  recordWords,
} from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { createTerms } from '@truetape/kernel';
import { PRESETS, createFactsFold, createSim, foldFacts, runSim } from '@truetape/orderflow';
import {
  admitOrder,
  checkOrder,
  createGate,
  createKillSignal,
  createProposal,
  createRiskView,
} from '@truetape/risk';
import {
  createVerdict,
  restoreGate,
  saveGate,
  setEquity,
  setOtherExposure,
  setStrategyPnl,
  watch,
  VERDICT_ALLOW,
} from '@truetape/risk';
import type { Gate, GateSetup, RiskConfig, RiskView } from '@truetape/risk';
import { expect, test } from 'vitest';

const SECOND = 1_000_000_000;
const EQUITY = 1_000_000;

/** A flash crash over its end, as events. */
function flashCrash(seed: number): Event[] {
  const epoch = { hi: 0, lo: 0 };
  const events: Event[] = [];
  const write: Parameters<typeof createSim>[0]['port'] & object = {
    epoch,
    write: (records, at, seq) => {
      const copy = createRecordOut(epoch, recordWords(records, at));
      copy.i32.set(records.i32.subarray(at, at + recordWords(records, at) * 2));
      events.push(decodeEvent(copy, 0, epoch, seq));
    },
  };
  const sim = createSim({ config: PRESETS['flash-crash'], seed, port: write });
  runSim(sim, { untilNs: 16 * SECOND });
  return events;
}

const POSITION: RiskConfig = { limits: { maxPositionLots: 400, maxOrderLots: 200 } };
const withDrawdown = (amount: string): RiskConfig => ({
  ...POSITION,
  kill: { loss: { amount: '2000', level: 'cancelAll' }, drawdown: { amount, level: 'cancelAll' } },
});

/** An account as the tape's facts leave it, were only the admitted orders its own. */
interface Account {
  gate: Gate;
  readonly setup: GateSetup;
  readonly view: RiskView;
  readonly admitted: Set<number>;
  cash: number;
  orders: number;
  allowed: number;
  /** What each order was told, in its order. */
  readonly told: string[];
  /** The order before which the switch was pulled. */
  pulledBefore: number;
  pulledBy: string;
}

function createAccount(config: RiskConfig): Account {
  const terms = createTerms({
    class: 'linear',
    priceStep: '0.01',
    qtyStep: '1',
    fineScale: 2,
    contractSize: '1',
    moneyScale: 2,
  });
  if (!terms.ok) throw new Error(terms.error.field);
  const setup: GateSetup = {
    config,
    instruments: [{ index: 1, name: 'SIM', terms: terms.value, asset: 1 }],
    strategies: ['runaway'],
    account: { asset: 1, scale: 2 },
    epochNs: 0n,
  };
  const gate = createGate(setup);
  if (!gate.ok) throw new Error(gate.error[0].path);
  const view = Object.assign(createRiskView(), { instrument: 1, strategy: 0, isCertain: true });
  const zeros = { positionLots: 0, openBuyLots: 0, openSellLots: 0, openOrders: 0 };
  const own = {
    strategyPositionLots: 0,
    strategyOpenBuyLots: 0,
    strategyOpenSellLots: 0,
    strategyOpenOrders: 0,
  };
  Object.assign(view, zeros, own);
  setOtherExposure(view, 0n);
  setStrategyPnl(view, 0n);
  const start = { cash: EQUITY, orders: 0, allowed: 0, pulledBefore: NONE, pulledBy: '' };
  return { gate: gate.value, setup, view, admitted: new Set(), told: [], ...start };
}

/** An order of the runaway reaches the gate before it goes. */
function meet(account: Account, event: Extract<Event, { kind: typeof Kind.NewOrder }>): void {
  const { gate, view } = account;
  const verdict = createVerdict();
  const order = Object.assign(createProposal(), {
    strategy: 0,
    orderId: event.orderId,
    instrument: 1,
    side: (event.flags & SIDE_SELL) === 0 ? 1 : 2,
    type: event.type,
    priceTicks: event.priceTicks,
    qtyLots: event.qtyLots,
  });
  account.orders++;
  const said = checkOrder(gate, view, order, verdict);
  account.told.push(said === VERDICT_ALLOW ? 'allow' : nameOfCode('denialCode', verdict.code));
  if (said !== VERDICT_ALLOW) return;
  account.allowed++;
  account.admitted.add(event.orderId);
  admitOrder(gate, view, order);
  view.openSellLots += event.qtyLots;
}

/** What a fact does to it. */
function learn(account: Account, event: Event): void {
  const { view, admitted } = account;
  if (event.kind === Kind.Fill) {
    view.lastTicks = event.priceTicks;
    if (!admitted.has(event.takerOrderId)) return;
    view.positionLots -= event.qtyLots;
    view.openSellLots -= event.qtyLots;
    account.cash += event.qtyLots * event.priceTicks;
  } else if (event.kind === Kind.Canceled && admitted.has(event.orderId)) {
    view.openSellLots -= event.canceledLots === NONE ? 0 : event.canceledLots;
  }
}

/** Holds a run's runaway against a gate; with `restarts` the gate is saved and restored as often. */
function shadow(config: RiskConfig, restarts: boolean): Account {
  const account = createAccount(config);
  const { view } = account;
  const fold = createFactsFold(SECOND);
  const signal = createKillSignal();
  for (const [k, event] of EVENTS.entries()) {
    foldFacts(fold, event);
    learn(account, event);
    const { bidTicks, askTicks } = fold.facts.top;
    Object.assign(view, { timeNs: event.timeNs, marketTimeNs: event.timeNs, bidTicks, askTicks });
    view.strategyPositionLots = view.positionLots;
    if (view.lastTicks !== NONE) setEquity(view, BigInt(account.cash + view.positionLots * view.lastTicks));
    if (watch(account.gate, view, signal)) {
      account.pulledBefore = account.orders;
      account.pulledBy = nameOfCode('rule', signal.rule);
    }
    if (restarts && k % 5000 === 0) {
      const back = restoreGate(account.setup, JSON.parse(JSON.stringify(saveGate(account.gate))));
      if (!back.ok) throw new Error(back.error.path);
      account.gate = back.value;
    }
    if (event.kind === Kind.NewOrder && event.account === RUNAWAY) meet(account, event);
  }
  return account;
}

/** The account that sells at market more than anyone else. */
function runawayOf(events: readonly Event[]): number {
  const sales = new Map<number, number>();
  for (const event of events)
    if (event.kind === Kind.NewOrder && event.type === 2 && (event.flags & SIDE_SELL) !== 0)
      sales.set(event.account, (sales.get(event.account) ?? 0) + 1);
  return [...sales].sort((a, b) => b[1] - a[1])[0][0];
}

const EVENTS = flashCrash(7);
const RUNAWAY = runawayOf(EVENTS);

const firstOf = ({ told }: Account, what: string): number => told.indexOf(what) + 1;

// Fails when open or filled quantities are not counted against the limit.
test('a runaway seller is held at its position limit, after 21 of its 513 orders', () => {
  const account = shadow(POSITION, false);
  expect(account.orders).toBe(513);
  expect(firstOf(account, 'positionLimit')).toBe(22);
  // What is refused has not been sent: two small ones still fit.
  expect([account.allowed, account.view.positionLots, account.gate.level]).toEqual([23, -400, 0]);
});

// Fails when the switch lets anything by again, whatever the market does behind it.
test.each([
  ['30', 15, []],
  ['150', 23, ['positionLimit']],
])('with a drawdown of %s it is stopped for good, %i orders sent', (amount, allowed, before) => {
  const account = shadow(withDrawdown(amount), false);
  const { pulledBefore, pulledBy, told, gate } = account;
  expect([account.allowed, pulledBy, gate.level]).toEqual([allowed, 'drawdown', 2]);
  expect(new Set(told.slice(0, pulledBefore))).toEqual(new Set(['allow', ...before]));
  expect(new Set(told.slice(pulledBefore))).toEqual(new Set(['killed']));
  expect(told).toHaveLength(513);
});

test('the same orders are refused on the same grounds when the gate is saved and restored on the way', () => {
  const [straight, restarted] = [false, true].map((restarts) => shadow(withDrawdown('150'), restarts));
  expect(restarted.told).toEqual(straight.told);
  expect(saveGate(restarted.gate)).toEqual(saveGate(straight.gate));
});
