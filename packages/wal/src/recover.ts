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
import { NO_TIME, createLogChain, peekChain } from '@truetape/tape';
import type { HashChain, WireTime } from '@truetape/tape';
import { foldBeside } from './beside.ts';
import type { RefusedSnapshot, TornSegment, WalError } from './errors.ts';
import type { LogMachine } from './machine.ts';
import { numberOfName, snapshotName } from './names.ts';
import { readOutline } from './outline.ts';
import type { Outline, RecoverConfig } from './outline.ts';
import { scanSegments, startOf } from './scan-log.ts';
import type { LastSegment, Scan, ScannedSegments, SegmentReport } from './scan-log.ts';
import { timeOfText } from './snapshots.ts';

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

export interface Recovered {
  readonly report: RecoveryReport;
  readonly machine: LogMachine;
  readonly chain: HashChain;
  readonly tables: DefineTables;
  readonly lastTime: WireTime;
  readonly last: LastSegment;
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
  const common = { config, tables: createTables(), verified: [], meetsState: true };
  const toMeet = outline.snapshots.map(({ head }) => head).filter((head) => head !== used?.head);
  if (used !== undefined) {
    const { head, machine } = used;
    const chain = createLogChain(ports, { hash: fromHex(head.page)!, firstSeq: head.pageEnd });
    const lastTime = timeOfText(head.lastTime);
    const seqs = { chainSeq: head.pageEnd, foldSeq: head.seq, stateSeq: head.seq, nextSeq: head.pageEnd };
    return ok({ ...common, machine, chain, ...seqs, lastTime, toMeet: [head, ...toMeet] });
  }
  if (!isWhole) return err({ code: 'noSnapshot', segment: outline.files.segments[0], refused });
  const seqs = { chainSeq: 0, foldSeq: 0, stateSeq: 0, nextSeq: 0 };
  return ok({
    ...common,
    machine: kind.create(),
    chain: createLogChain(ports),
    ...seqs,
    lastTime: NO_TIME,
    toMeet,
  });
}

/** Reads a log. Errors: see `WalError`; of those that damage causes, none leaves anything out in silence. */
export function recoverLog(config: RecoverConfig): Result<Recovered, WalError> {
  const read = readOutline(config);
  if (!read.ok) return read;
  const outline = read.value;
  const started = startScan(config, outline);
  if (!started.ok) return started;
  const ahead = foldAhead(config, started.value, outline);
  if (ahead === 'again') return recoverLog({ ...config, beside: () => undefined });
  const scan = started.value;
  const { segments } = outline.files;
  const scanned = scanSegments(scan, segments, outline.headers, segments.length);
  if (!scanned.ok) return scanned;
  const wrong = checkEnd(config, scan, outline, scanned.value);
  if (wrong !== undefined) return err(wrong);
  return ok(recoveredOf(scan, outline, scanned.value));
}

/**
 * Folds all segments but the last beside somebody who checks them, where there is somebody: what is left to scan then
 * begins with the last full page of their events. `again`: something is wrong, and the machine cannot be used.
 */
function foldAhead(config: RecoverConfig, scan: Scan, { files, headers }: Outline): 'again' | undefined {
  const { storage, beside, everything } = config;
  const start = startOf(scan, headers);
  const names = files.segments.slice(start);
  const isAhead = names.length > 1 && headers.at(-1)!.header.log!.baseSeq > scan.foldSeq;
  if (beside === undefined || everything === true || !isAhead) return undefined;
  const sizes = names.slice(0, -1).map((name) => storage.sizeOf(name));
  const sizeBytes = sizes.reduce((sum, size) => sum + (size.ok ? size.value : 0), 0);
  const { chain, chainSeq: firstSeq, machine } = scan;
  const snapshot = scan.toMeet.at(0);
  if (snapshot !== undefined && machine.hash() !== snapshot.stateHash) return undefined;
  const page = scan.stateSeq === 0 ? undefined : { hash: toHex(chain.last), firstSeq };
  const check = beside({ segments: names, page, snapshot }, sizeBytes);
  if (check === undefined) return undefined;
  const segments = names.map((name, k) => ({ name, file: headers[start + k] }));
  const last = foldBeside(storage, segments, { machine, check, fromSeq: scan.foldSeq });
  if (last === undefined) return 'again';
  const { page: behind, lastTime } = last;
  scan.chain = createLogChain(config.ports, behind);
  scan.chainSeq = behind.firstSeq;
  scan.nextSeq = behind.firstSeq;
  scan.lastTime = lastTime;
  scan.foldSeq = headers.at(-1)!.header.log!.baseSeq;
  for (const { seq } of scan.toMeet) scan.verified.push(snapshotName(seq));
  scan.toMeet = [];
  return undefined;
}

function checkEnd(
  config: RecoverConfig,
  { machine, nextSeq }: Scan,
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
