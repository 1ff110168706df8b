/**
 * A backtest from its saved state: a run that goes on from there writes the same events as one that never
 * stopped.
 */
import { err, ok } from '@truetape/contracts';
import type { JsonObject, Result } from '@truetape/contracts';
import { fromPlain, restoreEngine } from '@truetape/engine';
import { restoreStream } from '@truetape/kernel';
import { createLatency } from '@truetape/venue';
import { createBacktest } from './backtest.ts';
import type { BacktestSetup } from './backtest.ts';
import type { ConfigProblem } from './config-schema.ts';
import { nextOfOthers } from './drive.ts';
import { restoreLine } from './market-line.ts';
import { BACKTEST_STATE_FORMAT, LATENCIES } from './save.ts';
import type { SavedDriver, SavedQueue } from './save.ts';
import { restoreMetrics } from './save-metrics.ts';
import type { Backtest } from './state.ts';
import type { TimedQueue } from './timed-queue.ts';

function restoreQueue<T>(queue: TimedQueue<T>, saved: SavedQueue<T>): void {
  queue.items.push(...saved.items);
  queue.due.push(...saved.due);
}

/** Goes on from a saved state, under the setup that it had. Errors: every problem of setup or state. */
export function restoreBacktest(
  setup: BacktestSetup,
  state: JsonObject,
): Result<Backtest, readonly ConfigProblem[]> {
  if (state['format'] !== BACKTEST_STATE_FORMAT)
    return err([{ path: 'state.format', problem: `expected ${BACKTEST_STATE_FORMAT}` }]);
  const { venue, ledger, atVenue, risk } = state;
  const made = createBacktest(setup, { venue, ledger, atVenue, risk });
  if (!made.ok) return made;
  const backtest = made.value;
  const driver = fromPlain(state['driver']) as SavedDriver;
  restoreEngine(backtest.engine, driver.engine);
  const feed = restoreLine(backtest.feed, state['feed']);
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
  Object.assign(backtest, { script, scriptAt, ...clock });
  backtest.funding.dues.push(...funding.dues);
  backtest.funding.nextNs = funding.nextNs;
  const metrics = restoreMetrics(backtest.metrics, driver.metrics);
  backtest.othersNs = nextOfOthers(backtest);
  return metrics === undefined ? ok(backtest) : err([{ path: 'state.metrics', problem: metrics }]);
}
