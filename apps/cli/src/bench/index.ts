/** `truetape bench`: the project's benchmarks. Their figures go into BENCH.md. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PRESET_NAMES } from '@truetape/orderflow';
import type { PresetName } from '@truetape/orderflow';
import { Command, Option } from 'commander';
import { usageFailure } from '../failure.ts';
import { integerFrom } from '../number-argument.ts';
import { benchBook } from './book.ts';
import { benchBus } from './bus.ts';
import { formatRows } from './report.ts';
import type { BenchRow } from './report.ts';
import { benchRing } from './ring.ts';
import { benchRisk } from './risk.ts';
import { benchSim, benchSimMemory } from './sim.ts';
import { benchImport } from './tape-import.ts';
import { benchMemory } from './tape-memory.ts';
import { benchTape } from './tape.ts';
import { benchAppend } from './wal-append.ts';
import { benchRecovery } from './wal-recovery.ts';

interface TapeOptions {
  readonly events: number;
  readonly runs: number;
  readonly seed: string;
  readonly capture: readonly string[];
  readonly memory: boolean;
  readonly json?: boolean;
}

interface BookOptions {
  readonly commands?: number;
  readonly runs: number;
  readonly seed: string;
  readonly peer: boolean;
  readonly seconds: number;
  readonly json?: boolean;
}

interface RingOptions {
  readonly commands: number;
  readonly runs: number;
  readonly seed: string;
  readonly json?: boolean;
}

interface BusOptions {
  readonly events: number;
  readonly runs: number;
  readonly seed: string;
  readonly json?: boolean;
}

interface RiskOptions {
  readonly checks: number;
  readonly seed: string;
  readonly json?: boolean;
}

interface SimOptions {
  readonly events: number;
  readonly runs: number;
  readonly seed: string;
  readonly preset: PresetName;
  readonly memory: boolean;
  readonly json?: boolean;
}

interface WalOptions {
  readonly commits: number;
  readonly commands: number;
  readonly runs: number;
  readonly seed: string;
  readonly folder?: string;
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
    const machine = describeMachine();
    const setup = `seed ${options.seed}, ${events} events, ${runs} runs; ${machine}`;
    const report = { setup, seed: options.seed, events, runs, machine, rows };
    process.stdout.write(
      options.json === true ? `${JSON.stringify(report)}\n` : `${setup}\n\n${formatRows(rows)}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function describeMachine(): string {
  const cpu = cpus()[0]?.model ?? 'unknown CPU';
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${cpu}`;
}

function runBook(options: BookOptions): void {
  const { commands, runs, seed, peer, seconds } = options;
  const rows = benchBook(
    { runs, seed, peer, seconds, ...(commands === undefined ? {} : { commands }) },
    note,
  );
  const machine = describeMachine();
  const load = loadavg()[0].toFixed(2);
  const setup =
    `seed ${seed}, ${commands ?? 'all'} commands of each workload, ${runs} runs; ` +
    `${machine}, load ${load} of ${cpus().length}`;
  const report = { setup, seed, commands, runs, machine, load: Number(load), rows };
  process.stdout.write(
    options.json === true ? `${JSON.stringify(report)}\n` : `${setup}\n\n${formatRows(rows)}`,
  );
}

async function runRing({ commands, runs, seed, json }: RingOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'truetape-bench-'));
  try {
    const rows = await benchRing({ commands, runs, seed, folder }, note);
    const cpu = cpus()[0]?.model ?? 'unknown CPU';
    const machine = `Node ${process.version}, ${process.platform} ${process.arch}, ${cpu}, ${cpus().length} cores`;
    const setup = `seed ${seed}, ${commands} commands, ${runs} runs; ${machine}`;
    const report = { setup, seed, commands, runs, machine, rows };
    process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : `${setup}\n\n${formatRows(rows)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runBus({ events, runs, seed, json }: BusOptions): void {
  const rows = benchBus({ events, runs, seed }, note);
  const machine = describeMachine();
  const load = loadavg()[0].toFixed(2);
  const setup = `seed ${seed}, ${events} events, ${runs} runs; ${machine}, load ${load} of ${cpus().length}`;
  const report = { setup, seed, events, runs, machine, load: Number(load), rows };
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : `${setup}\n\n${formatRows(rows)}`);
}

function runRisk({ checks, seed, json }: RiskOptions): void {
  const rows = benchRisk({ checks, seed }, note);
  const machine = describeMachine();
  const load = loadavg()[0].toFixed(2);
  const setup = `seed ${seed}, ${checks} checks; ${machine}, load ${load} of ${cpus().length}`;
  const report = { setup, seed, checks, machine, load: Number(load), rows };
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : `${setup}\n\n${formatRows(rows)}`);
}

async function runSimulation({ json, memory, ...options }: SimOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'truetape-bench-'));
  try {
    const config = { ...options, folder };
    const rows = await (memory ? benchSimMemory(config) : benchSim(config, note));
    const { seed, events, runs, preset } = options;
    const machine = describeMachine();
    const load = loadavg()[0].toFixed(2);
    const size = `${events} events, ${memory ? 1 : runs} runs`;
    const setup = `seed ${seed}, ${preset}, ${size}; ${machine}, load ${load} of ${cpus().length}`;
    const report = { setup, seed, preset, events, runs, machine, load: Number(load), rows };
    process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : `${setup}\n\n${formatRows(rows)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runWal({ json, folder: base, ...options }: WalOptions): Promise<void> {
  const folder = mkdtempSync(join(base ?? tmpdir(), 'truetape-bench-'));
  try {
    const rows = await benchAppend({ ...options, folder }, note);
    if (options.commands > 0) rows.push(...benchRecovery({ ...options, folder }, note));
    const { seed, commits, commands, runs } = options;
    const machine = describeMachine();
    const load = loadavg()[0].toFixed(2);
    const size = `${commits} commits, ${commands} commands, ${runs} runs`;
    const setup = `seed ${seed}, ${size}; ${machine}, load ${load} of ${cpus().length}`;
    const report = { setup, seed, commits, commands, runs, machine, load: Number(load), rows };
    process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : `${setup}\n\n${formatRows(rows)}`);
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
  bench
    .command('ring')
    .description('commands between threads: the shared-memory ring against MessagePort and others')
    .option('--commands <n>', 'commands of a run', integerFrom(1, '--commands'), 2_000_000)
    .option('--runs <n>', 'runs of each measure', integerFrom(1, '--runs'), 5)
    .option('--seed <text>', 'seed of the workload', '1')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  $ truetape bench ring --commands 200000 --runs 3\n  $ truetape bench ring --seed 7 --json\n',
    )
    .action(runRing);
  bench
    .command('bus')
    .description('the ring bus within one thread: publish and poll, and what it allocates')
    .option('--events <n>', 'events of a run', integerFrom(1, '--events'), 100_000)
    .option('--runs <n>', 'runs of each measure; many short ones', integerFrom(1, '--runs'), 101)
    .option('--seed <text>', 'seed of what is published', '1')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  $ truetape bench bus --events 1000000 --runs 11\n  $ truetape bench bus --seed 7 --json\n',
    )
    .action(runBus);
  bench
    .command('risk')
    .description('what a check of an order costs, and what it allocates')
    .option('--checks <n>', 'checks of a measure', integerFrom(1, '--checks'), 5_000_000)
    .option('--seed <text>', 'seed of the orders', '1')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  $ truetape bench risk --checks 1000000\n  $ truetape bench risk --seed 7 --json\n',
    )
    .action(runRisk);
  bench
    .command('sim')
    .description('the order-flow simulator: an event all in, against JSON lines, and its memory')
    .option('--events <n>', 'events of a run', integerFrom(1, '--events'), 2_000_000)
    .option('--runs <n>', 'runs of each measure', integerFrom(1, '--runs'), 5)
    .option('--seed <text>', 'seed of the simulation', '1')
    .addOption(new Option('--preset <name>', 'what is simulated').choices(PRESET_NAMES).default('mixed'))
    .option('--memory', 'measure the peak memory of one run instead', false)
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  $ truetape bench sim --events 500000 --runs 3\n' +
        '  $ truetape bench sim --memory --events 100000000\n',
    )
    .action(runSimulation);
  bench
    .command('wal')
    .description('the durable log: appends against SQLite and the bare system calls, and recovery')
    .option('--commits <n>', 'commits of a run at batch 1', integerFrom(1, '--commits'), 500)
    .option('--commands <n>', 'commands to recover; 0 for none', integerFrom(0, '--commands'), 10_000_000)
    .option('--runs <n>', 'runs of each measure', integerFrom(1, '--runs'), 5)
    .option('--seed <text>', 'seed of the workload', '1')
    .option('--folder <dir>', 'on the disk to measure (default: the system’s for temporary files)')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  $ truetape bench wal --commands 1000000 --runs 3\n' +
        '  $ truetape bench wal --folder /var/lib/engine --commands 0\n',
    )
    .action(runWal);
  bench
    .command('book')
    .description('speed, latency and allocation of the fast book, against the reference and a peer')
    .option(
      '--commands <n>',
      'commands of each workload; one or two million by default',
      integerFrom(1, '--commands'),
    )
    .option('--runs <n>', 'runs of each measure', integerFrom(1, '--runs'), 5)
    .option('--seed <text>', 'seed of the workloads', '1')
    .option('--seconds <n>', 'time that a slower book gets for its prefix', integerFrom(1, '--seconds'), 20)
    .option('--no-peer', 'leave nodejs-order-book out')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  $ truetape bench book --commands 100000 --runs 3 --no-peer\n' +
        '  $ truetape bench book --seed 7 --json\n',
    )
    .action(runBook);
  return bench;
}
