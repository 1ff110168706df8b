/** A producer of commands to a book that lives in another thread. */
import { createCommands, encodeCommand } from '@truetape/book';
import type { Command, CommandBuffer } from '@truetape/book';
import {
  armDoorbell,
  closeRing,
  disarmDoorbell,
  isRingDrained,
  isRingStopped,
  offerCells,
  openRingConsumer,
  openRingProducer,
  pollCells,
  readyCells,
  ringDoorbell,
  sleepAtDoorbell,
  unreadCells,
  type RingConsumer,
  type RingProducer,
} from '@truetape/kernel';
import type { ProducerHandle } from './handles.ts';
import type { ReportRows } from './report-rows.ts';

/** Why a submission took fewer commands than it was given. */
export type Refusal =
  | 'none'
  /** The ring is full, and its overflow is `reject`. */
  | 'full'
  /** More than half of the room for reports is taken by ones that were not read: read them first. */
  | 'unreadReports'
  /** The book takes nothing any more. */
  | 'stopped';

/** A connected producer. */
export interface Producer {
  readonly handle: ProducerHandle;
  /** Of the last submission. */
  refusal: Refusal;
  /** Submissions that were cut short, by reason. */
  readonly refusals: { full: number; unreadReports: number; stopped: number };
  /** Not for callers. */
  readonly out: RingProducer;
  readonly reports: RingConsumer | undefined;
  readonly staging: CommandBuffer;
  /** The buffer that was submitted from last, and its words. */
  from: CommandBuffer | undefined;
  words: Int32Array;
}

/** Commands that are handed over between two looks at the reports. */
const CHUNK = 64;

const nowNs = (): number => Number(process.hrtime.bigint());

/** Connects this thread. Throws KERNEL-13 when the producer is connected already. */
export function connectProducer(handle: ProducerHandle): Producer {
  const { commands, overflow, bell, reports } = handle;
  return {
    handle,
    refusal: 'none',
    refusals: { full: 0, unreadReports: 0, stopped: 0 },
    out: openRingProducer(commands, { overflow, nowNs, bell }),
    reports: reports === undefined ? undefined : openRingConsumer(reports),
    staging: createCommands(1),
    from: undefined,
    words: new Int32Array(0),
  };
}

function refuse(producer: Producer, why: 'full' | 'unreadReports' | 'stopped', done: number): number {
  producer.refusal = why;
  producer.refusals[why] += 1;
  return done;
}

/**
 * Submits `count` commands, beginning with `first`, in order; each whole command is either taken or not.
 * Returns how many were taken; where that is fewer, `producer.refusal` says why. Account, source and time
 * are set by the sequencer, whatever their cells say, and who may not cancel everybody's orders cancels its own.
 *
 * Waits, asleep, where the ring is full and its overflow is `wait`; never while the reader of this producer's
 * reports is what is missing. The cells are those that `encodeCommand` writes: ones that say what no command can
 * break an invariant of the book, and end it for everybody. Throws KERNEL-18 beyond the buffer.
 *
 * Complexity: a copy of 64 bytes a command.
 */
export function submitCommands(
  producer: Producer,
  commands: CommandBuffer,
  first: number = 0,
  count: number = 1,
): number {
  const { out, reports } = producer;
  if (producer.from !== commands) {
    const { buffer, byteOffset, length } = commands.u32;
    producer.from = commands;
    producer.words = new Int32Array(buffer, byteOffset, length);
  }
  producer.refusal = 'none';
  for (let done = 0; done < count;) {
    if (reports !== undefined && readyCells(reports) * 2 > reports.ring.capacity)
      return refuse(producer, 'unreadReports', done);
    const size = Math.min(CHUNK, count - done);
    const taken = offerCells(out, producer.words, first + done, size);
    done += taken;
    if (taken < size) return refuse(producer, isRingStopped(out.ring) ? 'stopped' : 'full', done);
  }
  return count;
}

/** Submits one command given as an object. Throws as `encodeCommand` does. */
export function sendCommand(producer: Producer, command: Command): boolean {
  encodeCommand(producer.staging, 0, command);
  return submitCommands(producer, producer.staging) === 1;
}

/** Takes the reports that are there, up to the room that is left in `rows`; returns how many. */
export function pollReports(producer: Producer, rows: ReportRows): number {
  if (producer.reports === undefined) return 0;
  let taken = 0;
  while (rows.count < rows.capacity) {
    const size = pollCells(producer.reports, rows.i32, rows.count, rows.capacity - rows.count);
    if (size === 0) break;
    rows.count += size;
    taken += size;
  }
  return taken;
}

/** Sleeps until there are reports, the book has ended, or for so long. */
export function awaitReports(producer: Producer, msMax: number): void {
  const { reports, handle } = producer;
  armDoorbell(handle.reportBell);
  if ((reports !== undefined && readyCells(reports) > 0) || isProducerEnded(producer))
    disarmDoorbell(handle.reportBell);
  else sleepAtDoorbell(handle.reportBell, msMax);
}

/** True once the book has ended and all of its reports were taken. */
export function isProducerEnded(producer: Producer): boolean {
  return producer.reports === undefined ? isRingStopped(producer.out.ring) : isRingDrained(producer.reports);
}

/** Commands that were taken and that the book has not fetched; behind a stop, those that nobody will. */
export function unsequencedCommands(producer: Producer): number {
  return unreadCells(producer.out);
}

/** Says that no command will follow. Reports still come. */
export function closeProducer(producer: Producer): void {
  closeRing(producer.handle.commands);
  ringDoorbell(producer.handle.bell);
}
