/** Snapshots of a log: taking them, keeping the last few, reading one back. */
import { err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { assert, toHex } from '@truetape/kernel';
import { NO_TIME, pageBefore, peekChain } from '@truetape/tape';
import type { HashChain, TapePorts, WireTime } from '@truetape/tape';
import { storageError } from './errors.ts';
import type { WalError } from './errors.ts';
import { failLog } from './log.ts';
import type { Log } from './log.ts';
import type { LogMachine, MachineKind } from './machine.ts';
import { NEW_SUFFIX, snapshotName, sortNames } from './names.ts';
import { encodeSnapshot } from './snapshot-file.ts';
import type { LogStorage, StorageFault } from './storage.ts';

const TWO_32 = 4_294_967_296n;

/** Unix ns of a time on the wire, in decimal; empty for none. */
export function timeText({ hi, lo }: WireTime): string {
  return hi === NO_TIME.hi && lo === NO_TIME.lo ? '' : String(BigInt(hi) * TWO_32 + BigInt(lo));
}

export function timeOfText(text: string): WireTime {
  if (text === '') return NO_TIME;
  const ns = BigInt(text);
  return { hi: Number(ns / TWO_32), lo: Number(ns % TWO_32) };
}

/** A snapshot that was taken, or was there. */
export interface TakenSnapshot {
  readonly name: string;
  readonly seq: number;
  readonly bytes: number;
  /** Older ones that went. */
  readonly removed: readonly string[];
}

/**
 * Writes the machine's state as it is behind the last commit, and removes all snapshots but the last `keep`. It counts
 * once it is durable under its name; everything that it stands on is durable before.
 *
 * Errors: `storage`; the log has stopped then.
 */
export function takeSnapshot(
  log: Log,
  kind: MachineKind,
  machine: LogMachine,
  keep: number,
): Result<TakenSnapshot, WalError> {
  const { storage, ports } = log.config;
  const { writer } = log.segment;
  if (log.failure !== undefined) return err({ code: 'failed', first: log.failure });
  assert(writer.recordCount === 0 && !log.isClosed, 'WAL-3', 'a snapshot is taken between commits');
  assert(keep >= 1, 'WAL-4', 'a snapshot that is taken is kept');
  const { nextSeq: seq, chain } = writer;
  const place = { log: log.id, seq, chain, lastTime: log.segment.lastTime };
  const unsynced = log.config.isVolatile === true ? log.out.file.sync() : undefined;
  const taken =
    unsynced === undefined ? writeSnapshot({ storage, ports, kind, machine, place, keep }) : err(unsynced);
  return taken.ok ? taken : err(failLog(log, storageError(taken.error)));
}

/** A state, and the place in its log that it belongs to. */
export interface SnapshotToWrite {
  readonly storage: LogStorage;
  readonly ports: TapePorts;
  readonly kind: MachineKind;
  readonly machine: LogMachine;
  readonly place: {
    readonly log: string;
    readonly seq: number;
    readonly chain: HashChain;
    readonly lastTime: WireTime;
  };
  readonly keep: number;
}

/** Writes a snapshot of what is durable, and removes all but the last `keep`. */
export function writeSnapshot({
  storage,
  ports,
  kind,
  machine,
  place,
  keep,
}: SnapshotToWrite): Result<TakenSnapshot, StorageFault> {
  const { log, seq, chain, lastTime } = place;
  const page = pageBefore(chain, seq);
  const head = {
    log,
    seq,
    hash: peekChain(chain),
    page: toHex(page.hash),
    pageEnd: page.firstSeq,
    lastTime: timeText(lastTime),
    stateHash: machine.hash(),
    stateVersion: kind.stateVersion,
  };
  const bytes = encodeSnapshot({ head, state: machine.save() }, ports.sha256);
  const name = snapshotName(seq);
  const fault = writeWhole(storage, name, bytes);
  if (fault !== undefined) return err(fault);
  const removed = dropOld(storage, keep);
  return removed.ok ? ok({ name, seq, bytes: bytes.length, removed: removed.value }) : removed;
}

/**
 * Puts a file in its place so that it is there as a whole, durably, or not at all. What an interrupted process left of
 * the same goes.
 */
export function writeWhole(storage: LogStorage, name: string, bytes: Uint8Array): StorageFault | undefined {
  let made = storage.create(name + NEW_SUFFIX);
  if (!made.ok && made.error.code === 'EEXIST') {
    const fault = storage.unlink(name + NEW_SUFFIX);
    if (fault !== undefined) return fault;
    made = storage.create(name + NEW_SUFFIX);
  }
  if (!made.ok) return made.error;
  const file = made.value;
  return (
    file.append([bytes]) ??
    file.sync() ??
    file.close() ??
    storage.rename(name + NEW_SUFFIX, name) ??
    storage.syncFolder()
  );
}

/** Removes all snapshots but the last few. */
function dropOld(storage: LogStorage, keep: number): Result<readonly string[], StorageFault> {
  const listed = storage.list();
  if (!listed.ok) return listed;
  const old = sortNames(listed.value).snapshots.slice(0, -keep);
  for (const name of old) {
    const fault = storage.unlink(name);
    if (fault !== undefined) return err(fault);
  }
  return ok(old);
}

/** Reads a whole file. */
export function readWhole(storage: LogStorage, name: string): Result<Uint8Array, StorageFault> {
  const size = storage.sizeOf(name);
  if (!size.ok) return size;
  const bytes = new Uint8Array(size.value);
  let at = 0;
  while (at < bytes.length) {
    const got = storage.read(name, at, bytes.subarray(at));
    if (!got.ok) return got;
    if (got.value === 0) break;
    at += got.value;
  }
  return ok(bytes.subarray(0, at));
}
