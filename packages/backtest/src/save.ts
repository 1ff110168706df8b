/**
 * A backtest between two events of its tape as canonical JSON. What it was made of (configuration, seed, tape,
 * strategy) is not in it, nor is what it has written. `restore.ts` goes on from it.
 */
import { canonicalText, encodeUtf8, ok } from '@truetape/contracts';
import type { JsonObject, Result } from '@truetape/contracts';
import { saveEngine, toPlain } from '@truetape/engine';
import type { EngineCommand, PlainError, SavedEngine } from '@truetape/engine';
import { sha256Of, toHex } from '@truetape/kernel';
import type { Sha256 } from '@truetape/kernel';
import { saveLedger } from '@truetape/ledger';
import { saveGate } from '@truetape/risk';
import { saveVenue } from '@truetape/venue';
import type { Due } from './funding.ts';
import { saveLine } from './market-line.ts';
import { saveMetrics } from './save-metrics.ts';
import type { SavedMetrics } from './save-metrics.ts';
import type { ScriptedOrder } from './config.ts';
import type { Answer, Backtest, Latencies } from './state.ts';
import type { TimedQueue } from './timed-queue.ts';

/** Of the saved form, as a Checkpoint names it; another form gets another one. */
export const STATE_VERSION = 2;
/** Of the saved form; another form gets another name. */
export const BACKTEST_STATE_FORMAT = 'truetape/backtest-state/2';

export const LATENCIES = ['feed', 'order', 'cancel', 'response'] as const;

/** Plain values of what is the driver's own. */
export interface SavedDriver {
  readonly engine: SavedEngine;
  readonly entry: SavedQueue<EngineCommand>;
  readonly responses: SavedQueue<Answer>;
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

export interface SavedQueue<T> {
  readonly items: readonly T[];
  readonly due: readonly number[];
}

function saveQueue<T>({ items, due, head }: TimedQueue<T>): SavedQueue<T> {
  return { items: items.slice(head), due: due.slice(head) };
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
    feed: saveLine(feed),
    venue: saveVenue(venue),
    ledger: saveLedger(engine.account.ledger),
    atVenue: saveLedger(backtest.atVenue.ledger),
    risk: saveGate(engine.gate.risk),
  });
}

/** SHA-256 of the canonical text of a saved state. Complexity: all of it. */
export function hashState(state: JsonObject, sha256: Sha256): string {
  return toHex(sha256Of(sha256, encodeUtf8(canonicalText(state))!));
}
