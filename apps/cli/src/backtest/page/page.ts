/**
 * The page of a backtest: one file, nothing loaded, no script. Its bytes follow from the run alone, so that two pages
 * can be compared like two tapes.
 */
import type { Backtest } from '@truetape/backtest';
import type { JsonObject } from '@truetape/contracts';
import { formatSpan } from '@truetape/tape';
import { grouped } from '../../sim/browser/numbers.ts';
import { escapeHtml, headHtml } from '../../sim/page-html.ts';
import { PAGE_STYLE } from '../../sim/page-style.ts';
import { reportText } from '../report-text.ts';
import { marketCharts, profitCharts, shownMarkets } from './curve-charts.ts';
import { assumptionList, configText, inputTable, limitTable, strategyTable } from './facts.ts';
import type { RunWords } from './facts.ts';
import { figure, object, plain, rows, total } from './members.ts';
import { costTables, exposureStrips, markoutTable, stopTable, timeTables } from './report-bars.ts';
import { BACKTEST_STYLE, SYMBOLS } from './style.ts';

export interface BacktestPage extends RunWords {
  readonly backtest: Backtest;
  readonly report: JsonObject;
}

/** Nothing may be loaded, and nothing runs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The list at the head of the page. */
function keyFigures(report: JsonObject): string {
  const [orders, fills, equity] = ['orders', 'fills', 'equity'].map((key) => object(report[key]));
  const asset = plain(equity['asset']);
  const profit = rows(report['profit']).find((one) => one['asset'] === asset) ?? {};
  const queue = report['execution'] === undefined ? null : object(report['execution'])['queueNs'];
  const waited = queue === null ? '–' : formatSpan(BigInt(Number(object(queue)['p50'])), 1);
  const list: readonly (readonly [name: string, value: string])[] = [
    [`Net, ${asset}`, figure(profit['net'])],
    ['Gross', figure(profit['gross'])],
    ['Fees', figure(profit['fees'])],
    ['Funding', figure(profit['funding'])],
    ['Most drawdown', figure(equity['maxDrawdown'])],
    ['Turnover', figure(profit['turnover'])],
    ['Orders sent', figure(orders['sent'])],
    ['Fills', figure(fills['count'])],
    ['as maker', figure(fills['maker'])],
    ['Quantity filled', figure(orders['fillRatio'])],
    ['Closes won', figure(fills['winRate'])],
    ['In queue, median', waited],
    ['Stopped by risk', grouped(total(orders['denied']) + Number(orders['throttled']))],
    ['Rejected', grouped(total(orders['rejected']))],
  ];
  const items = list.map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  return `<dl>\n${items.join('\n')}\n</dl>`;
}

/** Why there is nothing to see. */
function nothingFilled(report: JsonObject): string {
  const { noFills } = report;
  if (noFills === null) return '';
  const why = escapeHtml(plain(object(noFills)['text']));
  return `<p class="card notice"><strong>Nothing was filled:</strong> ${why}.</p>`;
}

function section(id: string, title: string, ...parts: readonly string[]): string {
  return [`<section aria-labelledby="${id}">`, `<h2 id="${id}">${title}</h2>`, ...parts, '</section>'].join(
    '\n',
  );
}

const COST_WORDS =
  '<p class="muted">Prices paid against the middle that was seen when an order was decided. Below zero is earned; ' +
  'fees are apart.</p>';
const MARKOUT_WORDS =
  '<p class="muted">How far the market had gone our way some time behind a fill. Below zero it went against us: the ' +
  'fill was adversely selected.</p>';

const MEANING = 'A step of the charts is ';
const MEANING_END =
  ': lines show its end, bands what lay between, fills near to each other are one mark. Figures and tables count ' +
  'everything. Profit is that of the equity asset, from samples; positions and fills are exact.';

export function renderBacktestPage(page: BacktestPage): string {
  const { backtest, report, strategy, tape, hash } = page;
  const title = `${strategy}, seed ${plain(report['seed'])}`;
  const text = reportText(report, { strategy, tape, hash });
  const step = formatSpan(BigInt(backtest.metrics.curves.stepNs));
  const shown = shownMarkets(backtest);
  const left = backtest.universe.instruments.length - shown.length;
  const others =
    left === 0 ? '' : `<p class="muted">${left} more markets, of fewer fills, are in the report below.</p>`;
  return [
    headHtml({ title: `${title} · backtest`, policy: POLICY, style: `${PAGE_STYLE}${BACKTEST_STYLE}` }),
    '<body class="backtest">',
    SYMBOLS,
    '<main>',
    `<header><h1>Backtest of ${escapeHtml(title)}</h1>`,
    `<p class="hash">${escapeHtml(tape)}<br>events hash <code>${escapeHtml(hash)}</code></p></header>`,
    nothingFilled(report),
    keyFigures(report),
    section(
      'profit',
      'Profit',
      `<div class="charts">${profitCharts(backtest).join('\n')}</div>`,
      strategyTable(report),
    ),
    section(
      'markets',
      'Fills and position',
      `<div class="charts">${marketCharts(backtest).join('\n')}</div>`,
      exposureStrips(report, shown),
      others,
    ),
    section('cost', 'What execution cost', COST_WORDS, costTables(report)),
    section('markouts', 'What followed a fill', MARKOUT_WORDS, markoutTable(report)),
    section('times', 'How long it took', timeTables(backtest)),
    section('stopped', 'What was stopped', stopTable(report)),
    section('limits', 'Limits in force', limitTable(report)),
    section('unknown', 'What this run does not know', assumptionList(report)),
    section('inputs', 'Inputs', inputTable(report, page), configText(report)),
    section(
      'report',
      'Report',
      `<pre class="card report" tabindex="0"><code>${escapeHtml(text)}</code></pre>`,
    ),
    `<footer><p>${MEANING}${step} of simulated time${MEANING_END}</p></footer>`,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
