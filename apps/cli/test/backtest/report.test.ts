/** Figures of a report, against those that anybody makes of the output tape. */
import { COST_PARTS, hashState, reportOf, saveBacktest } from '@truetape/backtest';
import { Kind, NONE } from '@truetape/contracts';
import type { Event, JsonObject } from '@truetape/contracts';
import { profitIn } from '@truetape/engine';
import type { Strategy } from '@truetape/engine';
import { nodePorts } from '@truetape/host';
import { sumValue } from '@truetape/kernel';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkProperty, seeds } from './property.ts';
import { ofKind, run, simTape } from './runs.ts';
import type { RunResult, TestTape } from './runs.ts';

const tapes = new Map<number, TestTape>();
function tapeOfSeed(seed: number): TestTape {
  const presets = ['calm', 'burst', 'mixed', 'flash-crash'] as const;
  const tape = tapes.get(seed) ?? simTape(presets[seed % 4], String(seed), 3000);
  tapes.set(seed, tape);
  return tape;
}

const SMALL = { barNs: 20_000_000, bars: 3 };
const PARAMETERS: Readonly<Record<string, JsonObject>> = {
  'market-maker': { qtyLots: 3 },
  momentum: { ...SMALL, thresholdTicks: 1, qtyLots: 40 },
  'mean-reversion': { ...SMALL, entryPermille: 900, exitPermille: 100 },
  twap: { startNs: 100_000_000, durationNs: 500_000_000, qtyLots: 200 },
};
const LATENCY = {
  feed: { kind: 'logNormal', medianNs: 300_000, sigmaPermille: 500 },
  order: { kind: 'uniform', minNs: 100_000, maxNs: 3_000_000 },
};

const cases = fc.record({
  seed: fc.integer({ min: 1, max: 12 }),
  mode: fc.constantFrom('exchange', 'replay', 'ideal'),
  strategy: fc.constantFrom(...Object.keys(PARAMETERS)),
  milliBps: fc.constantFrom(0, 700),
});

function runOf({
  seed,
  mode,
  strategy,
  milliBps,
}: (typeof cases extends fc.Arbitrary<infer T> ? T : never) & object): RunResult {
  const slippage = milliBps === 0 ? { kind: 'book' } : { kind: 'bps', milliBps };
  const instrument = { class: 'linear', leverage: 50, slippage };
  const config = { mode, latency: LATENCY, instrument, strategy: PARAMETERS[strategy] };
  return run(tapeOfSeed(seed), { strategy, config });
}

/** Times of long, short and flat, and Σ |lots| × ns, from fills alone. */
function held(events: readonly Event[], fromNs: number, toNs: number): readonly bigint[] {
  const sums = [0n, 0n, 0n, 0n];
  let lots = 0;
  let sinceNs = fromNs;
  const until = (timeNs: number): void => {
    const span = BigInt(timeNs - sinceNs);
    sums[lots > 0 ? 0 : lots < 0 ? 1 : 2] += span;
    sums[3] += BigInt(Math.abs(lots)) * span;
    sinceNs = timeNs;
  };
  for (const { timeNs, flags, makerOrderId, qtyLots } of ofKind(events, Kind.Fill)) {
    until(timeNs);
    const isBuyer = (makerOrderId === NONE) === ((flags & 0x30) === 0x10);
    lots += isBuyer ? qtyLots : -qtyLots;
  }
  until(toNs);
  return sums;
}

// Fails when a part is counted twice or left out, when a cost has the wrong sign, or a time is not weighted.
test.each(seeds(631))('parts of the cost make the whole, times make the span (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(cases, (one) => {
      const { backtest, events, endNs } = runOf(one);
      const { metrics, startNs } = backtest;
      const { parts, takerLots, makerLots, unpricedLots } = metrics.costs[0];
      const sums = COST_PARTS.map((part) => sumValue(parts[part]));
      const [spread, , depth, slippage, , total] = sums;
      expect(sums.slice(0, 5).reduce((a, b) => a + b)).toBe(total);
      expect(takerLots + makerLots + unpricedLots).toBe(metrics.takerLots + metrics.makerLots);
      for (const part of [spread, depth, slippage]) expect(part >= 0n).toBe(true);
      if (one.milliBps === 0 || one.mode !== 'replay') expect(slippage).toBe(0n);
      else if (takerLots > 0) expect(slippage > 0n).toBe(true);
      if (one.mode === 'ideal') expect(depth).toBe(0n);
      // What takers paid beyond the touch that they had seen is the part of three of them.
      if (unpricedLots === 0) expect(sums[1] + depth + slippage).toBe(2n * sumValue(metrics.slippage));
      const { longNs, shortNs, flatNs, longSum, shortSum } = metrics.exposures[0];
      const found = [longNs, shortNs, flatNs].map(BigInt);
      expect([...found, sumValue(longSum) + sumValue(shortSum)]).toEqual(held(events, startNs, endNs));
    }),
    24,
  );
});

test('a taker without delay pays no latency, one with delay does', () => {
  const latencyOf = (ns: number): bigint => {
    const delay = { kind: 'fixed', ns };
    const latency = { feed: delay, order: delay, cancel: delay, response: delay };
    const config = { mode: 'replay', latency, strategy: PARAMETERS['momentum'] };
    const { backtest } = run(tapeOfSeed(2), { strategy: 'momentum', config });
    expect(backtest.metrics.takerLots).toBeGreaterThan(0);
    return sumValue(backtest.metrics.costs[0].parts.latency);
  };
  expect(latencyOf(0)).toBe(0n);
  expect(latencyOf(20_000_000)).not.toBe(0n);
});

// Fails when the best price that an order came to is taken for the one of each of its fills.
test.each(['exchange', 'replay'])('who walks the book pays depth, level by level: %s', (mode) => {
  const config = { mode, instrument: { class: 'linear', leverage: 50 }, strategy: PARAMETERS['momentum'] };
  const { backtest, events } = run(tapeOfSeed(5), { strategy: 'momentum', config });
  const fills = ofKind(events, Kind.Fill);
  let walked = 0;
  for (const fill of fills) {
    const first = fills.find(
      ({ takerOrderId, matchTime }) => takerOrderId === fill.takerOrderId && matchTime === fill.matchTime,
    )!;
    walked += Math.abs(fill.priceTicks - first.priceTicks) * fill.qtyLots;
  }
  expect(walked).toBeGreaterThan(0);
  const [{ parts, unpricedLots }] = backtest.metrics.costs;
  expect(unpricedLots).toBe(0);
  const depth = sumValue(parts.depth);
  // In replay the level at the touch may be ours to have taken already.
  if (mode === 'exchange') expect(depth).toBe(2n * BigInt(walked));
  else expect(depth >= 2n * BigInt(walked)).toBe(true);
});

/** Bids behind the touch, and amends that once to the touch: what it decided on, and what its fills should cost. */
interface Amender {
  readonly sent: Record<number, number>;
  readonly amended: Record<number, { readonly priceTicks: number; readonly twiceMiddle: number }>;
  cost: number;
  /** Against what was seen when it was sent. */
  first: number;
}

test('an order that was amended is held against what was seen then', () => {
  const state: Amender = { sent: {}, amended: {}, cost: 0, first: 0 };
  const amender = {
    name: 'amender',
    listens: { depth: 'top' },
    make: (): Strategy => ({
      state,
      onMarket: (context, { market }) => {
        const { bidTicks, askTicks } = market;
        if (context.levels(market, 'buy', 1).length + context.levels(market, 'sell', 1).length < 2) return;
        const [open] = context.openOrders(market);
        if (open === undefined) {
          const id = context.submit({ market, side: 'buy', qtyLots: 2, priceTicks: bidTicks - 3 });
          state.sent[id] = bidTicks + askTicks;
        } else if (open.state === 'open' && state.amended[open.orderId] === undefined) {
          if (bidTicks === open.priceTicks) return;
          state.amended[open.orderId] = { priceTicks: bidTicks, twiceMiddle: bidTicks + askTicks };
          context.amend(open, { priceTicks: bidTicks });
        }
      },
      onFill: (_, { order, priceTicks, qtyLots }) => {
        const amended = state.amended[order.orderId];
        const isAmended = amended?.priceTicks === order.priceTicks;
        const seen = isAmended ? amended.twiceMiddle : state.sent[order.orderId];
        state.cost += (2 * priceTicks - seen) * qtyLots;
        state.first += (2 * priceTicks - state.sent[order.orderId]) * qtyLots;
      },
    }),
  } as const;
  const config = { mode: 'replay', instrument: { class: 'linear', leverage: 50 } };
  const { backtest } = run(tapeOfSeed(7), { strategy: amender, config });
  expect(state.cost).not.toBe(state.first);
  expect(sumValue(backtest.metrics.costs[0].parts.total)).toBe(BigInt(state.cost));
});

test('the last event of a run is the hash of its state, which stands in the report', () => {
  const options = { strategy: 'market-maker', config: { mode: 'exchange' } };
  const { backtest, events } = run(tapeOfSeed(1), options);
  const last = events.at(-1)!;
  expect(last).toMatchObject({
    kind: Kind.Checkpoint,
    coversSeq: last.seq,
    stateHash: reportOf(backtest)['stateHash'],
  });
  expect(ofKind(events, Kind.Checkpoint)).toHaveLength(1);
  // It is the state before the Checkpoint itself was counted.
  backtest.metrics.kinds[Kind.Checkpoint] = 0;
  const saved = saveBacktest(backtest);
  expect(saved.ok && hashState(saved.value, nodePorts.sha256)).toBe(backtest.stateHash);
  // Another state, another hash.
  backtest.engine.nextOrderId += 1;
  const other = saveBacktest(backtest);
  expect(other.ok && hashState(other.value, nodePorts.sha256)).not.toBe(backtest.stateHash);
});

// Fails where the rows of a long run end before it does, or its end is counted twice.
test('the end of a run is the last of its samples, once', () => {
  const tape = tapeOfSeed(4);
  const of = (sampleNs: number): ReturnType<typeof run> =>
    run(tape, { strategy: 'market-maker', config: { instrument: { class: 'linear' }, sampleNs } });
  const { backtest: short } = of(100_000_000);
  const spanNs = short.tapeNs - short.startNs;
  for (const [sampleNs, taken] of [
    [spanNs, 1],
    [spanNs - 1, 2],
    [Math.floor(spanNs / 3001), 3002],
  ]) {
    const { backtest } = of(sampleNs);
    const { series } = backtest.metrics;
    expect([series.taken, series.timesNs.at(-1)]).toEqual([taken, backtest.tapeNs]);
    expect(series.timesNs.filter((timeNs) => timeNs === backtest.tapeNs)).toHaveLength(1);
    expect(series.pnl.at(-1)).toBe(profitIn(backtest.engine.account.ledger, backtest.engine.equityAsset).net);
  }
});
