/** All charts of the page: what they show, which part of the run, and where the cursor is. */
import { createChart } from './chart.ts';
import type { Chart, Stage } from './chart.ts';
import { runCharts, symbolCharts } from './definitions.ts';
import { samplesAPoint, spansOf } from './grouping.ts';
import { marksOf } from './marks.ts';
import { CLOCK_SECONDS } from './numbers.ts';
import type { PageData } from './page-data.ts';
import { fit, isWhole } from './view.ts';
import type { Extent, View } from './view.ts';

/** CSS pixels a point has at least. */
const POINT_PIXELS = 2.5;
const NARROW = 520;
const TALL = { wide: 300, narrow: 240 };
const LOW = { wide: 150, narrow: 130 };

export interface Charts {
  readonly extent: Extent;
  readonly view: () => View;
  /** Shows a part of the run, as far as there is one. */
  readonly setView: (view: View) => void;
  readonly setSymbol: (index: number) => void;
  /** Makes all charts anew: the colours have changed. */
  readonly rebuild: () => void;
  readonly resize: () => void;
  /** Puts the cursor at a time; undefined takes it away. */
  readonly setCursor: (seconds: number | undefined) => void;
  readonly cursor: () => number | undefined;
}

export interface Places {
  readonly symbol: HTMLElement;
  readonly run: HTMLElement;
}

export interface Listeners {
  readonly onView: (view: View, isAll: boolean) => void;
  readonly onCursor: (seconds: number | undefined, view: View) => void;
}

function extentOf({ startNs, endNs, stepNs }: PageData): Extent {
  const [from, to] = [startNs / 1e9, Math.max(endNs, startNs + 1) / 1e9];
  return { from, to, shortest: Math.min(to - from, (8 * stepNs) / 1e9) };
}

/** The time at which a span of samples ends, in seconds. */
function timesOf({ startNs, endNs, stepNs, count }: PageData): (at: number) => number {
  return (at) => (at >= count ? endNs : startNs + at * stepNs) / 1e9;
}

export function createCharts(data: PageData, places: Places, listeners: Listeners): Charts {
  const extent = extentOf(data);
  const marks = marksOf(data);
  const timeOf = timesOf(data);
  const secondsOf = (from: number, to: number): number => timeOf(to) - timeOf(from);
  let view: View = extent;
  let cursor: number | undefined;
  let symbol = 0;
  let charts: Chart[] = [];
  let style = getComputedStyle(document.documentElement);

  const stage: Stage = {
    marks,
    view: () => view,
    color: (name) => style.getPropertyValue(name).trim(),
    isClock: extent.to >= CLOCK_SECONDS,
    isNarrow: () => places.run.clientWidth < NARROW,
    onRange: (range) => setView(range),
    onReset: () => setView(extent),
    onCursor: (seconds) => {
      cursor = seconds;
      listeners.onCursor(seconds, view);
    },
  };

  const widthOf = (chart: Chart): number => Math.floor(chart.figure.clientWidth);
  const pour = (chart: Chart): void => {
    const step = data.stepNs / 1e9;
    const from = Math.floor((view.from - extent.from) / step);
    const to = Math.ceil((view.to - extent.from) / step);
    const points = Math.max(40, widthOf(chart) / POINT_PIXELS);
    const size = samplesAPoint(to - from, points);
    const spans = spansOf({ from, to: Math.min(to, data.count), count: data.count }, size);
    // Prices stand at the end of a span, sums and means in its middle.
    const isAtEnd = chart.definition.id === 'price';
    chart.show(
      spans,
      spans.map(([a, b]) => (isAtEnd ? timeOf(b) : (timeOf(a) + timeOf(b)) / 2)),
    );
  };
  const size = (chart: Chart): void => {
    const width = widthOf(chart);
    const height = (chart.definition.isTall ? TALL : LOW)[width < NARROW ? 'narrow' : 'wide'];
    chart.plot.setSize({ width, height });
  };
  const add = (definitions: ReturnType<typeof runCharts>, place: HTMLElement): Chart[] => {
    const made = definitions.map((definition) => createChart(definition, stage, place));
    made.forEach(size);
    made.forEach(pour);
    return made;
  };
  const drop = (chart: Chart): void => {
    chart.plot.destroy();
    chart.figure.remove();
  };
  let symbolParts: Chart[] = [];
  let runParts: Chart[] = [];
  const build = (): void => {
    symbolParts.forEach(drop);
    symbolParts = add(symbolCharts(data.symbols[symbol], data.count), places.symbol);
    charts = [...symbolParts, ...runParts];
  };
  const rebuild = (): void => {
    style = getComputedStyle(document.documentElement);
    runParts.forEach(drop);
    runParts = add(runCharts(data, secondsOf), places.run);
    build();
  };
  function setView(wanted: View): void {
    view = fit(wanted, extent);
    charts.forEach(pour);
    listeners.onView(view, isWhole(view, extent));
  }
  rebuild();
  return {
    extent,
    view: () => view,
    setView,
    setSymbol: (index) => {
      symbol = index;
      build();
    },
    rebuild,
    resize: () => {
      charts.forEach(size);
      charts.forEach(pour);
    },
    setCursor: (seconds) => {
      for (const { plot } of charts) {
        const isAway = seconds === undefined;
        plot.setCursor({ left: isAway ? -10 : plot.valToPos(seconds, 'x'), top: isAway ? -10 : 10 });
      }
    },
    cursor: () => cursor,
  };
}
