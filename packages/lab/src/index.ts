// The public surface of @truetape/lab.
export { actBefore, createControl, shutDown } from './control.ts';
export type { Control, ControlPlan, ControlView, OnChange } from './control.ts';
export { whereabouts } from './hot-path.ts';
export type { HotPath, Whereabouts } from './hot-path.ts';
export { journalEntries, journalEntry, journalEvent, REASONS } from './journal.ts';
export type { Journal, JournalEntry, Reason } from './journal.ts';
export { controlView, createLab, endLab, stepLab } from './lab.ts';
export type { Lab } from './lab.ts';
export type { Observability } from './observer.ts';
export { probesOf } from './probes.ts';
export type { Probes } from './probes.ts';
export { checkJournal, resultOf, runLab } from './result.ts';
export type { LabResult, LifecycleChange, OverrunReport } from './result.ts';
export { SCENARIO_NAMES, SCENARIOS } from './scenario.ts';
export type { Failure, Scenario, ScenarioName } from './scenario.ts';
export { expectedOverrun, sweep } from './sweep.ts';
export type { SweepConfig, SweepRow } from './sweep.ts';
