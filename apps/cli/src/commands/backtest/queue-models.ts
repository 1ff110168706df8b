/** `truetape backtest queue-models`. */
import { Command } from 'commander';
import type { JsonObject } from '@truetape/contracts';
import { formatSpan } from '@truetape/tape';
import { openInputTape } from '../../backtest/input-tape.ts';
import { compareQueues, exactWaitOf, joinMarkets, queueRows } from '../../backtest/queue-run.ts';
import type { QueueMarket, QueuePlan, QueueRow, QueueSteps } from '../../backtest/queue-run.ts';
import { tableLines } from '../../backtest/table-lines.ts';
import { simulateTape } from '../../backtest/simulated-tape.ts';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { usageFailure } from '../../failure.ts';
import { interruptible } from '../../interruption.ts';
import { integerFrom } from '../../number-argument.ts';
import { addAllowTorn, addJson } from '../../options.ts';
import { startShare } from '../../progress.ts';
import { printOut } from '../../terminal.ts';
import { parseSpan } from '../../time-argument.ts';
import { REGIMES, SEED_MAX } from './regimes.ts';

export interface QueueModelsOptions extends GlobalOptions {
  readonly tape?: readonly string[];
  readonly instrument?: string;
  readonly seeds?: number;
  readonly seed: number;
  readonly duration?: number;
  readonly lanes: number;
  readonly lifetime?: number;
  readonly lots?: readonly number[];
  readonly behind: number;
  readonly depthEvery?: number;
  readonly allowTorn?: boolean;
  readonly json?: boolean;
}

const SEEDS = 3;
const SPAN = '20s';
const LIFETIME = '1s';
const LOTS = [1, 5, 20];
const LOTS_MAX = 1_000_000_000;

const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** Sizes, each once. Throws a usage failure. */
function lotsFrom(text: string): number[] {
  const lots = text.split(',').map(integerFrom(1, '--lots', LOTS_MAX));
  if (new Set(lots).size < lots.length) throw usageFailure(`--lots: the same size is there twice: ${text}`);
  return lots;
}

const WORDS = `
The same passive orders are placed at the same moments in a venue that is told every order, where their
place in the queue is exact, and in one for each model that is told levels and trades alone. They move
nothing. Without --tape: in simulated markets that are calm, burst, or are stuffed with orders.
`;

export function createCommand(cli: Cli): Command {
  const command = new Command('queue-models')
    .description(
      'Measure models of the queue on aggregated depth against exact FIFO on the same order-by-order tape: ' +
        'which fills they invent, miss or mistime.',
    )
    .option('--tape <file>', 'a tape of orders; may be repeated, tapes are merged', collect)
    .option('--instrument <id>', 'where the tape has several')
    .option(
      '--seeds <n>',
      `simulated markets of each regime; default ${SEEDS}`,
      integerFrom(1, '--seeds', 1000),
    )
    .option('--duration <span>', `time of each simulated market; default ${SPAN}`, (text) =>
      parseSpan(text, '--duration'),
    )
    .option(
      '--seed <n>',
      'of the probes; of simulated markets too, the first one',
      integerFrom(0, '--seed', SEED_MAX),
      1,
    )
    .option('--lanes <n>', 'probes at a time', integerFrom(1, '--lanes', 256), 16)
    .option('--lifetime <span>', `how long each rests; default ${LIFETIME}`, (text) =>
      parseSpan(text, '--lifetime'),
    )
    .option('--lots <n,…>', `their sizes; default ${LOTS.join()}`, lotsFrom)
    .option('--behind <ticks>', 'how far behind the best price at most', integerFrom(0, '--behind', 1000), 3)
    .option('--depth-every <span>', 'tell levels in batches this far apart; default: at once', (text) =>
      parseSpan(text, '--depth-every'),
    );
  return addJson(addAllowTorn(command))
    .addHelpText(
      'after',
      WORDS +
        examples(
          'truetape backtest queue-models --tape run.rpl',
          'truetape backtest queue-models --seeds 5 --depth-every 100ms --json',
        ),
    )
    .action(async (_: unknown, self: Command) => {
      printOut(await queueModels(cli, self.optsWithGlobals<QueueModelsOptions>()));
    });
}

/** What is printed. */
export async function queueModels(cli: Cli, options: QueueModelsOptions): Promise<string> {
  const voice = await voiceOf(cli, options);
  const { values } = await cli.settings();
  const { tape: paths, instrument } = options;
  if (paths !== undefined && (options.seeds ?? options.duration) !== undefined)
    throw usageFailure('--seeds and --duration are of simulated markets: without --tape');
  if (paths === undefined && (instrument ?? options.allowTorn) !== undefined)
    throw usageFailure('--instrument and --allow-torn are of a tape: with --tape');
  const tape = paths === undefined ? undefined : openInputTape(paths, options.allowTorn === true);
  const progress = await startShare(voice, 'probing');
  const onShare = progress.update;
  const markets = await interruptible(async ({ breathe }) => {
    if (tape === undefined) return simulated(options, values.frameBytes, { onShare, breathe });
    const plan = planOf(options, String(options.seed));
    return [joinMarkets(tape.path, [await compareQueues(tape, instrument, plan, { onShare, breathe })])];
  }).finally(() => {
    progress.stop();
  });
  return options.json === true ? queueJson(markets, options) : queueText(markets, options);
}

function planOf(options: QueueModelsOptions, seed: string): QueuePlan {
  const { lanes, lots: qtyLots = LOTS, behind: behindTicks, depthEvery: depthEveryNs = 0 } = options;
  const { lifetime: lifetimeNs = parseSpan(LIFETIME, '--lifetime') } = options;
  return { seed, lanes, lifetimeNs, qtyLots, behindTicks, depthEveryNs };
}

/** Each regime is one market of several tapes. */
async function simulated(
  options: QueueModelsOptions,
  frameBytes: number,
  { onShare, breathe }: QueueSteps,
): Promise<QueueMarket[]> {
  const { seeds = SEEDS, seed: first, duration = parseSpan(SPAN, '--duration') } = options;
  const markets: QueueMarket[] = [];
  for (const [place, preset] of REGIMES.entries()) {
    const parts: Omit<QueueMarket, 'market'>[] = [];
    for (let k = 0; k < seeds; k++) {
      const seed = String(first + k);
      const { tape, dispose } = simulateTape({ preset, seed, limits: { untilNs: duration }, frameBytes });
      try {
        parts.push(
          await compareQueues(tape, undefined, planOf(options, seed), {
            onShare: (share) => onShare((place + (k + share) / seeds) / REGIMES.length),
            breathe,
          }),
        );
      } finally {
        dispose();
      }
    }
    markets.push(joinMarkets(preset, parts));
  }
  return markets;
}

function queueJson(markets: readonly QueueMarket[], options: QueueModelsOptions): string {
  const { lanes, lifetimeNs, qtyLots, behindTicks, depthEveryNs } = planOf(options, '');
  const about: JsonObject = {
    format: 'truetape/backtest-queue-models/1',
    plan: { lanes, lifetimeNs, lots: qtyLots, behindTicks, depthEveryNs },
    markets: markets.map((one) => ({
      market: one.market,
      tapes: one.tapes.map((tape) => ({ ...tape })),
      probes: one.outcomes.length,
      skipped: one.skipped,
      refused: one.refused,
      unfinished: one.unfinished,
      exactWaitP50Ns: exactWaitOf(one),
    })),
    rows: markets.flatMap(queueRows).map((row) => ({
      ...row,
      byTicks: row.byTicks.map((one) => ({ ...one })),
      byLots: row.byLots.map((one) => ({ ...one })),
    })),
  };
  return `${JSON.stringify(about)}\n`;
}

const span = (ns: number | null): string => (ns === null ? '-' : formatSpan(BigInt(ns), 3));

/** The mean to a nanosecond: below zero the model is early. */
const meanSpan = (text: string | null): string =>
  text === null ? '-' : formatSpan(BigInt(text.split('.')[0]), 3);

const TITLES = 'model,filled,both,false,missed,early,on time,rate,error,lots error,p50,p95,mean'.split(',');

const cellsOf = (row: QueueRow): string[] => [
  row.model,
  ...[row.filled, row.both, row.falseFills, row.missed, row.early, row.onTime].map(String),
  row.rate,
  row.rateError,
  row.lotsError,
  span(row.timeErrorP50Ns),
  span(row.timeErrorP95Ns),
  meanSpan(row.timeErrorMeanNs),
];

/** The tables for people. */
function queueText(markets: readonly QueueMarket[], options: QueueModelsOptions): string {
  const { lifetimeNs, qtyLots, behindTicks, depthEveryNs } = planOf(options, '');
  const told = depthEveryNs === 0 ? 'at once' : `every ${span(depthEveryNs)}`;
  const sizes = `of ${qtyLots.join(', ')} ${qtyLots.join() === '1' ? 'lot' : 'lots'}`;
  const place = behindTicks === 0 ? 'at the best price' : `0 to ${behindTicks} ticks behind the best price`;
  return [
    `queue models  against exact FIFO; levels are told ${told}`,
    `probes        ${sizes}, ${place}, for ${span(lifetimeNs)}`,
    ...markets.flatMap(marketLines),
    '',
    'filled: at least one lot; false: by the model alone; missed: exactly alone; early: false, or before the exact',
    'fill; error: of the rate, model less exact; lots error: of lots placed; p50, p95: how far the first fill is',
    'off where both fill; mean: above zero the model is late; ideal: the control, filled when its price is reached',
    '',
  ].join('\n');
}

function marketLines(market: QueueMarket): string[] {
  const rows = queueRows(market);
  const { skipped, refused, unfinished, tapes } = market;
  const [{ probes, exactFilled, exactRate }] = rows;
  const events = tapes.reduce((all, { count }) => all + count, 0);
  const seeds =
    tapes.length === 1 ? `seed ${tapes[0].seed}` : `seeds ${tapes[0].seed} to ${tapes.at(-1)!.seed}`;
  const others = `${skipped} found no book, ${refused} refused, ${unfinished} unfinished`;
  return [
    '',
    `${market.market}: ${events} events, ${seeds}; ${probes} probes (${others})`,
    `exactly ${exactFilled} filled (${exactRate}), half of them within ${span(exactWaitOf(market))}`,
    ...tableLines(TITLES, rows.map(cellsOf)),
  ];
}
