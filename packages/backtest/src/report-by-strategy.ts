/** What each of several strategies came to, as plain data: the parts of a report. */
import { Kind, NONE, toUnixNs } from '@truetape/contracts';
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { formatDecimal, formatQuanta, ratioFixed } from '@truetape/kernel';
import { profitsByStrategy } from './by-strategy.ts';
import type { Part, PartProfit } from './by-strategy.ts';
import type { Backtest } from './state.ts';

/** Digits behind the point of ratios. */
const PLACES = 4;

const ratio = (part: number, whole: number): string | null =>
  whole === 0 ? null : ratioFixed(BigInt(part), BigInt(whole), PLACES);

const counts = (map: ReadonlyMap<string, number>): JsonObject =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));

/** In the order of the strategies. Complexity: O(strategies × instruments × assets). */
export function strategiesOf(backtest: Backtest): JsonValue {
  const { engine, universe, metrics, epoch } = backtest;
  const settles = new Set(universe.instruments.map(({ settle }) => settle));
  const assets = universe.assets.filter(({ index }) => settles.has(index));
  const profits = assets.map((asset) => ({ asset, each: profitsByStrategy(backtest, asset.index) }));
  const { code, scale } = universe.equityAsset;
  return metrics.parts!.all.map((part, k) => ({
    name: engine.runs[k].name,
    orders: ordersOf(backtest, part, k),
    fills: { count: part.makerFills + part.takerFills, maker: part.makerFills, taker: part.takerFills },
    profit: profits.map(({ asset, each }) => profitOf(part, asset, each[k])),
    equity: {
      asset: code,
      maxDrawdown: formatDecimal(part.maxDrawdown, scale),
      at: part.drawdownNs === NONE ? null : String(toUnixNs(part.drawdownNs, epoch)),
      peak: formatDecimal(part.peakNet, scale),
    },
    positions: universe.instruments.map(({ index, id, terms }) => {
      const positionLots = engine.runs[k].positions[index] ?? 0;
      return { instrument: id, positionLots, position: formatQuanta(terms.qty, positionLots) };
    }),
  }));
}

function ordersOf({ engine }: Backtest, part: Part, place: number): JsonObject {
  const of = (kind: number): number => part.kinds.get(kind) ?? 0;
  const sent = of(Kind.NewOrder);
  let open = 0;
  for (const market of engine.views) open += market.open.filter(({ strategy }) => strategy === place).length;
  return {
    intents: of(Kind.Intent),
    targets: of(Kind.Target),
    denied: counts(part.denials),
    throttled: part.throttled,
    reduced: part.reduced,
    sent,
    cancels: of(Kind.CancelOrder),
    amends: of(Kind.AmendOrder),
    accepted: of(Kind.Accepted),
    rejected: counts(part.rejects),
    canceled: of(Kind.Canceled),
    selfTrades: part.selfTrades,
    expired: of(Kind.Expired),
    open,
    filled: part.filledOrders,
    fillRatio: ratio(part.filledLots, part.orderedLots),
    ordersFilled: ratio(part.filledOrders, sent),
  };
}

function profitOf(
  part: Part,
  { index, code, scale }: { readonly index: number; readonly code: string; readonly scale: number },
  { gross, fees, funding, net }: PartProfit,
): JsonObject {
  const text = (amount: bigint): string => formatDecimal(amount, scale);
  return {
    asset: code,
    gross: text(gross),
    fees: text(fees),
    funding: text(funding),
    net: text(net),
    turnover: text(part.turnover[index] ?? 0n),
  };
}
