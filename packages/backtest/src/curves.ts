/**
 * A run over time, for drawing: steps of one length, each with the least, the most and the last of what samples and
 * fills showed in it. Beyond `STEPS_MAX` two steps become one: a run of any length has a bounded picture, and no
 * extreme is lost. Times, money and prices are the run's own integers.
 */
import { NONE } from '@truetape/contracts';
import type { Profit } from '@truetape/engine';

/** Even, so that pairs are whole. */
export const STEPS_MAX = 600;

/** Of integers or of money; NONE or 0n where nothing was known yet. */
export interface Band<T> {
  readonly low: T[];
  readonly high: T[];
  readonly last: T[];
}

/** Fills of one kind in a step: bought or sold, made or taken. */
export interface FillMark {
  step: number;
  /** 1 buy, 2 sell. */
  readonly side: number;
  readonly isMaker: boolean;
  count: number;
  lots: number;
  /** Σ ticks × lots. */
  notional: bigint;
}

export interface MarketCurves {
  /** Signed lots. */
  readonly position: Band<number>;
  /** Twice the middle of the market, ticks. */
  readonly twiceMiddle: Band<number>;
  /** In the order of their steps. */
  marks: FillMark[];
}

/** Changed by the functions of this file alone. */
export interface Curves {
  startNs: number;
  stepNs: number;
  /** Steps so far. */
  steps: number;
  /** Profit since the start, in units of the equity asset. */
  readonly net: Band<bigint>;
  /** What was lost since the highest net profit before: the most in each step. */
  readonly drawdown: bigint[];
  /** At the end of each step. */
  readonly gross: bigint[];
  readonly fees: bigint[];
  readonly funding: bigint[];
  /** In the order of the engine's markets. */
  readonly markets: readonly MarketCurves[];
}

const band = <T>(): Band<T> => ({ low: [], high: [], last: [] });

/** Nothing yet; steps begin with the length of a sample. */
export function createCurves(sampleNs: number, markets: number): Curves {
  return {
    startNs: 0,
    stepNs: sampleNs,
    steps: 0,
    net: band(),
    drawdown: [],
    gross: [],
    fees: [],
    funding: [],
    markets: Array.from({ length: markets }, () => ({ position: band(), twiceMiddle: band(), marks: [] })),
  };
}

/** A new step shows what the one before ended with. */
function carry<T>({ low, high, last }: Band<T>, first: T): void {
  const value = last.length === 0 ? first : last[last.length - 1];
  low.push(value);
  high.push(value);
  last.push(value);
}

const carryLast = (column: bigint[]): void => {
  column.push(column.length === 0 ? 0n : column[column.length - 1]);
};

function addStep(curves: Curves): void {
  curves.steps += 1;
  carry(curves.net, 0n);
  // The most of a step is that of its own samples.
  curves.drawdown.push(0n);
  carryLast(curves.gross);
  carryLast(curves.fees);
  carryLast(curves.funding);
  for (const { position, twiceMiddle } of curves.markets) {
    carry(position, 0);
    carry(twiceMiddle, NONE);
  }
}

/** The step of a time, which ends its own; earlier ones are there behind it. */
function stepAt(curves: Curves, timeNs: number): number {
  const stepOf = (): number => Math.max(0, Math.ceil((timeNs - curves.startNs) / curves.stepNs) - 1);
  while (stepOf() >= STEPS_MAX) halve(curves);
  const step = stepOf();
  while (curves.steps <= step) addStep(curves);
  return step;
}

function show<T extends number | bigint>({ low, high, last }: Band<T>, step: number, value: T): void {
  if (value < low[step]) low[step] = value;
  if (value > high[step]) high[step] = value;
  last[step] = value;
}

/** Nothing was known before the first middle. */
function showMiddle(middle: Band<number>, step: number, value: number): void {
  if (value === NONE) return;
  if (middle.low[step] === NONE) {
    middle.low[step] = value;
    middle.high[step] = value;
  }
  show(middle, step, value);
}

/** What a sample shows. */
export interface CurveSample {
  readonly profit: Profit;
  readonly drawdown: bigint;
  /** By market. */
  readonly positions: readonly number[];
  readonly twiceMiddles: readonly number[];
}

export function addToCurves(curves: Curves, timeNs: number, sample: CurveSample): void {
  const step = stepAt(curves, timeNs);
  const { profit, drawdown, positions, twiceMiddles } = sample;
  show(curves.net, step, profit.net);
  if (drawdown > curves.drawdown[step]) curves.drawdown[step] = drawdown;
  curves.gross[step] = profit.realised + profit.unrealised;
  curves.fees[step] = profit.fees;
  curves.funding[step] = profit.funding;
  for (const [k, { position, twiceMiddle }] of curves.markets.entries()) {
    show(position, step, positions[k]);
    showMiddle(twiceMiddle, step, twiceMiddles[k]);
  }
}

/** Takes a fill, and what is held behind it. */
export function markFill(
  curves: Curves,
  market: number,
  timeNs: number,
  fill: {
    readonly side: number;
    readonly isMaker: boolean;
    readonly priceTicks: number;
    readonly qtyLots: number;
    readonly position: number;
  },
): void {
  const step = stepAt(curves, timeNs);
  const { side, isMaker, priceTicks, qtyLots, position } = fill;
  const curve = curves.markets[market];
  show(curve.position, step, position);
  addMark(curve.marks, {
    step,
    side,
    isMaker,
    count: 1,
    lots: qtyLots,
    notional: BigInt(priceTicks) * BigInt(qtyLots),
  });
}

/** Adds to the mark of its kind in the last step, or as a new one. */
function addMark(marks: FillMark[], mark: FillMark): void {
  for (let k = marks.length - 1; k >= 0 && marks[k].step === mark.step; k--) {
    const there = marks[k];
    if (there.side !== mark.side || there.isMaker !== mark.isMaker) continue;
    there.count += mark.count;
    there.lots += mark.lots;
    there.notional += mark.notional;
    return;
  }
  marks.push(mark);
}

/** Two steps become one, from the first on. */
function halve(curves: Curves): void {
  const { net, drawdown, gross, fees, funding, markets } = curves;
  curves.stepNs *= 2;
  curves.steps = Math.ceil(curves.steps / 2);
  halveBand(net);
  halveColumn(drawdown, (a, b) => (a > b ? a : b));
  for (const column of [gross, fees, funding]) halveColumn(column, later);
  for (const market of markets) {
    halveBand(market.position);
    halveMiddle(market.twiceMiddle);
    const { marks } = market;
    market.marks = [];
    for (const mark of marks) addMark(market.marks, { ...mark, step: mark.step >>> 1 });
  }
}

const later = <T>(_: T, b: T): T => b;

function halveColumn<T>(column: T[], join: (a: T, b: T) => T): void {
  const half = Math.ceil(column.length / 2);
  for (let k = 0; k < half; k++) {
    const a = column[2 * k];
    column[k] = 2 * k + 1 < column.length ? join(a, column[2 * k + 1]) : a;
  }
  column.length = half;
}

function halveBand<T extends number | bigint>({ low, high, last }: Band<T>): void {
  halveColumn(low, (a, b) => (a < b ? a : b));
  halveColumn(high, (a, b) => (a > b ? a : b));
  halveColumn(last, later);
}

function halveMiddle({ low, high, last }: Band<number>): void {
  const known = (join: (a: number, b: number) => number) => (a: number, b: number) =>
    a === NONE ? b : b === NONE ? a : join(a, b);
  halveColumn(low, known(Math.min));
  halveColumn(high, known(Math.max));
  halveColumn(last, later);
}
