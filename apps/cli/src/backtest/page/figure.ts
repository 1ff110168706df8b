/** A chart over time as HTML and SVG: it needs no script, and its texts stay as large as they are. */
import { escapeHtml } from '../../sim/page-html.ts';
import { HEIGHT, WIDTH, heightOf, percent, timeTicks } from './scale.ts';
import type { Scale } from './scale.ts';

/** A line, an area or a band; its class is its colour and its dashes. */
export interface Drawn {
  readonly className: string;
  readonly path: string;
}

/** A line's name in the legend, with what it ends at. */
export interface LegendKey {
  readonly className: string;
  readonly name: string;
  readonly value?: string;
}

export interface ChartFigure {
  readonly id: string;
  readonly title: string;
  /** Behind the title, such as a unit. */
  readonly note: string;
  /** What it shows, for who does not see it. */
  readonly summary: string;
  readonly spanNs: number;
  readonly scale: Scale;
  readonly drawn: readonly Drawn[];
  readonly legend: readonly LegendKey[];
  /** Marks above the lines, as SVG. */
  readonly marks?: string;
  /** Across both columns; and higher. */
  readonly form?: 'wide' | 'tall';
}

function grid(scale: Scale): string {
  const lines = scale.ticks.map(({ value }) => `M0 ${heightOf(scale, value)}H${WIDTH}`);
  const isZeroIn = scale.low < 0 && scale.high > 0;
  const zero = isZeroIn ? `<path class="zero" d="M0 ${heightOf(scale, 0)}H${WIDTH}"/>` : '';
  return `<path class="grid" d="${lines.join('')}"/>${zero}`;
}

function key({ className, name, value }: LegendKey): string {
  const shown = value === undefined ? '' : ` <b>${escapeHtml(value)}</b>`;
  const line = `<svg viewBox="0 0 22 12" aria-hidden="true"><use href="#key-${className}" class="${className}"/></svg>`;
  return `<li>${line}${escapeHtml(name)}${shown}</li>`;
}

export function figureHtml(chart: ChartFigure): string {
  const { id, title, note, summary, spanNs, scale, drawn, legend, marks = '', form } = chart;
  const values = scale.ticks.map(
    ({ value, text }) => `<span style="top:${percent(heightOf(scale, value) / HEIGHT)}">${text}</span>`,
  );
  const widest = Math.max(2, ...scale.ticks.map(({ text }) => text.length));
  const times = timeTicks(spanNs).map(({ share, text }) => {
    const end = share > 0.94 ? ' class="end"' : share < 0.03 ? ' class="start"' : '';
    return `<span${end} style="left:${percent(share)}">${text}</span>`;
  });
  const paths = drawn.map(({ className, path }) => `<path class="${className}" d="${path}"/>`);
  return [
    `<figure id="chart-${id}"${form === undefined ? '' : ` class="${form}"`}>`,
    `<figcaption><h3>${escapeHtml(title)} <small>${escapeHtml(note)}</small></h3>`,
    `<ul class="legend">${legend.map(key).join('')}</ul></figcaption>`,
    `<div class="pane" style="--y:${widest}ch"><div class="y" aria-hidden="true">${values.join('')}</div>`,
    `<svg class="area" role="img" aria-label="${escapeHtml(summary)}">`,
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" width="100%" height="100%">`,
    `${grid(scale)}${paths.join('')}</svg>${marks}</svg>`,
    `<div class="x" aria-hidden="true">${times.join('')}</div></div>`,
    '</figure>',
  ].join('\n');
}
