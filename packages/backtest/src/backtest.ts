/** A backtest from its configuration to its end. */
import { Kind, err, ok } from '@truetape/contracts';
import type { Definition, Epoch, Event, JsonValue, Result } from '@truetape/contracts';
import { createEngine, emitCheckpoint, startEngine, stopEngine } from '@truetape/engine';
import type { EngineConfig, EngineStrategy, StrategyGuard } from '@truetape/engine';
import { applyLedger, createLedgerOut } from '@truetape/ledger';
import type { Ledger } from '@truetape/ledger';
import type { Sha256 } from '@truetape/kernel';
import type { Batch } from '@truetape/tape';
import type { Take, VenueOrder } from '@truetape/venue';
import type { BacktestConfig } from './config.ts';
import type { ConfigProblem } from './config-schema.ts';
import { lookAhead, runBefore, sendCommand, takeEvent } from './drive.ts';
import { createFunding, noteRate, startFunding } from './funding.ts';
import { createUniverse, depositsOf } from './instruments.ts';
import { createMarketLine } from './market-line.ts';
import { createMetrics, endMetrics, noteEvent, sampleEquity, startMetrics } from './metrics.ts';
import { hashState, saveBacktest, STATE_VERSION } from './save.ts';
import type { Universe } from './instruments.ts';
import { gateOf, latenciesOf, ledgerOf, venueOf } from './parts.ts';
import type { TapeKind } from './parts.ts';
import type { Backtest } from './state.ts';
import { createTimedQueue } from './timed-queue.ts';
import { canPay, createVenueAccount, depositAtVenue } from './venue-account.ts';

/** Where events of the run go. */
export interface EventSink {
  /** Writes an event at the next seq, which it returns. The object is used again behind the call. */
  write(event: Event): number;
}

/** What a tape says of itself before its first event is replayed. */
export interface TapeFacts {
  readonly observer: string;
  readonly epoch: Epoch;
  /** Unix ns of the epoch. */
  readonly epochNs: bigint;
  readonly instruments: readonly Definition[];
  readonly sources: readonly Definition[];
  /** Its first event that is no Define, ns since the epoch: times of a configuration count from here. */
  readonly firstNs: number;
  /** It has commands: a venue's own account, which a matching engine can replay. */
  readonly hasCommands: boolean;
  /** Events that were left out of it, at its beginning or on the way: nobody knows what they did to a book. */
  readonly missing: number;
  /** Books that it shows as they stood: what led to them is not on it. */
  readonly hasSnapshots: boolean;
}

export interface BacktestSetup {
  readonly config: BacktestConfig;
  readonly seed: string;
  readonly tape: TapeFacts;
  readonly strategies: readonly EngineStrategy[];
  readonly sink: EventSink;
  readonly guard: StrategyGuard;
  /** With it the run ends with the hash of its state, as a Checkpoint. */
  readonly sha256?: Sha256;
  /**
   * When the strategy begins, ns since the epoch; what comes before builds the market. The tape's first event
   * by default.
   */
  readonly fromNs?: number;
  /** The run ends behind the last event up to here; the tape's end by default. */
  readonly toNs?: number;
}

const FED_ROLES = new Set(['venue', 'marketFeed']);
const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

/** How the venue has to take the tape. */
export function tapeKindOf({
  tape,
  config,
}: Pick<BacktestSetup, 'tape' | 'config'>): Result<TapeKind, readonly ConfigProblem[]> {
  const isWhole = tape.missing === 0 && !tape.hasSnapshots;
  const canMatch = tape.observer === 'venue' && tape.hasCommands && isWhole;
  if (config.mode === 'exchange' && !canMatch)
    return err([
      {
        path: 'mode',
        problem: "exchange takes a venue's own tape, from its beginning, with all of its commands",
      },
    ]);
  const mode = config.mode === 'auto' ? (canMatch ? 'exchange' : 'replay') : config.mode;
  const fed = tape.sources.filter(({ value }) => FED_ROLES.has(textOf(value['role'])));
  // In a matching engine the commands of everybody count.
  const sources = mode === 'exchange' ? [] : fed.map(({ index }) => index);
  return ok({ mode, startsEmpty: tape.observer === 'venue' && isWhole, sources });
}

/** Parts of a saved state, see `saveBacktest`. */
export interface SavedParts {
  readonly venue: JsonValue | undefined;
  readonly ledger: JsonValue | undefined;
  readonly atVenue: JsonValue | undefined;
  readonly risk: JsonValue | undefined;
}

/**
 * Makes a backtest; `restoreBacktest` has parts of a saved one. Errors: every problem of the configuration
 * with its path.
 */
export function createBacktest(
  setup: BacktestSetup,
  saved: Partial<SavedParts> = {},
): Result<Backtest, readonly ConfigProblem[]> {
  const { config, seed, tape, strategies, sink, guard } = setup;
  const universe = createUniverse(tape.instruments, config);
  if (!universe.ok) return universe;
  const kind = tapeKindOf(setup);
  if (!kind.ok) return kind;
  const ledger = ledgerOf(universe.value, config, saved.ledger);
  if (!ledger.ok) return ledger;
  const venueLedger = ledgerOf(universe.value, config, saved.atVenue);
  if (!venueLedger.ok) return venueLedger;
  const names = strategies.map(({ name }) => name);
  const risk = gateOf(universe.value, config, names, tape.epochNs, saved.risk);
  if (!risk.ok) return risk;
  const deposits = depositsOf(universe.value, config);
  if (!deposits.ok) return deposits;
  const tooMuch = depositProblems(
    deposits.value,
    ledgerOf(universe.value, config, undefined),
    universe.value,
  );
  if (tooMuch.length > 0) return err(tooMuch);
  const afford = (order: VenueOrder, takes: readonly Take[]): boolean =>
    canPay(backtest.atVenue, backtest.venue, order, takes, backtest.engine.timeNs);
  const venue = venueOf(
    universe.value,
    config,
    { ...kind.value, firstNs: tape.firstNs },
    afford,
    saved.venue,
  );
  if (!venue.ok) return venue;
  const engineConfig: EngineConfig = {
    seed,
    markets: universe.value.instruments.map(({ index, id, terms, define }) => ({ index, id, terms, define })),
    strategies,
    assets: universe.value.assets,
    equityAsset: universe.value.equityAsset.index,
    deposits: deposits.value,
    ledger: ledger.value,
    risk: risk.value,
  };
  const engine = createEngine(engineConfig, {
    emit: (event) => {
      const seq = sink.write(event);
      noteEvent(backtest, event);
      return seq;
    },
    send: (command) => {
      sendCommand(backtest, command);
    },
    guard,
  });
  const isIdeal = kind.value.mode === 'ideal';
  const backtest: Backtest = {
    config,
    seed,
    kind: kind.value,
    universe: universe.value,
    engineConfig,
    sha256: setup.sha256,
    epoch: tape.epoch,
    engine,
    venue: venue.value,
    feed: createMarketLine(venue.value.market),
    entry: createTimedQueue(),
    responses: createTimedQueue(),
    atVenue: createVenueAccount(venue.value.config, venueLedger.value, universe.value.equityAsset.index),
    latencies: latenciesOf(config, seed, isIdeal),
    script: [],
    scriptAt: 0,
    funding: createFunding(config.funding),
    metrics: createMetrics(config.sampleNs, engine.views.length, engine.runs.length),
    firstNs: tape.firstNs,
    missing: tape.missing,
    fromNs: setup.fromNs ?? -Infinity,
    toNs: setup.toNs ?? Infinity,
    startNs: 0,
    tapeNs: 0,
    dueNs: Infinity,
    othersNs: Infinity,
    events: 0,
    warmUpEvents: 0,
    nextSeq: 0,
    isEnded: false,
    stateHash: undefined,
    stuckBy: undefined,
  };
  venue.value.isListening = strategies.length > 0;
  // An outage may begin before the strategy does.
  lookAhead(backtest);
  return ok(backtest);
}

/** Deposits that no ledger holds, tried out on an empty one. */
function depositProblems(
  deposits: EngineConfig['deposits'],
  ledger: Result<Ledger, readonly ConfigProblem[]>,
  { assets }: Universe,
): ConfigProblem[] {
  if (!ledger.ok) return [];
  const out = createLedgerOut();
  return deposits.flatMap(({ asset, amount }) => {
    const cash = { event: 'cash', timeNs: 0, reason: 'deposit', asset, amount, instrument: 0 } as const;
    if (applyLedger(ledger.value, cash, out) === undefined) return [];
    return [{ path: `deposits.${assets[asset - 1].code}`, problem: 'more than an account holds' }];
  });
}

/** Begins with an event of the tape: what was on its way to nobody by then has arrived. */
function start(backtest: Backtest, timeNs: number): void {
  runBefore(backtest, timeNs);
  backtest.startNs = timeNs;
  backtest.warmUpEvents = backtest.events;
  backtest.tapeNs = timeNs;
  for (const { asset, amount } of backtest.engineConfig.deposits)
    depositAtVenue(backtest.atVenue, asset, amount, timeNs);
  startEngine(backtest.engine, backtest.engineConfig, timeNs);
  startMetrics(backtest, timeNs);
  // What is scripted for a time before the strategy begins is said as it begins.
  backtest.script = backtest.config.script.map((order) => ({
    ...order,
    atNs: Math.max(timeNs, backtest.firstNs + order.atNs),
  }));
  const instruments = backtest.engine.views
    .filter(({ terms }) => terms.class !== 'spot')
    .map(({ index }) => index);
  startFunding(backtest.funding, instruments, timeNs);
  lookAhead(backtest);
}

// Bound here: V8 reads and checks an import at each use.
const SKIP = Kind.Skip;
const DEFINE = Kind.Define;
const COMMANDS_FROM = Kind.NewOrder;
const FACTS_FROM = Kind.Accepted;
const FUNDING_RATE = Kind.FundingRate;

/** Takes a batch of the tape's checked records. Ends at once where time stands still, see `stuckBy`. */
export function feedBatch(backtest: Backtest, batch: Batch): void {
  const { records, to } = batch;
  const { u32 } = records;
  const { epoch, engine, venue, toNs, fromNs } = backtest;
  if (engine.isStray) backtest.isEnded = true;
  if (backtest.isEnded) return;
  // What nobody hears: commands, where no matching engine takes them.
  const deafTo = venue.exchange === undefined ? FACTS_FROM : COMMANDS_FROM;
  let { isStarted } = engine;
  let seq = batch.firstSeq;
  let { tapeNs, events, nextSeq } = backtest;
  for (let i = batch.from; i < to;) {
    const head = u32[i];
    const kind = (head >>> 16) & 0xff;
    if (kind === SKIP) seq += u32[i + 4] + u32[i + 5] * 4_294_967_296;
    else if (kind === DEFINE) seq += 1;
    else {
      const timeNs = (u32[i + 3] - epoch.hi) * 4_294_967_296 + (u32[i + 2] - epoch.lo);
      if (timeNs > toNs) {
        setPlace(backtest, tapeNs, events, nextSeq);
        endBacktest(backtest);
        return;
      }
      if (!isStarted && timeNs >= fromNs) {
        setPlace(backtest, tapeNs, events, nextSeq);
        start(backtest, timeNs);
        isStarted = true;
      }
      tapeNs = timeNs;
      nextSeq = seq + 1;
      events += 1;
      if (kind >= deafTo || kind < COMMANDS_FROM) {
        if (timeNs > backtest.dueNs) {
          runBefore(backtest, timeNs);
          if (backtest.stuckBy !== undefined) {
            setPlace(backtest, tapeNs, events, nextSeq);
            backtest.isEnded = true;
            return;
          }
        }
        takeEvent(backtest, records, i, timeNs, seq);
        if (kind === FUNDING_RATE) {
          noteRate(backtest, records, i, timeNs, seq);
          lookAhead(backtest);
        }
      }
      seq += 1;
    }
    i += (head & 0xffff) * 2;
  }
  setPlace(backtest, tapeNs, events, nextSeq);
}

function setPlace(backtest: Backtest, tapeNs: number, events: number, nextSeq: number): void {
  backtest.tapeNs = tapeNs;
  backtest.events = events;
  backtest.nextSeq = nextSeq;
}

/**
 * Ends the run at the time of the tape's last event: what is due by then still happens, what is on its way
 * does not arrive.
 */
export function endBacktest(backtest: Backtest): void {
  const { engine, tapeNs } = backtest;
  if (backtest.isEnded) return;
  backtest.isEnded = true;
  if (!engine.isStarted) return;
  runBefore(backtest, tapeNs + 1);
  stopEngine(engine, tapeNs);
  // One that was due now has seen the same.
  if (backtest.metrics.series.timesNs.at(-1) !== tapeNs) sampleEquity(backtest, tapeNs, true);
  endMetrics(backtest, tapeNs);
  writeStateHash(backtest);
}

/** What is left of the run, as one hash: the last event of its tape. */
function writeStateHash(backtest: Backtest): void {
  const { sha256, engine, metrics } = backtest;
  if (sha256 === undefined) return;
  const state = saveBacktest(backtest);
  // A strategy that keeps more than plain data has no state to tell; whoever runs one says so.
  if (!state.ok) return;
  const stateHash = hashState(state.value, sha256);
  backtest.stateHash = stateHash;
  const coversSeq = metrics.kinds.reduce((sum, count) => sum + count, 0);
  emitCheckpoint(engine, { coversSeq, hashVersion: STATE_VERSION, stateHash });
}
