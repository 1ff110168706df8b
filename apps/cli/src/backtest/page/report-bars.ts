/** What execution cost, what followed fills, how long things took, and what stopped orders. */
import type { Backtest } from '@truetape/backtest';
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { histogramBuckets, summarizeHistogram } from '@truetape/kernel';
import type { Histogram } from '@truetape/kernel';
import { formatSpan } from '@truetape/tape';
import { grouped } from '../../sim/browser/numbers.ts';
import { escapeHtml } from '../../sim/page-html.ts';
import { barTable } from './bars.ts';
import type { BarRow } from './bars.ts';
import { MARKETS_MAX } from './curve-charts.ts';
import { figure, object, plain, rows } from './members.ts';

const COSTS: readonly (readonly [part: string, note: string])[] = [
  ['spread', 'half of the spread that was seen'],
  ['latency', 'what the market moved before the order was there'],
  ['depth', 'walking the book'],
  ['slippage', 'what the model adds'],
  ['resting', 'makers: what they got, better below zero'],
  ['total', 'against the middle when it was decided'],
];

const NOTHING = '<p class="none">Nothing was filled.</p>';

/** A table of the cost of each market that was traded. */
export function costTables(report: JsonObject): string {
  const filled = rows(report['costs'])
    .filter((one) => Number(one['takerLots']) + Number(one['makerLots']) > 0)
    .slice(0, MARKETS_MAX);
  if (filled.length === 0) return NOTHING;
  return filled
    .map((one) => {
      const sums = object(one['tickLots']);
      const money = one['money'] === null ? undefined : object(one['money']);
      const name = `Execution cost of ${plain(one['instrument'])}`;
      const bars = COSTS.map(([part, note]): BarRow => ({
        name: part,
        note,
        value: Number(sums[part]),
        cells: [figure(sums[part]), ...(money === undefined ? [] : [figure(money[part])])],
        isTotal: part === 'total',
      }));
      const titles = [plain(one['instrument']), 'ticks × lots'];
      if (money !== undefined) titles.push(plain(one['asset']));
      return barTable(name, titles, bars);
    })
    .join('\n');
}

/** The market against the price of a fill some time later. */
export function markoutTable(report: JsonObject): string {
  const all = rows(object(report['execution'])['markouts']).filter(({ fills }) => fills !== 0);
  if (all.length === 0)
    return '<p class="none">No fill was followed by enough of the tape to look at the market again.</p>';
  const bars = all.flatMap(({ delayNs, makerTicks, takerTicks }): BarRow[] => {
    const span = formatSpan(BigInt(delayNs as number));
    const row = (name: string, ticks: JsonValue | undefined): BarRow[] =>
      typeof ticks === 'string'
        ? [
            {
              name: span,
              note: `behind ${name} fills`,
              value: Number(ticks),
              cells: [grouped(ticks)],
              className: name,
            },
          ]
        : [];
    return [...row('maker', makerTicks), ...row('taker', takerTicks)];
  });
  return barTable('Markouts', ['after', 'ticks a lot'], bars);
}

const DIGITS = [1, 2, 5];
const POWERS = 16;

/** Upper bounds of bins, ns: 1, 2, 5, 10, … */
const BOUNDS: readonly number[] = Array.from({ length: POWERS }, (_, power) =>
  DIGITS.map((digit) => Number(`${digit}e${power}`)),
).flat();

/** Bins that hold times, between the first and the last of them: a value may be 3 % above the bound of its bin. */
function binsOf(times: Histogram): readonly { readonly name: string; readonly count: number }[] {
  const counts = new Map<number, number>();
  for (const { low, count } of histogramBuckets(times)) {
    const found = BOUNDS.findIndex((bound) => low <= bound);
    const bin = found < 0 ? BOUNDS.length - 1 : found;
    counts.set(bin, (counts.get(bin) ?? 0) + count);
  }
  if (counts.size === 0) return [];
  const [first, last] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  return Array.from({ length: last - first + 1 }, (_, k) => ({
    name: `up to ${formatSpan(BigInt(BOUNDS[first + k]))}`,
    count: counts.get(first + k) ?? 0,
  }));
}

/** How long resting orders waited, and how long messages took. */
export function timeTables({ metrics }: Backtest): string {
  const all: readonly (readonly [name: string, title: string, times: Histogram])[] = [
    ['Time in queue', 'acceptance to first fill, resting orders', metrics.queueTimes],
    ['To the venue', 'sending a new order to its arrival', metrics.entryTimes],
    ['To the answer', 'sending a new order to hearing of it', metrics.answerTimes],
  ];
  const parts = all.map(([name, title, times]) => {
    const { count } = summarizeHistogram(times);
    const head = `<h3>${name} <small>${title}</small></h3>`;
    if (count === 0) return `<div>${head}<p class="none">None.</p></div>`;
    const bins = binsOf(times).map((bin) => ({
      name: bin.name,
      value: bin.count,
      cells: [grouped(bin.count)],
    }));
    return `<div>${head}${barTable(name, ['time', 'orders'], bins)}</div>`;
  });
  return `<div class="side">${parts.join('\n')}</div>`;
}

/** What did not become a fill, and why. */
export function stopTable(report: JsonObject): string {
  const orders = object(report['orders']);
  const counts = (key: string, what: string): BarRow[] =>
    Object.entries(object(orders[key])).map(([code, count]) => ({
      name: code,
      note: what,
      value: Number(count),
      cells: [grouped(Number(count))],
    }));
  const one = (name: string, what: string, count: JsonValue | undefined): BarRow[] =>
    Number(count) === 0 ? [] : [{ name, note: what, value: Number(count), cells: [grouped(Number(count))] }];
  const found = [
    ...counts('denied', 'denied by risk'),
    ...one('throttled', 'held back by the order rate', orders['throttled']),
    ...one('reduced', 'made smaller by risk', orders['reduced']),
    ...counts('rejected', 'rejected by the venue'),
    ...one('expired', 'expired at the venue', orders['expired']),
    ...counts('noActions', 'not done'),
  ].sort((a, b) => b.value - a.value);
  if (found.length === 0) return '<p class="none">Nothing was denied, throttled or rejected.</p>';
  return barTable('Denials and rejections by reason', ['reason', 'times'], found);
}

/** How long a market was held long, short and not at all. */
export function exposureStrips(report: JsonObject, shown: readonly number[]): string {
  const positions = rows(report['positions']);
  const strips = shown.map((k) => {
    const one = positions[k];
    const spanNs = ['longNs', 'shortNs', 'flatNs'].reduce((sum, key) => sum + Number(one[key]), 0);
    if (spanNs === 0) return '';
    const parts = ['long', 'short', 'flat'].map((name) => {
      const share = Number(one[`${name}Ns`]) / spanNs;
      return `<span class="${name}" style="flex-grow:${(share * 1000).toFixed(1)}"></span>`;
    });
    const words = ['long', 'short', 'flat'].map(
      (name) => `<li><i class="${name}"></i>${name} <b>${figure(one[name])}</b></li>`,
    );
    const lots = `mean ${figure(one['meanLots'])} lots, most ${figure(one['mostLots'])}`;
    return (
      `<div class="exposure"><h3>${escapeHtml(plain(one['instrument']))} <small>share of time; ${lots}</small></h3>` +
      `<div class="shares" aria-hidden="true">${parts.join('')}</div><ul class="legend">${words.join('')}</ul></div>`
    );
  });
  return strips.join('\n');
}
