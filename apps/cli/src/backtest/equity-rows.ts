/** The samples of a run: net profit, position and middle, as rows of a file and as columns of the JSON report. */
import type { Backtest } from '@truetape/backtest';
import { NONE, toUnixNs } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import { formatDecimal, formatQuanta } from '@truetape/kernel';
import type { Quantum } from '@truetape/kernel';
import type { TableColumn } from '@truetape/tape';
import { column } from '../outputs/row-file.ts';
import type { RowsOutput } from '../outputs/parquet-output.ts';

/** The middle of a market as decimal text: twice it is a whole number of ticks. Null without a market. */
function middleText(twiceTicks: number, { mantissa, scale }: Quantum): string | null {
  if (twiceTicks === NONE) return null;
  return formatDecimal(BigInt(twiceTicks) * BigInt(mantissa) * 5n, scale + 1);
}

/** Of the columns `net`, then position and middle of each instrument, then the net of each of several strategies. */
export function equityColumns({ universe, metrics, engine }: Backtest): TableColumn[] {
  return [
    column('timeNs', 'time'),
    column('asset', 'text'),
    column('net', 'text'),
    ...universe.instruments.flatMap(({ id }) => [
      column(`position ${id}`, 'text'),
      column(`middle ${id}`, 'text', false),
    ]),
    ...(metrics.parts === undefined ? [] : engine.runs.map(({ name }) => column(`net ${name}`, 'text'))),
  ];
}

export function writeEquity(file: RowsOutput, { metrics, universe, epoch }: Backtest): void {
  const { timesNs, pnl, positions, twiceMiddles } = metrics.series;
  const { code, scale } = universe.equityAsset;
  for (const [row, timeNs] of timesNs.entries()) {
    file.row([
      toUnixNs(timeNs, epoch),
      code,
      formatDecimal(pnl[row], scale),
      ...universe.instruments.flatMap(({ terms }, k) => [
        formatQuanta(terms.qty, positions[k][row]),
        middleText(twiceMiddles[k][row], terms.price) ?? undefined,
      ]),
      ...(metrics.parts?.all ?? []).map(({ nets }) => formatDecimal(nets[row], scale)),
    ]);
  }
  file.end();
}

/** The same samples, a list a column: what `equity.curve` of a report is. Times are text of ns since 1970. */
export function equityCurve({ metrics, universe, engine, epoch }: Backtest): JsonObject {
  const { timesNs, pnl, positions, twiceMiddles } = metrics.series;
  const { scale } = universe.equityAsset;
  const money = (amounts: readonly bigint[]): string[] => amounts.map((one) => formatDecimal(one, scale));
  const { parts } = metrics;
  return {
    timesNs: timesNs.map((timeNs) => String(toUnixNs(timeNs, epoch))),
    net: money(pnl),
    instruments: universe.instruments.map(({ id, terms }, k) => ({
      instrument: id,
      position: positions[k].map((lots) => formatQuanta(terms.qty, lots)),
      middle: twiceMiddles[k].map((twice) => middleText(twice, terms.price)),
    })),
    ...(parts === undefined
      ? {}
      : { byStrategy: parts.all.map(({ nets }, k) => ({ name: engine.runs[k].name, net: money(nets) })) }),
  };
}
