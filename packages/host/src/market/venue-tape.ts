/**
 * The tape that a book in a worker writes: its commands in the order in which they were carried out, each
 * followed by the facts that answer it. Time is the venue's: when the command was taken from its ring.
 */
import { commandEvent, isOrderId, reportEvent } from '@truetape/book';
import type { CommandBuffer, ReportBuffer } from '@truetape/book';
import { BLANK, FLAG_LAST, NONE, defineFields } from '@truetape/contracts';
import type { Event, JsonObject } from '@truetape/contracts';
import { InvariantError, assert } from '@truetape/kernel';
import { createBinaryWriter, endTape, flushTape, writeEvent } from '@truetape/tape';
import type { ByteSink, TapeEnd, TapePorts, TapeWriter } from '@truetape/tape';
import { OutputError } from '../output-error.ts';
import type { Loss } from './report-out.ts';

/** Source index of the venue; producers follow, in their order. */
export const VENUE_SOURCE = 1;
/** Code of 'latest' in the vocabulary `overrunPolicy`: the newest are dropped. */
const DROPS_LATEST = 2;
const TEXT_CHARS_MAX = 2_000;

export interface VenueTapeConfig {
  readonly epochNs: string;
  /** Definitions of instruments 1, 2 and so on. */
  readonly instruments: readonly JsonObject[];
  /** Names of the producers. */
  readonly producers: readonly string[];
  readonly ports: TapePorts;
  readonly sink: ByteSink;
}

export interface VenueTape {
  readonly writer: TapeWriter;
  /** Something was written since the last flush. */
  isDirty: boolean;
}

/** Throws HOST-3 for what a tape cannot hold. Returns the seq of the event. */
function put(tape: VenueTape, event: Event): number {
  const seq = tape.writer.nextSeq;
  const error = writeEvent(tape.writer, event);
  assert(error === undefined, 'HOST-3', error?.found);
  tape.isDirty = true;
  return seq;
}

export function createVenueTape(config: VenueTapeConfig): VenueTape {
  const { epochNs, ports, sink } = config;
  const header = { observer: 'venue', epochNs, producer: { name: 'truetape book worker' } } as const;
  const tape: VenueTape = { writer: createBinaryWriter({ header, ports }, sink), isDirty: false };
  for (const [k, value] of config.instruments.entries())
    put(tape, { ...BLANK.Define, ...defineFields('instrument', k + 1, value) });
  for (const [k, name] of ['venue', ...config.producers].entries())
    put(tape, { ...BLANK.Define, ...defineFields('source', k + 1, { name }) });
  return tape;
}

/** Records a command, with its tag as request id; returns its seq. */
export function recordCommand(
  tape: VenueTape,
  commands: CommandBuffer,
  k: number,
  place: { readonly timeNs: number; readonly source: number; readonly tag: number },
): number {
  const event = commandEvent(commands, k, place);
  return put(tape, isOrderId(place.tag) ? { ...event, requestId: place.tag } : event);
}

/** Records the facts that answer the command at `cause`; returns the seq of the first. */
export function recordFacts(
  tape: VenueTape,
  reports: ReportBuffer,
  place: { readonly timeNs: number; readonly cause: number },
): number {
  const first = tape.writer.nextSeq;
  for (let k = 0; k < reports.count; k++) {
    const last = k === reports.count - 1;
    put(tape, reportEvent(reports, k, { ...place, source: VENUE_SOURCE, last }));
  }
  return first;
}

/** Records that the producer of `source` lost reports. */
export function recordLoss(tape: VenueTape, source: number, { seqFrom, seqTo }: Loss, timeNs: number): void {
  const lost = { lostFrom: seqFrom, lostTo: seqTo, policy: DROPS_LATEST };
  put(tape, { ...BLANK.Overrun, timeNs, source, flags: FLAG_LAST, cause: NONE, ...lost });
}

/** Hands on what has gathered, so that the tape can be read while it grows. */
export function flushVenueTape(tape: VenueTape): void {
  if (tape.isDirty) flushTape(tape.writer);
  tape.isDirty = false;
}

export function endVenueTape(tape: VenueTape): TapeEnd {
  return endTape(tape.writer);
}

/**
 * Leaves the tape unsealed; behind an invariant that broke it says so, in a text that begins with its id, and the
 * command that led to it stands before. Never throws: what cannot be written is left out, and the error that led
 * here is the one to tell.
 */
export function failVenueTape(tape: VenueTape, error: unknown, cause: number, timeNs: number): void {
  // Behind a block that was written in part, another one would be garbage.
  if (error instanceof OutputError) return;
  try {
    if (error instanceof InvariantError) {
      const text = error.message.slice(0, TEXT_CHARS_MAX);
      const place = { timeNs, source: VENUE_SOURCE, flags: FLAG_LAST, cause };
      writeEvent(tape.writer, { ...BLANK.InvariantViolated, ...place, text });
    }
    flushTape(tape.writer);
  } catch {
    // The tape ends where it ends.
  }
}
