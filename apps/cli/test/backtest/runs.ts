/** Backtests in memory: a simulated tape, a run over it, and what came of it. */
import {
  createBacktest,
  endBacktest,
  feedBatch,
  parseConfig,
  restoreBacktest,
  saveBacktest,
} from '@truetape/backtest';
import type { Backtest, BacktestConfig, BacktestSetup, TapeFacts } from '@truetape/backtest';
import { Kind, canonicalText, decodeEvent } from '@truetape/contracts';
import type { Event, JsonObject } from '@truetape/contracts';
import type { EngineCommand, EngineStrategy, Strategy, Listens } from '@truetape/engine';
import { nodePorts } from '@truetape/host';
import { PRESETS, createSim, runSim, tapePort } from '@truetape/orderflow';
import type { PresetName, SimConfig } from '@truetape/orderflow';
import { findStrategy } from '@truetape/strategies';
import {
  createBinaryWriter,
  createDecoder,
  createReader,
  endTape,
  openedTape,
  writeEvent,
} from '@truetape/tape';
import type { Batch, TapeReader } from '@truetape/tape';

/** A tape, whole. */
export interface TestTape {
  readonly bytes: Uint8Array;
  readonly facts: TapeFacts;
  readonly count: number;
}

function readerOf(bytes: Uint8Array): TapeReader {
  let left: Uint8Array | undefined = bytes;
  const read = (): Uint8Array | undefined => {
    const now = left;
    left = undefined;
    return now;
  };
  return createReader(createDecoder({ ports: nodePorts, hash: false }), { read });
}

/** Visits every record of a tape as a batch of its own. */
export function visitRecords(
  bytes: Uint8Array,
  visit: (batch: Batch, kind: number, timeNs: number) => boolean | undefined,
): void {
  const reader = readerOf(bytes);
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    const { records, to } = batch;
    const { epoch } = openedTape(reader);
    let seq = batch.firstSeq;
    for (let i = batch.from; i < to; seq++) {
      const head = records.u32[i];
      const next = i + (head & 0xffff) * 2;
      const timeNs = (records.u32[i + 3] - epoch.hi) * 4_294_967_296 + (records.u32[i + 2] - epoch.lo);
      const one = { ...batch, from: i, to: next, firstSeq: seq, nextSeq: seq + 1, recordCount: 1 };
      if (visit(one, (head >>> 16) & 0xff, timeNs) === false) return;
      i = next;
    }
  }
}

/** A tape of bytes, as a backtest takes it. */
export function tapeOf(bytes: Uint8Array): TestTape {
  const reader = readerOf(bytes);
  let count = 0;
  let hasCommands = false;
  let firstNs: number | undefined;
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    count += batch.recordCount;
    const { u32 } = batch.records;
    const { epoch } = openedTape(reader);
    for (let i = batch.from; i < batch.to; i += (u32[i] & 0xffff) * 2) {
      const kind = (u32[i] >>> 16) & 0xff;
      hasCommands ||= kind === Kind.NewOrder;
      const timeNs = (u32[i + 3] - epoch.hi) * 4_294_967_296 + (u32[i + 2] - epoch.lo);
      if (kind !== Kind.Define) firstNs ??= timeNs;
    }
  }
  const { header, epoch, tables } = openedTape(reader);
  const facts: TapeFacts = {
    observer: header.observer,
    epoch,
    epochNs: BigInt(header.epochNs),
    instruments: tables.instrument.byIndex.filter((one) => one !== undefined),
    sources: tables.source.byIndex.filter((one) => one !== undefined),
    firstNs: firstNs ?? 0,
    hasCommands,
    missing: 0,
    hasSnapshots: false,
  };
  return { bytes, facts, count };
}

/** A simulated tape. */
export function simTape(preset: PresetName, seed: string, events: number): TestTape {
  return simTapeOf(PRESETS[preset], seed, events);
}

export function simTapeOf(config: SimConfig, seed: string, events: number): TestTape {
  const parts: Uint8Array[] = [];
  const header = { observer: 'venue', epochNs: '0', producer: { name: 'test' } } as const;
  const sink = { write: (bytes: Uint8Array) => void parts.push(Uint8Array.from(bytes)) };
  const writer = createBinaryWriter({ header, ports: nodePorts }, sink);
  runSim(createSim({ config, seed, port: tapePort(writer) }), { events });
  endTape(writer);
  return tapeOf(Buffer.concat(parts));
}

/** A strategy of one's own, for a test. */
export interface OwnStrategy {
  readonly name: string;
  readonly make: () => Strategy;
  readonly listens: Listens;
}

export interface RunOptions {
  /** One, or several that share the account. */
  readonly strategy: string | OwnStrategy | readonly (string | OwnStrategy)[];
  readonly config?: JsonObject;
  readonly seed?: string;
  /** Ends behind so many events of the tape. */
  readonly cutAt?: number;
  /** When the strategy begins. */
  readonly fromNs?: number;
  /** The state is saved, and gone on from, behind each of these. */
  readonly resumeAt?: readonly number[];
  readonly guard?: { isInside: boolean };
  /** Changes each command on its way to the venue. */
  readonly onWay?: (command: EngineCommand) => EngineCommand & { readonly expireNs: number };
}

export interface RunResult {
  readonly backtest: Backtest;
  readonly events: readonly Event[];
  /** Time of the last event of the tape that was taken. */
  readonly endNs: number;
  readonly hash: string;
}

function strategyOf(name: string | OwnStrategy, parameters: unknown): EngineStrategy {
  if (typeof name !== 'string') return { name: name.name, strategy: name.make(), listens: name.listens };
  const definition = findStrategy(name)!;
  const parsed = definition.parameters.parse(parameters);
  return { name, strategy: definition.create(parsed), listens: definition.listens(parsed) };
}

const parametersOf = ({ strategy, strategies }: BacktestConfig, one: string | OwnStrategy): unknown =>
  strategies?.[typeof one === 'string' ? one : one.name] ?? strategy;

/** Runs a backtest. Throws for a configuration that is none. */
export function run(tape: TestTape, options: RunOptions): RunResult {
  const { strategy, seed = '1', resumeAt = [], cutAt = Infinity, guard = { isInside: false } } = options;
  const config = parseConfig(options.config ?? {});
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const parts: Uint8Array[] = [];
  const header = {
    observer: 'client',
    epochNs: String(tape.facts.epochNs),
    producer: { name: 'test' },
  } as const;
  const writer = createBinaryWriter(
    { header: { ...header, parents: [{ hash: '0'.repeat(64), count: tape.count }] }, ports: nodePorts },
    { write: (bytes) => void parts.push(Uint8Array.from(bytes)) },
  );
  const setup = (): BacktestSetup => ({
    config: config.value,
    seed,
    tape: tape.facts,
    strategies: [strategy].flat().map((one) => strategyOf(one, parametersOf(config.value, one))),
    guard,
    ...(options.fromNs === undefined ? {} : { fromNs: options.fromNs }),
    sha256: nodePorts.sha256,
    sink: {
      write: (event) => {
        const seq = writer.nextSeq;
        const refused = writeEvent(writer, event);
        if (refused !== undefined) throw new Error(`${refused.expected}, found ${refused.found}`);
        return seq;
      },
    },
  });
  const made = createBacktest(setup());
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  let backtest = made.value;
  if (options.onWay !== undefined) changeOnWay(backtest, options.onWay);
  let taken = 0;
  let endNs = 0;
  visitRecords(tape.bytes, (batch, _, timeNs) => {
    feedBatch(backtest, batch);
    taken += 1;
    endNs = timeNs;
    if (resumeAt.includes(taken)) backtest = savedAndRestored(backtest, setup());
    return taken < cutAt;
  });
  endBacktest(backtest);
  const { hash } = endTape(writer);
  return { backtest, events: eventsOf(Buffer.concat(parts)), endNs, hash };
}

/** Lets each command be another one from when it sets out. */
function changeOnWay({ entry }: Backtest, onWay: (command: EngineCommand) => EngineCommand): void {
  const { items } = entry;
  items.push = (...commands) => Array.prototype.push.apply(items, commands.map(onWay));
}

/** The run that goes on from a saved state; what it saves is the same again. */
function savedAndRestored(backtest: Backtest, setup: BacktestSetup): Backtest {
  const saved = saveBacktest(backtest);
  if (!saved.ok) throw new Error(JSON.stringify(saved.error));
  const text = canonicalText(saved.value);
  const restored = restoreBacktest(setup, JSON.parse(text) as JsonObject);
  if (!restored.ok) throw new Error(JSON.stringify(restored.error));
  const again = saveBacktest(restored.value);
  if (!again.ok || canonicalText(again.value) !== text) throw new Error('a restored state is another one');
  return restored.value;
}

/** All events of a tape. */
export function eventsOf(bytes: Uint8Array): Event[] {
  const events: Event[] = [];
  const reader = readerOf(bytes);
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    const { records, to } = batch;
    const { epoch } = openedTape(reader);
    let seq = batch.firstSeq;
    for (let i = batch.from; i < to; i += (records.u32[i] & 0xffff) * 2)
      events.push(decodeEvent(records, i, epoch, seq++));
  }
  return events;
}

/** Events of one kind. */
export function ofKind<K extends Event['kind']>(
  events: readonly Event[],
  kind: K,
): readonly Extract<Event, { readonly kind: K }>[] {
  return events.filter((event): event is Extract<Event, { readonly kind: K }> => event.kind === kind);
}
