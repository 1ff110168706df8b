/** Lines of events, one after another: what is no event ends the run, or is passed over and told. */
import { isUtf8 } from 'node:buffer';
import type { OpenSink } from '@truetape/host';
import type { Voice } from './cli.ts';
import { EVENT_LINE_BYTES_MAX, readRawLines } from './commands/orders/raw-lines.ts';
import { CliFailure, EXIT } from './failure.ts';
import type { Interruption } from './interruption.ts';
import { lettingGo } from './let-go.ts';

/** One reading of a stream of events. */
export interface EventReading {
  readonly name: string;
  readonly sink: OpenSink;
  readonly skips: boolean;
  readonly voice: Voice;
  /** Members of which it was said that they are not read. */
  readonly strangers: Set<string>;
  line: number;
  events: number;
  refused: number;
  skipped: number;
}

export function createEventReading(path: string, sink: OpenSink, skips: boolean, voice: Voice): EventReading {
  const name = path === '-' ? 'standard input' : path;
  const counts = { line: 0, events: 0, refused: 0, skipped: 0 };
  return { name, sink, skips, voice, strangers: new Set(), ...counts };
}

/** More strange members than this are not told. */
const STRANGERS_MAX = 20;

/**
 * Hands each line that is not blank to `take`, which writes what it made of it, or returns why it is no
 * event.
 */
export async function readEventLines(
  path: string,
  reading: EventReading,
  interruption: Interruption,
  take: (text: string) => string | undefined,
): Promise<void> {
  try {
    await lettingGo(readRawLines(path), async (blocks) => {
      for (;;) {
        const next = await interruption.until(blocks.next());
        if (next.done === true) return;
        for (const bytes of next.value) takeLine(reading, bytes, take);
        // All that has arrived is answered before more is waited for.
        reading.sink.flush();
        await interruption.breathe();
      }
    });
  } finally {
    reading.sink.flush();
    // Whoever writes may not be done: nothing waits for that.
    if (path === '-') process.stdin.destroy();
  }
}

function takeLine(
  reading: EventReading,
  bytes: Uint8Array | undefined,
  take: (text: string) => string | undefined,
): void {
  reading.line++;
  const text = bytes === undefined ? undefined : textOf(bytes, reading.line);
  if (text !== undefined && /^\s*$/.test(text)) return;
  const fault =
    text === undefined
      ? bytes === undefined
        ? `it has more than ${EVENT_LINE_BYTES_MAX} bytes`
        : 'it is no UTF-8'
      : take(text);
  if (fault === undefined) reading.events++;
  else badLine(reading, fault);
}

/** The text of a line; undefined when it is none. A carriage return at its end is blank, as JSON has it. */
function textOf(bytes: Uint8Array, line: number): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const start = line === 1 && text.startsWith('\ufeff') ? 1 : 0;
  return text.slice(start);
}

function badLine(reading: EventReading, why: string): void {
  const message = `${reading.name}, line ${reading.line}: ${why}`;
  if (!reading.skips) {
    throw new CliFailure(EXIT.usage, message, 'correct the line, or go on behind it: --on-bad-line skip');
  }
  reading.skipped++;
  if (reading.skipped <= STRANGERS_MAX) reading.voice.note(`${message}; skipped`);
}

/** Says once that a member is not read. */
export function noteStranger(reading: EventReading, member: string): void {
  const { strangers } = reading;
  if (strangers.has(member) || strangers.size >= STRANGERS_MAX) return;
  strangers.add(member);
  reading.voice.note(`${reading.name}, line ${reading.line}: ${member} is not read`);
}

/** What is said at the end of what was passed over or refused. */
export function noteRefused({ skipped, line, refused, events, voice }: EventReading): void {
  if (skipped > 0) voice.note(`${skipped} of ${line} lines were no events and were skipped`);
  if (refused > 0) voice.note(`${refused} of ${events} events were refused`);
}
