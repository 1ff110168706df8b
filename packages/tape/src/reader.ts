/** A reader of a tape: a decoder and the input it is fed from, as one thing that is asked for batches. */
import type { DefineTables, Epoch } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import type { TapeError } from './errors.ts';
import type { TapeHeader } from './header.ts';
import type { Batch, EndOfTape, TapeDecoder } from './step.ts';

/** An input, read in order. */
export interface ByteSource {
  /** The next bytes, valid until the next call; undefined at the end. */
  read(): Uint8Array | undefined;
  /** Reads into the caller's memory, which saves a copy; returns the number of bytes, 0 at the end. */
  readInto?(target: Uint8Array): number;
  /** Passes over bytes without reading them, where the input can. */
  skip?(bytes: number): void;
}

/** A tape that is being read. After `next` has returned undefined, either `end` or `error` is set. */
export interface TapeReader {
  readonly decoder: TapeDecoder;
  /** The next batch, valid until the next call; undefined at the end or at an error. */
  next(): Batch | undefined;
  readonly end: EndOfTape | undefined;
  readonly error: TapeError | undefined;
}

/** Reads a decoder's tape from a source. */
export function createReader(decoder: TapeDecoder, source: ByteSource): TapeReader {
  let end: EndOfTape | undefined;
  let error: TapeError | undefined;
  const feed = (skippable: number): void => {
    if (skippable > 0 && source.skip !== undefined) {
      source.skip(skippable);
      decoder.skip(skippable);
    }
    const room = source.readInto === undefined ? undefined : decoder.room();
    if (room !== undefined && room.length > 0 && source.readInto !== undefined) {
      const size = source.readInto(room);
      if (size === 0) decoder.finish();
      else decoder.filled(size);
      return;
    }
    const bytes = source.read();
    if (bytes === undefined) decoder.finish();
    else decoder.push(bytes);
  };
  const next = (): Batch | undefined => {
    for (;;) {
      const step = decoder.next();
      if (step.type === 'batch') return step.batch;
      if (step.type === 'need') feed(step.skippable);
      else {
        if (step.type === 'end') end = step.end;
        else error = step.error;
        return undefined;
      }
    }
  };
  return {
    decoder,
    next,
    get end() {
      return end;
    },
    get error() {
      return error;
    },
  };
}

/** What is known of a tape once its first batch, its end or its error has been reached. */
export interface OpenedTape {
  readonly header: TapeHeader;
  readonly headerJson: string;
  readonly epoch: Epoch;
  readonly tables: DefineTables;
}

/** Header and tables of a reader that has returned from `next` without an error of its header. */
export function openedTape(reader: TapeReader): OpenedTape {
  const { header, headerJson, epoch, tables } = reader.decoder;
  assert(header !== undefined, 'TAPE-5', 'a header is known once a batch or an end was reached');
  return { header, headerJson, epoch, tables };
}
