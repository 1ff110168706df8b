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
import type { Histogram } from '@truetape/kernel';
import { entryFineOf } from '@truetape/ledger';
import { venueLimits } from '@truetape/venue';
import { COST_PARTS } from './costs.ts';
import type { Exposure } from './exposure.ts';
import { heldLots } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import { strategiesOf } from './report-by-strategy.ts';
import { reasonForNothing } from './no-fills.ts';
import type { Backtest } from './state.ts';

/** Of the form of a report; another form gets another name. */
export const REPORT_FORMAT = 'truetape/backtest-report/2';

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
    noFills: fill['count'] === 0 ? { ...reasonForNothing(backtest) } : null,
    profit: profitsOf(backtest),
    equity: equityOf(backtest),
    positions: positionsOf(backtest),
    balances: balancesOf(backtest),
    execution: executionOf(backtest.metrics),
    costs: costsOf(backtest),
    ...(backtest.metrics.parts === undefined ? {} : { byStrategy: strategiesOf(backtest) }),
    control: {
      level: engine.gate.risk.level,
      killSwitches: backtest.metrics.kinds[Kind.KillSwitch],
      operatorCommands: backtest.metrics.kinds[Kind.OperatorCommand],
    },
    limits: limitsOf(backtest),
    stateHash: backtest.stateHash ?? null,
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

/** The times of long, short and flat make the span of the run. */
function exposureOf(exposure: Exposure): JsonObject {
  const { longNs, shortNs, flatNs, mostLongLots, mostShortLots } = exposure;
  const spanNs = longNs + shortNs + flatNs;
  const [long, short] = [sumValue(exposure.longSum), sumValue(exposure.shortSum)];
  return {
    mostLots: Math.max(mostLongLots, mostShortLots),
    mostLongLots,
    mostShortLots,
    meanLots: ratio(long + short, spanNs),
    meanNetLots: ratio(long - short, spanNs),
    longNs,
    shortNs,
    flatNs,
    long: ratio(longNs, spanNs),
    short: ratio(shortNs, spanNs),
    flat: ratio(flatNs, spanNs),
  };
}

function positionsOf({ engine, universe, metrics }: Backtest): JsonValue {
  return universe.instruments.map(({ index, id, terms }, k) => {
    const { ledger } = engine.account;
    const held = heldLots(engine, index);
    const entry = entryFineOf(ledger, index);
    const { lastTicks } = engine.markets[index]!;
    return {
      instrument: id,
      positionLots: held,
      position: formatQuanta(terms.qty, held),
      entry: entry === undefined ? null : formatDecimal(entry, terms.fineScale),
      last: lastTicks === NONE ? null : formatQuanta(terms.price, lastTicks),
      ...exposureOf(metrics.exposures[k]),
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

function timesOf(times: Histogram): JsonObject | null {
  const { count } = summarizeHistogram(times);
  const at = (parts: number): number | null => percentile(times, parts) ?? null;
  return count === 0 ? null : { orders: count, p50: at(500_000), p90: at(900_000), max: at(1_000_000) };
}

function executionOf(metrics: Metrics): JsonObject {
  const { queueTimes, entryTimes, answerTimes, slippage, slippageLots, markouts } = metrics;
  const ticks = (gain: bigint, lots: number): string | null =>
    lots === 0 ? null : ratioFixed(gain, 2n * BigInt(lots), TICKS_PLACES);
  return {
    queueNs: timesOf(queueTimes),
    // From sending an order to the venue's answer, and to the client's hearing of it.
    entryNs: timesOf(entryTimes),
    answerNs: timesOf(answerTimes),
    // Per lot, against the touch that was seen when the order was decided: delay, depth and slippage together.
    takerTicks:
      slippageLots === 0 ? null : ratioFixed(sumValue(slippage), BigInt(slippageLots), TICKS_PLACES),
    markouts: markouts.map(({ delayNs, fills, lots, gains }) => {
      const [maker, taker] = gains.map(sumValue);
      return {
        delayNs,
        fills,
        ticks: ticks(maker + taker, lots[0] + lots[1]),
        makerTicks: ticks(maker, lots[0]),
        takerTicks: ticks(taker, lots[1]),
      };
    }),
  };
}

/**
 * What execution cost against the price at which it was decided, see `costs.ts`: half ticks × lots, as exact ticks ×
 * lots, and as money where a tick of a lot is worth the same at every price.
 */
function costsOf({ universe, metrics }: Backtest): JsonValue {
  return universe.instruments.map(({ id, terms, settle }, k) => {
    const { parts, takerLots, makerLots, unpricedLots } = metrics.costs[k];
    const half = COST_PARTS.map((part) => [part, sumValue(parts[part])] as const);
    const perTick = (terms.numerator * BigInt(terms.finePerTick)) / terms.denominator;
    const each = (text: (sum: bigint) => string): JsonObject =>
      Object.fromEntries(half.map(([part, sum]) => [part, text(sum)]));
    const money = each((sum) => formatDecimal(sum * perTick * 5n, terms.moneyScale + 1));
    const lots = takerLots + makerLots;
    return {
      instrument: id,
      takerLots,
      makerLots,
      unpricedLots,
      tickLots: each((sum) => formatDecimal(sum * 5n, 1)),
      ticksALot: lots === 0 ? null : ratioFixed(sumValue(parts.total), 2n * BigInt(lots), TICKS_PLACES),
      asset: universe.assets.find(({ index }) => index === settle)!.code,
      money: terms.isExact ? money : null,
    };
  });
}

/** What this run cannot know, in words. */
function limitsOf({ venue, metrics, universe, missing }: Backtest): string[] {
  const limits = [...venueLimits(venue.config)];
  if (missing > 0)
    limits.unshift(`the tape is an extract: what the ${missing} events did that were left out is not known`);
  if (venue.counts.unsupported > 0)
    limits.unshift(`${venue.counts.unsupported} commands of the tape have no rule in the matching engine`);
  const settles = new Set(universe.instruments.map(({ settle }) => settle));
  if (settles.size > 1)
    limits.push(`drawdown and curve are of what is settled in ${universe.equityAsset.code} alone`);
  limits.push('a venue’s price bands and liquidations are not modelled');
  if (metrics.parts !== undefined)
    limits.push(
      'strategies share fee tiers, and reduce-only is of the account; their drawdowns do not add up',
    );
  if (metrics.series.taken > 0)
    limits.push('drawdown is seen at samples: what lies between two of them is not');
  return limits;
}
