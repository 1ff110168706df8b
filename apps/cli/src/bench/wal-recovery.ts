/** Recovery: a log of commands and their facts, read, checked and executed again; and from a snapshot. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND_CELLS } from '@truetape/book';
import { checkBeside, nodePorts, openLogStorage } from '@truetape/host';
import {
  RESERVE_BYTES,
  beginBooks,
  beginCommit,
  booksKind,
  checkpoint,
  commit,
  createBookService,
  createLog,
  recoverLog,
  submit,
  takeSnapshot,
} from '@truetape/wal';
import type { Log, LogStorage, WalError } from '@truetape/wal';
import { drawWorkload } from './book-workload.ts';
import type { Workload, WorkloadName } from './book-workload.ts';
import { summarize } from './measure.ts';
import type { Measure } from './measure.ts';
import { fasterRow, rateRow } from './report.ts';
import type { BenchRow } from './report.ts';

export interface RecoveryConfig {
  readonly commands: number;
  readonly runs: number;
  readonly seed: string;
  readonly folder: string;
}

/** Commands of a commit, and commands between Checkpoints. */
const BATCH = 4096;
const CHECKPOINT_EVERY = 262_144;
/** The snapshot stands before the last hundredth of the log. */
const TAIL_PART = 100;

const kind = booksKind(nodePorts.sha256);

interface Written {
  readonly folder: string;
  readonly storage: LogStorage;
  readonly commands: number;
  readonly stateHash: string;
}

function must(error: WalError | undefined): void {
  if (error !== undefined) throw new Error(`the benchmark's log failed: ${JSON.stringify(error)}`);
}

function mustBe<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) throw new Error(`the benchmark's log failed: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** Writes a workload in commits of `BATCH` commands, with a snapshot behind each of `snapshotsAt`. */
function writeLog(folder: string, workload: Workload, snapshotsAt: readonly number[]): Written {
  const storage = mustBe(openLogStorage(folder, { create: true }));
  const config = { storage, ports: nodePorts, producer: 'truetape bench wal', reserveBytes: RESERVE_BYTES };
  // What is measured is reading: nobody waits for the disk here.
  const log: Log = mustBe(createLog({ ...config, isVolatile: true }, 'bench', 0n));
  const machine = kind.create();
  const service = createBookService(machine, { instruments: ['BOOK'] });
  must(beginCommit(log, 0n));
  beginBooks(service, 0, log.segment.writer);
  must(commit(log));
  const { u32, f64 } = workload.commands;
  const total = workload.preload + workload.count;
  for (let done = 0; done < total; done += BATCH) {
    must(beginCommit(log, BigInt(done)));
    const { writer } = log.segment;
    const epochNs = Number(writer.header.epochNs);
    const end = Math.min(total, done + BATCH);
    for (let k = done; k < end; k++) {
      const cell = k * COMMAND_CELLS;
      const asked = {
        code: u32[cell * 2],
        owner: String(u32[cell * 2 + 1]),
        id: f64[cell + 1],
        instrument: undefined,
        priceTicks: f64[cell + 2],
        qtyLots: f64[cell + 3],
        minQtyLots: f64[cell + 4],
      };
      submit(service, writer, asked, k - epochNs, 0);
    }
    if (Math.floor(end / CHECKPOINT_EVERY) > Math.floor(done / CHECKPOINT_EVERY)) checkpoint(service, writer);
    must(commit(log));
    if (snapshotsAt.some((at) => at > done && at <= end)) mustBe(takeSnapshot(log, kind, machine, 1000));
  }
  must(log.out.file.close() === undefined ? undefined : { code: 'noLog' });
  return { folder, storage, commands: total, stateHash: machine.hash() };
}

/** The same folder as if it had no snapshots. */
function withoutSnapshots(storage: LogStorage): LogStorage {
  const list = (): ReturnType<LogStorage['list']> => {
    const listed = storage.list();
    return listed.ok ? { ok: true, value: listed.value.filter((name) => !name.endsWith('.snap')) } : listed;
  };
  return { ...storage, list };
}

function recover({ folder, storage, stateHash }: Written, from: 'all' | 'snapshot'): number {
  // A log without snapshots is what is read from its first event on.
  const kept = from === 'snapshot' ? storage : withoutSnapshots(storage);
  const beside = checkBeside(folder);
  const { report } = mustBe(recoverLog({ storage: kept, ports: nodePorts, kind, beside }));
  if (report.stateHash !== stateHash) throw new Error('the benchmark recovered another state');
  return report.commandsReplayed;
}

function timed(work: () => number): { readonly ns: number; readonly units: number } {
  const start = process.hrtime.bigint();
  const units = work();
  return { ns: Number(process.hrtime.bigint() - start), units };
}

/** Recovers a log of this workload, all of it and from its snapshot, several times. */
export function measureRecovery(
  config: RecoveryConfig,
  name: WorkloadName,
): { readonly all: Measure; readonly tail: Measure; readonly commands: number } {
  const folder = join(config.folder, name);
  const workload = drawWorkload(name, config.seed, config.commands);
  const total = workload.preload + workload.count;
  const written = writeLog(folder, workload, [total - Math.ceil(total / TAIL_PART)]);
  const all: number[] = [];
  const tail: number[] = [];
  for (let run = 0; run < config.runs; run++) {
    all.push(timed(() => recover(written, 'all')).ns / total);
    tail.push(timed(() => recover(written, 'snapshot')).ns / total);
  }
  rmSync(folder, { recursive: true, force: true });
  return {
    all: summarize(`from the first event, ${name}`, total, all),
    tail: summarize(`from a snapshot with 1 % behind it, ${name}`, total, tail),
    commands: total,
  };
}

/** Snapshots every so many commands: what a restart takes behind the least favourable moment, just before the next. */
function benchIntervals(config: RecoveryConfig): BenchRow[] {
  const commands = Math.min(config.commands, 1_000_000);
  const workload = drawWorkload('match-heavy', config.seed, commands);
  const total = workload.preload + workload.count;
  return [0, 500_000, 100_000, 20_000].map((every) => {
    const folder = join(config.folder, `every-${every}`);
    // The last one would have come now.
    const at =
      every === 0 ? [] : Array.from({ length: Math.floor(total / every) }, (_, k) => total - (k + 1) * every);
    const written = writeLog(folder, workload, at);
    const times = Array.from({ length: config.runs }, () => timed(() => recover(written, 'snapshot')).ns);
    rmSync(folder, { recursive: true, force: true });
    const ms = summarize('restart', 1, times).nsMedian / 1e6;
    return {
      what:
        every === 0
          ? `restart behind ${total} commands without a snapshot`
          : `the same, a snapshot every ${every}`,
      target: 'no figure',
      measured: `${ms.toFixed(0)} ms`,
      met: true,
      detail: `${at.length} snapshots of ${workload.restingAtEnd} resting orders`,
    };
  });
}

/** Rows for recovery, of all of a log, from a snapshot, and by the interval of snapshots. */
export function benchRecovery(config: RecoveryConfig, note: (text: string) => void): BenchRow[] {
  note(`recovery of ${config.commands} commands`);
  const { all, tail, commands } = measureRecovery(config, 'mixed');
  const what = 'commands and their facts: scan, checksums, hash, books, state hash';
  const rows = [
    rateRow(`recovery of ${commands} ${what}`, 5, all),
    fasterRow('recovery from a snapshot with a tail of 1 %, against all', 20, tail, all),
  ];
  const small = { ...config, commands: Math.min(config.commands, 1_000_000) };
  for (const name of ['match-heavy', 'deep', 'insert-only'] as const) {
    note(`recovery, ${name}`);
    rows.push(
      rateRow(`the same of ${small.commands} commands, ${name}`, 0, measureRecovery(small, name).all),
    );
  }
  note('intervals of snapshots');
  return [...rows, ...benchIntervals(config)];
}
