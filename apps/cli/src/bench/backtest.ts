/** `truetape bench backtest`: what an event of a tape costs, with nobody trading and with a market maker, all in. */
import { join } from 'node:path';
import { createBacktest, endBacktest, feedBatch, parseConfig } from '@truetape/backtest';
import type { JsonObject } from '@truetape/contracts';
import { createFileSink, nodePorts } from '@truetape/host';
import { PRESETS, createSim, runSim, tapePort } from '@truetape/orderflow';
import { marketMaker } from '@truetape/strategies';
import { createBinaryWriter, endTape, writeEvent } from '@truetape/tape';
import { openInputTape } from '../backtest/input-tape.ts';
import type { InputTape } from '../backtest/input-tape.ts';
import { simHeader } from '../sim/recording.ts';
import { summarize } from './measure.ts';
import type { Measure } from './measure.ts';
import { rateRow } from './report.ts';
import type { BenchRow } from './report.ts';

export interface BacktestBenchConfig {
  readonly events: number;
  readonly runs: number;
  readonly seed: string;
  /** Folder for the tape: about 60 bytes an event. */
  readonly folder: string;
}

const TARGET_TRADING = 4;
const TARGET_IDLE = 12;

/** Everything on: delays that are drawn, fees in tiers, limits of each kind. */
const SETTINGS: JsonObject = {
  instrument: {
    class: 'linear',
    leverage: 100,
    fees: {
      tiers: [
        { makerBps: '1', takerBps: '4' },
        { fromTraded: '1000000', makerBps: '0.5', takerBps: '3' },
      ],
    },
  },
  latency: {
    feed: { kind: 'uniform', minNs: 200_000, maxNs: 800_000 },
    order: { kind: 'logNormal', medianNs: 1_000_000, sigmaPermille: 300 },
    cancel: { kind: 'logNormal', medianNs: 1_000_000, sigmaPermille: 300 },
    response: { kind: 'fixed', ns: 1_000_000 },
  },
  risk: {
    limits: {
      maxOrderLots: 100,
      maxPositionLots: 50,
      maxOpenOrders: 20,
      priceCollar: { bps: 500, against: 'mid' },
    },
    account: { orderRate: { orders: 100_000, perNs: 1_000_000_000 }, maxLeverageBps: 1_000_000 },
    kill: { drawdown: { amount: '900000', level: 'flatten' } },
  },
  strategy: { requoteTicks: 3, halfSpreadTicks: 2 },
};

interface Way {
  readonly name: string;
  readonly mode: 'replay' | 'exchange';
  readonly trades: boolean;
}

const WAYS: readonly Way[] = [
  { name: 'nobody trades', mode: 'replay', trades: false },
  { name: 'market maker', mode: 'replay', trades: true },
  { name: 'nobody trades, in a matching engine', mode: 'exchange', trades: false },
  { name: 'market maker, in a matching engine', mode: 'exchange', trades: true },
];

/** An order-by-order tape. */
function makeTape({ events, seed, folder }: BacktestBenchConfig): InputTape {
  const path = join(folder, 'in.rpl');
  const sink = createFileSink(path, { force: true });
  const config = PRESETS.calm;
  const writer = createBinaryWriter({ header: simHeader(config, seed), ports: nodePorts }, sink);
  runSim(createSim({ config, seed, port: tapePort(writer) }), { events });
  endTape(writer);
  sink.commit();
  return openInputTape([path], false);
}

/** One run from the file to the hash of its output. */
function runWay(
  tape: InputTape,
  { mode, trades }: Way,
  seed: string,
): { fills: number; events: number; hash: string } {
  const config = parseConfig({ ...SETTINGS, mode });
  if (!config.ok) throw new Error(`bench: ${config.error[0].path}: ${config.error[0].problem}`);
  const parameters = marketMaker.parameters.parse(config.value.strategy);
  const { name } = marketMaker;
  const maker = { name, strategy: marketMaker.create(parameters), listens: marketMaker.listens(parameters) };
  const header = {
    observer: 'client',
    epochNs: tape.header.epochNs,
    producer: { name: 'truetape bench' },
    parents: [{ hash: tape.hash, count: tape.count }],
  } as const;
  const writer = createBinaryWriter({ header, ports: nodePorts }, { write: () => undefined });
  const made = createBacktest({
    config: config.value,
    seed,
    tape: tape.facts,
    strategies: trades ? [maker] : [],
    guard: { isInside: false },
    sink: {
      write: (event) => {
        const seq = writer.nextSeq;
        const refused = writeEvent(writer, event);
        if (refused !== undefined) throw new Error(`bench: ${refused.found}`);
        return seq;
      },
    },
  });
  if (!made.ok) throw new Error(`bench: ${made.error[0].path}: ${made.error[0].problem}`);
  const reader = tape.read();
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) feedBatch(made.value, batch);
  endBacktest(made.value);
  const { makerFills, takerFills } = made.value.metrics;
  const { hash, count } = endTape(writer);
  return { fills: makerFills + takerFills, events: count, hash };
}

/** Runs the benchmark: the ways in turn, a round that is not counted first. `note` hears what is being done. */
export function benchBacktest(config: BacktestBenchConfig, note: (text: string) => void): BenchRow[] {
  const { runs, seed } = config;
  note('a tape');
  const tape = makeTape(config);
  const times: number[][] = WAYS.map(() => []);
  const told: { fills: number; events: number; hash: string }[] = [];
  for (let round = 0; round <= runs; round++) {
    note(round === 0 ? 'warming up' : `run ${round} of ${runs}`);
    for (const [k, way] of WAYS.entries()) {
      const start = process.hrtime.bigint();
      const result = runWay(tape, way, seed);
      const ns = Number(process.hrtime.bigint() - start);
      if (round > 0 && told[k].hash !== result.hash) throw new Error('the same run gave another tape');
      told[k] = result;
      if (round > 0) times[k].push(ns / tape.count);
    }
  }
  const measures = WAYS.map(({ name }, k): Measure => summarize(name, tape.count, times[k]));
  const about = (k: number): string => `${told[k].events} events out, ${told[k].fills} fills`;
  const [idle, trading, idleMatching, tradingMatching] = measures;
  return [
    rateRow('order-by-order tape without a strategy, output hash', TARGET_IDLE, idle),
    rateRow(
      `the same with a market maker, exact queue, drawn delays, fees, risk, ledger, output tape and hash (${about(1)})`,
      TARGET_TRADING,
      trading,
    ),
    rateRow('commands matched again, without a strategy', 0, idleMatching),
    rateRow(`the same with the market maker among them (${about(3)})`, 0, tradingMatching),
  ];
}
