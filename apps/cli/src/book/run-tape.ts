/**
 * Runs the commands of a tape again. What the tape of a venue says became of them is compared with what
 * becomes of them now; the tape of anybody else holds what they came to know, in their order.
 */
import { SCOPE_NUMBER, SCOPE_STRING, addIdName, endId } from '@truetape/book';
import { Kind, decodeEvent, getT } from '@truetape/contracts';
import type { DefineTables, Event, JsonObject } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import { applyReplay, createReplay, endReplay, isReplayed } from '@truetape/replay';
import type { Replay, ReplayBooks } from '@truetape/replay';
import { createDecoder } from '@truetape/tape';
import type { Batch, EndOfTape, TapeDecoder } from '@truetape/tape';
import type { Interruption } from '../interruption.ts';
import { tapeFailure, tornFailure } from '../wording.ts';
import { execute, flushLines, openBook } from './engine.ts';
import type { Engine } from './engine.ts';
import { beginRecord, recordAlias, recordDefine, recordNote, recordSource } from './recorder.ts';
import { stopFailure } from './replay-stop.ts';
import { replayOrigin } from './tape-replay.ts';
import { visitRecords } from './visit-records.ts';

export interface TapeConfig {
  /** How the tape is called in messages. */
  readonly name: string;
  readonly note: (text: string) => void;
}

interface TapeRun {
  readonly engine: Engine;
  readonly config: TapeConfig;
  readonly decoder: TapeDecoder;
  /** From the header on. */
  replay: Replay | undefined;
  /** Definitions of each table that have been taken over. */
  readonly taken: { instrument: number; source: number; account: number };
  /** Index of each source on the tape that is written. */
  readonly sources: number[];
  timeNs: number;
}

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

/** Commands are executed by the engine, which prints and records what comes of them. */
function createRunReplay(run: TapeRun): Replay {
  const { engine, decoder } = run;
  const { market, commands, reports } = engine;
  const executeNext = (): void => {
    const source = commands.u32[11];
    if (engine.config.recorder !== undefined) commands.u32[11] = run.sources[source] ?? source;
    execute(engine);
  };
  // Its books are open by then: `takeDefines`.
  const books: ReplayBooks = { market, commands, reports, open: () => undefined, execute: executeNext };
  const { sha256 } = nodePorts;
  const replay = createReplay({ ...replayOrigin(decoder.header!), demand: 'given', books, sha256 });
  if (!replay.ok) throw stopFailure(run.config.name, replay.error);
  return replay.value;
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
  if (event.kind === Kind.Alias) takeAlias(run, event);
  else if (event.kind === Kind.Note) {
    if (recorder !== undefined) recordNote(recorder, event.text, event.timeNs);
  } else {
    const stop = applyReplay(run.replay!, event);
    if (stop !== undefined) throw stopFailure(run.config.name, stop);
  }
}

function takeBatch(run: TapeRun, batch: Batch): void {
  const { engine, decoder } = run;
  const { recorder } = engine.config;
  run.replay ??= createRunReplay(run);
  visitRecords(batch, (records, i, kind, seq) => {
    run.timeNs = getT(records, i + 2, decoder.epoch);
    if (recorder !== undefined) beginRecord(recorder, headerEpoch(decoder), run.timeNs);
    if (isReplayed(kind) || kind === Kind.Alias || kind === Kind.Note)
      takeEvent(run, decodeEvent(records, i, decoder.epoch, seq));
  });
}

const headerEpoch = (decoder: TapeDecoder): bigint => BigInt(decoder.header!.epochNs);

/** Feeds the decoder until it has a batch; or its end. */
async function nextBatch(
  run: TapeRun,
  chunks: AsyncIterator<Uint8Array>,
  interruption: Interruption,
): Promise<Batch | EndOfTape> {
  const { decoder, config } = run;
  for (;;) {
    const step = decoder.next();
    if (step.type === 'batch') return step.batch;
    if (step.type === 'error') throw tapeFailure(config.name, step.error);
    if (step.type === 'end') {
      if (step.end.torn !== undefined) throw tornFailure(config.name, step.end.torn);
      return step.end;
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
    replay: undefined,
    taken: { instrument: 1, source: 1, account: 1 },
    sources: [0],
    timeNs: 0,
  };
  const source = chunks[Symbol.asyncIterator]();
  let batch = await nextBatch(run, source, interruption);
  for (; 'records' in batch; batch = await nextBatch(run, source, interruption)) {
    takeDefines(run);
    takeBatch(run, batch);
    await interruption.breathe();
  }
  takeDefines(run);
  if (engine.config.recorder !== undefined)
    beginRecord(engine.config.recorder, headerEpoch(decoder), run.timeNs);
  endTapeRun(run, batch);
}

/** What remains to be said at the end. */
function endTapeRun(run: TapeRun, end: EndOfTape): void {
  const { config, decoder } = run;
  const replay = (run.replay ??= createRunReplay(run));
  const stop = endReplay(replay, end.nextSeq);
  if (stop !== undefined) throw stopFailure(config.name, stop);
  const { observer } = decoder.header!;
  const { commandCount, factCount } = replay;
  if (commandCount === 0) config.note(`${config.name} has no commands`);
  else if (observer !== 'venue')
    config.note(`${config.name} is the tape of a ${observer}, not of a venue: its facts were not compared`);
  else if (factCount === 0) config.note(`${config.name} has no facts: nothing was compared`);
  else {
    const compared = factCount === 1 ? '1 fact' : `${factCount} facts`;
    config.note(`${compared} of ${config.name} compared: all as its commands give them`);
  }
}
