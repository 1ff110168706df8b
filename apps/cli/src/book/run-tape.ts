/**
 * Runs the commands of a tape again. What the tape of a venue says became of them is compared with what
 * becomes of them now; the tape of anybody else holds what they came to know, in their order.
 */
import { commandOfEvent, reportEvent } from '@truetape/book';
import { FLAG_SNAPSHOT, Kind, NONE, decodeEvent, getT, kindName, nameOfCode } from '@truetape/contracts';
import type { DefineTables, Event, JsonObject } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import { createDecoder } from '@truetape/tape';
import type { Batch, TapeDecoder } from '@truetape/tape';
import { CliFailure, EXIT } from '../failure.ts';
import type { Interruption } from '../interruption.ts';
import { quoted, tapeFailure, tornFailure } from '../wording.ts';
import { compareFacts } from './compare-facts.ts';
import { execute, flushLines, openBook } from './engine.ts';
import type { Engine } from './engine.ts';
import { SCOPE_NUMBER, SCOPE_STRING, addIdName, endId } from './names.ts';
import { beginRecord, recordAlias, recordDefine, recordNote, recordSource } from './recorder.ts';

export interface TapeConfig {
  /** How the tape is called in messages. */
  readonly name: string;
  readonly note: (text: string) => void;
}

interface TapeRun {
  readonly engine: Engine;
  readonly config: TapeConfig;
  readonly decoder: TapeDecoder;
  /** Definitions of each table that have been taken over. */
  readonly taken: { instrument: number; source: number; account: number };
  /** Index of each source on the tape that is written. */
  readonly sources: number[];
  /** Facts that have to follow, of the last command. */
  readonly expected: Event[];
  next: number;
  /** Seq of the last command. */
  command: number;
  /** The first command before the first fact, unless it was answered. */
  unanswered: number;
  facts: number;
  /** Seqs are missing, or the end. */
  gaps: boolean;
  timeNs: number;
}

const isCommand = (kind: number): boolean => kind >= Kind.NewOrder && kind <= Kind.CancelAll;
const isFact = (kind: number): boolean => kind >= Kind.Accepted && kind <= Kind.CancelAllDone;

/** Definitions that came before this batch: each instrument has a book from there on. */
function takeDefines(run: TapeRun): void {
  const { engine, decoder, taken } = run;
  const { tables } = decoder;
  const { recorder } = engine.config;
  for (; taken.instrument < tables.instrument.byIndex.length; taken.instrument++) {
    const { name, value } = tables.instrument.byIndex[taken.instrument]!;
    openBook(engine, name, value, run.timeNs);
  }
  if (recorder === undefined) return;
  for (; taken.source < tables.source.byIndex.length; taken.source++) {
    const { value } = tables.source.byIndex[taken.source]!;
    run.sources[taken.source] = recordSource(recorder, value, run.timeNs);
  }
  for (; taken.account < tables.account.byIndex.length; taken.account++)
    recordDefine(recorder, 'account', taken.account, accountOf(tables, taken.account), run.timeNs);
}

function accountOf(tables: DefineTables, index: number): JsonObject {
  return tables.account.byIndex[index]!.value;
}

function mismatch(run: TapeRun, seq: number, text: string): CliFailure {
  const { name } = run.config;
  const from = run.command === NONE ? Math.max(seq - 1, 0) : Math.min(run.command, seq);
  const view = `truetape tape view ${quoted(name)} --from-seq ${from} --to-seq ${seq}`;
  const next = run.gaps
    ? `events are missing: run the whole tape, not a part of it; see ${view}`
    : `it was changed, or made under other rules: see ${view}`;
  return new CliFailure(EXIT.mismatch, `${name} does not match its commands at seq ${seq}: ${text}`, next);
}

/** What else had to be said of the last command, before `seq`. */
function checkAnswered(run: TapeRun, seq: number, found: string): void {
  if (run.next === run.expected.length) return;
  const missing = kindName(run.expected[run.next].kind);
  if (run.facts === 0 && run.next === 0) {
    // Nothing has been answered so far: the tape may hold commands alone.
    if (run.unanswered === NONE) run.unanswered = run.command;
    return;
  }
  throw mismatch(run, seq, `kind: expected ${missing} of the command at seq ${run.command}, found ${found}`);
}

function takeFact(run: TapeRun, fact: Event): void {
  const role = run.decoder.tables.source.byIndex[fact.source]?.value['role'];
  if (role !== undefined && role !== 'venue') return;
  const found = kindName(fact.kind);
  if (run.unanswered !== NONE) {
    const { unanswered } = run;
    throw mismatch(
      run,
      fact.seq,
      `kind: expected a fact of the command at seq ${unanswered} before it, found ${found}`,
    );
  }
  if (run.next === run.expected.length)
    throw mismatch(run, fact.seq, `kind: expected a command or the end, found ${found}`);
  const wrong = compareFacts(run.expected[run.next], fact);
  if (wrong !== undefined)
    throw mismatch(
      run,
      fact.seq,
      `${found}, ${wrong.field}: expected ${wrong.expected}, found ${wrong.found}`,
    );
  run.next += 1;
  run.facts += 1;
}

function takeCommand(run: TapeRun, event: Event): void {
  const { engine, expected } = run;
  const { commands, reports } = engine;
  const taken = commandOfEvent(event, commands, 0);
  if (!taken.ok) {
    const { field, expected: allowed, found } = taken.error;
    throw new CliFailure(
      EXIT.failure,
      `${run.config.name}: seq ${event.seq}: ${kindName(event.kind)}, ${field}: ` +
        `expected ${allowed}, found ${foundText(field, found)}`,
      'a book has no rule for it: leave such commands out, or run them in a simulated venue',
    );
  }
  if (engine.config.recorder !== undefined) commands.u32[11] = run.sources[event.source] ?? event.source;
  execute(engine);
  run.command = event.seq;
  expected.length = 0;
  run.next = 0;
  if (run.decoder.header!.observer !== 'venue') return;
  for (let k = 0; k < reports.count; k++) {
    const last = k === reports.count - 1;
    expected.push(reportEvent(reports, k, { timeNs: event.timeNs, source: 0, cause: event.seq, last }));
  }
}

const VOCABULARY_OF = { type: 'orderType', tif: 'tif', qtyMode: 'qtyMode', postOnly: 'postOnly' } as const;

function foundText(field: string, found: number | string): string {
  if (typeof found === 'string') return found;
  const vocabulary = VOCABULARY_OF[field as keyof typeof VOCABULARY_OF];
  if (vocabulary !== undefined) return found === 0 ? 'none' : nameOfCode(vocabulary, found);
  return found === NONE ? 'none' : String(found);
}

function takeAlias(run: TapeRun, event: Event & { readonly kind: typeof Kind.Alias }): void {
  const { instrument, id, scope, text } = event;
  if (scope !== SCOPE_STRING && scope !== SCOPE_NUMBER) return;
  const { names, config } = run.engine;
  const key = scope === SCOPE_NUMBER && /^[0-9]{1,16}$/.test(text) ? Number(text) : text;
  addIdName(names, { instrument, id, key });
  // Until an order has it, it may be forgotten like that of one that has ended.
  endId(names, instrument, id);
  if (config.recorder !== undefined)
    recordAlias(config.recorder, { instrument, id, scope, text }, event.timeNs);
}

function takeEvent(run: TapeRun, event: Event): void {
  const { recorder } = run.engine.config;
  if (isCommand(event.kind)) {
    checkAnswered(run, event.seq, kindName(event.kind));
    takeCommand(run, event);
  } else if (isFact(event.kind)) {
    if ((event.flags & FLAG_SNAPSHOT) !== 0)
      throw new CliFailure(
        EXIT.failure,
        `${run.config.name}: seq ${event.seq}: expected a tape that begins with an empty book, ` +
          'found orders of a snapshot',
        'run the tape from its beginning',
      );
    if (run.decoder.header!.observer === 'venue') takeFact(run, event);
  } else if (event.kind === Kind.Alias) takeAlias(run, event);
  else if (event.kind === Kind.Note && recorder !== undefined) recordNote(recorder, event.text, event.timeNs);
}

function takeBatch(run: TapeRun, batch: Batch): void {
  const { engine, decoder } = run;
  const { records } = batch;
  const { recorder } = engine.config;
  let seq = batch.firstSeq;
  for (let i = batch.from; i < batch.to; i += (records.u32[i] & 0xffff) * 2) {
    const kind = (records.u32[i] >>> 16) & 0xff;
    if (kind === Kind.Skip) {
      const event = decodeEvent(records, i, decoder.epoch, seq);
      if (event.kind === Kind.Skip) seq += event.count;
      run.gaps = true;
      continue;
    }
    run.timeNs = getT(records, i + 2, decoder.epoch);
    if (recorder !== undefined) beginRecord(recorder, headerEpoch(decoder), run.timeNs);
    if (isCommand(kind) || isFact(kind) || kind === Kind.Alias || kind === Kind.Note)
      takeEvent(run, decodeEvent(records, i, decoder.epoch, seq));
    seq += 1;
  }
}

const headerEpoch = (decoder: TapeDecoder): bigint => BigInt(decoder.header!.epochNs);

/** Feeds the decoder until it has a batch; undefined at the end of the tape. */
async function nextBatch(
  run: TapeRun,
  chunks: AsyncIterator<Uint8Array>,
  interruption: Interruption,
): Promise<Batch | undefined> {
  const { decoder, config } = run;
  for (;;) {
    const step = decoder.next();
    if (step.type === 'batch') return step.batch;
    if (step.type === 'error') throw tapeFailure(config.name, step.error);
    if (step.type === 'end') {
      if (step.end.torn !== undefined) throw tornFailure(config.name, step.end.torn);
      return undefined;
    }
    flushLines(run.engine);
    const chunk = await interruption.until(chunks.next());
    if (chunk.done === true) decoder.finish();
    else decoder.push(chunk.value);
  }
}

/** Runs a whole tape. Throws a failure at the first fact that its commands do not give. */
export async function runTape(
  engine: Engine,
  chunks: AsyncIterable<Uint8Array>,
  config: TapeConfig,
  interruption: Interruption,
): Promise<void> {
  const decoder = createDecoder({ ports: nodePorts, hash: true });
  const run: TapeRun = {
    engine,
    config,
    decoder,
    taken: { instrument: 1, source: 1, account: 1 },
    sources: [0],
    expected: [],
    next: 0,
    command: NONE,
    unanswered: NONE,
    facts: 0,
    gaps: false,
    timeNs: 0,
  };
  const source = chunks[Symbol.asyncIterator]();
  for (;;) {
    const batch = await nextBatch(run, source, interruption);
    if (decoder.header !== undefined) takeDefines(run);
    if (batch === undefined) break;
    takeBatch(run, batch);
    await interruption.breathe();
  }
  if (engine.config.recorder !== undefined)
    beginRecord(engine.config.recorder, headerEpoch(decoder), run.timeNs);
  endTapeRun(run);
}

/** What remains to be said at the end. */
function endTapeRun(run: TapeRun): void {
  const { config, decoder, facts, engine } = run;
  // What is cut off says so by no Skip.
  if (run.next < run.expected.length) run.gaps = true;
  checkAnswered(run, run.command + run.expected.length, 'the end of the tape');
  const { observer } = decoder.header!;
  if (engine.count === 0) config.note(`${config.name} has no commands`);
  else if (observer !== 'venue')
    config.note(`${config.name} is the tape of a ${observer}, not of a venue: its facts were not compared`);
  else if (facts === 0) config.note(`${config.name} has no facts: nothing was compared`);
  else {
    const compared = facts === 1 ? '1 fact' : `${facts} facts`;
    config.note(`${compared} of ${config.name} compared: all as its commands give them`);
  }
}
