/** Continues an unsealed tape: its writer goes on as if it had never stopped. */
import { err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { continueBinaryWriter } from './binary-writer.ts';
import { tapeError } from './errors.ts';
import type { TapeError } from './errors.ts';
import type { ByteSink, TapePorts } from './ports.ts';
import type { TapeReader } from './reader.ts';
import { openedTape } from './reader.ts';
import type { TornTail } from './step.ts';
import type { TapeWriter } from './writer-state.ts';

/** A tape that is open at its end. */
export interface Appending {
  readonly writer: TapeWriter;
  /** The file must be cut here, and the cut made durable, before the sink is given its first byte. */
  readonly offsetBytes: number;
  /** What that cuts off, if it is more than zeros; keep a copy beside the tape. */
  readonly torn: TornTail | undefined;
}

/**
 * Opens a tape at its end. The reader has been read until `next` returned undefined, with a decoder of the option
 * `append`. The sink then gets what belongs at `offsetBytes`: with frames cut at the same places, the bytes that
 * one writer would have written. Errors: the reader's own; `sealed`; `notATape` for a text tape.
 */
export function openForAppend(
  reader: TapeReader,
  sink: ByteSink,
  config: { readonly ports: TapePorts; readonly frameBytes?: number },
): Result<Appending, TapeError> {
  const { end, error, decoder } = reader;
  if (error !== undefined) return err(error);
  assert(end !== undefined, 'TAPE-8', 'a tape is opened at its end once it has been read');
  const place = { offsetBytes: end.offsetBytes, seq: end.nextSeq };
  if (end.sealed) return err(tapeError('sealed', place, 'a tape without a seal', 'a sealed one'));
  if (decoder.encoding === 'text') return err(tapeError('notATape', place, 'a binary tape', 'a text tape'));
  const { continuation, torn, offsetBytes } = end;
  assert(continuation !== undefined, 'TAPE-8', 'a decoder with the option append');
  const { header, tables } = openedTape(reader);
  // What is appended to a segment, its seal, comes when all before it is durable.
  const durable = header.log === undefined ? {} : { durableSeq: continuation.nextSeq };
  const writer = continueBinaryWriter({ ...config, header }, sink, { ...continuation, tables, ...durable });
  return ok({ writer, offsetBytes, torn });
}
