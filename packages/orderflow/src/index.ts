// The public surface of @truetape/orderflow.
export { AGENT_TYPES, AGENTS_MAX, FAULT_HANDLINGS, MEASURES, QUEUE_POLICIES, SYMBOLS_MAX } from './config.ts';
export type {
  AgentConfig,
  AgentType,
  BurstConfig,
  CancelBotConfig,
  Delay,
  FaultHandling,
  FaultsConfig,
  MakerConfig,
  MomentumConfig,
  NoiseConfig,
  QueuePolicy,
  RegimeConfig,
  RunawayConfig,
  ScriptStep,
  SimConfig,
  SymbolConfig,
  ThresholdRule,
  ValueConfig,
} from './config.ts';
export { configJsonSchema, parseConfig } from './config-schema.ts';
export type { ConfigProblem } from './config-schema.ts';
export { createFacts, LAGS, LEVELS } from './facts.ts';
export type { Facts, FactsTop, LevelsSource, Sizes } from './facts.ts';
export { createFactsFold, createOrdersView, endFacts, foldFacts } from './facts-fold.ts';
export type { FactsBook, FactsFold } from './facts-fold.ts';
export { factsJson } from './facts-json.ts';
export { allDistributions, COUNTERS } from './metrics.ts';
export type { Counter, Distributions, Metrics, RegimeCounts } from './metrics.ts';
export { metricsJson } from './metrics-json.ts';
export { DEFAULT_CONFIG, PRESET_NAMES, PRESETS } from './presets.ts';
export type { PresetName } from './presets.ts';
export { tapePort } from './recorder.ts';
export type { RecordPort } from './recorder.ts';
export { restoreSim, saveSim, SIM_STATE_FORMAT } from './save.ts';
export { setPath } from './set-path.ts';
export { createSim, runSim } from './simulation.ts';
export type { RunLimits } from './simulation.ts';
export { END_OF_TIME_NS } from './waits.ts';
export type { Sim, SimOptions } from './state.ts';
