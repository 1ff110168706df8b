/** Runs lines of commands. */
import { OP_CANCEL_ALL, SCOPE_NUMBER, SCOPE_STRING, UNKNOWN_INSTRUMENT_INDEX, nameId } from '@truetape/book';
import { FIRST_ASSIGNED_ID, NONE, epochAt, fromUnixNs } from '@truetape/contracts';
import type { Epoch } from '@truetape/contracts';
import { CliFailure, EXIT } from '../failure.ts';
import type { Interruption } from '../interruption.ts';
import { createLineReader, readCommandLine } from './command-json.ts';
import type { Asked, LineFault, LineReader } from './command-json.ts';
import { commandLines } from './command-lines.ts';
import { execute, flushLines, openBook } from './engine.ts';
import type { Engine } from './engine.ts';
import { beginRecord, recordAlias, recordDefine, recordNote } from './recorder.ts';

/** The instrument of lines that name none, where the command line does not name it either. */
export const DEFAULT_NAME = 'BOOK';

export interface LinesConfig {
  /** How the input is called in messages. */
  readonly name: string;
  /** The instruments there are, the default one first; empty: those that the lines name. */
  readonly instruments: readonly string[];
  readonly skips: boolean;
  /** A remark on stderr. */
  readonly note: (text: string) => void;
}

/** A run under way. */
interface LinesRun {
  readonly engine: Engine;
  readonly config: LinesConfig;
  readonly reader: LineReader;
  epochNs: bigint;
  epoch: Epoch;
  timeNs: number;
  begun: boolean;
  skipped: number;
}

/** Skipped lines that are told one by one. */
const TOLD_MAX = 10;
/** Times below this need no epoch. */
const NEAR_TIMES = 9_007_199_254_740_992n;

/** Begins at the time of the first command: the tape has all its Defines there. */
function begin(run: LinesRun, first: bigint): void {
  const { engine, config } = run;
  run.begun = true;
  run.epochNs = first < NEAR_TIMES ? 0n : first;
  run.epoch = epochAt(run.epochNs);
  run.timeNs = fromUnixNs(first, run.epoch)!;
  const { recorder } = engine.config;
  if (recorder !== undefined) beginRecord(recorder, run.epochNs, run.timeNs);
  const names = config.instruments.length === 0 ? [DEFAULT_NAME] : config.instruments;
  for (const name of names) openLineBook(run, name);
}

/** A line gives integers and no steps: one tick is 1, one lot is 1. */
function openLineBook({ engine, timeNs }: LinesRun, name: string): number {
  const value = { id: name, symbol: name, priceStep: '1', qtyStep: '1', fineScale: 0 };
  return openBook(engine, name, value, timeNs);
}

/** The time of a line in memory, or what is wrong with it. */
function timeOf(run: LinesRun, given: bigint | undefined): number | LineFault {
  if (given === undefined) return run.timeNs;
  const timeNs = fromUnixNs(given, run.epoch);
  const found = String(given);
  if (timeNs === undefined) {
    const expected = 'a time within 104 days of the first (of 0 where the first line has none)';
    return { field: 'timeNs', expected, found };
  }
  if (timeNs >= run.timeNs) return timeNs;
  const last = run.epochNs + BigInt(run.timeNs);
  return { field: 'timeNs', expected: `${last} or later: time does not go back`, found };
}

function instrumentOf(run: LinesRun, asked: Asked): number {
  const { names } = run.engine;
  const name = asked.instrument;
  names.unknown = '';
  // Whoever cancels everything means all books, unless one is named.
  if (name === undefined) return asked.op === OP_CANCEL_ALL ? 0 : 1;
  const known = names.instrumentOf.get(name);
  if (known !== undefined) return known;
  const isOpen = run.config.instruments.length === 0 && names.instruments.length < UNKNOWN_INSTRUMENT_INDEX;
  if (isOpen) return openLineBook(run, name);
  names.unknown = name;
  const { recorder } = run.engine.config;
  if (recorder !== undefined) {
    const text = `instrument ${JSON.stringify(name)} of the next command is not known`;
    recordNote(recorder, text, run.timeNs);
  }
  return UNKNOWN_INSTRUMENT_INDEX;
}

function ownerOf({ engine, timeNs }: LinesRun, name: string): number {
  const { owners } = engine.names;
  const known = owners.get(name);
  if (known !== undefined) return known;
  const index = owners.size;
  owners.set(name, index);
  const { recorder } = engine.config;
  if (recorder !== undefined) recordDefine(recorder, 'account', index, { name }, timeNs);
  return index;
}

function orderIdOf(
  { engine, timeNs }: LinesRun,
  instrument: number,
  id: string | number | undefined,
): number {
  if (id === undefined) return NONE;
  if (typeof id === 'number' && id < FIRST_ASSIGNED_ID) return id;
  const { recorder } = engine.config;
  return nameId(engine.names, instrument, id, (name) => {
    if (recorder === undefined) return;
    const scope = typeof id === 'string' ? SCOPE_STRING : SCOPE_NUMBER;
    recordAlias(recorder, { instrument, id: name.id, scope, text: String(id) }, timeNs);
  });
}

/** Puts what a line asks into the command's cells and executes it; or says what is wrong with it. */
function takeLine(run: LinesRun, text: string): LineFault | undefined {
  const { engine, reader } = run;
  const { asked } = reader;
  const fault = readCommandLine(reader, text);
  if (fault !== undefined) return fault;
  if (!run.begun) begin(run, asked.timeNs ?? 0n);
  const timeNs = timeOf(run, asked.timeNs);
  if (typeof timeNs !== 'number') return timeNs;
  run.timeNs = timeNs;
  const instrument = instrumentOf(run, asked);
  const { f64, u32 } = engine.commands;
  u32[0] = asked.code;
  u32[1] = ownerOf(run, asked.owner);
  f64[1] = orderIdOf(run, instrument, asked.id);
  f64[2] = asked.priceTicks;
  f64[3] = asked.qtyLots;
  f64[4] = asked.minQtyLots;
  u32[10] = instrument;
  u32[11] = LINES_SOURCE;
  f64[6] = NONE;
  f64[7] = timeNs;
  execute(engine);
  return undefined;
}

/** Index of the source `COMMANDS_SOURCE` on the tape, the first. */
const LINES_SOURCE = 1;

function faultText({ field, expected, found }: LineFault): string {
  return `${field === '' ? '' : `${field}: `}expected ${expected}, found ${found}`;
}

function refuse(run: LinesRun, line: number, fault: LineFault): void {
  const { name, skips, note } = run.config;
  const text = `${name}:${line}: ${faultText(fault)}`;
  if (!skips) {
    const next = 'correct it, or go on without such lines: --on-bad-line skip';
    throw new CliFailure(EXIT.usage, text, next);
  }
  run.skipped += 1;
  if (run.skipped <= TOLD_MAX) note(`${text}; skipped`);
}

/** Runs all lines. Throws a failure at the first malformed one, unless those are skipped. */
export async function runLines(
  engine: Engine,
  chunks: AsyncIterable<Uint8Array>,
  config: LinesConfig,
  interruption: Interruption,
): Promise<void> {
  const reader = createLineReader();
  const run: LinesRun = {
    engine,
    config,
    reader,
    epochNs: 0n,
    epoch: epochAt(0n),
    timeNs: 0,
    begun: false,
    skipped: 0,
  };
  const blocks = commandLines(chunks);
  for (;;) {
    const block = await interruption.until(blocks.next());
    if (block.done === true) break;
    const { firstLine, lines } = block.value;
    for (let k = 0; k < lines.length; k++) {
      const line = lines[k];
      if (typeof line === 'string' && line.trim() === '') continue;
      const fault = typeof line === 'string' ? takeLine(run, line) : line;
      if (fault !== undefined) refuse(run, firstLine + k, fault);
    }
    // Whoever asks may wait for the answer before asking on.
    flushLines(engine);
    await interruption.breathe();
  }
  if (!run.begun) begin(run, 0n);
  if (run.skipped > 0) {
    const more = run.skipped > TOLD_MAX ? `, the first ${TOLD_MAX} of them above` : '';
    config.note(
      `${run.skipped} malformed line${run.skipped === 1 ? '' : 's'} of ${config.name} skipped${more}`,
    );
  }
}
