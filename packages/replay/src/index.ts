// The public surface of @truetape/replay.
export { createReplayBooks, type ReplayBooks } from './books.ts';
export { compareFacts, NOT_COMPARED, type FactMismatch } from './compare-facts.ts';
export { applyReplay, createReplay, endReplay, isReplayed } from './replay.ts';
export type { Replay, ReplayConfig } from './state.ts';
export type { DifferenceCode, RefusalCode, ReplayDifference, ReplayRefusal, ReplayStop } from './stop.ts';
