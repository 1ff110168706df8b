// The public surface of @truetape/replay.
export { createReplayBooks, type ReplayBooks } from './books.ts';
export { compareFacts, NOT_COMPARED, type FactMismatch } from './compare-facts.ts';
export { applyReplay, createReplay, endReplay, isReplayed } from './replay.ts';
export type { Replay, ReplayConfig } from './state.ts';
export type { DifferenceCode, RefusalCode, ReplayDifference, ReplayRefusal, ReplayStop } from './stop.ts';
export { explain, type LookUp, type Why, type WhyRow } from './why/explain.ts';
export { createFollow, followEvent, followRecord, type Follow, type FollowConfig } from './why/follow.ts';
export type { IntentStory } from './why/intent-story.ts';
export { causeOf, ordersOf, type Place } from './why/links.ts';
export type { FillGroup, OrderEnd, OrderStory } from './why/order-story.ts';
export { subjectOf, type Subject } from './why/subject.ts';
