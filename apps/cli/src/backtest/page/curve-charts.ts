/** Charts over time: profit, drawdown, its parts, and of each market price with own fills, and position. */
import type { Backtest, Curves, FillMark, MarketCurves } from '@truetape/backtest';
import { NONE } from '@truetape/contracts';
import { formatDecimal, formatQuanta } from '@truetape/kernel';
import { formatSpan } from '@truetape/tape';
import { grouped } from '../../sim/browser/numbers.ts';
import { escapeHtml } from '../../sim/page-html.ts';
import { figureHtml } from './figure.ts';
import { areaPath, bandPath, linePath, shareOfHeight, timelineOf } from './lines.ts';
import type { Timeline, Values } from './lines.ts';
import { percent, scaleOf } from './scale.ts';
import type { Scale } from './scale.ts';

/** Markets with charts of their own; the others stand in the tables. */
export const MARKETS_MAX = 4;
/** Places for marks of fills, from left to right: those of one kind at one place are one mark. */
export const MARK_PLACES = 100;

interface Money {
  readonly code: string;
  readonly scale: number;
}

const number = (amount: bigint, { scale }: Money): number => Number(formatDecimal(amount, scale));
const text = (amount: bigint, { scale }: Money): string => grouped(formatDecimal(amount, scale));

/** The end of a column of money; nothing has been won or lost before the first step. */
const lastOf = (column: readonly bigint[]): bigint => column[column.length - 1] ?? 0n;

export function profitCharts({ metrics, universe, tapeNs, startNs }: Backtest): string[] {
  const { curves } = metrics;
  const money = universe.equityAsset;
  const timeline = timelineOf(curves, tapeNs - startNs);
  const column = (values: readonly bigint[]): number[] => values.map((value) => number(value, money));
  return [
    netChart(timeline, curves.net, money),
    drawdownChart(timeline, column(curves.drawdown), text(metrics.maxDrawdown, money), money),
    partsChart(timeline, curves, money),
  ];
}

function netChart(timeline: Timeline, net: Backtest['metrics']['curves']['net'], money: Money): string {
  const [low, high, last] = [net.low, net.high, net.last].map((values) =>
    values.map((value) => number(value, money)),
  );
  const scale = scaleOf(Math.min(0, ...low), Math.max(0, ...high));
  const end = text(lastOf(net.last), money);
  return figureHtml({
    id: 'equity',
    title: 'Equity',
    note: `${money.code}, net profit since the start`,
    summary: `Net profit over time: ${end} ${money.code} at the end`,
    spanNs: timeline.spanNs,
    scale,
    drawn: [
      { className: 'band', path: bandPath(timeline, scale, low, high) },
      { className: 'net', path: linePath(timeline, scale, last, 0) },
    ],
    legend: [{ className: 'net', name: 'net', value: end }],
    form: 'tall',
  });
}

function drawdownChart(timeline: Timeline, lost: readonly number[], most: string, money: Money): string {
  const below = lost.map((value) => -value);
  const scale = scaleOf(Math.min(0, ...below), 0);
  return figureHtml({
    id: 'drawdown',
    title: 'Drawdown',
    note: `${money.code} below the highest profit before`,
    summary: `Drawdown over time: ${most} ${money.code} at the most`,
    spanNs: timeline.spanNs,
    scale,
    drawn: [{ className: 'loss', path: areaPath(timeline, scale, below) }],
    legend: [{ className: 'loss', name: 'most', value: most }],
  });
}

const PARTS = ['gross', 'fees', 'funding'] as const;

function partsChart(timeline: Timeline, curves: Backtest['metrics']['curves'], money: Money): string {
  const columns = { ...curves, net: curves.net.last };
  const names = [...PARTS, 'net'] as const;
  const values = names.map((name) => columns[name].map((value) => number(value, money)));
  const all = values.flat();
  const scale = scaleOf(
    all.reduce((a, b) => Math.min(a, b), 0),
    all.reduce((a, b) => Math.max(a, b), 0),
  );
  const ends = names.map((name) => text(lastOf(columns[name]), money));
  return figureHtml({
    id: 'profit',
    title: 'Where profit comes from',
    note: `${money.code}; net is the sum of the other three`,
    summary: `Profit by part at the end, in ${money.code}: ${names.map((name, k) => `${name} ${ends[k]}`).join(', ')}`,
    spanNs: timeline.spanNs,
    scale,
    drawn: names.map((className, k) => ({ className, path: linePath(timeline, scale, values[k], 0) })),
    legend: names.map((name, k) => ({ className: name, name, value: ends[k] })),
  });
}

/** Charts of the markets with most fills. */
export function marketCharts(backtest: Backtest): string[] {
  const { metrics, tapeNs, startNs } = backtest;
  const timeline = timelineOf(metrics.curves, tapeNs - startNs);
  return shownMarkets(backtest).flatMap((k) => [
    priceChart(backtest, timeline, k),
    positionChart(backtest, timeline, k),
  ]);
}

const fillsOf = ({ marks }: MarketCurves): number => marks.reduce((sum, { count }) => sum + count, 0);

/** Places of the markets with most fills, in the tape's order. */
export function shownMarkets({ metrics }: Backtest): number[] {
  const { markets } = metrics.curves;
  return [...markets.keys()]
    .sort((a, b) => fillsOf(markets[b]) - fillsOf(markets[a]) || a - b)
    .slice(0, MARKETS_MAX)
    .sort((a, b) => a - b);
}

function priceChart(backtest: Backtest, timeline: Timeline, k: number): string {
  const { id, terms } = backtest.universe.instruments[k];
  const curve = backtest.metrics.curves.markets[k];
  const half = Number(terms.price.step) / 2;
  const prices = (twice: readonly number[]): Values =>
    twice.map((value) => (value === NONE ? null : value * half));
  const { low, high, last } = curve.twiceMiddle;
  const [lows, highs, lasts] = [low, high, last].map(prices);
  const marks = marksOf(curve.marks, backtest.metrics.curves, timeline.spanNs);
  const seen = [...lows, ...highs, ...marks.map(priceOf(2 * half))].filter((value) => value !== null);
  const scale = scaleOf(
    seen.reduce((a, b) => Math.min(a, b), seen[0] ?? 0),
    seen.reduce((a, b) => Math.max(a, b), seen[0] ?? 0),
  );
  const places = { timeline, scale, half, step: terms.price.step };
  const kinds = MARK_KINDS.map(([className, side, isMaker]) => {
    const of = curve.marks.filter((mark) => mark.side === side && mark.isMaker === isMaker);
    const count = of.reduce((sum, mark) => sum + mark.count, 0);
    return { className, name: nameOfKind(side, isMaker), value: grouped(count) };
  });
  const counted = kinds.map(({ name, value }) => `${name} ${value}`);
  return figureHtml({
    id: `price-${k}`,
    title: `${id} and own fills`,
    note: `middle of the market`,
    summary: `Middle of the market of ${id} over time, with own fills: ${counted.join(', ')}`,
    spanNs: timeline.spanNs,
    scale,
    drawn: [
      { className: 'between', path: bandPath(timeline, scale, lows, highs) },
      { className: 'middle', path: linePath(timeline, scale, lasts) },
    ],
    legend: kinds,
    marks: marks.map((mark) => markSvg(mark, places)).join(''),
    form: 'tall',
  });
}

const MARK_KINDS = [
  ['buy-maker', 1, true],
  ['buy-taker', 1, false],
  ['sell-maker', 2, true],
  ['sell-taker', 2, false],
] as const;

const nameOfKind = (side: number, isMaker: boolean): string =>
  `${side === 1 ? 'bought' : 'sold'} as ${isMaker ? 'maker' : 'taker'}`;

interface Mark extends FillMark {
  /** Where it stands between start and end, 0 … 1. */
  readonly share: number;
}

/** Fills of a kind near to each other as one. */
function marksOf(marks: readonly FillMark[], { steps, stepNs }: Curves, spanNs: number): Mark[] {
  const found = new Map<string, Mark>();
  const many = Math.max(1, Math.ceil(steps / MARK_PLACES));
  for (const mark of marks) {
    const step = mark.step - (mark.step % many);
    const name = `${step}/${mark.side}/${mark.isMaker ? 1 : 0}`;
    const there = found.get(name);
    if (there === undefined) {
      const middle = (step + Math.min(many, steps - step) / 2) * stepNs;
      const share = Math.min(1, middle / Math.max(1, spanNs));
      found.set(name, { ...mark, step, share });
      continue;
    }
    there.count += mark.count;
    there.lots += mark.lots;
    there.notional += mark.notional;
  }
  return [...found.values()];
}

/** Mean price of a mark, for its place alone. */
const priceOf =
  (tick: number) =>
  ({ notional, lots }: FillMark): number =>
    (Number(notional) / lots) * tick;

function markSvg(
  mark: Mark,
  { timeline, scale, half, step }: { timeline: Timeline; scale: Scale; half: number; step: string },
): string {
  const kind = MARK_KINDS.find(([, side, isMaker]) => side === mark.side && isMaker === mark.isMaker)![0];
  const price = priceOf(2 * half)(mark);
  const shown = price.toFixed((step.split('.')[1] ?? '').length);
  const span = formatSpan(BigInt(Math.round(mark.share * timeline.spanNs)), 1);
  const words =
    `${nameOfKind(mark.side, mark.isMaker)}: ${mark.lots} lots in ${mark.count} ` +
    `${mark.count === 1 ? 'fill' : 'fills'}, near ${shown}, around ${span}`;
  const at = `x="${percent(mark.share)}" y="${percent(shareOfHeight(scale, price))}"`;
  return `<use href="#mark-${kind}" class="${kind}" ${at}><title>${escapeHtml(words)}</title></use>`;
}

function positionChart(backtest: Backtest, timeline: Timeline, k: number): string {
  const { id, terms } = backtest.universe.instruments[k];
  const { low, high, last } = backtest.metrics.curves.markets[k].position;
  const unit = Number(terms.qty.step);
  const [lows, highs, lasts] = [low, high, last].map((values) => values.map((lots) => lots * unit));
  const scale = scaleOf(
    lows.reduce((a, b) => Math.min(a, b), 0),
    highs.reduce((a, b) => Math.max(a, b), 0),
  );
  const end = formatQuanta(terms.qty, last[last.length - 1] ?? 0);
  return figureHtml({
    id: `position-${k}`,
    title: `Position in ${id}`,
    note: 'long above zero, short below',
    summary: `Position in ${id} over time: ${end} at the end`,
    spanNs: timeline.spanNs,
    scale,
    drawn: [
      { className: 'held', path: areaPath(timeline, scale, lasts) },
      { className: 'reach', path: bandPath(timeline, scale, lows, highs) },
    ],
    legend: [
      { className: 'held', name: 'at the end of a step', value: end },
      { className: 'reach', name: 'in between' },
    ],
    form: 'wide',
  });
}
