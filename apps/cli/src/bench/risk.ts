/**
 * `truetape bench risk`: what a check of an order costs, by batches and one by one, and what it allocates.
 *
 * A batch is 64 checks of different orders against a view that moves between them; what reading the clock
 * takes is measured the same way and taken off. The gate has a past: it remembers as many ids as it has room
 * for, rejects, losses, and taken tokens.
 */
import { NONE } from '@truetape/contracts';
import {
  createHistogram,
  createStream,
  createTerms,
  percentile,
  recordValue,
  summarizeHistogram,
} from '@truetape/kernel';
import type { Histogram, RandomStream } from '@truetape/kernel';
import {
  admitOrder,
  checkOrder,
  createGate,
  createKillSignal,
  createProposal,
  createRiskView,
  createVerdict,
  noteReject,
  setEquity,
  setOtherExposure,
  setStrategyPnl,
  VERDICT_ALLOW,
  watch,
} from '@truetape/risk';
import type { Gate, Proposal, RiskConfig, RiskView, Verdict } from '@truetape/risk';
import { collectGarbage } from './book-measure.ts';
import type { BenchRow } from './report.ts';

export interface RiskBenchConfig {
  /** Checks of a measure. */
  readonly checks: number;
  readonly seed: string;
}

const TARGET_NS = 200;
const BATCH = 64;
const ORDERS = 1024;
const LEVEL = 'cancelAll';
/** Ids that the gate remembers when it is measured, one for each order of its past. */
const PAST = 16_384;
/** Noon of the second day. */
const START_NS = 129_600_000_000_000;

/** Every limit there is, far enough away that seeded orders pass. */
const CONFIG: RiskConfig = {
  limits: {
    maxOrderLots: 1000,
    maxNotional: '1000000',
    priceCollar: { bps: 500, against: 'mid' },
    maxPositionLots: 5000,
    maxOpenOrders: 50,
  },
  account: {
    maxLeverageBps: 50_000,
    orderRate: { orders: 1000, perNs: 1_000_000_000 },
    maxDataAgeNs: 1_000_000_000,
  },
  strategies: {
    bench: {
      maxPositionLots: 5000,
      maxOpenOrders: 50,
      maxLoss: '5000',
      orderRate: { orders: 500, perNs: 1_000_000_000 },
    },
  },
  kill: {
    loss: { amount: '10000', level: LEVEL },
    drawdown: { amount: '10000', level: LEVEL },
    dailyLoss: { amount: '10000', level: LEVEL },
    rejectSpike: { rejects: 100, withinNs: 1_000_000_000, level: LEVEL },
    staleData: { afterNs: 5_000_000_000, level: LEVEL },
    uncertainData: { afterNs: 5_000_000_000, level: LEVEL },
  },
};

/** What of a gate's rules an order meets. */
type OrderKind = 'limit' | 'all' | 'denied' | 'at';

interface Bench {
  readonly gate: Gate;
  readonly view: RiskView;
  readonly orders: readonly Proposal[];
  readonly verdict: Verdict;
}

function createBench(contract: 'linear' | 'inverse', kind: OrderKind, seed: string): Bench {
  const terms = createTerms({
    class: contract,
    priceStep: '0.1',
    qtyStep: '0.001',
    fineScale: 4,
    contractSize: contract === 'linear' ? '1' : '100',
    moneyScale: 8,
  });
  if (!terms.ok) throw new Error(terms.error.field);
  const gate = createGate({
    // Exactly what the dearest of the orders is worth: 100 lots of 0.001 at 100,020 for each.
    config: kind === 'at' ? { ...CONFIG, limits: { ...CONFIG.limits, maxNotional: '10002' } } : CONFIG,
    instruments: [{ index: 1, name: 'BENCH', terms: terms.value, asset: 1 }],
    strategies: ['bench'],
    account: { asset: 1, scale: 8 },
    epochNs: 0n,
  });
  if (!gate.ok) throw new Error(gate.error[0].path);
  const view = createBenchView();
  giveAPast(gate.value, view);
  const random = createStream(seed, 'bench risk');
  const orders = Array.from({ length: ORDERS }, (_, k) => drawOrder(random, kind, k));
  return { gate: gate.value, view, orders, verdict: createVerdict() };
}

function createBenchView(): RiskView {
  const view = Object.assign(createRiskView(), {
    timeNs: START_NS,
    instrument: 1,
    strategy: 0,
    bidTicks: 999_990,
    askTicks: 1_000_010,
    lastTicks: 1_000_000,
    marketTimeNs: START_NS - 1000,
    isCertain: true,
    positionLots: 250,
    openBuyLots: 140,
    openSellLots: 160,
    openOrders: 8,
    strategyPositionLots: 250,
    strategyOpenBuyLots: 140,
    strategyOpenSellLots: 160,
    strategyOpenOrders: 8,
  });
  setEquity(view, 10_000_000_000_000n);
  setOtherExposure(view, 1_000_000_000n);
  setStrategyPnl(view, -1_000_000_000n);
  return view;
}

/** Orders admitted until the ids are full, one a ms, rejects, and a loss. */
function giveAPast(gate: Gate, view: RiskView): void {
  const signal = createKillSignal();
  view.timeNs -= PAST * 10_000_000;
  for (let k = 0; k < PAST; k++) {
    view.timeNs += 10_000_000;
    watch(gate, view, signal);
    admitOrder(gate, view, Object.assign(createProposal(), { strategy: 0, orderId: k, instrument: 1 }));
    if (k % 400 === 0) noteReject(gate, view.timeNs);
  }
  setEquity(view, 9_950_000_000_000n);
  watch(gate, view, signal);
}

/** `all`: with market orders, amends and children of parents. `denied`: a lot beyond what an order may have. */
function drawOrder(random: RandomStream, kind: OrderKind, k: number): Proposal {
  const order = Object.assign(createProposal(), {
    strategy: 0,
    orderId: PAST + k,
    instrument: 1,
    side: 1 + random.nextInt(2),
    type: 1,
    priceTicks: 999_800 + random.nextInt(400),
    qtyLots: 1 + random.nextInt(100),
  });
  if (kind === 'denied') order.qtyLots = 1001;
  if (kind === 'at') Object.assign(order, { side: 1, priceTicks: 1_000_200, qtyLots: 100 });
  if (kind !== 'all') return order;
  if (k % 4 === 1) Object.assign(order, { type: 2, priceTicks: NONE });
  if (k % 4 === 2) order.replacedLots = 1 + random.nextInt(100);
  if (k % 4 === 3)
    Object.assign(order, { parentId: 7, parentQtyLots: 1000, parentSentLots: random.nextInt(900) });
  return order;
}

/** Checks so many orders from a place on; how many of them may go. */
function checkMany({ gate, view, orders, verdict }: Bench, from: number, count: number): number {
  let allowed = 0;
  for (let k = from; k < from + count; k++) {
    view.timeNs += 1;
    view.bidTicks = 999_980 + (k & 15);
    view.askTicks = 1_000_000 + (k & 7);
    view.positionLots = 250 - (k & 63);
    if (checkOrder(gate, view, orders[k & (ORDERS - 1)], verdict) === VERDICT_ALLOW) allowed++;
  }
  return allowed;
}

/** Times by batch, in tenths of a ns for a check, less what reading the clock takes. */
function measureBatches(
  bench: Bench,
  batch: number,
  checks: number,
  passing: boolean,
  clockNs: number,
): Histogram {
  const histogram = createHistogram(7);
  for (let done = 0; done < checks; done += batch) {
    const start = process.hrtime.bigint();
    const allowed = checkMany(bench, done, batch);
    const ns = Number(process.hrtime.bigint() - start) - clockNs;
    if (allowed !== (passing ? batch : 0)) throw new Error('an order of the benchmark was judged otherwise');
    recordValue(histogram, Math.max(0, Math.round((ns * 10) / batch)));
    // Time stands within what limits allow; it only moves so that nothing is the same twice.
    if (bench.view.timeNs > START_NS + 500_000_000) bench.view.timeNs = START_NS;
  }
  return histogram;
}

/** What reading the clock costs, in tenths of a ns. */
function measureClock(readings: number): Histogram {
  const histogram = createHistogram(7);
  for (let k = 0; k < readings; k++) {
    const start = process.hrtime.bigint();
    recordValue(histogram, Number(process.hrtime.bigint() - start) * 10);
  }
  return histogram;
}

const nsAt = (histogram: Histogram, millionths: number): number =>
  (percentile(histogram, millionths) ?? NaN) / 10;

function percentiles(histogram: Histogram): string {
  const [p50, p95, p99] = [500_000, 950_000, 990_000].map((one) => nsAt(histogram, one).toFixed(1));
  return `p50 ${p50}, p95 ${p95}, p99 ${p99} ns`;
}

function row(what: string, histogram: Histogram, how: string, target?: number): BenchRow {
  const ns = nsAt(histogram, 950_000);
  return {
    what,
    target: target === undefined ? 'no figure' : `p95 below ${target} ns`,
    measured: percentiles(histogram),
    met: target === undefined || ns < target,
    detail: how,
  };
}

const PARTS = 20;

/** Bytes that the heap grows by for a check, the cost of looking taken off. */
function allocationRow(bench: Bench, checks: number): BenchRow {
  const part = Math.ceil(checks / PARTS);
  const growth = (work: () => void): number => {
    let sum = 0;
    for (let k = 0; k < PARTS; k++) {
      const before = process.memoryUsage().heapUsed;
      work();
      sum += Math.max(0, process.memoryUsage().heapUsed - before);
    }
    return sum;
  };
  collectGarbage();
  const looks = growth(() => {});
  const grown = growth(() => void checkMany(bench, 0, part));
  const bytes = Math.max(0, grown - looks) / (part * PARTS);
  return {
    what: 'allocated for an order that passes',
    target: 'nothing',
    measured: `${bytes.toFixed(3)} B`,
    // What else happens in a process grows the heap by some KB in all.
    met: bytes < 0.05,
    detail: `heap in use over ${PARTS} parts, less the cost of looking`,
  };
}

/** Runs the benchmark. `note` hears what is being done. */
export function benchRisk({ checks, seed }: RiskBenchConfig, note: (text: string) => void): BenchRow[] {
  const whole = Math.ceil(checks / BATCH) * BATCH;
  const few = Math.ceil(whole / 10 / BATCH) * BATCH;
  const linear = createBench('linear', 'limit', seed);
  note('warming up');
  const clock = measureClock(Math.ceil(checks / 10));
  const clockNs = nsAt(clock, 500_000);
  measureBatches(linear, BATCH, Math.min(whole, 64_000 * BATCH), true, clockNs);
  note('batches');
  const batches = measureBatches(linear, BATCH, whole, true, clockNs);
  note('one by one');
  const single = measureBatches(linear, 1, few, true, clockNs);
  note('allocation');
  const allocated = allocationRow(linear, checks);
  const others = (
    [
      ['a check, inverse contract', 'inverse', 'limit', 'its worst case is a division'],
      [
        'a check, orders of all kinds',
        'linear',
        'all',
        'a quarter each: limit, market, amend, child of a parent',
      ],
      [
        'a check, to the unit at its limit',
        'linear',
        'at',
        'its notional is the limit: the rules decide, one by one',
      ],
      [
        'a check that denies',
        'linear',
        'denied',
        'too large: nothing before it objects, and two bigints tell why',
      ],
    ] as const
  ).map(([what, contract, kind, how]) => {
    note(what);
    const bench = createBench(contract, kind, seed);
    const passing = kind !== 'denied';
    measureBatches(bench, BATCH, few, passing, clockNs);
    const histogram = measureBatches(bench, BATCH, few, passing, clockNs);
    return row(what, histogram, `${summarizeHistogram(histogram).count} batches: ${how}`);
  });
  const mean = `each value the mean of ${BATCH} checks in a row, every limit in force, every order passes`;
  const { count } = summarizeHistogram(batches);
  return [
    row('a check, linear contract', batches, `${count} batches: ${mean}`, TARGET_NS),
    row('a check timed by itself', single, `${summarizeHistogram(single).count} checks`),
    row('nothing, timed the same way', clock, 'what the clock takes; its p50 is taken off all other rows'),
    ...others,
    allocated,
  ];
}
