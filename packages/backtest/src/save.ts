/**
 * A backtest between two events of its tape as canonical JSON, and back: a run that goes on from there writes
 * the same events as one that never stopped. What it was made of (configuration, seed, tape, strategy) is not
 * in it, but its hash.
 */
import { canonicalText, encodeUtf8, err, ok } from '@truetape/contracts';
import type { JsonObject, JsonValue, Result } from '@truetape/contracts';
import { fromPlain, restoreEngine, saveEngine, toPlain } from '@truetape/engine';
import type { EngineCommand, PlainError, SavedEngine } from '@truetape/engine';
import { restoreLane, restoreStream, saveLane, sha256Of, toHex } from '@truetape/kernel';
import type { Sha256 } from '@truetape/kernel';
import { saveLedger } from '@truetape/ledger';
import { saveGate } from '@truetape/risk';
import { createLatency, saveVenue } from '@truetape/venue';
import type { OwnReport } from '@truetape/venue';
import { createBacktest } from './backtest.ts';
import type { BacktestSetup } from './backtest.ts';
import type { ConfigProblem } from './config-schema.ts';
import type { Due } from './funding.ts';
import { restoreMetrics, saveMetrics } from './save-metrics.ts';
import type { SavedMetrics } from './save-metrics.ts';
import type { ScriptedOrder } from './config.ts';
import type { Backtest, Latencies } from './state.ts';
import type { TimedQueue } from './timed-queue.ts';

/** Of the saved form; another form gets another name. */
export const BACKTEST_STATE_FORMAT = 'truetape/backtest-state/1';

const LATENCIES = ['feed', 'order', 'cancel', 'response'] as const;

/** Plain values of what is the driver's own. */
interface SavedDriver {
  readonly engine: SavedEngine;
  readonly entry: SavedQueue<EngineCommand>;
  readonly responses: SavedQueue<OwnReport>;
  readonly latencies: { readonly [Name in keyof Latencies]: unknown };
  readonly script: readonly ScriptedOrder[];
  readonly scriptAt: number;
  readonly funding: { readonly dues: readonly Due[]; readonly nextNs: number };
  readonly metrics: SavedMetrics;
  readonly startNs: number;
  readonly tapeNs: number;
  readonly dueNs: number;
  readonly events: number;
  readonly warmUpEvents: number;
  readonly nextSeq: number;
}

interface SavedQueue<T> {
  readonly items: readonly T[];
  readonly due: readonly number[];
}

function saveQueue<T>({ items, due, head }: TimedQueue<T>): SavedQueue<T> {
  return { items: items.slice(head), due: due.slice(head) };
}

function restoreQueue<T>(queue: TimedQueue<T>, saved: SavedQueue<T>): void {
  queue.items.push(...saved.items);
  queue.due.push(...saved.due);
}

/** The whole state. Errors: the path of what a strategy keeps that is no plain data. */
export function saveBacktest(backtest: Backtest): Result<JsonObject, PlainError> {
  const { engine, venue, feed, latencies, script, scriptAt, funding } = backtest;
  const { startNs, tapeNs, dueNs, events, warmUpEvents, nextSeq } = backtest;
  const driver: SavedDriver = {
    engine: saveEngine(engine),
    entry: saveQueue(backtest.entry),
    responses: saveQueue(backtest.responses),
    latencies: {
      feed: latencies.feed.stream.save(),
      order: latencies.order.stream.save(),
      cancel: latencies.cancel.stream.save(),
      response: latencies.response.stream.save(),
    },
    script,
    scriptAt,
    funding: { dues: funding.dues, nextNs: funding.nextNs },
    metrics: saveMetrics(backtest.metrics),
    startNs,
    tapeNs,
    dueNs,
    events,
    warmUpEvents,
    nextSeq,
  };
  const plain = toPlain(driver);
  if (!plain.ok) return plain;
  return ok({
    format: BACKTEST_STATE_FORMAT,
    driver: plain.value,
    feed: saveLane(feed) as unknown as JsonValue,
    venue: saveVenue(venue),
    ledger: saveLedger(engine.account.ledger),
    risk: saveGate(engine.gate.risk),
  });
}

/** SHA-256 of the canonical text of a saved state. */
export function hashState(state: JsonObject, sha256: Sha256): string {
  return toHex(sha256Of(sha256, encodeUtf8(canonicalText(state))!));
}

/** Goes on from a saved state, under the setup that it had. Errors: every problem of setup or state. */
export function restoreBacktest(
  setup: BacktestSetup,
  state: JsonObject,
): Result<Backtest, readonly ConfigProblem[]> {
  if (state['format'] !== BACKTEST_STATE_FORMAT)
    return err([{ path: 'state.format', problem: `expected ${BACKTEST_STATE_FORMAT}` }]);
  const { venue, ledger, risk } = state;
  const made = createBacktest(setup, { venue, ledger, risk });
  if (!made.ok) return made;
  const backtest = made.value;
  const driver = fromPlain(state['driver']) as SavedDriver;
  restoreEngine(backtest.engine, driver.engine);
  const { pool } = backtest.feed;
  const feed = restoreLane(pool, state['feed']);
  if (!feed.ok) return err([{ path: 'state.feed', problem: feed.error.field }]);
  for (const name of LATENCIES) {
    const stream = restoreStream(driver.latencies[name]);
    if (!stream.ok) return err([{ path: `state.latencies.${name}`, problem: stream.error.field }]);
    backtest.latencies[name] = createLatency(backtest.latencies[name].spec, stream.value);
  }
  restoreQueue(backtest.entry, driver.entry);
  restoreQueue(backtest.responses, driver.responses);
  const { script, scriptAt, startNs, tapeNs, dueNs, events, warmUpEvents, nextSeq, funding } = driver;
  const clock = { startNs, tapeNs, dueNs, events, warmUpEvents, nextSeq };
  Object.assign(backtest, { feed: feed.value, script, scriptAt, ...clock });
  backtest.funding.dues.push(...funding.dues);
  backtest.funding.nextNs = funding.nextNs;
  const metrics = restoreMetrics(backtest.metrics, driver.metrics);
  return metrics === undefined ? ok(backtest) : err([{ path: 'state.metrics', problem: metrics }]);
}
