/**
 * Where the events of a simulation go: into the output that was asked for, onto stdout as a trace, and always
 * through a tape's writer, since a run has a hash whether or not it is kept.
 */
import { createFileSink, createStreamSink, nodePorts } from '@truetape/host';
import type { OpenSink } from '@truetape/host';
import { Kind } from '@truetape/contracts';
import type { JsonObject, RecordBuffer } from '@truetape/contracts';
import { tapePort } from '@truetape/orderflow';
import type { RecordPort, SimConfig } from '@truetape/orderflow';
import { createBinaryWriter, createTextWriter, endTape, writeRecord } from '@truetape/tape';
import type { FooterExtra, TapeEnd, TapeHeader, TapeWriter } from '@truetape/tape';
import { isTapeFormat, loadOutput } from '../outputs/index.ts';
import type { EventOutput, Format } from '../outputs/index.ts';
import { tapeFailure } from '../wording.ts';

/** Kinds that a simulation may write: the columns of a table, the same for every run. */
export const SIM_KINDS: readonly number[] = [
  Kind.Define,
  Kind.NewOrder,
  Kind.CancelOrder,
  Kind.AmendOrder,
  Kind.Accepted,
  Kind.Amended,
  Kind.Canceled,
  Kind.Rejected,
  Kind.Fill,
  Kind.Dropped,
  Kind.FaultInjected,
  Kind.InvariantViolated,
  Kind.Regime,
];

/** What tapes of simulations say of whoever wrote them. */
export const PRODUCER = 'truetape sim';

/** The tape says all that it takes to run it again. Its time is logical, counted from 1970. */
export function simHeader(config: SimConfig, seed: string): TapeHeader {
  return {
    observer: 'venue',
    epochNs: '0',
    producer: { name: PRODUCER },
    seed,
    config: config as unknown as JsonObject,
  };
}

export interface RecordingPlan {
  readonly header: TapeHeader;
  readonly frameBytes: number;
  /** The output: a file, or - for stdout. */
  readonly out: { readonly path: string; readonly format: Format } | undefined;
  /** Text-tape lines on stdout. */
  readonly trace: boolean;
  readonly force: boolean;
  /** Kinds that may come, where those are others than of a simulation. */
  readonly kinds?: readonly number[];
}

export interface Recording {
  readonly port: RecordPort;
  /** Writes what stands before the events: to the output, and to the trace. */
  readonly toOutput: (records: RecordBuffer, i: number, seq: number) => void;
  readonly toTrace: (records: RecordBuffer, i: number, seq: number) => void;
  /** Writes all that is left, and leaves the file out of its place. What was written is told, as a tape. */
  readonly end: (extra: FooterExtra) => TapeEnd;
  /** Puts the file in its place, behind `end`. */
  readonly place: () => void;
  /** Both. */
  readonly commit: (extra: FooterExtra) => TapeEnd;
  /** Drops the file. */
  readonly abandon: () => void;
}

const NOWHERE: OpenSink = {
  path: '',
  write: () => undefined,
  flush: () => undefined,
  commit: () => undefined,
  abandon: () => undefined,
};

interface Destination {
  readonly writer: TapeWriter;
  readonly sink: OpenSink;
  /** Lines of another form, beside the tape that is only counted. */
  readonly lines: EventOutput | undefined;
}

function put(writer: TapeWriter, records: RecordBuffer, i: number, seq: number): void {
  const refused = writeRecord(writer, records, i, seq);
  if (refused !== undefined) throw tapeFailure('the simulation', refused);
}

async function openOutput(plan: RecordingPlan): Promise<Destination> {
  const { header, frameBytes, out, force, kinds = SIM_KINDS } = plan;
  const config = { header, ports: nodePorts, frameBytes };
  if (out === undefined) {
    const writer = createBinaryWriter(config, NOWHERE);
    return { writer, sink: NOWHERE, lines: undefined };
  }
  const { path, format } = out;
  const makeLines = isTapeFormat(format) ? undefined : await loadOutput(format);
  const sink = path === '-' ? createStreamSink() : createFileSink(path, { force });
  if (makeLines === undefined) {
    const writer = format === 'rpl' ? createBinaryWriter(config, sink) : createTextWriter(config, sink);
    return { writer, sink, lines: undefined };
  }
  const writer = createBinaryWriter(config, NOWHERE);
  const { tables } = writer;
  const lines = makeLines({ sink, header, tables, frameBytes, kinds, color: false, path });
  return { writer, sink, lines };
}

/** Opens the outputs. Throws `OutputError`. */
export async function createRecording(plan: RecordingPlan): Promise<Recording> {
  const { writer, sink, lines } = await openOutput(plan);
  const stdout = plan.trace ? createStreamSink() : undefined;
  const { header, frameBytes } = plan;
  const tracer =
    stdout === undefined ? undefined : createTextWriter({ header, ports: nodePorts, frameBytes }, stdout);
  const toOutput: Recording['toOutput'] = (records, i, seq) => {
    put(writer, records, i, seq);
    lines?.event(records, i, seq);
  };
  const toTrace: Recording['toTrace'] = (records, i, seq) => {
    if (tracer !== undefined) put(tracer, records, i, seq);
  };
  const both: RecordPort = {
    epoch: writer.records.epoch,
    write: (records, at, seq) => {
      toOutput(records, at, seq);
      toTrace(records, at, seq);
    },
  };
  const end = (extra: FooterExtra): TapeEnd => {
    const written = endTape(writer, extra);
    lines?.end(extra);
    if (tracer !== undefined) endTape(tracer, extra);
    stdout?.commit();
    sink.flush();
    return written;
  };
  const place = (): void => sink.commit();
  const commit = (extra: FooterExtra): TapeEnd => {
    const written = end(extra);
    place();
    return written;
  };
  const port = lines === undefined && tracer === undefined ? tapePort(writer) : both;
  return { port, toOutput, toTrace, end, place, commit, abandon: () => sink.abandon() };
}
