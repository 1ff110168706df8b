/** `truetape bench`: the project's benchmarks. Their figures go into BENCH.md. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpus } from 'node:os';
import { Command } from 'commander';
import { usageFailure } from '../failure.ts';
import { integerFrom } from '../number-argument.ts';
import { formatRows } from './report.ts';
import type { BenchRow } from './report.ts';
import { benchImport } from './tape-import.ts';
import { benchMemory } from './tape-memory.ts';
import { benchTape } from './tape.ts';

interface TapeOptions {
  readonly events: number;
  readonly runs: number;
  readonly seed: string;
  readonly capture: readonly string[];
  readonly memory: boolean;
  readonly json?: boolean;
}

function note(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

async function runTape(options: TapeOptions): Promise<void> {
  for (const capture of options.capture) {
    if (!existsSync(capture)) throw usageFailure(`--capture: there is no file ${capture}`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'truetape-bench-'));
  try {
    const { events, runs } = options;
    const rows: BenchRow[] = benchTape({ events, runs, seed: options.seed, folder }, note);
    for (const capture of options.capture) {
      note(`import of ${capture}`);
      rows.push(...(await benchImport(capture, join(folder, 'import.rpl'), runs)));
    }
    if (options.memory) {
      note('memory');
      const target = join(folder, 'copy.rpl');
      rows.push(...(await benchMemory(join(folder, 'bench.rpl'), join(folder, 'bench.txt.rpl'), target)));
    }
    const cpu = cpus()[0]?.model ?? 'unknown CPU';
    const machine = `Node ${process.version}, ${process.platform} ${process.arch}, ${cpu}`;
    const setup = `seed ${options.seed}, ${events} events, ${runs} runs; ${machine}`;
    const report = { setup, seed: options.seed, events, runs, machine, rows };
    process.stdout.write(
      options.json === true ? `${JSON.stringify(report)}\n` : `${setup}\n\n${formatRows(rows)}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The `bench` command. */
export function benchCommand(): Command {
  const bench = new Command('bench').description('measure, as ratios within one run');
  bench
    .command('tape')
    .description('speed and memory of tapes; median of several runs')
    .option('--events <n>', 'events of the tape', integerFrom(1, '--events'), 10_000_000)
    .option('--runs <n>', 'runs of each measure', integerFrom(1, '--runs'), 5)
    .option('--seed <text>', 'seed of the workload', '1')
    .option('--capture <file...>', 'gzip captures of one symbol each, to measure the import', [])
    .option('--memory', 'measure the peak memory of each streaming command on the same tape', false)
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  $ truetape bench tape --events 1000000 --runs 3\n' +
        '  $ truetape bench tape --events 50000000 --runs 1 --memory\n',
    )
    .action(runTape);
  return bench;
}
