/** What a run was made of and what bound it: inputs, limits in force, assumptions. */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { explainLimits, parseRiskConfig } from '@truetape/risk';
import { formatSpan, utcDate, utcTime } from '@truetape/tape';
import { grouped } from '../../sim/browser/numbers.ts';
import { escapeHtml, tableHtml } from '../../sim/page-html.ts';
import { figure, object, plain, rows, total } from './members.ts';

/** As the run was asked for. */
export interface RunWords {
  readonly strategy: string;
  readonly tape: string;
  readonly tapeHash: string;
  readonly tapeCount: number;
  /** Of the output tape. */
  readonly hash: string;
  readonly count: number;
}

const timeText = (unixNs: string): string => `${utcDate(BigInt(unixNs))} ${utcTime(BigInt(unixNs))} UTC`;

/** Names and values in two columns; values are plain text. */
function factTable(name: string, facts: readonly (readonly [name: string, value: string])[]): string {
  const lines = facts.map(
    ([title, value]) => `<tr><th scope="row">${escapeHtml(title)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<div class="card facts"><table aria-label="${name}"><tbody>\n${lines.join('\n')}\n</tbody></table></div>`;
}

export function inputTable(report: JsonObject, words: RunWords): string {
  const tape = object(report['tape']);
  const before = Number(tape['warmUpEvents']);
  const warmUp = before === 0 ? '' : `, behind ${grouped(before)} that built the market`;
  const events = `${grouped(Number(tape['events']))} in ${formatSpan(BigInt(Number(tape['spanNs'])))}${warmUp}`;
  return factTable('Inputs', [
    ['strategy', words.strategy],
    ['seed', plain(report['seed'])],
    ['mode', plain(report['mode'])],
    ['tape', words.tape],
    ['tape hash', `${words.tapeHash}, ${grouped(words.tapeCount)} events`],
    ['events', events],
    ['from', timeText(plain(tape['from']))],
    ['to', timeText(plain(tape['to']))],
    ['output hash', `${words.hash}, ${grouped(words.count)} events`],
    ['state hash', plain(report['stateHash'])],
  ]);
}

/** Limits of risk that are in force, and how often each said no. */
export function limitTable(report: JsonObject): string {
  const risk = parseRiskConfig(object(report['config'])['risk']);
  // It was accepted when the run was made.
  if (!risk.ok) return '';
  const denied = object(object(report['orders'])['denied']);
  const all = explainLimits(risk.value);
  const limits = all.filter(({ values }) => values.length > 0);
  const always = all.filter(({ isAlways }) => isAlways).map(({ rule }) => rule);
  const words = `<p class="muted">Rules that need no limit, and always hold: ${escapeHtml(always.join(', '))}.</p>`;
  if (limits.length === 0) return `<p class="none">The configuration sets no limit of risk.</p>${words}`;
  const lines = limits.flatMap(({ rule, code, values }) => {
    const count = Object.hasOwn(denied, code) ? grouped(Number(denied[code])) : '–';
    // A rule has one count, of all that it is set for.
    const rows = values.length === 1 ? '' : ` rowspan="${values.length}"`;
    const said = `<td${rows}>${escapeHtml(code)}</td><td${rows}>${count}</td>`;
    return values.map(
      ({ of, value }, k) =>
        `<tr><th scope="row">${escapeHtml(rule)}</th><td>${escapeHtml(of)}</td>` +
        `<td class="value">${escapeHtml(valueText(value))}</td>${k === 0 ? said : ''}</tr>`,
    );
  });
  const table = tableHtml('Limits in force', ['rule', 'of', 'limit', 'code', 'denied'], lines);
  return `<div class="words">${table}</div>${words}`;
}

function valueText(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${typeof inner === 'object' ? JSON.stringify(inner) : String(inner)}`)
    .join(', ');
}

/** What the run assumed: delays, queues, and what it cannot know. */
export function assumptionList(report: JsonObject): string {
  const limits = report['limits'] as readonly string[];
  return `<ul class="limits">${limits.map((limit) => `<li>${escapeHtml(limit)}</li>`).join('')}</ul>`;
}

/** A configuration is as long as its user made it; so much of it stands in the page. */
const CONFIG_CHARS_MAX = 20_000;

export function configText(report: JsonObject): string {
  const text = JSON.stringify(report['config'], undefined, 2);
  const cut = text.length > CONFIG_CHARS_MAX ? `${text.slice(0, CONFIG_CHARS_MAX)}\n… cut here` : text;
  return `<details><summary>Configuration</summary><pre><code>${escapeHtml(cut)}</code></pre></details>`;
}

const MONEY = ['gross', 'fees', 'funding', 'net', 'turnover'] as const;

/** What each of several strategies came to, in the asset of equity; nothing for one that is alone. */
export function strategyTable(report: JsonObject): string {
  const parts = rows(report['byStrategy']);
  if (parts.length === 0) return '';
  const { asset } = object(report['equity']);
  const cell = (value: JsonValue | undefined): string => `<td>${escapeHtml(figure(value))}</td>`;
  const row = (name: string, one: JsonObject, isTotal: boolean): string => {
    const [orders, fills, equity] = [object(one['orders']), object(one['fills']), object(one['equity'])];
    const profit = rows(one['profit']).find((each) => each['asset'] === asset) ?? {};
    const stopped = total(orders['denied']) + Number(orders['throttled']);
    const counts = [orders['sent'], stopped, total(orders['rejected']), fills['count'], fills['maker']];
    const cells = [...counts, ...MONEY.map((key) => profit[key]), equity['maxDrawdown']].map(cell);
    const start = `<tr${isTotal ? ' class="total"' : ''}><th scope="row">${escapeHtml(name)}</th>`;
    return `${start}${cells.join('')}</tr>`;
  };
  const lines = [...parts.map((one) => row(plain(one['name']), one, false)), row('all', report, true)];
  const titles = ['strategy', 'sent', 'stopped', 'rejected', 'fills', 'as maker', ...MONEY, 'drawdown'];
  const name = `Strategies, in ${plain(asset)}`;
  return `<h3 class="by">${escapeHtml(name)}</h3>${tableHtml(name, titles, lines)}`;
}
