/**
 * The thread in which the book lives. It never returns to its event loop: it works, or sleeps at its
 * doorbell.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { addBook, createBook, createMarket, createReferenceBook, hashMarket } from '@truetape/book';
import type { JsonObject } from '@truetape/contracts';
import { InvariantError, armDoorbell, disarmDoorbell, sleepAtDoorbell, stopRing } from '@truetape/kernel';
import type { TapeEnd } from '@truetape/tape';
import { nodePorts } from '../node-ports.ts';
import type { ProducerHandle, ReaderHandle } from './handles.ts';
import { createJournalSink, type JournalSink } from './journal-sink.ts';
import {
  createSequencer,
  endSequencer,
  failSequencer,
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

/** An idle tape is flushed after so long. */
const FLUSH_MS = 20;
/** How long it sleeps at most: a producer that died between publishing and ringing is found then. */
const SLEEP_MS_MAX = 1_000;

interface Run {
  readonly sequencer: Sequencer;
  readonly tape: VenueTape | undefined;
  readonly sink: JournalSink | undefined;
  rounds: number;
  sleeps: number;
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
  return { sequencer, tape, sink, rounds: 0, sleeps: 0 };
}

/** Sleeps until there is something to do. */
function rest(run: Run, task: BookTask): void {
  const { sequencer, tape } = run;
  const [{ bell }] = task.producers;
  armDoorbell(bell);
  if (hasWork(sequencer)) {
    disarmDoorbell(bell);
    return;
  }
  run.sleeps += 1;
  const waitsForSomething = tape?.isDirty === true || hasUntoldLoss(sequencer);
  if (!sleepAtDoorbell(bell, waitsForSomething ? FLUSH_MS : SLEEP_MS_MAX) && tape !== undefined)
    flushVenueTape(tape);
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

function end(run: Run): BookEnd {
  const { sequencer, tape, sink } = run;
  endSequencer(sequencer);
  const { commands, facts, lanes, config } = sequencer;
  const tapeEnd = tape === undefined ? undefined : endVenueTape(tape);
  sink?.close();
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

/** Stops everything: nobody waits for a book that has failed, and its tape says why and stays unsealed. */
function fail(run: Run, error: unknown): void {
  const { sequencer, tape } = run;
  for (const { commands } of sequencer.config.producers) stopRing(commands);
  failSequencer(sequencer);
  if (tape === undefined || !(error instanceof InvariantError)) return;
  failVenueTape(tape, error.message, sequencer.cause, sequencer.timeNs);
}

const task = workerData as BookTask;
const run = start(task);
try {
  work(run, task);
  parentPort?.postMessage(end(run), []);
} catch (error) {
  fail(run, error);
  throw error;
}
