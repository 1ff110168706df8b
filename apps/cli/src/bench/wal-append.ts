/** Durable appends: the log against the bare system calls and against SQLite, in one run and one folder. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { BLANK, UNIX_EPOCH, createRecordOut, encodeEvent } from '@truetape/contracts';
import { nodePorts, openLogStorage } from '@truetape/host';
import { commitRecords, recordPlace } from '@truetape/tape';
import { RESERVE_BYTES, beginCommit, commit, createLog } from '@truetape/wal';
import type { Log } from '@truetape/wal';
import { summarize } from './measure.ts';
import type { Measure } from './measure.ts';
import { fasterRow, withinRow } from './report.ts';
import type { BenchRow } from './report.ts';

export interface AppendConfig {
  readonly runs: number;
  /** A folder of the disk that is measured. */
  readonly folder: string;
  /** Commits of a run at batch 1; fewer with larger batches. */
  readonly commits: number;
}

const COMMAND_BYTES = 64;
const COMMAND_WORDS = COMMAND_BYTES / 8;
const HALVES = COMMAND_WORDS * 2;
/** Half word of a command's order id. */
const ORDER_ID = 6;
/** A batch, and what is asked of it: against SQLite, and against write and fdatasync alone. */
const BATCHES = [
  { batch: 1, commitsOf: 1, againstSqlite: 1, againstBare: 1.3 },
  { batch: 256, commitsOf: 2, againstSqlite: 1.2, againstBare: 1.3 },
  { batch: 4096, commitsOf: 10, againstSqlite: 4, againstBare: 1.9 },
] as const;

/** Commands that are put into the log's buffer at once. */
const PLACE_COMMANDS = 64;
/** Commits of a way before the next has its turn, so that a slow moment of the disk meets all of them. */
const SLICE_COMMITS = 10;

/** A way to make batches of commands durable. */
interface Way {
  readonly name: string;
  /** Appends this many commands as one. */
  append(batch: number): void;
  close(): void;
}

function mustBe<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) throw new Error(`the benchmark's log failed: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** New orders of 64 bytes on the wire, as many as are put in at once. */
function commandRecords(): Int32Array {
  const out = createRecordOut(UNIX_EPOCH, HALVES);
  const event = {
    ...BLANK.NewOrder,
    orderId: 1,
    priceTicks: 100,
    qtyLots: 5,
    type: 1,
    tif: 1,
    intentId: 1,
    flags: 17,
    instrument: 1,
    source: 1,
  };
  if (encodeEvent(out, event) !== 0 || out.words !== COMMAND_WORDS) throw new Error('a command of 64 bytes');
  const one = out.i32.subarray(0, HALVES);
  const all = new Int32Array(PLACE_COMMANDS * HALVES);
  for (let k = 0; k < PLACE_COMMANDS; k++) all.set(one, k * HALVES);
  return all;
}

function createLogWay(folder: string): Way {
  const storage = mustBe(openLogStorage(join(folder, 'log'), { create: true }));
  const config = { storage, ports: nodePorts, producer: 'truetape bench wal', reserveBytes: RESERVE_BYTES };
  const log: Log = mustBe(createLog(config, 'bench', 0n));
  const record = commandRecords();
  let orderId = 0;
  return {
    name: 'log',
    append: (batch) => {
      let refused = beginCommit(log, 0n);
      const { writer } = log.segment;
      for (let done = 0; done < batch; done += PLACE_COMMANDS) {
        const count = Math.min(PLACE_COMMANDS, batch - done);
        const at = recordPlace(writer, count * COMMAND_WORDS);
        const { i32 } = writer.records;
        // The same record over and over, each with an id of its own: to make them is not what is measured.
        i32.set(record.subarray(0, count * HALVES), at);
        for (let k = 0; k < count; k++) i32[at + k * HALVES + ORDER_ID] = orderId++;
        if (commitRecords(writer, count * COMMAND_WORDS, count) !== undefined)
          throw new Error('the log refused a command');
      }
      refused ??= commit(log);
      if (refused !== undefined) throw new Error(`the log failed: ${refused.code}`);
    },
    close: () => {
      log.out.file.close();
      storage.close();
    },
  };
}

/** The floor: the commands' bytes and one sync, which nothing that is durable can do without. */
function createBareWay(folder: string): Way {
  const fd = openSync(join(folder, 'bare'), 'w');
  const bytes = Buffer.alloc(COMMAND_BYTES * 4096, 7);
  return {
    name: 'write + fdatasync',
    append: (batch) => {
      writeSync(fd, bytes, 0, batch * COMMAND_BYTES);
      fdatasyncSync(fd);
    },
    close: () => closeSync(fd),
  };
}

async function createSqliteWay(folder: string): Promise<Way> {
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(join(folder, 'commands.db'));
  db.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE commands (seq INTEGER PRIMARY KEY, record BLOB)',
  );
  const insert = db.prepare('INSERT INTO commands (record) VALUES (?)');
  const bytes = Buffer.alloc(COMMAND_BYTES, 7);
  return {
    name: 'SQLite, WAL, synchronous=FULL',
    append: (batch) => {
      db.exec('BEGIN');
      for (let k = 0; k < batch; k++) insert.run(bytes);
      db.exec('COMMIT');
    },
    close: () => db.close(),
  };
}

/** Times a number of commits of each way, in slices that take turns; ns a command. */
function timeRun(ways: readonly Way[], batch: number, commits: number): number[] {
  const times = ways.map(() => 0);
  for (let done = 0; done < commits; done += SLICE_COMMITS) {
    // Each follows each: what one leaves for the file system to do falls to the next.
    const first = (done / SLICE_COMMITS) % ways.length;
    for (let turn = 0; turn < ways.length; turn++) {
      const k = (first + turn) % ways.length;
      const start = process.hrtime.bigint();
      for (let commit = 0; commit < SLICE_COMMITS; commit++) ways[k].append(batch);
      times[k] += Number(process.hrtime.bigint() - start);
    }
  }
  const slices = Math.ceil(commits / SLICE_COMMITS);
  return times.map((time) => time / (slices * SLICE_COMMITS * batch));
}

/** One batch size, all ways in one folder. */
async function measureBatch(config: AppendConfig, batch: number, commits: number): Promise<Measure[]> {
  const folder = mkdtempSync(join(config.folder, 'wal-'));
  const ways = [createLogWay(folder), createBareWay(folder), await createSqliteWay(folder)];
  try {
    timeRun(ways, batch, commits / 5);
    const runs = Array.from({ length: config.runs }, () => timeRun(ways, batch, commits));
    return ways.map(({ name }, k) =>
      summarize(
        `${name}, batch ${batch}`,
        commits * batch,
        runs.map((times) => times[k]),
      ),
    );
  } finally {
    for (const way of ways) way.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows for each batch size. */
export async function benchAppend(config: AppendConfig, note: (text: string) => void): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { batch, commitsOf, againstSqlite, againstBare } of BATCHES) {
    note(`appends of ${batch}`);
    const [log, bare, sqlite] = await measureBatch(config, batch, Math.ceil(config.commits / commitsOf));
    rows.push(fasterRow(`durable appends against SQLite, batch ${batch}`, againstSqlite, log, sqlite));
    rows.push(withinRow(`durable appends against write + fdatasync, batch ${batch}`, againstBare, log, bare));
  }
  return rows;
}
