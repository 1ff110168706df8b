/** What a simulation's page says without a script: key figures, regimes, the mix of events. */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { metricsJson } from '@truetape/orderflow';
import type { RegimeCounts, Sim } from '@truetape/orderflow';
import { formatSpan } from '@truetape/tape';
import { grouped } from './browser/numbers.ts';
import { escapeHtml, tableHtml } from './page-html.ts';

const SPAN_PLACES = 3;

/** A figure of the metrics; – where it is not defined. */
function figure(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? grouped(value) : '–';
}

/** A rate with one place, which is what a reader wants of it. */
function rate(value: JsonValue | undefined): string {
  return typeof value === 'string' ? grouped(Number(value).toFixed(1)) : '–';
}

/** A decimal share as per cent, its point moved and not computed. */
function percent(share: JsonValue | undefined): string {
  if (typeof share !== 'string') return '–';
  const [whole, part = ''] = share.split('.');
  const digits = `${whole}${part.padEnd(3, '0')}`.padStart(4, '0');
  return `${digits.slice(0, -1).replace(/^0+(?=\d)/, '')}.${digits.slice(-1)} %`;
}

/** The list at the head of the page. */
export function keyFigures(sim: Sim): string {
  const counts = metricsJson(sim)['all'] as JsonObject;
  const of = (name: string): string => figure(counts[name]);
  const { rejects, gatewayRejects, queueRejects, violations } = counts as Record<string, number>;
  const list: readonly (readonly [name: string, html: string])[] = [
    ['Events', grouped(sim.recorder.nextSeq)],
    ['Simulated time', formatSpan(BigInt(sim.timeNs), SPAN_PLACES)],
    ['Events/s', rate(counts['eventsPerSecond'])],
    ['Orders', of('orders')],
    ['Cancels', of('cancels')],
    ['Amends', of('amends')],
    ['Fills', of('fills')],
    ['Lots filled', of('filledLots')],
    ['Cancels/order', of('cancelRate')],
    ['Orders/fill', of('orderTradeRatio')],
    ['Two-sided', percent(counts['twoSidedShare'])],
    ['Rejected', grouped(rejects + gatewayRejects + queueRejects)],
    ['Dropped', of('dropped')],
    ['Faults', of('faults')],
    ['Violations', violations === 0 ? '0' : `<span class="alarm">${of('violations')}</span>`],
  ];
  const items = list.map(([name, html]) => `<div><dt>${name}</dt><dd>${html}</dd></div>`);
  return `<dl>\n${items.join('\n')}\n</dl>`;
}

const DISTRIBUTIONS: readonly (readonly [name: string, title: string])[] = [
  ['spreadTicks', 'spread, ticks'],
  ['topLots', 'lots at the best prices, both sides'],
  ['queueDepth', 'queue when a command is taken'],
];
const PLACES = ['min', 'p50', 'p90', 'p99', 'max'];

/** How values were spread over all commands of the run. */
export function distributionTable(sim: Sim): string {
  const metrics = metricsJson(sim)['all'] as JsonObject;
  const rows = DISTRIBUTIONS.map(([name, title]) => {
    const found = metrics[name];
    const cells = PLACES.map((place) => {
      const isThere = found !== null && found !== undefined;
      return `<td>${isThere ? figure((found as JsonObject)[place]) : '–'}</td>`;
    });
    return `<tr><th scope="row">${title}</th>${cells.join('')}</tr>`;
  });
  return tableHtml('Distributions', ['', ...PLACES], rows);
}

/** Regimes that were in force, in the order of their first time; the others behind them. */
export function regimeSlots(regimes: readonly string[], used: readonly number[]): number[] {
  const order = [...new Set([...used, ...regimes.keys()])];
  // The first one has no colour; there are six.
  return regimes.map((_, k) => {
    const place = order.indexOf(k);
    return place === 0 ? 0 : ((place - 1) % 6) + 1;
  });
}

const COLUMNS: readonly (readonly [title: string, name: string])[] = [
  ['events', 'events'],
  ['events/s', 'eventsPerSecond'],
  ['orders/s', 'ordersPerSecond'],
  ['cancels/s', 'cancelsPerSecond'],
  ['cancels/order', 'cancelRate'],
  ['fills', 'fills'],
  ['orders/fill', 'orderTradeRatio'],
];

const chip = (color: string): string => `<i style="--c:var(--${color})"></i>`;

/** Regimes as their colours are: in the order of their first time. */
function inOrder(sim: Sim, slots: readonly number[]): number[] {
  return [...sim.regimes.keys()].sort((a, b) => slots[a] - slots[b] || a - b);
}

/** A row for each regime that had time or events, and one for all. */
export function regimeTable(sim: Sim, slots: readonly number[]): string {
  const { all, regimes } = metricsJson(sim);
  const row = (head: string, counts: JsonObject): string => {
    const cells = COLUMNS.map(
      ([, name]) => `<td>${name.endsWith('PerSecond') ? rate(counts[name]) : figure(counts[name])}</td>`,
    ).join('');
    const time = formatSpan(BigInt(counts['timeNs'] as number), SPAN_PLACES);
    const sides = percent(counts['twoSidedShare']);
    return `<tr><th scope="row">${head}</th><td>${escapeHtml(time)}</td>${cells}<td>${sides}</td></tr>`;
  };
  const rows = inOrder(sim, slots).flatMap((k) => {
    const name = sim.regimes[k];
    const counts = (regimes as JsonObject)[name] as JsonObject;
    const isSeen = counts['timeNs'] !== 0 || counts['events'] !== 0;
    return isSeen ? [row(`${chip(`chip-${slots[k]}`)}${escapeHtml(name)}`, counts)] : [];
  });
  const titles = ['regime', 'time', ...COLUMNS.map(([title]) => title), 'two-sided'];
  return tableHtml('Regimes', titles, [...rows, row('all', all as JsonObject)]);
}

type Kind = readonly [title: string, color: string, count: (counts: RegimeCounts) => number];

const KINDS: readonly Kind[] = [
  ['orders', 'orders', ({ orders }) => orders],
  ['cancels', 'cancels', ({ cancels }) => cancels],
  ['amends', 'amends', ({ amends }) => amends],
  ['fills', 'fills', ({ fills }) => fills],
  [
    'rejects',
    'rejects',
    ({ rejects, gatewayRejects, queueRejects }) => rejects + gatewayRejects + queueRejects,
  ],
  ['dropped', 'lost', ({ dropped }) => dropped],
  ['faults', 'faults', ({ faults }) => faults],
];

const REST = 'acceptances, cancellations and other facts';

/** Each kind of event with its count; the rest are what the venue answered, regimes and names. */
function mixOf(counts: RegimeCounts): { title: string; color: string; count: number }[] {
  const known = KINDS.map(([title, color, count]) => ({ title, color, count: count(counts) }));
  const rest = counts.events - known.reduce((sum, { count }) => sum + count, 0);
  return [...known, { title: REST, color: 'answers', count: Math.max(0, rest) }].filter(
    ({ count }) => count > 0,
  );
}

/** Hundredths of a per cent, as text; integers all the way. */
function partText(count: number, of: number): string {
  const parts = Math.round((count * 10_000) / of);
  return `${Math.floor(parts / 100)}.${String(parts % 100).padStart(2, '0')}`;
}

function bar(head: string, counts: RegimeCounts): string {
  const spans = mixOf(counts).map(({ title, color, count }) => {
    const part = partText(count, counts.events);
    const tip = `${title}: ${grouped(count)}, ${part} %`;
    return `<span style="--c:var(--${color});width:${part}%" title="${tip}"></span>`;
  });
  return `<div>${head}</div><div class="bar">${spans.join('')}</div>`;
}

/** A bar for each regime, and what its colours are, with counts. */
export function eventMix(sim: Sim, slots: readonly number[]): string {
  const { regimes } = sim.metrics;
  const names = Object.keys(regimes[0]) as (keyof RegimeCounts)[];
  const all = Object.fromEntries(
    names.map((name) => [name, regimes.reduce((sum, counts) => sum + counts[name], 0)]),
  ) as RegimeCounts;
  if (all.events === 0) return '<p>No events.</p>';
  const rows = inOrder(sim, slots)
    .filter((k) => regimes[k].events > 0)
    .map((k) => bar(escapeHtml(sim.regimes[k]), regimes[k]));
  const keys = mixOf(all).map(({ title, color, count }) => {
    const part = `<small>${partText(count, all.events)} %</small>`;
    return `<li>${chip(color)}${title} <b>${grouped(count)}</b> ${part}</li>`;
  });
  const bars = [bar('all', all), ...rows].join('\n');
  return `<div class="card mix">\n${bars}\n<ul class="legend">${keys.join('')}</ul>\n</div>`;
}
