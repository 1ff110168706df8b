/** `truetape bench risk`: what a check of an order costs, by batches and one by one, and what it allocates. */
import { NONE } from '@truetape/contracts';
import {
  createHistogram,
  createStream,
  createTerms,
  percentile,
  recordValue,
  summarizeHistogram,
} from '@truetape/kernel';
import type { Histogram } from '@truetape/kernel';
import {
  checkOrder,
  createGate,
  createKillSignal,
  createProposal,
  createRiskView,
  createVerdict,
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

interface Bench {
  readonly gate: Gate;
  readonly view: RiskView;
  readonly orders: readonly Proposal[];
  readonly verdict: Verdict;
}

function createBench(kind: 'linear' | 'inverse', seed: string): Bench {
  const terms = createTerms({
    class: kind,
    priceStep: '0.1',
    qtyStep: '0.001',
    fineScale: 4,
    contractSize: kind === 'linear' ? '1' : '100',
    moneyScale: 8,
  });
  if (!terms.ok) throw new Error(terms.error.field);
  const gate = createGate({
    config: CONFIG,
    instruments: [{ index: 1, name: 'BENCH', terms: terms.value, asset: 1 }],
    strategies: ['bench'],
    account: { asset: 1, scale: 8 },
    epochNs: 0n,
  });
  if (!gate.ok) throw new Error(gate.error[0].path);
  const view = Object.assign(createRiskView(), {
    timeNs: 1_000_000_000,
    instrument: 1,
    strategy: 0,
    bidTicks: 999_990,
    askTicks: 1_000_010,
    lastTicks: 1_000_000,
    marketTimeNs: 999_999_000,
    isCertain: true,
    positionLots: 250,
    openBuyLots: 40,
    openSellLots: 60,
    openOrders: 8,
    strategyPositionLots: 250,
    strategyOpenBuyLots: 40,
    strategyOpenSellLots: 60,
    strategyOpenOrders: 8,
  });
  setEquity(view, 10_000_000_000_000n);
  setOtherExposure(view, 0n);
  setStrategyPnl(view, -1_000_000_000n);
  watch(gate.value, view, createKillSignal());
  const random = createStream(seed, 'bench risk');
  const orders = Array.from({ length: ORDERS }, (_, k) =>
    Object.assign(createProposal(), {
      strategy: 0,
      orderId: k,
      instrument: 1,
      side: 1 + random.nextInt(2),
      type: 1,
      priceTicks: 999_800 + random.nextInt(400),
      qtyLots: 1 + random.nextInt(100),
      parentId: NONE,
    }),
  );
  return { gate: gate.value, view, orders, verdict: createVerdict() };
}

/** Checks so many orders from a place on; how many of them may go. */
function checkMany({ gate, view, orders, verdict }: Bench, from: number, count: number): number {
  let allowed = 0;
  for (let k = from; k < from + count; k++) {
    view.timeNs += 1;
    if (checkOrder(gate, view, orders[k & (ORDERS - 1)], verdict) === VERDICT_ALLOW) allowed++;
  }
  return allowed;
}

/** Times by batch, in tenths of a ns for a check. */
function measureBatches(bench: Bench, batch: number, checks: number): Histogram {
  const histogram = createHistogram(7);
  for (let done = 0; done < checks; done += batch) {
    const start = process.hrtime.bigint();
    const allowed = checkMany(bench, done, batch);
    const ns = Number(process.hrtime.bigint() - start);
    if (allowed !== batch) throw new Error('an order of the benchmark was refused');
    recordValue(histogram, Math.round((ns * 10) / batch));
    // Time stands within what limits allow; it only moves so that nothing is the same twice.
    if (bench.view.timeNs > 1_500_000_000) bench.view.timeNs = 1_000_000_000;
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
  const [linear, inverse] = [createBench('linear', seed), createBench('inverse', seed)];
  const whole = Math.ceil(checks / BATCH) * BATCH;
  note('warming up');
  measureBatches(linear, BATCH, Math.min(whole, 64_000 * BATCH));
  note('batches');
  const batches = measureBatches(linear, BATCH, whole);
  note('one by one');
  const single = measureBatches(linear, 1, Math.ceil(checks / 10));
  const clock = measureClock(Math.ceil(checks / 10));
  note('allocation');
  const allocated = allocationRow(linear, checks);
  note('an inverse contract');
  const slow = measureBatches(inverse, BATCH, Math.ceil(whole / 10 / BATCH) * BATCH);
  const mean = `each value the mean of ${BATCH} checks in a row, every limit in force, every order passes`;
  return [
    row(
      'a check, linear contract',
      batches,
      `${summarizeHistogram(batches).count} batches: ${mean}`,
      TARGET_NS,
    ),
    row(
      'a check timed by itself',
      single,
      `${summarizeHistogram(single).count} checks, two readings of the clock in each`,
    ),
    row('nothing, timed the same way', clock, 'what the clock itself takes'),
    row(
      'a check, inverse contract',
      slow,
      `${summarizeHistogram(slow).count} batches; its values are divisions of bigints`,
    ),
    allocated,
  ];
}
