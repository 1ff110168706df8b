// The public surface of @truetape/risk.
export { admitOrder, checkOrder, explainOrder, type Outcome, type RuleFinding } from './check.ts';
export {
  COLLAR_REFERENCES,
  KILL_LEVELS,
  type AccountLimits,
  type CollarReference,
  type InstrumentLimits,
  type KillLevel,
  type KillRules,
  type OrderRate,
  type RiskConfig,
  type RiskProblem,
  type StrategyBudget,
} from './config.ts';
export { parseRiskConfig, riskJsonSchema } from './config-schema.ts';
export { explainLimits, type LimitInForce, type LimitValue } from './explain-limits.ts';
export { createGate, type Gate, type GateInstrument, type GateSetup } from './gate.ts';
export { parseOperatorScript, type TimedOrder } from './operator.ts';
export { type Rule, type RuleUnit } from './rule.ts';
export { RULES } from './rule-table.ts';
export { hashGate, restoreGate, RISK_STATE_VERSION, saveGate, type RiskStateError } from './save.ts';
export {
  createVerdict,
  VERDICT_ALLOW,
  VERDICT_DENY,
  VERDICT_REDUCE,
  VERDICT_THROTTLE,
  type DenialCode,
  type RuleName,
  type Verdict,
} from './verdict.ts';
export {
  createProposal,
  createRiskView,
  setEquity,
  setOtherExposure,
  setStrategyPnl,
  type Proposal,
  type RiskView,
} from './view.ts';
export {
  createKillSignal,
  nextWatchNs,
  noteReject,
  noteTransfer,
  operate,
  watch,
  type KillSignal,
  type OperatorOrder,
} from './watch.ts';
