/**
 * The thread in which the book lives. It never returns to its event loop: it works, or sleeps at its
 * doorbell.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { addBook, createBook, createMarket, createReferenceBook, hashMarket } from '@truetape/book';
import type { JsonObject } from '@truetape/contracts';
import { armDoorbell, disarmDoorbell, sleepAtDoorbell } from '@truetape/kernel';
import type { TapeEnd } from '@truetape/tape';
import { nodePorts } from '../node-ports.ts';
import { releaseEverybody, type ProducerHandle, type ReaderHandle } from './handles.ts';
import { createJournalSink, type JournalSink } from './journal-sink.ts';
import {
  createSequencer,
  endSequencer,
  hasUntoldLoss,
  hasWork,
  isSequencerDrained,
  runRound,
  type Sequencer,
} from './sequencer.ts';
import {
  createVenueTape,
  endVenueTape,
  failVenueTape,
  flushVenueTape,
  type VenueTape,
} from './venue-tape.ts';

/** What the worker is started with. */
export interface BookTask {
  readonly instruments: readonly JsonObject[];
  readonly producers: readonly ProducerHandle[];
  readonly readers: ReaderHandle;
  readonly impl: 'fast' | 'reference';
  readonly ordersMax: number | undefined;
  readonly turnCommands: number;
  readonly spinRounds: number;
  readonly check: boolean;
  readonly tapePath: string | undefined;
  readonly epochNs: string;
}

/** What became of one producer. */
export interface ProducerEnd {
  readonly name: string;
  readonly commands: number;
  /** Rows for it, and how many of them it did not get. */
  readonly reports: number;
  readonly lost: number;
}

/** What it answers when all is done. */
export interface BookEnd {
  readonly commands: number;
  readonly facts: number;
  readonly stateHash: string;
  readonly producers: readonly ProducerEnd[];
  /** Rounds that found commands, and sleeps. */
  readonly rounds: number;
  readonly sleeps: number;
  readonly tape?: TapeEnd;
}

/** What is on the tape is in its file so much later, at the latest, unless there is always something to do. */
const FLUSH_MS = 20;
const FLUSH_NS: number = FLUSH_MS * 1e6;
/** How long it sleeps at most: a producer that died between publishing and ringing is found then. */
const SLEEP_MS_MAX = 1_000;

interface Run {
  readonly sequencer: Sequencer;
  readonly tape: VenueTape | undefined;
  readonly sink: JournalSink | undefined;
  rounds: number;
  sleeps: number;
  /** Time of the turn behind which the tape was flushed last. */
  flushedNs: number;
}

function start(task: BookTask): Run {
  const market = createMarket({
    create: task.impl === 'fast' ? createBook : createReferenceBook,
    ...(task.ordersMax === undefined ? {} : { ordersMax: task.ordersMax }),
  });
  for (const k of task.instruments.keys()) addBook(market, k + 1);
  const { instruments, epochNs } = task;
  const producers = task.producers.map(({ name }) => name);
  const sink = task.tapePath === undefined ? undefined : createJournalSink(task.tapePath);
  const tape =
    sink === undefined
      ? undefined
      : createVenueTape({ epochNs, instruments, producers, ports: nodePorts, sink });
  const zeroNs = process.hrtime.bigint();
  const sequencer = createSequencer({
    market,
    producers: task.producers,
    depthLevels: task.readers.depthLevels,
    blocks: task.readers.blocks,
    turnCommands: task.turnCommands,
    check: task.check,
    nowNs: () => Number(process.hrtime.bigint() - zeroNs),
    ...(tape === undefined ? {} : { tape }),
  });
  return { sequencer, tape, sink, rounds: 0, sleeps: 0, flushedNs: 0 };
}

function flush(run: Run): void {
  if (run.tape !== undefined) flushVenueTape(run.tape);
  run.flushedNs = run.sequencer.timeNs;
}

/** Sleeps until there is something to do. */
function rest(run: Run, task: BookTask): void {
  const { sequencer, tape } = run;
  const [{ bell }] = task.producers;
  // A command every now and then never lets the sleep below last so long.
  if (sequencer.timeNs - run.flushedNs >= FLUSH_NS) flush(run);
  armDoorbell(bell);
  if (hasWork(sequencer)) {
    disarmDoorbell(bell);
    return;
  }
  run.sleeps += 1;
  const waitsForSomething = tape?.isDirty === true || hasUntoldLoss(sequencer);
  if (!sleepAtDoorbell(bell, waitsForSomething ? FLUSH_MS : SLEEP_MS_MAX)) flush(run);
}

function work(run: Run, task: BookTask): void {
  let empty = 0;
  for (;;) {
    if (runRound(run.sequencer) > 0) {
      run.rounds += 1;
      empty = 0;
    } else if (isSequencerDrained(run.sequencer)) return;
    else if (++empty >= task.spinRounds) {
      rest(run, task);
      empty = 0;
    }
  }
}

function end(run: Run, task: BookTask): BookEnd {
  const { sequencer, tape, sink } = run;
  endSequencer(sequencer);
  const { commands, facts, lanes, config } = sequencer;
  const tapeEnd = tape === undefined ? undefined : endVenueTape(tape);
  sink?.close();
  releaseEverybody(task.producers, task.readers);
  return {
    commands,
    facts,
    stateHash: hashMarket(config.market, nodePorts.sha256),
    producers: lanes.map(({ handle, out, commands }) => {
      return { name: handle.name, commands, reports: out?.numbered ?? 0, lost: out?.lost ?? 0 };
    }),
    rounds: run.rounds,
    sleeps: run.sleeps,
    ...(tapeEnd === undefined ? {} : { tape: tapeEnd }),
  };
}

/**
 * Stops everything: nobody waits for a book that has failed, or not begun, and its tape says why and stays
 * unsealed. Here, not in the thread that has started this one, which may be among those that wait.
 */
function fail(run: Run | undefined, task: BookTask, error: unknown): void {
  releaseEverybody(task.producers, task.readers);
  if (run?.tape === undefined) return;
  failVenueTape(run.tape, error, run.sequencer.cause, run.sequencer.timeNs);
}

const task = workerData as BookTask;
let run: Run | undefined;
try {
  run = start(task);
  work(run, task);
  parentPort?.postMessage(end(run, task), []);
} catch (error) {
  fail(run, task, error);
  throw error;
}
