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
export { MODES, type BacktestConfig, type Mode } from './config.ts';
export { configJsonSchema, parseConfig, type ConfigProblem } from './config-schema.ts';
export { backtestKind, type BacktestKind, type BacktestMachine, type LoggedRun } from './log-machine.ts';
export { MARKOUT_NS } from './metrics.ts';
export { REPORT_FORMAT, reportOf } from './report.ts';
export { BACKTEST_STATE_FORMAT, hashState, restoreBacktest, saveBacktest } from './save.ts';
export type { Backtest } from './state.ts';
