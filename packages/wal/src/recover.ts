/**
 * Reads a log back: the newest snapshot that is good, and every event behind it. Nothing is changed; `openLog` goes on
 * from what this found.
 *
 * Whatever does not check is refused with its place. There is one exception: an invalid end of the last segment, of
 * which nothing proves that it had ever been durable, is what an interrupted write leaves; it is reported, and cut when
 * the log is opened.
 */
import { createTables, err, ok } from '@truetape/contracts';
import type { DefineTables, Result } from '@truetape/contracts';
import { fromHex, toHex } from '@truetape/kernel';
import { NO_TIME, addRunToChain, createLogChain, pageBefore, peekChain } from '@truetape/tape';
import type { AppendPlace, Batch, FileHeader, HashChain, WireTime } from '@truetape/tape';
import type { RefusedSnapshot, TornSegment, WalError } from './errors.ts';
import type { LogMachine } from './machine.ts';
import { numberOfName, snapshotName } from './names.ts';
import { readOutline } from './outline.ts';
import type { Outline, RecoverConfig } from './outline.ts';
import { scanSegment, tornInside, tornOf } from './scan.ts';
import type { SnapshotHead } from './snapshot-file.ts';
import { timeOfText } from './snapshots.ts';

/** A segment as it was found. */
export interface SegmentReport {
  readonly name: string;
  readonly baseSeq: number;
  /** Behind its last event; undefined where it was not read, since a snapshot covers it. */
  readonly nextSeq: number | undefined;
  readonly sealed: boolean | undefined;
  /** Behind its last event, with another segment behind it: of a seal that was interrupted. */
  readonly strayBytes?: number;
}

export interface RecoveryReport {
  readonly log: string;
  readonly segments: readonly SegmentReport[];
  /** The one that was used; undefined for none. */
  readonly snapshot: { readonly name: string; readonly seq: number } | undefined;
  readonly refused: readonly RefusedSnapshot[];
  /** Snapshots that were held against the state, with `everything`. */
  readonly verified: readonly string[];
  /** Events behind the snapshot, and commands among them. */
  readonly eventsReplayed: number;
  readonly commandsReplayed: number;
  readonly torn: TornSegment | undefined;
  /** What an interrupted process left behind; nothing of it counts. */
  readonly unfinished: readonly string[];
  readonly nextSeq: number;
  readonly hash: string;
  readonly stateHash: string;
}

/** The last segment, to go on in. */
export interface LastSegment {
  readonly name: string;
  readonly file: FileHeader;
  /** undefined where it is sealed. */
  readonly append: AppendPlace | undefined;
}

export interface Recovered {
  readonly report: RecoveryReport;
  readonly machine: LogMachine;
  readonly chain: HashChain;
  readonly tables: DefineTables;
  readonly lastTime: WireTime;
  readonly last: LastSegment;
}

interface Scan {
  readonly config: RecoverConfig;
  readonly machine: LogMachine;
  readonly chain: HashChain;
  /** First seqs that go into the chain and into the machine. */
  readonly chainSeq: number;
  readonly stateSeq: number;
  /** Snapshots that have to agree where the scan passes by. */
  readonly toMeet: SnapshotHead[];
  readonly verified: string[];
  nextSeq: number;
  lastTime: WireTime;
  tables: DefineTables;
}

/** Where reading begins. */
function startScan(config: RecoverConfig, outline: Outline): Result<Scan, WalError> {
  const { ports, kind } = config;
  const { headers, refused } = outline;
  const isWhole = headers[0].header.log!.segment === 1;
  const used =
    config.everything === true && isWhole
      ? undefined
      : outline.snapshots.at(config.everything === true ? 0 : -1);
  const common = { config, tables: createTables(), verified: [] };
  const toMeet = outline.snapshots.map(({ head }) => head).filter((head) => head !== used?.head);
  if (used !== undefined) {
    const { head, machine } = used;
    const chain = createLogChain(ports, { hash: fromHex(head.page)!, firstSeq: head.pageEnd });
    const lastTime = timeOfText(head.lastTime);
    const seqs = { chainSeq: head.pageEnd, stateSeq: head.seq, nextSeq: head.pageEnd };
    return ok({ ...common, machine, chain, ...seqs, lastTime, toMeet: [head, ...toMeet] });
  }
  if (!isWhole) return err({ code: 'noSnapshot', segment: outline.files.segments[0], refused });
  const seqs = { chainSeq: 0, stateSeq: 0, nextSeq: 0 };
  return ok({
    ...common,
    machine: kind.create(),
    chain: createLogChain(ports),
    ...seqs,
    lastTime: NO_TIME,
    toMeet,
  });
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
    const state = scan.machine.hash();
    if (state !== stateHash)
      return { ...place, expected: `a state of hash ${stateHash}`, found: `hash ${state}` };
    scan.verified.push(snapshot);
  }
  return undefined;
}

/** A segment's header against what stands before it. */
function checkPlace(scan: Scan, segment: string, { header }: FileHeader): WalError | undefined {
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
  if (firstSeq >= scan.stateSeq) {
    const stop = scan.machine.fold(batch, from);
    if (stop !== undefined) return { code: 'contradiction', segment, stop };
  }
  scan.nextSeq = nextSeq;
  return scan.toMeet.length > 0 && nextSeq >= scan.toMeet[0].seq ? meetSnapshots(scan, nextSeq) : undefined;
}

interface ScannedSegments {
  readonly reports: readonly SegmentReport[];
  readonly torn: TornSegment | undefined;
  readonly last: LastSegment;
}

function scanSegments(scan: Scan, outline: Outline): Result<ScannedSegments, WalError> {
  const { storage, ports, deep = false } = scan.config;
  const { files, headers } = outline;
  const reports: SegmentReport[] = [];
  const baseOf = (k: number): number => headers[k].header.log!.baseSeq;
  const start = Math.max(
    0,
    headers.findLastIndex((_, k) => baseOf(k) <= scan.chainSeq),
  );
  let torn: TornSegment | undefined;
  let last: LastSegment | undefined;
  for (const [k, name] of files.segments.entries()) {
    const baseSeq = baseOf(k);
    if (k < start) {
      reports.push({ name, baseSeq, nextSeq: baseOf(k + 1), sealed: undefined });
      continue;
    }
    const wrong = k === start && baseSeq < scan.chainSeq ? undefined : checkPlace(scan, name, headers[k]);
    if (wrong !== undefined) return err(wrong);
    const met =
      scan.toMeet.length > 0 && scan.toMeet[0].seq <= baseSeq ? meetSnapshots(scan, baseSeq) : undefined;
    if (met !== undefined) return err(met);
    const scanned = scanSegment(storage, ports, name, {
      deep,
      take: (batch, from) => takeBatch(scan, name, batch, from),
    });
    if (!scanned.ok) return scanned;
    const { end, tables } = scanned.value;
    if (end.lastTime !== undefined && end.lastTime !== NO_TIME) scan.lastTime = end.lastTime;
    scan.nextSeq = end.nextSeq;
    scan.tables = tables;
    const isLast = k === files.segments.length - 1;
    const stray = isLast || end.torn === undefined ? {} : { strayBytes: end.torn.bytes };
    reports.push({ name, baseSeq, nextSeq: end.nextSeq, sealed: end.sealed, ...stray });
    const inside = isLast ? undefined : tornInside(storage, ports, name, end, baseOf(k + 1));
    if (inside !== undefined) return err(inside);
    torn = tornOf(name, end);
    last = { name, file: headers[k], append: end.place };
  }
  return ok({ reports, torn, last: last! });
}

/** Reads a log. Errors: see `WalError`; of those that damage causes, none leaves anything out in silence. */
export function recoverLog(config: RecoverConfig): Result<Recovered, WalError> {
  const read = readOutline(config);
  if (!read.ok) return read;
  const outline = read.value;
  const started = startScan(config, outline);
  if (!started.ok) return started;
  const scan = started.value;
  const scanned = scanSegments(scan, outline);
  if (!scanned.ok) return scanned;
  const wrong = checkEnd(scan, outline, scanned.value);
  if (wrong !== undefined) return err(wrong);
  return ok(recoveredOf(scan, outline, scanned.value));
}

function checkEnd(
  { config, machine, nextSeq }: Scan,
  { files }: Outline,
  { torn, last }: ScannedSegments,
): WalError | undefined {
  const { strictTail, expectSeq } = config;
  const newest = files.snapshots.at(-1);
  // A snapshot is taken of what is durable: behind the end it is witness that there was more.
  if (newest !== undefined && numberOfName(newest) > nextSeq)
    return { code: 'snapshotAhead', snapshot: newest, seq: numberOfName(newest), nextSeq };
  if (torn !== undefined && strictTail === true) return { code: 'tornTail', torn };
  if (expectSeq !== undefined && nextSeq <= expectSeq)
    return { code: 'endsEarly', expectedSeq: expectSeq, nextSeq };
  const stop = machine.end(nextSeq);
  return stop === undefined ? undefined : { code: 'contradiction', segment: last.name, stop };
}

function recoveredOf(scan: Scan, { files, headers, refused }: Outline, scanned: ScannedSegments): Recovered {
  const { machine, chain, tables, lastTime, nextSeq, stateSeq, verified } = scan;
  const { reports, torn, last } = scanned;
  const isFromSnapshot = stateSeq > 0;
  const report: RecoveryReport = {
    log: headers[0].header.log!.id,
    segments: reports,
    snapshot: isFromSnapshot ? { name: snapshotName(stateSeq), seq: stateSeq } : undefined,
    refused,
    verified,
    eventsReplayed: nextSeq - stateSeq,
    commandsReplayed: machine.foldedCommands,
    torn,
    unfinished: files.unfinished,
    nextSeq,
    hash: peekChain(chain),
    stateHash: machine.hash(),
  };
  return { report, machine, chain, tables, lastTime, last };
}
