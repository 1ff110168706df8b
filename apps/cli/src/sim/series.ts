/**
 * What a page shows of a run: samples at equal steps of simulated time, few however long the run. Their number
 * is bounded: when there is no room, neighbours become one and the step doubles. All of it is integers, so the
 * same run has the same samples everywhere.
 */
import { NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import type { Counter, Sim } from '@truetape/orderflow';
import { thinMarks } from './regime-marks.ts';
import type { RegimeMarks } from './regime-marks.ts';

/** The first step is a millisecond, with eight looks at the state. */
const FIRST_STEP_NS = 1_000_000;
const LOOKS = 8;
/** Samples of all symbols together; a page of one symbol has as many as a wide screen has pixels. */
const SAMPLES_MAX = 2048;
const SAMPLES_OF_ALL = 4096;
/** What neighbours become: the later one, their sum, the greater one. */
type Join = 'last' | 'sum' | 'most';

/** One number a sample. */
export interface Column {
  readonly join: Join;
  readonly values: Float64Array;
}

/** A symbol over time. Prices are those at the end of a sample; sums are over its looks. */
export interface SymbolSeries {
  readonly name: string;
  readonly priceStep: string;
  readonly bidTicks: Column;
  readonly askTicks: Column;
  readonly lastTicks: Column;
  readonly valueMilliticks: Column;
  /** Looks at which there was a bid and an ask, and the sum of spreads at them. */
  readonly twoSided: Column;
  readonly spreadTicks: Column;
  readonly spreadTicksMax: Column;
  readonly bidLots: Column;
  readonly askLots: Column;
}

/** Counters that have a place in the page. */
export type Counted = Extract<
  Counter,
  | 'events'
  | 'orders'
  | 'cancels'
  | 'amends'
  | 'fills'
  | 'rejects'
  | 'gatewayRejects'
  | 'queueRejects'
  | 'dropped'
  | 'faults'
>;

export const COUNTED: readonly Counted[] = [
  'events',
  'orders',
  'cancels',
  'amends',
  'fills',
  'rejects',
  'gatewayRejects',
  'queueRejects',
  'dropped',
  'faults',
];

export interface Series {
  readonly startNs: number;
  endNs: number;
  stepNs: number;
  /** Of each sample, the last one may be of another length. */
  count: number;
  readonly countMax: number;
  /** Looks in the sample that is under way, and when the next one is. */
  open: number;
  nextNs: number;
  readonly symbols: readonly SymbolSeries[];
  /** Looks of each sample. */
  readonly looks: Column;
  readonly queueDepth: Column;
  readonly queueDepthMax: Column;
  readonly counters: Readonly<Record<Counted, Column>>;
  readonly columns: readonly Column[];
  /** Counters as they stood before the sample that is under way. */
  readonly before: Record<Counted, number>;
  readonly marks: RegimeMarks;
}

/** The samples of a run from where the simulation stands; its marks are told by the tape's port. */
export function createSeries(sim: Sim, marks: RegimeMarks): Series {
  const room = SAMPLES_OF_ALL / sim.symbols.length;
  let countMax = SAMPLES_MAX;
  while (countMax > room) countMax /= 2;
  const columns: Column[] = [];
  const column = (join: Join): Column => {
    const made = { join, values: new Float64Array(countMax) };
    columns.push(made);
    return made;
  };
  const symbols = sim.symbols.map(({ name, config }) => ({
    name,
    priceStep: config.priceStep,
    bidTicks: column('last'),
    askTicks: column('last'),
    lastTicks: column('last'),
    valueMilliticks: column('last'),
    twoSided: column('sum'),
    spreadTicks: column('sum'),
    spreadTicksMax: column('most'),
    bidLots: column('sum'),
    askLots: column('sum'),
  }));
  const byCounter = <T>(value: (name: Counted) => T): Record<Counted, T> =>
    Object.fromEntries(COUNTED.map((name) => [name, value(name)])) as Record<Counted, T>;
  const startNs = sim.timeNs;
  return {
    startNs,
    endNs: startNs,
    stepNs: FIRST_STEP_NS,
    count: 0,
    countMax,
    open: 0,
    nextNs: startNs + FIRST_STEP_NS / LOOKS,
    symbols,
    looks: column('sum'),
    queueDepth: column('sum'),
    queueDepthMax: column('most'),
    counters: byCounter(() => column('sum')),
    columns,
    before: byCounter((name) => countOf(sim, name)),
    marks,
  };
}

/** Until when a simulation runs before `sampleSeries` looks at it. */
export function nextSampleNs(series: Series): number {
  return series.nextNs;
}

/** Looks at a simulation that has run until `nextSampleNs`. */
export function sampleSeries(series: Series, sim: Sim): void {
  assert(sim.timeNs <= series.nextNs, 'PAGE-1', 'a sample is taken when it is due');
  look(series, sim);
  series.open += 1;
  if (series.open === LOOKS) {
    closeSample(series, sim);
    if (series.count === series.countMax) joinNeighbours(series);
  }
  series.nextNs += series.stepNs / LOOKS;
}

/** Ends the last sample where the run has ended. A short rest belongs to the sample before it. */
export function endSeries(series: Series, sim: Sim, endNs: number = sim.timeNs): void {
  const fromNs = series.startNs + series.count * series.stepNs;
  // Where nothing happened before the last look, the simulation's own time is behind it.
  series.endNs = Math.max(endNs, fromNs);
  look(series, sim);
  closeSample(series, sim);
  if (series.count > 1 && (series.endNs - fromNs) * 2 < series.stepNs) {
    for (const column of series.columns)
      joinInto(column, series.count - 2, series.count - 2, series.count - 1);
    series.count -= 1;
  }
  thinMarks(series.marks, series.startNs, series.stepNs);
}

function look(series: Series, sim: Sim): void {
  const at = series.count;
  for (let k = 0; k < series.symbols.length; k++) {
    const into = series.symbols[k];
    const { top, lastTicks, valueMilliticks } = sim.symbols[k];
    into.bidTicks.values[at] = top.bidTicks;
    into.askTicks.values[at] = top.askTicks;
    into.lastTicks.values[at] = lastTicks;
    into.valueMilliticks.values[at] = valueMilliticks;
    into.bidLots.values[at] += top.bidTicks === NONE ? 0 : top.bidLots;
    into.askLots.values[at] += top.askTicks === NONE ? 0 : top.askLots;
    if (top.bidTicks === NONE || top.askTicks === NONE) continue;
    const spread = top.askTicks - top.bidTicks;
    into.twoSided.values[at] += 1;
    into.spreadTicks.values[at] += spread;
    into.spreadTicksMax.values[at] = Math.max(into.spreadTicksMax.values[at], spread);
  }
  const depth = sim.queue.count;
  series.looks.values[at] += 1;
  series.queueDepth.values[at] += depth;
  series.queueDepthMax.values[at] = Math.max(series.queueDepthMax.values[at], depth);
}

function countOf(sim: Sim, name: Counted): number {
  return sim.metrics.regimes.reduce((sum, counts) => sum + counts[name], 0);
}

function closeSample(series: Series, sim: Sim): void {
  for (const name of COUNTED) {
    const now = countOf(sim, name);
    series.counters[name].values[series.count] = now - series.before[name];
    series.before[name] = now;
  }
  series.count += 1;
  series.open = 0;
}

function joinInto({ join, values }: Column, to: number, a: number, b: number): void {
  const [first, second] = [values[a], values[b]];
  values[to] = join === 'last' ? second : join === 'sum' ? first + second : Math.max(first, second);
}

function joinNeighbours(series: Series): void {
  const half = series.count / 2;
  for (const column of series.columns) {
    for (let k = 0; k < half; k++) joinInto(column, k, 2 * k, 2 * k + 1);
    column.values.fill(0, half);
  }
  series.count = half;
  series.stepNs *= 2;
  thinMarks(series.marks, series.startNs, series.stepNs);
}
