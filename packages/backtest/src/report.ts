/** What a run came to, as plain data: integers and exact decimal text, nothing of the machine that it ran on. */
import { Kind, NONE, toUnixNs } from '@truetape/contracts';
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { profitIn } from '@truetape/engine';
import {
  formatDecimal,
  formatQuanta,
  percentile,
  ratioFixed,
  sumValue,
  summarizeHistogram,
} from '@truetape/kernel';
import { entryFineOf } from '@truetape/ledger';
import { venueLimits } from '@truetape/venue';
import type { Metrics } from './metrics.ts';
import { reasonForNothing } from './no-fills.ts';
import type { Backtest } from './state.ts';

/** Of the form of a report; another form gets another name. */
export const REPORT_FORMAT = 'truetape/backtest-report/1';

/** Digits behind the point of ratios. */
const PLACES = 4;

const ratio = (part: number | bigint, whole: number | bigint): string | null =>
  BigInt(whole) === 0n ? null : ratioFixed(BigInt(part), BigInt(whole), PLACES);

const counts = (map: ReadonlyMap<string, number>): JsonObject =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Everything that a run came to. Complexity: linear in its samples. */
export function reportOf(backtest: Backtest): JsonObject {
  const { config, seed, kind, engine, events, warmUpEvents, startNs, tapeNs, epoch, venue } = backtest;
  const fill = fillsOf(backtest);
  return {
    format: REPORT_FORMAT,
    seed,
    mode: kind.mode,
    strategies: engine.runs.map(({ name }) => name),
    config: JSON.parse(JSON.stringify(config)) as JsonValue,
    tape: {
      from: String(toUnixNs(startNs, epoch)),
      to: String(toUnixNs(tapeNs, epoch)),
      spanNs: tapeNs - startNs,
      events: events - warmUpEvents,
      warmUpEvents,
      noops: venue.counts.noops,
    },
    orders: ordersOf(backtest),
    fills: fill,
    noFills: fill['count'] === 0 ? reasonForNothing(backtest) : null,
    profit: profitsOf(backtest),
    equity: equityOf(backtest),
    positions: positionsOf(backtest),
    balances: balancesOf(backtest),
    execution: executionOf(backtest.metrics),
    control: {
      level: engine.gate.risk.level,
      killSwitches: backtest.metrics.kinds[Kind.KillSwitch],
      operatorCommands: backtest.metrics.kinds[Kind.OperatorCommand],
    },
    limits: limitsOf(backtest),
  };
}

function ordersOf({ metrics, engine }: Backtest): JsonObject {
  const { kinds, denials, rejects, noActions, throttled, reduced, orderedLots, filledOrders } = metrics;
  let open = 0;
  for (const { open: orders } of engine.views) open += orders.length;
  const sent = kinds[Kind.NewOrder];
  return {
    intents: kinds[Kind.Intent],
    targets: kinds[Kind.Target],
    denied: counts(denials),
    throttled,
    reduced,
    sent,
    cancels: kinds[Kind.CancelOrder],
    amends: kinds[Kind.AmendOrder],
    accepted: kinds[Kind.Accepted],
    rejected: counts(rejects),
    canceled: kinds[Kind.Canceled],
    expired: kinds[Kind.Expired],
    open,
    filled: filledOrders,
    fillRatio: ratio(metrics.makerLots + metrics.takerLots, orderedLots),
    ordersFilled: ratio(filledOrders, sent),
    noActions: counts(noActions),
  };
}

function fillsOf({ metrics }: Backtest): JsonObject {
  const { makerFills, takerFills, makerLots, takerLots, bases, wins, losses } = metrics;
  return {
    count: makerFills + takerFills,
    maker: makerFills,
    taker: takerFills,
    makerLots,
    takerLots,
    assumptions: counts(bases),
    wins,
    losses,
    winRate: ratio(wins, wins + losses),
  };
}

function profitsOf({ engine, universe, metrics }: Backtest): JsonValue {
  const settles = new Set(universe.instruments.map(({ settle }) => settle));
  return universe.assets
    .filter(({ index }) => settles.has(index))
    .map(({ index, code, scale }) => {
      const { realised, unrealised, fees, funding, net } = profitIn(engine.account.ledger, index);
      const text = (amount: bigint): string => formatDecimal(amount, scale);
      return {
        asset: code,
        gross: text(realised + unrealised),
        realised: text(realised),
        unrealised: text(unrealised),
        fees: text(fees),
        funding: text(funding),
        net: text(net),
        turnover: text(metrics.turnover[index] ?? 0n),
      };
    });
}

function equityOf({ metrics, universe, epoch }: Backtest): JsonObject {
  const { code, scale } = universe.equityAsset;
  const { maxDrawdown, drawdownNs, peakNet, series } = metrics;
  return {
    asset: code,
    maxDrawdown: formatDecimal(maxDrawdown, scale),
    at: drawdownNs === NONE ? null : String(toUnixNs(drawdownNs, epoch)),
    peak: formatDecimal(peakNet, scale),
    samples: series.taken,
    sampleNs: metrics.sampleNs,
  };
}

function positionsOf({ engine, universe, metrics }: Backtest): JsonValue {
  const { positionSums, positionsMax, exposed, taken } = metrics.series;
  return universe.instruments.map(({ index, id, terms }, k) => {
    const { ledger } = engine.account;
    const held = engine.runs.reduce((sum, run) => sum + (run.positions[index] ?? 0), 0);
    const entry = entryFineOf(ledger, index);
    const { lastTicks } = engine.markets[index]!;
    return {
      instrument: id,
      positionLots: held,
      position: formatQuanta(terms.qty, held),
      entry: entry === undefined ? null : formatDecimal(entry, terms.fineScale),
      last: lastTicks === NONE ? null : formatQuanta(terms.price, lastTicks),
      mostLots: positionsMax[k],
      meanLots: ratio(positionSums[k], taken),
      exposed: ratio(exposed[k], taken),
    };
  });
}

function balancesOf({ engine, universe }: Backtest): JsonValue {
  return universe.assets.map(({ index, code, scale }) => {
    const { balance, totals } = engine.account.ledger.assets[index]!;
    return {
      asset: code,
      deposited: formatDecimal(totals[2], scale),
      balance: formatDecimal(balance, scale),
    };
  });
}

const TICKS_PLACES = 3;

function executionOf({ queueTimes, slippage, slippageLots, markouts }: Metrics): JsonObject {
  const waited = summarizeHistogram(queueTimes).count;
  const at = (parts: number): number | null => percentile(queueTimes, parts) ?? null;
  return {
    queueNs: waited === 0 ? null : { orders: waited, p50: at(500_000), p90: at(900_000), max: at(1_000_000) },
    // Per lot, against the touch that was seen when the order was decided: delay, depth and slippage together.
    takerTicks:
      slippageLots === 0 ? null : ratioFixed(sumValue(slippage), BigInt(slippageLots), TICKS_PLACES),
    markouts: markouts.map(({ delayNs, fills, lots, gain }) => ({
      delayNs,
      fills,
      ticks: lots === 0 ? null : ratioFixed(sumValue(gain), 2n * BigInt(lots), TICKS_PLACES),
    })),
  };
}

/** What this run cannot know, in words. */
function limitsOf({ venue, metrics, universe }: Backtest): string[] {
  const limits = [...venueLimits(venue.config)];
  const settles = new Set(universe.instruments.map(({ settle }) => settle));
  if (settles.size > 1)
    limits.push(`drawdown and curve are of what is settled in ${universe.equityAsset.code} alone`);
  limits.push(
    'reduce-only is judged when an order is sent, not when it fills; a venue’s price bands are not modelled',
  );
  if (metrics.series.taken > 0)
    limits.push('drawdown is seen at samples: what lies between two of them is not');
  return limits;
}
