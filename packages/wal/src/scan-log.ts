/** Reads the segments of a log, one after the other: into the hash of all events, and into a machine. */
import { err, ok } from '@truetape/contracts';
import type { DefineTables, Result } from '@truetape/contracts';
import { toHex } from '@truetape/kernel';
import { NO_TIME, addRunToChain, pageBefore, peekChain } from '@truetape/tape';
import type { AppendPlace, Batch, FileHeader, HashChain, WireTime } from '@truetape/tape';
import type { TornSegment, WalError } from './errors.ts';
import { isVolatileSegment } from './log.ts';
import type { LogMachine } from './machine.ts';
import { snapshotName } from './names.ts';
import type { RecoverConfig } from './outline.ts';
import { scanSegment, tornInside, tornOf } from './scan.ts';
import type { SnapshotHead } from './snapshot-file.ts';

/** A segment as it was found. */
export interface SegmentReport {
  readonly name: string;
  readonly baseSeq: number;
  /** Behind its last event; undefined where it was not read, since a snapshot covers it. */
  readonly nextSeq: number | undefined;
  readonly sealed: boolean | undefined;
  /** Behind its last event, with another segment behind it: of a seal that was interrupted. */
  readonly strayBytes?: number;
  /** Its commits were not synced. */
  readonly volatile?: true;
}

/** The last segment, to go on in. */
export interface LastSegment {
  readonly name: string;
  readonly file: FileHeader;
  /** undefined where it is sealed. */
  readonly append: AppendPlace | undefined;
}

/** A scan under way. */
export interface Scan {
  readonly config: Pick<RecoverConfig, 'storage' | 'ports' | 'deep'>;
  readonly machine: LogMachine;
  chain: HashChain;
  /** First seqs that go into the chain and into the machine. */
  chainSeq: number;
  foldSeq: number;
  /** The seq of the snapshot that was used; 0 for none. */
  readonly stateSeq: number;
  /** Snapshots that have to agree where the scan passes by. */
  toMeet: SnapshotHead[];
  /** Whether the machine has to agree with them, and not only the events. */
  readonly meetsState: boolean;
  readonly verified: string[];
  nextSeq: number;
  lastTime: WireTime;
  tables: DefineTables;
}

/** Holds the snapshots of this seq against what was read up to here. */
function meetSnapshots(scan: Scan, seq: number): WalError | undefined {
  const { toMeet } = scan;
  while (toMeet.length > 0 && toMeet[0].seq <= seq) {
    const { seq: at, hash, stateHash } = toMeet.shift()!;
    const snapshot = snapshotName(at);
    const place = { code: 'snapshotContradicts', snapshot, seq: at } as const;
    if (at !== seq)
      return { ...place, expected: `a commit that ends at seq ${at}`, found: `one up to ${seq}` };
    const found = peekChain(scan.chain);
    if (found !== hash) return { ...place, expected: `events of hash ${hash}`, found: `hash ${found}` };
    const state = scan.meetsState ? scan.machine.hash() : stateHash;
    if (state !== stateHash)
      return { ...place, expected: `a state of hash ${stateHash}`, found: `hash ${state}` };
    scan.verified.push(snapshot);
  }
  return undefined;
}

/** A segment's header against what stands before it. */
export function checkPlace(scan: Scan, segment: string, { header }: FileHeader): WalError | undefined {
  const { baseSeq, basePage, pageFirstSeq, prevHash } = header.log!;
  if (baseSeq !== scan.nextSeq) {
    return {
      code: 'segmentGap',
      segment,
      expected: `first seq ${scan.nextSeq}`,
      found: `first seq ${baseSeq}`,
    };
  }
  const page = pageBefore(scan.chain, baseSeq);
  const pairs = [
    ['prevHash', peekChain(scan.chain), prevHash],
    ['basePage', toHex(page.hash), basePage],
    ['pageFirstSeq', String(page.firstSeq), String(pageFirstSeq)],
  ] as const;
  const wrong = pairs.find(([, expected, found]) => expected !== found);
  if (wrong === undefined) return undefined;
  const [field, expected, found] = wrong;
  return { code: 'segmentMismatch', segment, expected: `${field} ${expected}`, found };
}

function takeBatch(
  scan: Scan,
  segment: string,
  batch: Batch,
  from: Parameters<LogMachine['fold']>[1],
): WalError | undefined {
  const { records, to, firstSeq, nextSeq } = batch;
  if (nextSeq > scan.chainSeq) {
    let at = batch.from;
    let seq = firstSeq;
    // A page begins within a commit.
    for (; seq < scan.chainSeq; seq++) at += (records.u32[at] & 0xffff) * 2;
    addRunToChain(scan.chain, records, at, to, seq);
  }
  if (firstSeq >= scan.foldSeq) {
    const stop = scan.machine.fold(batch, from);
    if (stop !== undefined) return { code: 'contradiction', segment, stop };
  }
  scan.nextSeq = nextSeq;
  return scan.toMeet.length > 0 && nextSeq >= scan.toMeet[0].seq ? meetSnapshots(scan, nextSeq) : undefined;
}

export interface ScannedSegments {
  readonly reports: readonly SegmentReport[];
  readonly torn: TornSegment | undefined;
  readonly last: LastSegment;
}

/** The segment that the chain begins in. */
export function startOf(scan: Scan, headers: readonly FileHeader[]): number {
  return Math.max(
    0,
    headers.findLastIndex(({ header }) => header.log!.baseSeq <= scan.chainSeq),
  );
}

/** Scans segments up to the k-th, from the one that the chain begins in. */
export function scanSegments(
  scan: Scan,
  segments: readonly string[],
  headers: readonly FileHeader[],
  count: number,
): Result<ScannedSegments, WalError> {
  const { storage, ports, deep = false } = scan.config;
  const reports: SegmentReport[] = [];
  const baseOf = (k: number): number => headers[k].header.log!.baseSeq;
  const start = startOf(scan, headers);
  let torn: TornSegment | undefined;
  let last: LastSegment | undefined;
  for (const [k, name] of segments.slice(0, count).entries()) {
    const baseSeq = baseOf(k);
    const kind = isVolatileSegment(headers[k].header) ? ({ volatile: true } as const) : {};
    if (k < start) {
      reports.push({ name, baseSeq, nextSeq: baseOf(k + 1), sealed: undefined, ...kind });
      continue;
    }
    const wrong = k === start && baseSeq < scan.chainSeq ? undefined : checkPlace(scan, name, headers[k]);
    if (wrong !== undefined) return err(wrong);
    const met =
      scan.toMeet.length > 0 && scan.toMeet[0].seq <= baseSeq ? meetSnapshots(scan, baseSeq) : undefined;
    if (met !== undefined) return err(met);
    const scanned = scanSegment(storage, ports, name, {
      deep,
      fromSeq: scan.chainSeq,
      endSeq: headers[k + 1]?.header.log!.baseSeq,
      take: (batch, from) => takeBatch(scan, name, batch, from),
    });
    if (!scanned.ok) return scanned;
    const { end, tables } = scanned.value;
    if (end.lastTime !== undefined && end.lastTime !== NO_TIME) scan.lastTime = end.lastTime;
    scan.nextSeq = end.nextSeq;
    scan.tables = tables;
    const isLast = k === segments.length - 1;
    const stray = isLast || end.torn === undefined ? {} : { strayBytes: end.torn.bytes };
    reports.push({ name, baseSeq, nextSeq: end.nextSeq, sealed: end.sealed, ...stray, ...kind });
    const inside = isLast ? undefined : tornInside(storage, ports, name, end, baseOf(k + 1));
    if (inside !== undefined) return err(inside);
    torn = tornOf(name, end);
    last = { name, file: headers[k], append: end.place };
  }
  return ok({ reports, torn, last: last! });
}
