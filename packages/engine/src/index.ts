// The public surface of @truetape/engine.
export { moveCash, takeFunding, type FundingNotice } from './account.ts';
export { barDueNs, isBarSpec, type BarState } from './bars.ts';
export { fireNext, nextTimerNs } from './callbacks.ts';
export { type EngineCommand, type ExecutionReport } from './command.ts';
export { obey, watchRisk } from './control.ts';
export {
  createEngine,
  startEngine,
  stopEngine,
  type EngineConfig,
  type EngineMarket,
  type EngineStrategy,
} from './create.ts';
export { emitCheckpoint } from './emit.ts';
export { takeMarket } from './market.ts';
export { type OwnOrder, type OwnOrderState } from './own-order.ts';
export { fromPlain, toPlain, type PlainError } from './plain.ts';
export { profitIn, type Profit } from './profit.ts';
export { takeReport } from './reports.ts';
export { restoreEngine, saveEngine, type SavedEngine } from './save.ts';
export type { Engine, EnginePorts, MarketState, StrategyGuard, StrategyRun } from './state.ts';
export {
  defineStrategy,
  type BarSpec,
  type BarView,
  type Context,
  type DecisionReason,
  type DepthLevel,
  type Listens,
  type MarketUpdate,
  type MarketView,
  type NoActionCode,
  type OrderRequest,
  type OwnFill,
  type Side,
  type Strategy,
  type StrategyDefinition,
  type StrategyKit,
} from './strategy.ts';
