/** Reading a tape that is still being written: its end is only where nothing more has come yet. */
import { nodePorts } from '@truetape/host';
import type { OpenInput } from '@truetape/host';
import { decodeFileHeader, openIndexed } from '@truetape/tape';
import type { EndOfTape, TapeDecoder, TapeError, TapeReader } from '@truetape/tape';
import { CliFailure, EXIT } from '../failure.ts';
import { createSegmentSource } from './segment-source.ts';

/** The end line and all of its footer lie within this many bytes of the end. */
const TAIL_BYTES = 1048576;
/** A log's header is smaller. */
const HEAD_BYTES = 65_536;

/** What is read, and how far: as much of an input as it is said to have. */
export interface FollowSource {
  readonly positionBytes: number;
  read(): Uint8Array | undefined;
}

/** A reader whose `next` returns undefined as well when it has to wait. */
export interface FollowReader extends TapeReader {
  /** There is nothing more yet. */
  readonly waiting: boolean;
  /** How much of the input was read. */
  readonly positionBytes: number;
  /** Nothing more will come. */
  finish(): void;
}

/** Reads what is there; an incomplete frame or line at the end waits for its rest. */
export function createFollowReader(decoder: TapeDecoder, input: OpenInput): FollowReader {
  const source = followSource(input);
  let end: EndOfTape | undefined;
  let error: TapeError | undefined;
  let waiting = false;
  return {
    decoder,
    get end() {
      return end;
    },
    get error() {
      return error;
    },
    get waiting() {
      return waiting;
    },
    get positionBytes() {
      return source.positionBytes;
    },
    finish: () => decoder.finish(),
    next: () => {
      waiting = false;
      for (;;) {
        const step = decoder.next();
        if (step.type === 'batch') return step.batch;
        if (step.type === 'end') end = step.end;
        else if (step.type === 'error') error = step.error;
        else {
          const bytes = source.read();
          if (bytes !== undefined) {
            decoder.push(bytes);
            continue;
          }
          waiting = true;
        }
        return undefined;
      }
    },
  };
}

/** True when a tape has been sealed: by its trailer, or by the end line of a text tape. */
export function isSealed(input: OpenInput): boolean {
  const access = input.access!;
  const opened = openIndexed(access, nodePorts);
  if ('footer' in opened) return true;
  const size = Math.min(TAIL_BYTES, access.sizeBytes);
  const tail = Buffer.alloc(size);
  access.read(access.sizeBytes - size, tail);
  if (tail.at(-1) !== 10) return false;
  const lines = tail.toString('latin1').trimEnd().split('\n');
  return lines.findLast((line) => !line.startsWith('#'))?.startsWith('end ') === true;
}

/** The input as it comes, or frame by frame where a log writes into zeros that it has reserved. */
function followSource(input: OpenInput): FollowSource {
  const { access } = input;
  if (access !== undefined) {
    const head = new Uint8Array(HEAD_BYTES);
    const file = decodeFileHeader(head.subarray(0, access.read(0, head)), nodePorts);
    const isLog = 'ok' in file && file.ok && file.value.header.log !== undefined;
    if (isLog) return createSegmentSource(access, file.value.bytes);
  }
  return {
    get positionBytes() {
      return input.positionBytes;
    },
    read: () => input.source.read(),
  };
}

/** Throws when a file has become shorter than what was read of it: it is no longer the tape that it was. */
export function checkGrowth(input: OpenInput, positionBytes: number): void {
  const size = input.access!.sizeBytes;
  if (size >= positionBytes) return;
  throw new CliFailure(
    EXIT.corrupt,
    `${input.path} at offset ${size}: expected it to grow, found it shorter than what was read of it`,
    'it was truncated or replaced: start again',
  );
}
