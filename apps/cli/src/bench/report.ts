/** What a benchmark reports: rows of what was asked for and what was measured. */
import type { Measure } from './measure.ts';
import { millionsPerSecond } from './measure.ts';

/** A line of the report. */
export interface BenchRow {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly met: boolean;
  readonly detail: string;
}

/** Median, best and worst of a measure, in words. */
export function spread(result: Measure): string {
  const [median, best, worst] = [result.nsMedian, result.nsBest, result.nsWorst].map((ns) => ns.toFixed(1));
  return `${result.name}: ${median} ns each (${best} to ${worst}), ${result.units} in a run`;
}

/** A row that asks for a rate. */
export function rateRow(what: string, target: number, result: Measure): BenchRow {
  const millions = millionsPerSecond(result);
  const met = millions >= target;
  return {
    what,
    target: target === 0 ? 'no figure' : `at least ${target} M/s`,
    measured: `${millions.toFixed(1)} M/s`,
    met,
    detail: spread(result),
  };
}

/** A row that asks for one measure to be so many times as fast as another, by their medians. */
export function fasterRow(what: string, target: number, fast: Measure, slow: Measure): BenchRow {
  const ratio = slow.nsMedian / fast.nsMedian;
  const detail = `${spread(fast)}; ${spread(slow)}`;
  return {
    what,
    target: `at least ${target}×`,
    measured: `${ratio.toFixed(1)}×`,
    met: ratio >= target,
    detail,
  };
}

/** A row that asks for one measure to take at most so many times as long as another, by their medians. */
export function withinRow(what: string, target: number, own: Measure, floor: Measure): BenchRow {
  const ratio = own.nsMedian / floor.nsMedian;
  const detail = `${spread(own)}; ${spread(floor)}`;
  return {
    what,
    target: `at most ${target}×`,
    measured: `${ratio.toFixed(2)}×`,
    met: ratio <= target,
    detail,
  };
}

/** Rows as a Markdown table, which BENCH.md takes as it is. */
export function formatRows(rows: readonly BenchRow[]): string {
  const lines = rows.map(
    (row) => `| ${row.what} | ${row.target} | ${row.measured} | ${row.met ? 'yes' : 'no'} | ${row.detail} |`,
  );
  return ['| what | asked for | measured | met | detail |', '|---|---|---|---|---|', ...lines, ''].join('\n');
}
