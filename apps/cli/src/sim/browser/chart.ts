/** One chart: its heading with the values under the cursor, and uPlot below it. */
import type uPlotClass from 'uplot';
import type { ChartDefinition, Line } from './definitions.ts';
import { drawMarks } from './marks.ts';
import type { Marks } from './marks.ts';
import { TIME_STEPS, stepPlaces, timeText } from './numbers.ts';
import type { View } from './view.ts';

/** uPlot, which stands before this script in the page. */
declare const uPlot: typeof uPlotClass;

/** What all charts share. */
export interface Stage {
  readonly marks: Marks;
  readonly view: () => View;
  readonly color: (name: string) => string;
  readonly isNarrow: () => boolean;
  /** Whether times are read from a clock. */
  readonly isClock: boolean;
  /** A range was drawn with the mouse. */
  readonly onRange: (view: View) => void;
  readonly onReset: () => void;
  /** The cursor is at a time; undefined: it has left. */
  readonly onCursor: (seconds: number | undefined) => void;
}

export interface Chart {
  readonly definition: ChartDefinition;
  readonly plot: uPlotClass;
  readonly figure: HTMLElement;
  /** The spans that are shown, and the time of each. */
  readonly show: (spans: readonly (readonly [number, number])[], times: readonly number[]) => void;
}

const FONT = '11px system-ui, sans-serif';

function element(tag: string, className: string, text: string = ''): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** The heading: title, unit, and a button for each line that hides it. */
function heading(definition: ChartDefinition): { caption: HTMLElement; keys: HTMLButtonElement[] } {
  const caption = element('figcaption', '');
  const title = element('h3', '', definition.title);
  title.append(' ', element('small', '', definition.unit));
  const list = element('div', 'keys');
  const keys = definition.lines.map(({ label, color, look }) => {
    const key = element('button', `key ${look}`) as HTMLButtonElement;
    key.type = 'button';
    key.title = `hide or show ${label}`;
    key.setAttribute('aria-pressed', 'true');
    key.style.setProperty('--c', `var(${color})`);
    key.append(element('i', ''), label, element('b', ''));
    list.append(key);
    return key;
  });
  caption.append(title, list);
  return { caption, keys };
}

function seriesOf({ color: name, look }: Line, color: Stage['color']): uPlotClass.Series {
  const series: uPlotClass.Series = {
    stroke: () => color(name),
    width: look === 'faint' || look === 'fine' ? 1 : 1.5,
    points: { show: false },
    spanGaps: false,
  };
  // The book stands as it is until the next point.
  if (look === 'steps' || look === 'fine') series.paths = uPlot.paths.stepped!({ align: 1 });
  if (look === 'dashes') series.dash = [5, 4];
  if (look === 'area') series.fill = () => color(`${name}-fill`);
  return series;
}

function axesOf(definition: ChartDefinition, { color, isNarrow, isClock }: Stage): uPlotClass.Axis[] {
  const common = {
    font: FONT,
    stroke: () => color('--muted'),
    grid: { stroke: () => color('--grid'), width: 1 },
    ticks: { stroke: () => color('--grid'), width: 1, size: 4 },
    gap: 4,
  };
  return [
    {
      ...common,
      size: 24,
      space: 72,
      incrs: [...TIME_STEPS],
      values: (_, marks, _axis, _space, apart) =>
        marks.map((mark) => timeText(mark, stepPlaces(apart), isClock)),
    },
    {
      ...common,
      size: isNarrow() ? 50 : 58,
      space: 26,
      ...(definition.steps === undefined ? {} : { incrs: [...definition.steps] }),
      values: (_, marks, _axis, _space, apart) => marks.map((mark) => definition.axis(mark, apart)),
    },
  ];
}

/** A little room above and below; 0 stays the edge where it belongs to the axis. */
function rangeOf(definition: ChartDefinition, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !Number.isFinite(low + high)) return [0, 1];
  if (definition.fromZero) return [0, high > 0 ? high * 1.08 : 1];
  const room = high > low ? (high - low) * 0.06 : Math.max(Math.abs(high) * 0.001, 1e-9);
  return [low - room, high + room];
}

function optionsOf(definition: ChartDefinition, stage: Stage, size: uPlotClass.Options): uPlotClass.Options {
  const { between } = definition;
  const clear = { stroke: 'transparent', width: 0, points: { show: false } };
  const first = definition.lines.length + 1;
  return {
    ...size,
    padding: [6, 18, 0, 0],
    legend: { show: false },
    scales: {
      x: {
        time: false,
        range: () => {
          const { from, to } = stage.view();
          return [from, to];
        },
      },
      y: { range: (_, low, high) => rangeOf(definition, low, high) },
    },
    axes: axesOf(definition, stage),
    series: [
      {},
      ...definition.lines.map((line) => seriesOf(line, stage.color)),
      ...(between === undefined ? [] : [clear, clear]),
    ],
    ...(between === undefined
      ? {}
      : { bands: [{ series: [first, first + 1] as const, fill: () => stage.color(between.color) }] }),
    cursor: {
      y: false,
      sync: { key: 'run', filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
      drag: { x: true, y: false, setScale: false, dist: 4 },
      points: {
        show: (_, k) => (k < first ? dotOf(stage.color(definition.lines[k - 1].color)) : nothing()),
      },
      bind: {
        dblclick: () => () => {
          stage.onReset();
          return null;
        },
      },
    },
  };
}

function dotOf(color: string): HTMLElement {
  const dot = element('div', 'dot');
  dot.style.background = color;
  return dot;
}

function nothing(): HTMLElement {
  return element('div', 'dot none');
}

/** A chart in a figure of its own, of a width in CSS pixels. */
export function createChart(definition: ChartDefinition, stage: Stage, place: HTMLElement): Chart {
  const { caption, keys } = heading(definition);
  const figure = element('figure', definition.isTall ? 'tall' : '');
  figure.id = `chart-${definition.id}`;
  const body = element('div', 'plot');
  figure.append(caption, body);
  place.append(figure);
  const values = keys.map((key) => key.querySelector('b')!);

  const tell = (plot: uPlotClass): void => {
    const { idx } = plot.cursor;
    const at = idx === null || idx === undefined || (plot.cursor.left ?? -1) < 0 ? undefined : idx;
    values.forEach((value, k) => {
      const found = at === undefined ? null : plot.data[k + 1][at];
      value.textContent =
        at === undefined ? '' : found === null || found === undefined ? '–' : definition.format(found);
    });
    stage.onCursor(at === undefined ? undefined : plot.posToVal(plot.cursor.left!, 'x'));
  };
  const select = (plot: uPlotClass): void => {
    const { left, width } = plot.select;
    if (width < 4) return;
    const range = { from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') };
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    stage.onRange(range);
  };
  const options = optionsOf(definition, stage, { width: 300, height: 100, series: [] });
  options.hooks = {
    drawClear: [(plot) => drawMarks(plot, stage.marks, stage.color)],
    setCursor: [tell],
    setSelect: [select],
  };
  const plot = new uPlot(options, [[]], body);
  keys.forEach((key, k) =>
    key.addEventListener('click', () => {
      const isShown = key.getAttribute('aria-pressed') !== 'true';
      key.setAttribute('aria-pressed', String(isShown));
      plot.setSeries(k + 1, { show: isShown });
    }),
  );
  return {
    definition,
    plot,
    figure,
    show: (spans, times) => plot.setData(dataOf(definition, spans, times)),
  };
}

function dataOf(
  { lines, between }: ChartDefinition,
  spans: readonly (readonly [number, number])[],
  times: readonly number[],
): uPlotClass.AlignedData {
  const of = (value: Line['value']): (number | null)[] => spans.map(([from, to]) => value(from, to));
  const around = between === undefined ? [] : [of(between.high), of(between.low)];
  return [[...times], ...lines.map(({ value }) => of(value)), ...around] as uPlotClass.AlignedData;
}
