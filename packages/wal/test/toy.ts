/** A machine that is easy to see through: it adds up what timers say. And logs of it on a simulated disk. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { BLANK, Kind, decodeEvent, err, ok } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { createCrc32 } from '@truetape/kernel';
import { writeEvent } from '@truetape/tape';
import type { TapePorts } from '@truetape/tape';
import { beginCommit, cloneDisk, commit, createLog, openLog, recoverLog } from '@truetape/wal';
import type {
  Log,
  LogConfig,
  LogMachine,
  LogStorage,
  MachineKind,
  Recovered,
  SimDisk,
  WalError,
} from '@truetape/wal';

export const PORTS: TapePorts = {
  crc32: createCrc32({ large: (bytes, seed = 0) => crc32(bytes, seed) }),
  sha256: () => createHash('sha256'),
};

export const EPOCH_NS = 1_764_547_200_000_000_000n;

/** The state: how many timers there were, and the sum of their ids. */
interface ToyMachine extends LogMachine {
  count: number;
  sum: number;
}

function createToy(count = 0, sum = 0): ToyMachine {
  const toy: ToyMachine = {
    count,
    sum,
    foldedCommands: 0,
    fold: ({ records, from, to, firstSeq }, { epoch }) => {
      let seq = firstSeq;
      for (let at = from; at < to; at += (records.u32[at] & 0xffff) * 2) {
        const event = decodeEvent(records, at, epoch, seq++);
        if (event.kind === Kind.Raw)
          return { code: 'foreign', seq: event.seq, expected: 'Timer', found: 'Raw' };
        if (event.kind !== Kind.Timer) continue;
        toy.count += 1;
        toy.sum += event.timerId;
        (toy as { foldedCommands: number }).foldedCommands += 1;
      }
      return undefined;
    },
    end: () => undefined,
    save: () => new Uint8Array(Float64Array.of(toy.count, toy.sum).buffer),
    hash: () => createHash('sha256').update(`${toy.count} ${toy.sum}`).digest('hex'),
  };
  return toy;
}

export const TOY: MachineKind = {
  stateVersion: 'toy/1',
  create: () => createToy(),
  restore: (bytes) => {
    if (bytes.length !== 16) return err({ expected: '16 bytes', found: String(bytes.length) });
    const [count, sum] = new Float64Array(bytes.slice().buffer);
    return ok(createToy(count, sum));
  },
};

/** A log under way, and the machine behind its last commit. */
export interface ToyRun {
  readonly log: Log;
  readonly machine: ToyMachine;
  timeNs: number;
}

export const timer = (timeNs: number, timerId: number): Event => ({
  ...BLANK.Timer,
  timeNs,
  timerId,
  dueTime: timeNs,
});

export function configOf(storage: LogStorage, more: Partial<LogConfig> = {}): LogConfig {
  return { storage, ports: PORTS, producer: 'toy', ...more };
}

function value<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WalError },
): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

export function startToy(storage: LogStorage, more: Partial<LogConfig> = {}): ToyRun {
  const log = value(createLog(configOf(storage, more), 'toy-log', EPOCH_NS));
  return { log, machine: createToy(), timeNs: 0 };
}

/** One commit of timers with these ids. */
export function putTimers(run: ToyRun, ...ids: readonly number[]): WalError | undefined {
  const { log, machine } = run;
  run.timeNs += 1000;
  const begun = beginCommit(log, EPOCH_NS + BigInt(run.timeNs));
  if (begun !== undefined) return begun;
  // A segment has an epoch of its own.
  const { writer } = log.segment;
  const timeNs = Number(EPOCH_NS + BigInt(run.timeNs) - BigInt(writer.header.epochNs));
  for (const id of ids) {
    const fault = writeEvent(writer, timer(timeNs, id));
    if (fault !== undefined) throw new Error(fault.found);
    machine.count += 1;
    machine.sum += id;
  }
  return commit(log);
}

export function recoverToy(storage: LogStorage, more: object = {}): ReturnType<typeof recoverLog> {
  return recoverLog({ storage, ports: PORTS, kind: TOY, ...more });
}

/** A run that goes on where another ended, on a copy of its disk. */
export interface Reopened extends ToyRun {
  readonly disk: SimDisk;
  readonly recovered: Recovered;
}

export function reopenToy(before: SimDisk, more: Partial<LogConfig> = {}): Reopened {
  const disk = cloneDisk(before);
  const recovered = value(recoverToy(disk));
  // Later than all that was written.
  const timeNs = recovered.report.nextSeq * 1000 + 1_000_000;
  const log = value(openLog(configOf(disk, more), recovered, EPOCH_NS + BigInt(timeNs)));
  return { log, machine: recovered.machine as ToyMachine, timeNs, recovered, disk };
}
