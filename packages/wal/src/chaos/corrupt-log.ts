/**
 * Logs that were written whole and are durable: what a byte of them is changed in, and what that may come to.
 */
import { assert } from '@truetape/kernel';
import { sortNames } from '../names.ts';
import { recoverLog } from '../recover.ts';
import { cloneDisk, createSimDisk, fileBytes } from '../sim-disk.ts';
import type { SimDisk } from '../sim-disk.ts';
import { beginLife, createLife, nextLife, tell } from './life.ts';
import type { Arena, Life, Told } from './life.ts';

/**
 * How such a log ends: in a commit; in a mark behind it; in a commit and zeros that were reserved; in a seal.
 * The last one is about snapshots: it has three.
 */
export const CORRUPT_LOGS = ['open', 'marked', 'reserved', 'sealed', 'snapshots'] as const;
export type CorruptLogName = (typeof CORRUPT_LOGS)[number];

/** A part of a file whose bytes are changed. */
export interface CorruptRange {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

export interface CorruptLog {
  readonly name: CorruptLogName;
  readonly disk: SimDisk;
  readonly ranges: readonly CorruptRange[];
  readonly told: Told;
  /** What it gives while nothing is changed. */
  readonly nextSeq: number;
  readonly hash: string;
  readonly stateHash: string;
  /** From this byte of the last segment on, an end may be cut off; never below `keptSeq`. */
  readonly last: string;
  readonly cutFrom: number;
  readonly keptSeq: number;
  /** Calls of `read` that a recovery of it makes. */
  readonly reads: number;
}

const LOG_BYTES = 65_536;

function mustDo(life: Life, work: () => unknown): void {
  const failed = work();
  assert(failed === undefined, 'WAL-70', `a disk that works: ${JSON.stringify(failed)}`);
  tell(life, true);
}

function startOn(life: Life, disk: SimDisk): Life {
  const { wrong } = beginLife(life, disk);
  assert(wrong === undefined, 'WAL-70', wrong ?? '');
  return life;
}

interface LastFrame {
  readonly file: string;
  readonly offsetBytes: number;
  readonly seq: number;
}

function endOfLog(disk: SimDisk, life: Life): LastFrame {
  const listed = disk.list();
  assert(listed.ok, 'WAL-70', 'a disk that works');
  const file = sortNames(listed.value).segments.at(-1)!;
  return { file, offsetBytes: fileBytes(disk, file)!.length, seq: life.acked };
}

const sizeOf = (disk: SimDisk): number => {
  const listed = disk.list();
  const files = listed.ok ? sortNames(listed.value) : undefined;
  return files?.segments.reduce((size, file) => size + fileBytes(disk, file)!.length, 0) ?? 0;
};

/** Writes a log of several segments, with a clean restart in its middle and a kill later on. */
export function writeCorruptLog(arena: Arena, name: CorruptLogName): CorruptLog {
  const own = { ...arena, reserveBytes: 0, isVolatile: false };
  let disk = createSimDisk(arena.seed);
  let life = startOn(createLife(own), disk);
  const ends: LastFrame[] = [];
  const put = (): void => {
    ends.push(endOfLog(disk, life));
    mustDo(life, () => life.run!.put());
  };
  const again = (reserveBytes = 0): void => {
    disk = cloneDisk(disk);
    const next = nextLife({ arena: { ...own, reserveBytes }, told: life.told }, life.acked, life.answers);
    life = startOn(next, disk);
  };
  while (sizeOf(disk) < LOG_BYTES / 3) put();
  mustDo(life, () => life.run!.close());
  again();
  while (sizeOf(disk) < LOG_BYTES - 4096) {
    put();
    if (name === 'snapshots' && ends.length % 25 === 0) mustDo(life, () => life.run!.snapshot(3));
  }
  again(name === 'reserved' ? 1024 : 0);
  put();
  const lastPut = ends.at(-1)!;
  put();
  if (name === 'marked' || name === 'sealed') ends.push(endOfLog(disk, life));
  if (name === 'marked') mustDo(life, () => life.run!.mark());
  if (name === 'sealed') mustDo(life, () => life.run!.close());
  const end = name === 'reserved' ? reservedFrom(disk, life) : ends.at(-1)!;
  // The last two commits, and what stands behind them.
  return describeLog(name, disk, life, { end, from: lastPut.offsetBytes });
}

/**
 * The last commit of a log with zeros behind it: the one before ends where its copy without the last one
 * does.
 */
function reservedFrom(disk: SimDisk, life: Life): LastFrame {
  const { file } = endOfLog(disk, life);
  const bytes = fileBytes(disk, file)!;
  const head = [0x52, 0x50, 0x4c, 0x42];
  let offsetBytes = bytes.length - 1;
  while (!head.every((byte, k) => bytes[offsetBytes + k] === byte)) offsetBytes -= 1;
  const seq = [...life.told.own.keys()].toSorted((a, b) => a - b).at(-2)!;
  return { file, offsetBytes, seq };
}

function describeLog(
  name: CorruptLogName,
  disk: SimDisk,
  life: Life,
  { end, from }: { readonly end: LastFrame; readonly from: number },
): CorruptLog {
  const settled = cloneDisk(disk);
  const { subject, ports } = life.arena;
  const before = settled.state.counts.read;
  const read = recoverLog({ storage: settled, ports, kind: subject.kind });
  assert(read.ok && read.value.report.nextSeq === life.acked, 'WAL-70', 'a log that is whole');
  const { nextSeq, hash, stateHash } = read.value.report;
  const reads = settled.state.counts.read - before;
  const listed = settled.list();
  assert(listed.ok, 'WAL-70', 'a disk that works');
  const { segments, snapshots } = sortNames(listed.value);
  const whole = (file: string): CorruptRange => ({ file, from: 0, to: fileBytes(settled, file)!.length });
  const tail = { ...whole(end.file), from };
  const ranges = { open: segments.map(whole), snapshots: snapshots.map(whole), other: [tail] };
  const { told } = life;
  const kept = { last: end.file, cutFrom: end.offsetBytes, keptSeq: end.seq };
  const changed = name === 'open' || name === 'snapshots' ? ranges[name] : ranges.other;
  return { name, disk: settled, ranges: changed, told, nextSeq, hash, stateHash, ...kept, reads };
}
