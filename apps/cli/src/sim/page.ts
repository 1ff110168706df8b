/**
 * The page of a simulation: one file, nothing loaded from anywhere. Its bytes follow from the run alone, so
 * that two pages can be compared like two tapes.
 */
import type { JsonValue } from '@truetape/contracts';
import type { Sim } from '@truetape/orderflow';
import { formatSpan } from '@truetape/tape';
import { PAGE_SCRIPT } from './generated/page-script.ts';
import { escapeHtml, headHtml } from './page-html.ts';
import { regimeLegend, regimeStrip } from './page-strip.ts';
import { PAGE_STYLE } from './page-style.ts';
import { distributionTable, eventMix, keyFigures, regimeSlots, regimeTable } from './page-tables.ts';
import { scriptJson, seriesJson } from './series-json.ts';
import type { Series } from './series.ts';
import type { ChartLibrary } from './uplot.ts';

export interface SimPage {
  readonly sim: Sim;
  /** Behind `endSeries`. */
  readonly series: Series;
  /** Preset or configuration, as the user named it. */
  readonly name: string;
  /** The command line that gives the same run. */
  readonly command: string;
  readonly hash?: string | undefined;
  readonly library: ChartLibrary;
}

/** Nothing may be loaded, and a script that is not in the page cannot run. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** A script element must not be ended by its own text. */
function inline(script: string): string {
  return script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
}

function head(title: string, { license, style }: ChartLibrary): string {
  return headHtml({
    title,
    policy: POLICY,
    // Of the charts: https://github.com/leeoniya/uPlot
    comment: `uPlot draws the charts.\n\n${license}`,
    style: `${style}\n${PAGE_STYLE}`,
  });
}

function chooser({ symbols }: Series): string {
  if (symbols.length < 2) return '';
  const options = symbols.map(({ name }) => `<option>${escapeHtml(name)}</option>`).join('');
  return `<label><span>Symbol </span><select id="chosen">${options}</select></label>`;
}

const BUTTONS = [
  ['left', '◀', 'earlier'],
  ['out', '−', 'zoom out'],
  ['in', '+', 'zoom in'],
  ['right', '▶', 'later'],
  ['all', 'All', 'show the whole run'],
];

function stage({ series, sim }: SimPage, slots: readonly number[]): string {
  const buttons = BUTTONS.map(
    ([name, text, tip]) =>
      `<button type="button" data-do="${name}" title="${tip}" aria-label="${tip}">${text}</button>`,
  );
  return [
    '<div id="stage" tabindex="0" role="group" aria-label="Charts over time" aria-describedby="keys">',
    '<div id="bar">',
    `<div class="tools">${chooser(series)}<output id="now"></output>`,
    `<span class="buttons">${buttons.join('')}</span></div>`,
    `<div class="strip">${regimeStrip(series, slots)}<div id="pane" hidden></div></div>`,
    regimeLegend(series, sim.regimes, slots),
    '</div>',
    '<div id="charts"><div id="symbol-charts" class="charts"></div>',
    '<div id="run-charts" class="charts"></div></div>',
    '</div>',
  ].join('\n');
}

const KEYS =
  'Drag over a chart to look closer, double-click for the whole run. Keys: <kbd>←</kbd> <kbd>→</kbd> move ' +
  'the cursor, with <kbd>Shift</kbd> faster; <kbd>+</kbd> <kbd>−</kbd> zoom, <kbd>0</kbd> shows all. On a ' +
  'touch screen one finger moves the cursor, two zoom. A click on the name of a line hides it.';

const MEANING =
  'looked at eight times. Prices are those at its end; spread, depth and queue are means over it; a chart ' +
  'joins samples where it has no room for all. A spike multiplies all rates and fades by half, again and ' +
  'again. Figures and tables count every event.';

function footer({ series }: SimPage): string {
  const sample = formatSpan(BigInt(series.stepNs));
  return [
    '<footer>',
    `<p id="keys">${KEYS}</p>`,
    `<p>A sample is ${sample} of simulated time, ${MEANING}</p>`,
    '</footer>',
  ].join('\n');
}

export function renderSimPage(page: SimPage): string {
  const { sim, series, name, command, hash, library } = page;
  const slots = regimeSlots(
    sim.regimes,
    series.marks.changes.map(({ regime }) => regime),
  );
  const title = `${name}, seed ${sim.seed}`;
  const config = JSON.stringify(sim.config, undefined, 2);
  const data = { ...seriesJson(series, sim.regimes), slots } satisfies JsonValue;
  return [
    head(`${title} · simulation`, library),
    '<body>',
    '<main>',
    '<header>',
    `<h1>Simulation ${escapeHtml(title)}</h1>`,
    `<div class="command"><pre><code>${escapeHtml(command)}</code></pre></div>`,
    '</header>',
    hash === undefined ? '' : `<p class="hash">events hash <code>${escapeHtml(hash)}</code></p>`,
    keyFigures(sim),
    '<noscript><p>The charts need JavaScript; figures, tables and configuration do not.</p></noscript>',
    stage(page, slots),
    '<h2>Regimes</h2>',
    regimeTable(sim, slots),
    '<h2>Distributions</h2>',
    distributionTable(sim),
    '<h2>Event mix</h2>',
    eventMix(sim, slots),
    `<details><summary>Configuration</summary><pre><code>${escapeHtml(config)}</code></pre></details>`,
    footer(page),
    '</main>',
    `<script type="application/json" id="data">${scriptJson(data)}</script>`,
    `<script>${inline(library.script)}</script>`,
    `<script>${inline(PAGE_SCRIPT)}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
