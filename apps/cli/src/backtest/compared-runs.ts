/** Several runs of which only the figures are wanted: one behind the other, nothing is written. */
import type { BacktestConfig } from '@truetape/backtest';
import type { JsonObject } from '@truetape/contracts';
import { figuresOf } from './figures.ts';
import type { Figures } from './figures.ts';
import type { InputTape } from './input-tape.ts';
import { runBacktest } from './run.ts';
import type { NamedStrategy } from './strategy-source.ts';

export interface ComparedRun {
  readonly tape: InputTape;
  readonly config: BacktestConfig;
  readonly seed: string;
  readonly strategies: readonly NamedStrategy[];
  readonly fromNs?: number;
  readonly toNs?: number;
}

export interface ComparedResult {
  readonly figures: Figures;
  /** Of the output tape, which nobody keeps. */
  readonly hash: string;
  readonly report: JsonObject;
}

/** Runs them all; hears how much of the way is done. */
export async function runCompared(
  runs: readonly ComparedRun[],
  frameBytes: number,
  onShare: (share: number) => void,
): Promise<ComparedResult[]> {
  const results: ComparedResult[] = [];
  for (const run of runs) {
    const { report, output } = await runBacktest({
      ...run,
      out: { out: undefined, force: false, frameBytes },
      onShare: (share) => {
        onShare((results.length + share) / runs.length);
      },
    });
    results.push({ figures: figuresOf(report), hash: output.hash, report });
  }
  return results;
}

/** What the runs do not know: each sentence of their reports once, in the order in which they come. */
export function unknownsOf(results: readonly ComparedResult[]): string[] {
  return [...new Set(results.flatMap(({ report }) => report['limits'] as readonly string[]))];
}

/** The same, for people. */
export const limitLines = (results: readonly ComparedResult[]): string[] => [
  'what these runs do not know:',
  ...unknownsOf(results).map((limit) => `  - ${limit}`),
];
