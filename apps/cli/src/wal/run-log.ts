/**
 * The log of a backtest, as far as its files say: which run, how far it came, whether its end is whole. What its events
 * follow from is nothing that it holds: `backtest resume` runs it again and compares.
 */
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '@truetape/contracts';
import type { TapeHeader } from '@truetape/tape';
import { recoverLog } from '@truetape/wal';
import type { LogMachine, LogStorage, MachineKind, RecoveryReport } from '@truetape/wal';
import { CliFailure, EXIT } from '../failure.ts';
import { quoted } from '../wording.ts';
import { inspectFiles } from './inspect-files.ts';
import type { FolderFacts } from './inspect-files.ts';
import type { LogFolder } from './open-folder.ts';
import { titled, titledList, tornJson } from './report-lines.ts';
import { tornEndText, walFailure } from './wording.ts';

/** What the headers of such a log say. */
export interface RunLog {
  readonly strategies: readonly string[];
  readonly seed: string;
  readonly tapes: readonly string[];
}

const textsIn = (value: JsonValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

function runOf({ producer, seed, config }: TapeHeader): RunLog | undefined {
  const run = config?.['run'];
  if (producer?.name !== 'truetape backtest' || typeof run !== 'object' || run === null) return undefined;
  const { strategies, tapes } = run as JsonObject;
  return { strategies: textsIn(strategies), seed: seed ?? '', tapes: textsIn(tapes) };
}

/** The run that a folder is the log of; undefined where it is none. */
export function runLogOf({ segments }: FolderFacts): RunLog | undefined {
  const header = segments.find((one) => one.header !== undefined)?.header?.header;
  return header === undefined ? undefined : runOf(header);
}

export const runLogJson = ({ strategies, seed, tapes }: RunLog): JsonObject => ({
  strategies: [...strategies],
  seed,
  tapes: [...tapes],
});

const runText = ({ strategies, seed, tapes }: RunLog): string =>
  `${strategies.join(', ')}, seed ${seed}, over ${tapes.join(', ')}`;

/** How far a run came, from heads and frames alone. */
export function runLogLines(path: string, run: RunLog, facts: FolderFacts): string[] {
  const last = facts.segments.at(-1);
  const nextSeq = last?.walk?.nextSeq ?? last?.header?.header.log?.baseSeq ?? 0;
  return [
    titled('run', runText(run)),
    titled('events', eventsText(nextSeq)),
    titled('end', endText(last?.sealed === true, last?.damage)),
    titled('next', resumeText(path)),
  ];
}

const eventsText = (nextSeq: number): string =>
  nextSeq === 0 ? 'none' : `${nextSeq}, the last seq is ${nextSeq - 1}`;

const resumeText = (path: string): string => `truetape backtest resume ${quoted(path)}`;

function endText(isSealed: boolean, damage: string | undefined): string {
  if (damage !== undefined) return `torn: ${damage}; resume cuts it off and goes on`;
  return isSealed
    ? 'sealed: the run has ended'
    : 'clean, and not sealed: the run was cut short, or goes on now';
}

/** Holds records, and asks nothing of them: what they follow from is known to the run alone. */
function createHolder(): LogMachine {
  return {
    foldedCommands: 0,
    fold: () => undefined,
    end: () => undefined,
    save: () => new Uint8Array(0),
    hash: () => '',
  };
}

const EVENTS: MachineKind = {
  observer: 'client',
  stateVersion: 'events alone',
  create: createHolder,
  restore: () => ({ ok: true, value: createHolder() }),
};

/** The same folder, as if it had no snapshots: all of its segments are read. */
function withoutSnapshots(storage: LogStorage): LogStorage {
  const list: LogStorage['list'] = () => {
    const listed = storage.list();
    return listed.ok ? { ok: true, value: listed.value.filter((name) => !name.endsWith('.snap')) } : listed;
  };
  return Object.assign(Object.create(storage) as LogStorage, { list });
}

/** What was found; the failure is the verdict. */
export interface RunLogVerdict {
  readonly lines: readonly string[];
  readonly json: JsonObject;
  readonly failure: CliFailure | undefined;
}

const VERIFIED = 'frames, checksums, pages, seals, the checksums of snapshots';
const UNVERIFIED = 'that the run gives these events: resume runs it again and compares each';

/** Reads every frame of a run's log; undefined where it is the log of something else. */
export function verifyRunLog({ path, storage, config }: LogFolder): RunLogVerdict | undefined {
  const facts = inspectFiles(storage, path);
  const run = runLogOf(facts);
  if (run === undefined) return undefined;
  const { beside: _, ...rest } = config;
  const read = { ...rest, storage: withoutSnapshots(storage), kind: EVENTS, everything: true, deep: true };
  const recovered = recoverLog(read);
  if (!recovered.ok) {
    const failure = walFailure(path, recovered.error);
    return { lines: [], json: { ok: false, run: runLogJson(run), error: failure.message }, failure };
  }
  const { report } = recovered.value;
  const failure = failureOf(path, report, facts);
  const isSealed = report.segments.at(-1)?.sealed === true;
  const snapshots = facts.snapshots.map(({ name }) => name);
  return {
    lines: [
      titled('log', report.log),
      titled('run', runText(run)),
      titled('events', eventsText(report.nextSeq)),
      titled('end', endText(isSealed, undefined)),
      titled('hash', report.hash),
      ...titledList('snapshots', snapshots),
      titled('verified', VERIFIED),
      titled('not verified', UNVERIFIED),
      titled('next', resumeText(path)),
    ],
    json: {
      ok: failure === undefined,
      log: report.log,
      run: runLogJson(run),
      events: report.nextSeq,
      lastSeq: report.nextSeq === 0 ? null : report.nextSeq - 1,
      sealed: isSealed,
      torn: tornJson(report.torn),
      hash: report.hash,
      snapshots,
      notVerified: [UNVERIFIED],
      error: failure?.message ?? null,
    },
    failure,
  };
}

function failureOf(path: string, { torn }: RecoveryReport, facts: FolderFacts): CliFailure | undefined {
  const bad = facts.snapshots.find(({ damage }) => damage !== undefined);
  if (bad !== undefined)
    return new CliFailure(
      EXIT.corrupt,
      `${path} has a bad snapshot: ${bad.name}: ${bad.damage}`,
      `${resumeText(path)} passes it over; the log is whole without it: rm ${quoted(join(path, bad.name))}`,
    );
  if (torn === undefined) return undefined;
  return new CliFailure(
    EXIT.corrupt,
    `${path} ends torn: ${torn.segment} ${tornEndText(torn)}`,
    `${resumeText(path)} cuts that off, and goes on`,
  );
}
