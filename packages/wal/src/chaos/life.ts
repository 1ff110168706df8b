/**
 * Lives of processes on one log, and what each of them may find: a state that was, not before what was
 * acknowledged.
 */
import { createLogChain, peekChain } from '@truetape/tape';
import type { TapePorts } from '@truetape/tape';
import type { WalError } from '../errors.ts';
import { tornName } from '../names.ts';
import type { RecoveryReport } from '../recover.ts';
import { fileBytes } from '../sim-disk.ts';
import type { SimDisk } from '../sim-disk.ts';
import type { Answers, ChaosRun, ChaosSubject } from './subject.ts';

/** A state that a log had behind a commit, and the hash of all events up to there. */
export interface ToldState {
  readonly stateHash: string;
  readonly hash: string;
}

/**
 * The states behind all commits of a log, by the seq behind them; those of an earlier life up to where it was
 * found.
 */
export interface Told {
  readonly own: Map<number, ToldState>;
  readonly before: Told | undefined;
  upTo: number;
}

export function toldAt(told: Told, nextSeq: number): ToldState | undefined {
  const { own, before, upTo } = told;
  return own.get(nextSeq) ?? (before !== undefined && nextSeq <= upTo ? toldAt(before, nextSeq) : undefined);
}

export interface Arena {
  readonly subject: ChaosSubject;
  readonly ports: TapePorts;
  readonly seed: string;
  readonly segmentBytes: number;
  readonly reserveBytes: number;
  readonly isVolatile: boolean;
}

/** A process, and what it has told the world. */
export interface Life {
  readonly arena: Arena;
  readonly told: Told;
  /** Seq behind the last acknowledged event; −1 while not even a log was. */
  acked: number;
  /** Answers that were given to commands with ids. */
  readonly answers: Answers;
  run: ChaosRun | undefined;
}

/** What nobody has told anything yet. */
export function createLife(arena: Arena): Life {
  const { subject, ports } = arena;
  const nothing = { stateHash: subject.kind.create().hash(), hash: peekChain(createLogChain(ports)) };
  const told = { own: new Map([[0, nothing]]), before: undefined, upTo: 0 };
  return { arena, told, acked: -1, answers: new Map(), run: undefined };
}

/** The life behind a crash: it knows what was told before, up to `acked` for certain. */
export function nextLife(
  { arena, told }: Pick<Life, 'arena' | 'told'>,
  acked: number,
  answers: Answers,
): Life {
  const own = new Map<number, ToldState>();
  return {
    arena,
    told: { own, before: told, upTo: Infinity },
    acked,
    answers: new Map(answers),
    run: undefined,
  };
}

/** What is wrong, in words; undefined when nothing is. */
export type Wrong = string | undefined;

export const wordsOf = (error: WalError): string => JSON.stringify(error);

/** Runs code under test: it may refuse, but never throw. */
export function guarded<T>(work: () => T): { readonly value: T } | { readonly thrown: string } {
  try {
    return { value: work() };
  } catch (error) {
    return { thrown: `it threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` };
  }
}

/** Answers that are asked for again behind a crash: the latest. */
const ANSWERS_KEPT = 4;

function note({ told }: Life, run: Pick<ChaosRun, 'nextSeq' | 'hash' | 'stateHash'>): void {
  told.own.set(run.nextSeq(), { stateHash: run.stateHash(), hash: run.hash() });
}

/** Keeps in mind where the log stands now; acknowledged, unless what led there failed. */
export function tell(life: Life, isAcked: boolean): void {
  const { run } = life;
  if (run === undefined) return;
  note(life, run);
  if (!isAcked || life.arena.isVolatile) return;
  life.acked = run.nextSeq();
  for (const [id, answer] of run.answers) life.answers.set(id, answer);
  run.answers.clear();
  for (const id of life.answers.keys()) {
    if (life.answers.size <= ANSWERS_KEPT) break;
    life.answers.delete(id);
  }
}

/**
 * Starts a process on a disk. What it recovers has to be a state that was told, at or behind what was
 * acknowledged; `error` is set when it refuses to start, which is for the caller to judge.
 */
export function beginLife(life: Life, disk: SimDisk): { readonly wrong: Wrong; readonly error?: WalError } {
  const { subject, ports, seed, segmentBytes, reserveBytes, isVolatile } = life.arena;
  const setup = { storage: disk, ports, seed, segmentBytes, reserveBytes, isVolatile };
  const started = guarded(() => subject.start({ ...setup, tell: (run) => note(life, run) }));
  if ('thrown' in started) return { wrong: started.thrown };
  if (!started.value.ok) {
    const { error } = started.value;
    return { wrong: `it refused to start: ${wordsOf(error)}`, error };
  }
  const run = started.value.value;
  life.run = run;
  const { report } = run;
  let wrong: Wrong;
  if (report !== undefined) {
    const { before } = life.told;
    wrong = before === undefined ? 'a log was found where none was' : judgeReport(before, life.acked, report);
    wrong ??= keptTorn(report, disk);
    life.told.upTo = report.nextSeq;
  } else if (life.acked >= 0) wrong = `no log was found, although ${life.acked} events were acknowledged`;
  tell(life, true);
  return { wrong };
}

/** What was recovered, against what was told. */
export function judgeReport(
  told: Told,
  acked: number,
  { nextSeq, stateHash, hash }: Pick<RecoveryReport, 'nextSeq' | 'stateHash' | 'hash'>,
): Wrong {
  if (nextSeq < acked)
    return `lost: seqs ${nextSeq} to ${acked - 1} were acknowledged, recovered up to ${nextSeq}`;
  const state = toldAt(told, nextSeq);
  if (state === undefined) return `recovered up to seq ${nextSeq}, where no commit ended`;
  if (state.stateHash !== stateHash)
    return `another state up to seq ${nextSeq}: expected ${state.stateHash}, found ${stateHash}`;
  if (state.hash !== hash) return `other events up to seq ${nextSeq}: expected ${state.hash}, found ${hash}`;
  return undefined;
}

function keptTorn({ torn }: RecoveryReport, disk: SimDisk): Wrong {
  if (torn === undefined) return undefined;
  const name = tornName(torn.segment, torn.offsetBytes);
  const kept = fileBytes(disk, name);
  return kept?.length === torn.bytes ? undefined : `${torn.bytes} bytes were cut, and are not in ${name}`;
}
