// The public surface of @truetape/backtest.
export {
  createBacktest,
  endBacktest,
  feedBatch,
  tapeKindOf,
  type BacktestSetup,
  type EventSink,
  type TapeFacts,
} from './backtest.ts';
export { profitsByStrategy, type PartProfit } from './by-strategy.ts';
export { MODES, type BacktestConfig, type Mode } from './config.ts';
export { configJsonSchema, parseConfig, type ConfigProblem } from './config-schema.ts';
export { backtestKind, type BacktestKind, type BacktestMachine, type LoggedRun } from './log-machine.ts';
export { COST_PARTS, type CostPart } from './costs.ts';
export { STEPS_MAX, type Band, type Curves, type FillMark, type MarketCurves } from './curves.ts';
export { MARKOUT_NS } from './markouts.ts';
export {
  createQueueComparison,
  feedQueueComparison,
  QUEUE_CONTENDERS,
  unfinishedProbes,
  type QueueComparison,
  type QueueComparisonConfig,
  type QueueContender,
} from './queue-comparison.ts';
export {
  exactWaitNs,
  queueFigures,
  type ProbeFills,
  type ProbeOutcome,
  type QueueFigures,
} from './queue-errors.ts';
export type { Probe, ProbePlan } from './queue-probes.ts';
export { REPORT_FORMAT, reportOf } from './report.ts';
export { restoreBacktest } from './restore.ts';
export { BACKTEST_STATE_FORMAT, hashState, saveBacktest } from './save.ts';
export type { Backtest } from './state.ts';
