/** `truetape bench sim`: what a simulated event costs, all in, and against the same run as JSON lines. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PRESETS, createSim, metricsJson, runSim } from '@truetape/orderflow';
import type { PresetName, RecordPort, SimConfig } from '@truetape/orderflow';
import type { Format } from '../outputs/index.ts';
import { createRecording, simHeader } from '../sim/recording.ts';
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
  /** What it writes. */
  readonly file?: string;
  readonly run: (events: number) => Promise<{ readonly events: number; readonly hash?: string }>;
}

const TARGET_MILLIONS = 4;
const TARGET_JSON = 4;
const LIMIT_MB = 300;
/** Events of the round that is not counted, at most. */
const WARM_UP = 300_000;

const FRAME_BYTES = 65_536;

/** Simulates, and sums up what happened, which is part of each way. */
function simulate(config: SimConfig, seed: string, events: number, port?: RecordPort): number {
  const sim = createSim({ config, seed, ...(port === undefined ? {} : { port }) });
  runSim(sim, { events });
  const counts = metricsJson(sim)['all'] as { readonly violations: number };
  if (counts.violations > 0) throw new Error('the venue contradicts itself');
  return sim.recorder.nextSeq;
}

/** Into a file that does not exist, through what `sim run -o` writes with. */
function fileWay(name: string, config: SimConfig, seed: string, path: string, format: Format): Way {
  const run = async (events: number): Promise<{ events: number; hash: string }> => {
    const header = simHeader(config, seed);
    const out = { path, format };
    const recording = await createRecording({
      header,
      frameBytes: FRAME_BYTES,
      out,
      trace: false,
      force: true,
    });
    const made = simulate(config, seed, events, recording.port);
    const { hash } = recording.commit({});
    return { events: made, hash };
  };
  return { name, file: path, run };
}

function plainWay(name: string, config: SimConfig, seed: string): Way {
  return { name, run: async (events) => Promise.resolve({ events: simulate(config, seed, events) }) };
}

/** Runs the ways in turn, so that the machine's mood meets all alike; the first, shorter round is not counted. */
async function measureWays(
  ways: readonly Way[],
  { events, runs }: SimBenchConfig,
  note: (text: string) => void,
): Promise<Measure[]> {
  const times: number[][] = ways.map(() => []);
  const units: number[] = [];
  const hashes = new Set<string>();
  for (let round = 0; round <= runs; round++) {
    note(round === 0 ? 'warming up' : `run ${round} of ${runs}`);
    for (const [which, way] of ways.entries()) {
      // Giving back an old file's memory is not what is measured.
      if (way.file !== undefined) rmSync(way.file, { force: true });
      const start = process.hrtime.bigint();
      const { events: made, hash } = await way.run(round === 0 ? Math.min(events, WARM_UP) : events);
      const ns = Number(process.hrtime.bigint() - start);
      if (round === 0) continue;
      units[which] = made;
      times[which].push(ns / made);
      if (hash !== undefined) hashes.add(hash);
    }
  }
  if (hashes.size !== 1) throw new Error('the same seed gave different tapes');
  return ways.map((way, which) => summarize(way.name, units[which], times[which]));
}

/** Runs the benchmark. `note` hears what is being done. */
export async function benchSim(config: SimBenchConfig, note: (text: string) => void): Promise<BenchRow[]> {
  const { seed, preset, folder } = config;
  const checked: SimConfig = { ...PRESETS[preset], checkOrders: true };
  const unchecked: SimConfig = { ...PRESETS[preset], checkOrders: false };
  const file = (name: string): string => join(folder, name);
  const ways: Way[] = [
    fileWay('all in', checked, seed, file('all.rpl'), 'rpl'),
    fileWay('orders not checked', unchecked, seed, file('unchecked.rpl'), 'rpl'),
    plainWay('no tape', checked, seed),
    plainWay('no tape, orders not checked', unchecked, seed),
    fileWay('JSON lines', checked, seed, file('all.jsonl'), 'jsonl'),
    {
      name: 'tape summary',
      run: async () => Promise.resolve({ events: summarizeTape(file('all.rpl')) }),
    },
  ];
  const [all, loose, bare, barest, json, summary] = await measureWays(ways, config, note);
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
