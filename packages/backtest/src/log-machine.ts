/**
 * A backtest as the state of a durable log: the log holds the events that the run writes, and nothing else. To
 * fold it is to run again: each event is held against the one that the run gives now. A run that goes on
 * writes into the log again.
 *
 * Commits and snapshots are taken behind a whole event of the input tape, so that a state is the same however
 * it was come by.
 */
import {
  canonicalText,
  createRecordOut,
  decodeEvent,
  decodeUtf8,
  encodeEvent,
  encodeUtf8,
  err,
  kindName,
  ok,
  parseCanonicalObject,
} from '@truetape/contracts';
import type { Epoch, Event, JsonObject, RecordBuffer, RecordOut, Result } from '@truetape/contracts';
import { assert, sha256Of, toHex } from '@truetape/kernel';
import type { Sha256 } from '@truetape/kernel';
import { writeEvent } from '@truetape/tape';
import type { Batch, TapeReader, TapeWriter } from '@truetape/tape';
import type { LogMachine, MachineKind, MachineStop } from '@truetape/wal';
import { createBacktest, endBacktest, feedBatch } from './backtest.ts';
import type { BacktestSetup } from './backtest.ts';
import { restoreBacktest } from './restore.ts';
import { BACKTEST_STATE_FORMAT, saveBacktest } from './save.ts';
import type { Backtest } from './state.ts';

/** What a run is made of, but for where its events go. */
export interface LoggedRun {
  readonly setup: () => Omit<BacktestSetup, 'sink'>;
  /** The input tape from its beginning. */
  readonly read: () => TapeReader;
  readonly sha256: Sha256;
}

/** A run that a log is folded into, or that goes on into one. */
export interface BacktestMachine extends LogMachine {
  readonly backtest: Backtest;
  /** The log's writer, once the run goes on; undefined while it is folded. */
  writer: TapeWriter | undefined;
  /** Takes one event of the input tape, or ends the run behind the last one. False where it had ended. */
  advance(): boolean;
  /** Writes what the run gave beyond the end of what was folded; to be called once, before it goes on. */
  goOn(writer: TapeWriter): void;
}

export interface BacktestKind extends MachineKind {
  create(): BacktestMachine;
  restore(bytes: Uint8Array): Result<BacktestMachine, { readonly expected: string; readonly found: string }>;
}

/** The input tape, event by event, from a seq on. */
interface Input {
  readonly reader: TapeReader;
  batch: Batch | undefined;
  at: number;
  seq: number;
}

/** What the run has given and nobody has taken yet. */
interface Given {
  readonly out: RecordOut;
  /** Half word of the first that is left. */
  at: number;
  nextSeq: number;
  writer: TapeWriter | undefined;
}

const wordsOf = ({ u32 }: RecordBuffer, i: number): number => u32[i] & 0xffff;

/** Where events of the run go: into the log, or to be compared. */
function giveEvent(given: Given, event: Event): number {
  const { out, writer } = given;
  const seq = given.nextSeq++;
  if (writer !== undefined) {
    const refused = writeEvent(writer, event);
    assert(refused === undefined, 'BACKTEST-1', `an event that a log takes: ${refused?.found}`);
  } else {
    const fault = encodeEvent(out, event);
    assert(fault === 0, 'BACKTEST-1', 'an event that can be encoded');
  }
  return seq;
}

/** The next event of the tape from a seq on, as a batch of its own; undefined behind the last one. */
function nextInput(input: Input, fromSeq: number): Batch | undefined {
  for (;;) {
    const { batch } = input;
    if (batch === undefined || input.at >= batch.to) {
      input.batch = input.reader.next();
      if (input.batch === undefined) return undefined;
      input.at = input.batch.from;
      input.seq = input.batch.firstSeq;
      continue;
    }
    const { records } = batch;
    const from = input.at;
    const to = from + wordsOf(records, from) * 2;
    const firstSeq = input.seq;
    input.at = to;
    // A Skip stands for as many as it says.
    const isSkip = ((records.u32[from] >>> 16) & 0xff) === SKIP;
    input.seq += isSkip ? records.u32[from + 4] + records.u32[from + 5] * TWO_32 : 1;
    if (input.seq > fromSeq) return { ...batch, from, to, firstSeq, nextSeq: input.seq, recordCount: 1 };
  }
}

const SKIP = 0x06;
const TWO_32 = 4_294_967_296;

/** Lets the run give its next event, where none is left; false where it has ended. */
function giveNext(machine: BacktestMachine, given: Given): boolean {
  while (given.at === given.out.words * 2) {
    given.out.words = 0;
    given.at = 0;
    if (!machine.advance()) return false;
  }
  return true;
}

function differs(given: Given, records: RecordBuffer, i: number): boolean {
  const words = wordsOf(records, i);
  if (words !== wordsOf(given.out, given.at)) return true;
  for (let k = 0; k < words * 2; k++) if (given.out.i32[given.at + k] !== records.i32[i + k]) return true;
  return false;
}

const textOf = (event: Event): string => {
  const fields = Object.entries(event).filter(([key]) => key !== 'kind' && key !== 'seq' && key !== 'ext');
  const shown = fields.map(([key, value]) => `${key}=${String(value)}`);
  return `${kindName(event.kind)} ${shown.join(' ')}`;
};

function foldBatch(
  machine: BacktestMachine,
  given: Given,
  batch: Batch,
  epoch: Epoch,
): MachineStop | undefined {
  const { records, to } = batch;
  let seq = batch.firstSeq;
  for (let i = batch.from; i < to; i += wordsOf(records, i) * 2, seq++) {
    const found = (): string => textOf(decodeEvent(records, i, epoch, seq));
    if (!giveNext(machine, given))
      return { code: 'foreign', seq, expected: 'the end of the run', found: found() };
    if (differs(given, records, i)) {
      const expected = textOf(decodeEvent(given.out, given.at, given.out.epoch, seq));
      return { code: 'fact', seq, expected, found: found() };
    }
    given.at += wordsOf(records, i) * 2;
  }
  return undefined;
}

function machineOf(run: LoggedRun, backtest: Backtest, given: Given): BacktestMachine {
  const fromSeq = backtest.nextSeq;
  const input: Input = { reader: run.read(), batch: undefined, at: 0, seq: 0 };
  const before = backtest.events;
  const save = (): Uint8Array => {
    const state = saveBacktest(backtest);
    assert(state.ok, 'BACKTEST-2', `a strategy keeps plain data: ${state.ok ? '' : state.error.path}`);
    return encodeUtf8(canonicalText({ ...state.value, written: given.nextSeq }))!;
  };
  const machine: BacktestMachine = {
    backtest,
    writer: undefined,
    get foldedCommands() {
      return backtest.events - before;
    },
    advance: () => {
      if (backtest.isEnded) return false;
      const batch = nextInput(input, fromSeq);
      assert(input.reader.error === undefined, 'BACKTEST-3', 'an input tape that was read before');
      if (batch === undefined) endBacktest(backtest);
      else feedBatch(backtest, batch);
      return true;
    },
    goOn: (writer) => {
      const { out } = given;
      given.writer = writer;
      machine.writer = writer;
      for (; given.at < out.words * 2; given.at += wordsOf(out, given.at) * 2) {
        const refused = writeEvent(writer, decodeEvent(out, given.at, out.epoch, writer.nextSeq));
        assert(refused === undefined, 'BACKTEST-1', `an event that a log takes: ${refused?.found}`);
      }
    },
    fold: (batch, { epoch }) => foldBatch(machine, given, batch, epoch),
    end: () => undefined,
    save,
    hash: () => toHex(sha256Of(run.sha256, save())),
  };
  return machine;
}

function startGiven(epoch: Epoch, nextSeq: number): Given {
  return { out: createRecordOut(epoch, 4096), at: 0, nextSeq, writer: undefined };
}

/** The kind of log that a backtest writes. Throws on BACKTEST-4 for a setup that makes no backtest. */
export function backtestKind(run: LoggedRun): BacktestKind {
  const setupFor = (given: Given): BacktestSetup => ({
    ...run.setup(),
    sha256: run.sha256,
    sink: { write: (event) => giveEvent(given, event) },
  });
  return {
    observer: 'client',
    stateVersion: BACKTEST_STATE_FORMAT,
    create: () => {
      const given = startGiven(run.setup().tape.epoch, 0);
      const made = createBacktest(setupFor(given));
      assert(made.ok, 'BACKTEST-4', 'a setup that was checked');
      return machineOf(run, made.value, given);
    },
    restore: (bytes) => {
      const text = decodeUtf8(bytes);
      const parsed = text === undefined ? undefined : parseCanonicalObject(text);
      if (parsed?.ok !== true) return err({ expected: 'canonical JSON', found: 'something else' });
      const { written, ...state } = parsed.value as JsonObject & { readonly written: number };
      const given = startGiven(run.setup().tape.epoch, written);
      const restored = restoreBacktest(setupFor(given), state);
      if (restored.ok) return ok(machineOf(run, restored.value, given));
      const [{ path, problem }] = restored.error;
      return err({ expected: 'the state of such a run', found: `${path}: ${problem}` });
    },
  };
}
