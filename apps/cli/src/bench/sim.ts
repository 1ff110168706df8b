/** `truetape bench sim`: what a simulated event costs, all in, and against the same run as JSON lines. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, applyDefine, createTables, decodeEvent, recordKind } from '@truetape/contracts';
import { createFileSink, nodePorts } from '@truetape/host';
import { PRESETS, createSim, metricsJson, runSim, tapePort } from '@truetape/orderflow';
import type { PresetName, RecordPort, SimConfig } from '@truetape/orderflow';
import { createBinaryWriter, endTape, epochOf } from '@truetape/tape';
import type { TapeHeader } from '@truetape/tape';
import { createJsonLinesOutput } from '../outputs/line-outputs.ts';
import { summarize } from './measure.ts';
import type { Measure } from './measure.ts';
import { fasterRow, rateRow } from './report.ts';
import type { BenchRow } from './report.ts';
import { watch } from './tape-memory.ts';
import { summarizeTape } from './tape.ts';

export interface SimBenchConfig {
  readonly events: number;
  readonly runs: number;
  readonly seed: string;
  readonly preset: PresetName;
  /** Folder for the tape and the lines: about 60 bytes an event, and 270 more. */
  readonly folder: string;
}

/** One way to run: returns how many events there were, and what they were, where it tells. */
interface Way {
  readonly name: string;
  readonly run: (events: number) => { readonly events: number; readonly hash?: string };
}

const TARGET_MILLIONS = 4;
const TARGET_JSON = 4;
const LIMIT_MB = 300;
/** Events of the round that is not counted, at most. */
const WARM_UP = 300_000;

const HEADER: TapeHeader = {
  observer: 'venue',
  epochNs: '1700000000000000000',
  producer: { name: 'truetape bench sim' },
};

/** Simulates, and sums up what happened, which is part of each way. */
function simulate(config: SimConfig, seed: string, events: number, port?: RecordPort): number {
  const sim = createSim({ config, seed, ...(port === undefined ? {} : { port }) });
  runSim(sim, { events });
  const counts = metricsJson(sim)['all'] as { readonly violations: number };
  if (counts.violations > 0) throw new Error('the venue contradicts itself');
  return sim.recorder.nextSeq;
}

function tapeWay(name: string, config: SimConfig, seed: string, path: string): Way {
  const run = (events: number): { events: number; hash: string } => {
    const sink = createFileSink(path, { force: true });
    const writer = createBinaryWriter({ header: HEADER, ports: nodePorts }, sink);
    const made = simulate(config, seed, events, tapePort(writer));
    const { hash } = endTape(writer);
    sink.commit();
    return { events: made, hash };
  };
  return { name, run };
}

/** The form in which `sim run --format jsonl` writes, into a file. */
function linesWay(name: string, config: SimConfig, seed: string, path: string): Way {
  const run = (events: number): { events: number } => {
    const sink = createFileSink(path, { force: true });
    const epoch = epochOf(HEADER);
    const tables = createTables();
    const setup = { sink, header: HEADER, tables, frameBytes: 65536, kinds: [], color: false, path };
    const output = createJsonLinesOutput(setup);
    const made = simulate(config, seed, events, {
      epoch,
      write: (b, i, seq) => {
        if (recordKind(b, i) === Kind.Define) {
          const event = decodeEvent(b, i, epoch, seq);
          if (event.kind !== Kind.Define || !applyDefine(tables, event).ok) throw new Error('a bad Define');
        }
        output.event(b, i, seq);
      },
    });
    output.end({});
    sink.commit();
    return { events: made };
  };
  return { name, run };
}

function plainWay(name: string, config: SimConfig, seed: string): Way {
  return { name, run: (events) => ({ events: simulate(config, seed, events) }) };
}

/** Runs the ways in turn, so that the machine's mood meets all alike; the first, shorter round is not counted. */
function measureWays(
  ways: readonly Way[],
  { events, runs }: SimBenchConfig,
  note: (text: string) => void,
): Measure[] {
  const times: number[][] = ways.map(() => []);
  const units: number[] = [];
  const hashes = new Set<string>();
  for (let round = 0; round <= runs; round++) {
    note(round === 0 ? 'warming up' : `run ${round} of ${runs}`);
    ways.forEach((way, which) => {
      const start = process.hrtime.bigint();
      const { events: made, hash } = way.run(round === 0 ? Math.min(events, WARM_UP) : events);
      const ns = Number(process.hrtime.bigint() - start);
      if (round === 0) return;
      units[which] = made;
      times[which].push(ns / made);
      if (hash !== undefined) hashes.add(hash);
    });
  }
  if (hashes.size !== 1) throw new Error('the same seed gave different tapes');
  return ways.map((way, which) => summarize(way.name, units[which], times[which]));
}

/** Removes what the last run wrote: giving back an old file's memory is not what is measured. */
function fresh(way: Way, path: string): Way {
  return {
    name: way.name,
    run: (events) => {
      rmSync(path, { force: true });
      return way.run(events);
    },
  };
}

/** Runs the benchmark. `note` hears what is being done. */
export function benchSim(config: SimBenchConfig, note: (text: string) => void): BenchRow[] {
  const { seed, preset, folder } = config;
  const checked: SimConfig = { ...PRESETS[preset], checkOrders: true };
  const unchecked: SimConfig = { ...PRESETS[preset], checkOrders: false };
  const tape = join(folder, 'sim.rpl');
  const lines = join(folder, 'sim.jsonl');
  const ways = [
    fresh(tapeWay('all in', checked, seed, tape), tape),
    fresh(tapeWay('orders not checked', unchecked, seed, tape), tape),
    plainWay('no tape', checked, seed),
    plainWay('no tape, orders not checked', unchecked, seed),
    fresh(linesWay('JSON lines', checked, seed, lines), lines),
    { name: 'tape summary', run: () => ({ events: summarizeTape(tape) }) },
  ];
  const [all, loose, bare, barest, json, summary] = measureWays(ways, config, note);
  return [
    rateRow(
      `${preset}: simulated, matched, orders checked, binary tape with checksum and hash, metrics`,
      TARGET_MILLIONS,
      all,
    ),
    fasterRow('against the same run with JSON lines out', TARGET_JSON, all, json),
    rateRow('the same, orders not checked', 0, loose),
    rateRow('the same without a tape', 0, bare),
    rateRow('the same without a tape, orders not checked', 0, barest),
    rateRow('tape summary of the tape, apart', 0, summary),
  ];
}

/** Peak memory of `sim run` in a process of its own; nothing where the system does not tell. */
export async function benchSimMemory(config: SimBenchConfig): Promise<BenchRow[]> {
  const { seed, preset, events, folder } = config;
  const target = join(folder, 'sim.rpl');
  const args = ['sim', 'run', '--preset', preset, '--seed', seed, '--events', String(events), '-o', target];
  const { peakMb, code } = await watch(args);
  if (peakMb === 0) return [];
  return [
    {
      what: `peak memory of sim run, ${preset}, ${events} events into a tape`,
      target: `below ${LIMIT_MB} MB`,
      measured: `${peakMb.toFixed(0)} MB${code === 0 ? '' : `, exit ${code}`}`,
      met: code === 0 && peakMb < LIMIT_MB,
      detail: 'resident, as the system counts it',
    },
  ];
}
